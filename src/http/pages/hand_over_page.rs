//! The form that hands a pass over, and the page that asks to confirm.

use std::borrow::Borrow;

use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

use super::faults::{Faults, TextField};
use super::frame::Frame;
use super::hand_over_form::Answers;
use super::wording::{euros, in_letters, workshops};
use crate::services::hand_over::FundingPart;
use crate::services::places::Place;
use crate::services::programmes::ProgrammeView;

/// The form.
#[derive(Template)]
#[template(path = "hand_over.html")]
pub struct HandOverPage {
    /// Around it.
    pub frame: Frame,
    /// The programmes whose passes are handed over today.
    pub programmes: Vec<ProgrammeView>,
    /// What was answered.
    pub answers: Answers,
    /// What is wrong with it.
    pub faults: Faults,
    /// The communes to choose from, when several are meant.
    pub communes: Vec<Place>,
    /// The communes that are likely meant.
    pub usual: Vec<Place>,
    /// Whether there are passes of the organisation's stock to hand over.
    pub has_stock: bool,
    /// Whether it was refused because the person already holds a pass.
    pub already_holds: bool,
}

impl HandOverPage {
    /// Whether a size of a programme is chosen.
    fn chosen(&self, programme: &ProgrammeView, size: impl Borrow<u16>) -> bool {
        programme.id.to_string() == self.answers.programme_id
            && size.borrow().to_string() == self.answers.units
    }

    /// Whether the page begins at the field of that name: the first that is wrong, else the first
    /// that is to be filled in. Who already holds a pass is looked for instead.
    fn begins_at(&self, name: &str) -> bool {
        if self.already_holds {
            return false;
        }
        if !self.communes.is_empty() {
            return name == "commune_code";
        }
        if let Some((wrong, _)) = self.faults.fields.first() {
            return name == wrong;
        }
        if self.answers.stock {
            return name == if self.answers.code.is_empty() { "code" } else { "commune" };
        }
        let mut sizes = self.programmes.iter().flat_map(|programme| {
            programme.sizes.iter().map(move |size| self.chosen(programme, *size))
        });
        name == if sizes.any(|chosen| chosen) { "commune" } else { "units" }
    }

    fn field<'a>(&'a self, name: &'a str, label: &'a str, value: &'a str) -> TextField<'a> {
        let first = self.begins_at(name);
        TextField { value, first, ..TextField::new(name, label, &self.faults) }
    }

    fn code_field(&self) -> TextField<'_> {
        let hint = "Scannez le QR code, ou écrivez les 16 signes. Les espaces ne comptent pas.";
        let field = self.field("code", "Code du pass", &self.answers.code);
        TextField { hint, required: true, ..field }
    }

    fn given_name_field(&self) -> TextField<'_> {
        self.field("given_name", "Prénom", &self.answers.given_name)
    }

    fn family_name_field(&self) -> TextField<'_> {
        self.field("family_name", "Nom de naissance", &self.answers.family_name)
    }

    fn birth_date_field(&self) -> TextField<'_> {
        let hint = "Par exemple 17051961";
        let value = &self.answers.birth_date;
        let field = self.field("birth_date", "Date de naissance", value);
        TextField { hint, keyboard: "numeric", ..field }
    }

    /// Whether the statistics are shown at once.
    fn statistics_open(&self) -> bool {
        self.answers.has_statistics() || self.faults.of("publics").is_some()
    }
}

/// What is about to be done, and who pays for it.
#[derive(Template)]
#[template(path = "hand_over_confirm.html")]
pub struct ConfirmPage {
    /// Around it.
    pub frame: Frame,
    /// The programme's name.
    pub programme: String,
    /// The serial number of a pass that is printed already.
    pub serial: Option<String>,
    /// Its last day.
    pub last_day: NaiveDate,
    /// A rehearsal: counts nowhere.
    pub training: bool,
    /// What was answered.
    pub answers: Answers,
    /// How many workshops.
    pub units: u8,
    /// What each funder will pay.
    pub funding: Vec<FundingPart>,
    /// All of it together.
    pub total_cents: i64,
    /// What makes the form count once.
    pub key: Uuid,
}

#[cfg(test)]
pub(super) mod tests;
