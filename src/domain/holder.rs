//! "One pass per person" without identity: what a refusal may say of the pass already held.

use super::refusal::{Code, Fact, Refusal};
use super::time::{Day, in_letters};

/// The person already holds as many passes of the programme as it allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlreadyHoldsPass {
    /// When the last one was handed over.
    pub handed_over_on: Day,
    /// Where: the prescriber's name. Never who.
    pub prescriber_name: String,
}

impl Refusal for AlreadyHoldsPass {
    fn code(&self) -> Code {
        Code::AlreadyHoldsPass
    }

    fn sentence(&self) -> String {
        format!(
            "Cette personne a déjà reçu un pass le {} ({}) : si elle l'a perdu, remplacez-le.",
            in_letters(self.handed_over_on),
            self.prescriber_name
        )
    }

    fn facts(&self) -> Vec<(&'static str, Fact)> {
        vec![
            ("handed_over_on", Fact::Text(self.handed_over_on.to_string())),
            ("prescriber_name", Fact::Text(self.prescriber_name.clone())),
        ]
    }
}
