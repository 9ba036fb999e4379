//! "One pass per person" without identity: what a refusal may say of the pass already held.

use std::collections::BTreeMap;

use super::refusal::{Code, Fact, Refusal};
use super::time::{Day, in_letters};

/// Who a person is under the key of a programme: nothing can be read from it.
#[derive(Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// What new passes keep.
    pub now: Vec<u8>,
    /// What passes may hold that were handed over before names were folded as today.
    pub before: Vec<Vec<u8>>,
}

impl Fingerprint {
    /// Every fingerprint that the person's passes may hold.
    #[must_use]
    pub fn any(&self) -> Vec<Vec<u8>> {
        [&self.now].into_iter().chain(&self.before).cloned().collect()
    }
}

/// The person already holds as many passes of the programme as it allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlreadyHoldsPass {
    /// When the last one was handed over.
    pub handed_over_on: Day,
    /// Where. Never who.
    pub place: Where,
}

/// Where a pass was handed over, as far as the caller may know: which other body helps a person
/// is the person's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// By the caller's own organisation: its name.
    Own(String),
    /// By another one of that département.
    Departement(&'static str),
    /// By another one.
    Elsewhere,
}

/// The value that comes most often.
#[must_use]
pub fn most_frequent<'a>(values: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for value in values {
        *counted.entry(value).or_default() += 1;
    }
    counted.into_iter().max_by_key(|(_, count)| *count).map(|(value, _)| value)
}

impl Refusal for AlreadyHoldsPass {
    fn code(&self) -> Code {
        Code::AlreadyHoldsPass
    }

    fn sentence(&self) -> String {
        let day = in_letters(self.handed_over_on);
        let elsewhere = "il vous dira que faire s'il est perdu";
        match &self.place {
            Where::Own(name) => format!(
                "Cette personne a déjà reçu un pass le {day} ({name}) : si elle l'a perdu, \
                 remplacez-le."
            ),
            Where::Departement(name) => format!(
                "Cette personne a déjà reçu un pass le {day} ({name}) : appelez l'opérateur du \
                 dispositif, {elsewhere}."
            ),
            Where::Elsewhere => format!(
                "Cette personne a déjà reçu un pass le {day} : appelez l'opérateur du dispositif, \
                 {elsewhere}."
            ),
        }
    }

    fn facts(&self) -> Vec<(&'static str, Fact)> {
        let mut facts = vec![("handed_over_on", Fact::Text(self.handed_over_on.to_string()))];
        match &self.place {
            Where::Own(name) => facts.push(("prescriber_name", Fact::Text(name.clone()))),
            Where::Departement(name) => facts.push(("departement", Fact::Text((*name).to_owned()))),
            Where::Elsewhere => {}
        }
        facts
    }
}
