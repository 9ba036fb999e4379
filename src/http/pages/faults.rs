//! What is wrong with a form, and the fields that ask for it.

use askama::Template;

use super::wording::sentence;
use crate::domain::refusal::{Code, Refused};

/// What is wrong with a form: told on top, and again at each field.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// The sentence on top; empty when nothing is wrong.
    pub sentence: String,
    /// Each wrong field and what to do.
    pub fields: Vec<(String, String)>,
}

impl Faults {
    /// One wrong field.
    #[must_use]
    pub fn field(name: &str, detail: &str) -> Self {
        let detail = sentence(detail);
        Self { sentence: detail.clone(), fields: vec![(name.to_owned(), detail)] }
    }

    /// Whether anything is wrong.
    #[must_use]
    pub fn any(&self) -> bool {
        !self.sentence.is_empty()
    }

    /// What is wrong with the field of that name.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, detail)| detail.as_str())
    }
}

impl From<Refused> for Faults {
    fn from(refused: Refused) -> Self {
        let mut fields: Vec<(String, String)> = refused
            .fields
            .into_iter()
            .map(|field| (name_of(&field.pointer), sentence(&field.detail)))
            .collect();
        if let Some(name) = about(refused.code).filter(|_| fields.is_empty()) {
            fields.push((name.to_owned(), sentence(&refused.sentence)));
        }
        Self { sentence: sentence(&refused.sentence), fields }
    }
}

/// `/beneficiary/given_name` is the field `given_name`, `/publics/0` the field `publics`.
fn name_of(pointer: &str) -> String {
    let is_name = |part: &&str| !part.is_empty() && part.parse::<u32>().is_err();
    pointer.rsplit('/').find(is_name).unwrap_or_default().to_owned()
}

/// The field that a refusal of the whole is about.
fn about(code: Code) -> Option<&'static str> {
    match code {
        Code::SizeNotAllowed
        | Code::EnvelopeExhausted
        | Code::ProgrammeClosed
        | Code::PrescriberNotAccepted => Some("units"),
        Code::MalformedCode
        | Code::UnknownCode
        | Code::AlreadyHandedOver
        | Code::HeldByAnother
        | Code::StockRecalled
        | Code::Void
        | Code::Replaced => Some("code"),
        Code::OutsideTerritory | Code::NoFunding => Some("commune"),
        Code::AlreadyHoldsPass => Some("identity"),
        Code::InvalidCredentials | Code::EmailTaken => Some("email"),
        Code::SiretTaken => Some("siret"),
        Code::LabelOverlaps => Some("valid_from"),
        Code::SharesExceedTotal | Code::ShareTooSmall => Some("share_bp"),
        Code::FunderTwiceInTier | Code::NotAFunder => Some("funder_id"),
        Code::NotAVenueOperator => Some("organisation_id"),
        Code::RefundTooLarge => Some("amount_cents"),
        _ => None,
    }
}

/// A field of text with its label, its hint and what is wrong with it.
#[derive(Template)]
#[template(path = "parts/text_field.html")]
pub struct TextField<'a> {
    /// Its name, which is also its anchor.
    pub name: &'a str,
    /// What it asks for.
    pub label: &'a str,
    /// How to answer.
    pub hint: &'a str,
    /// What was answered before.
    pub value: &'a str,
    /// `text`, `email`, `password`.
    pub kind: &'a str,
    /// What a browser may fill in; `off` for what is about somebody else.
    pub autocomplete: &'a str,
    /// `numeric` where a phone should show digits.
    pub keyboard: &'a str,
    /// Whether it must be filled in.
    pub required: bool,
    /// Whether the page begins here.
    pub first: bool,
    /// What is wrong with it.
    pub fault: Option<&'a str>,
}

impl<'a> TextField<'a> {
    /// A plain field of text.
    #[must_use]
    pub fn new(name: &'a str, label: &'a str, faults: &'a Faults) -> Self {
        Self {
            name,
            label,
            hint: "",
            value: "",
            kind: "text",
            autocomplete: "off",
            keyboard: "",
            required: false,
            first: false,
            fault: faults.of(name),
        }
    }

    /// The ids of what describes it.
    #[must_use]
    pub fn described(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-aide", self.name));
        let fault = self.fault.map(|_| format!("{}-erreur", self.name));
        hint.into_iter().chain(fault).collect::<Vec<_>>().join(" ")
    }
}
