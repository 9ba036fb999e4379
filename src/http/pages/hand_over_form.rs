//! What the social worker answers before a pass is handed over.

use uuid::Uuid;

use super::faults::Faults;
use super::fields::{Fields, day};
use super::wording::sentence;
use crate::domain::territory::{AGE_BANDS, GENDERS, PUBLICS, STATUSES, Term};
use crate::services::hand_over::{Beneficiary, HandOver};
use crate::services::hand_over_stock::HandOverStock;
use crate::services::places::{self, Place};

/// The answers as they were typed, to be shown again when one is wrong. They live as long as the
/// request: nothing about the person is kept.
#[derive(Clone, Default)]
pub struct Answers {
    /// Whether a pass printed in advance is handed over.
    pub stock: bool,
    /// Its code, as it was scanned or typed.
    pub code: String,
    /// The programme's id.
    pub programme_id: String,
    /// How many workshops.
    pub units: String,
    /// Given names.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Birth date as typed.
    pub birth_date: String,
    /// Commune or postal code as typed.
    pub commune: String,
    /// The commune that was chosen where several were meant.
    pub commune_code: String,
    /// Age band.
    pub age_band: String,
    /// Gender.
    pub gender: String,
    /// Social status.
    pub status: String,
    /// Publics.
    pub publics: Vec<String>,
}

/// What is handed over: a pass to print now, or one printed in advance.
pub enum Handover {
    /// To print now.
    Direct(HandOver),
    /// Printed in advance.
    Stock(HandOverStock),
}

/// A list to choose one term from.
pub struct Choice {
    /// The field's name.
    pub name: &'static str,
    /// What it asks for.
    pub label: &'static str,
    /// The terms.
    pub terms: &'static [Term],
    /// The term that was chosen.
    pub chosen: String,
}

impl From<&Fields> for Answers {
    fn from(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        // A size is chosen together with its programme: `PROGRAMME.SIZE`.
        let (programme_id, units) = match fields.text("units").split_once('.') {
            Some((programme, units)) => (programme.to_owned(), units.to_owned()),
            None => (text("programme_id"), text("units")),
        };
        Self {
            stock: fields.some("stock").is_some(),
            code: text("code"),
            programme_id,
            units,
            given_name: text("given_name"),
            family_name: text("family_name"),
            birth_date: text("birth_date"),
            commune: text("commune"),
            commune_code: text("commune_code"),
            age_band: text("age_band"),
            gender: text("gender"),
            status: text("status"),
            publics: fields.all("publics"),
        }
    }
}

impl Answers {
    /// Every answer as a hidden field of the page that asks to confirm.
    #[must_use]
    pub fn hidden(&self) -> Vec<(&'static str, &str)> {
        let mut all = vec![
            ("stock", if self.stock { "oui" } else { "" }),
            ("code", self.code.as_str()),
            ("programme_id", self.programme_id.as_str()),
            ("units", &self.units),
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
            ("birth_date", &self.birth_date),
            ("commune", &self.commune),
            ("commune_code", &self.commune_code),
            ("age_band", &self.age_band),
            ("gender", &self.gender),
            ("status", &self.status),
        ];
        all.retain(|(_, value)| !value.is_empty());
        all.extend(self.publics.iter().map(|public| ("publics", public.as_str())));
        all
    }

    /// The lists to choose one term from.
    #[must_use]
    pub fn choices(&self) -> [Choice; 3] {
        let choice = |name, label, terms, chosen: &str| Choice {
            name,
            label,
            terms,
            chosen: chosen.to_owned(),
        };
        [
            choice("age_band", "Âge", AGE_BANDS, &self.age_band),
            choice("gender", "Genre", GENDERS, &self.gender),
            choice("status", "Situation", STATUSES, &self.status),
        ]
    }

    /// The publics and whether each was ticked.
    #[must_use]
    pub fn publics(&self) -> Vec<(Term, bool)> {
        let ticked = |code: &str| self.publics.iter().any(|public| public == code);
        PUBLICS.iter().map(|term| (*term, ticked(term.0))).collect()
    }

    /// Whether one of the optional statistics was filled in, so that they are shown again.
    #[must_use]
    pub fn has_statistics(&self) -> bool {
        let texts = [&self.age_band, &self.gender, &self.status];
        texts.iter().any(|text| !text.is_empty()) || !self.publics.is_empty()
    }

    /// What is asked of the service.
    ///
    /// # Errors
    /// What is wrong, and the communes to choose from when several are meant.
    pub fn read(&mut self) -> Result<Handover, (Faults, Vec<Place>)> {
        let mut faults = Faults::default();
        let mut wrong = |name: &str, detail: &str| {
            faults.fields.push((name.to_owned(), sentence(detail)));
        };
        let programme: Option<Uuid> = self.programme_id.parse().ok();
        let units: Option<u8> = self.units.parse().ok();
        if self.stock && self.code.is_empty() {
            wrong("code", "Scannez le QR code du pass, ou écrivez les 16 signes qui sont à côté.");
        }
        if !self.stock && (programme.is_none() || units.is_none()) {
            wrong("units", "Choisissez le nombre d’ateliers.");
        }
        let beneficiary = self.beneficiary(&mut wrong);
        let choices = self.resolve_commune(&mut wrong);
        if let Some((_, detail)) = faults.fields.first() {
            faults.sentence.clone_from(detail);
            return Err((faults, choices));
        }
        let direct =
            self.direct(programme.unwrap_or_default(), units.unwrap_or_default(), beneficiary);
        Ok(if self.stock {
            Handover::Stock(self.of_stock(direct))
        } else {
            Handover::Direct(direct)
        })
    }

    fn direct(&self, programme_id: Uuid, units: u8, beneficiary: Option<Beneficiary>) -> HandOver {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        HandOver {
            programme_id,
            units,
            beneficiary,
            commune: some(&self.commune_code),
            age_band: some(&self.age_band),
            gender: some(&self.gender),
            status: some(&self.status),
            publics: self.publics.clone(),
        }
    }

    /// The programme and the size are those of the paper.
    fn of_stock(&self, person: HandOver) -> HandOverStock {
        HandOverStock {
            code: self.code.clone(),
            programme_id: None,
            units: None,
            beneficiary: person.beneficiary,
            commune: person.commune,
            age_band: person.age_band,
            gender: person.gender,
            status: person.status,
            publics: person.publics,
        }
    }

    /// The person alone, when a pass is looked for.
    ///
    /// # Errors
    /// What is missing.
    pub fn person(&mut self) -> Result<Beneficiary, Faults> {
        let mut faults = Faults::default();
        let mut wrong = |name: &str, detail: &str| {
            faults.fields.push((name.to_owned(), sentence(detail)));
        };
        let person = self.beneficiary(&mut wrong);
        if let Some(person) = person.filter(|_| faults.fields.is_empty()) {
            return Ok(person);
        }
        if faults.fields.is_empty() {
            let detail = "Écrivez le prénom, le nom de naissance et la date de naissance.";
            faults = Faults::field("given_name", detail);
        }
        faults.sentence =
            faults.fields.first().map(|(_, detail)| detail.clone()).unwrap_or_default();
        Err(faults)
    }

    fn beneficiary(&self, wrong: &mut impl FnMut(&str, &str)) -> Option<Beneficiary> {
        let parts = [&self.given_name, &self.family_name, &self.birth_date];
        if parts.iter().all(|part| part.is_empty()) {
            return None;
        }
        if self.given_name.is_empty() {
            wrong("given_name", "Écrivez aussi le prénom, ou laissez les trois cases vides.");
        }
        if self.family_name.is_empty() {
            wrong("family_name", "Écrivez aussi le nom, ou laissez les trois cases vides.");
        }
        let birth_date = day(&self.birth_date);
        if birth_date.is_none() {
            wrong("birth_date", "Écrivez la date de naissance avec 8 chiffres : 17/05/1961.");
        }
        Some(Beneficiary {
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            birth_date: birth_date?,
        })
    }

    /// Turns what was typed into one commune, or asks which one is meant.
    fn resolve_commune(&mut self, wrong: &mut impl FnMut(&str, &str)) -> Vec<Place> {
        if self.commune.is_empty() {
            self.commune_code.clear();
            return Vec::new();
        }
        let found = places::search(&self.commune);
        let chosen = places::by_code(&self.commune_code);
        if let Some(place) =
            chosen.filter(|place| found.contains(place) || place.label == self.commune)
        {
            self.commune = place.label;
            return Vec::new();
        }
        self.commune_code.clear();
        match found.as_slice() {
            [only] => {
                self.commune_code.clone_from(&only.code);
                self.commune.clone_from(&only.label);
                return Vec::new();
            }
            [] => wrong(
                "commune",
                "Nous ne trouvons pas cette commune : vérifiez le nom ou le code postal.",
            ),
            _ => wrong(
                "commune",
                "Plusieurs communes correspondent : choisissez la bonne, ou écrivez le nom en entier.",
            ),
        }
        found
    }
}
