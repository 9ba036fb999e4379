//! Refusals: what the service answers when it will not do a thing, and why.
//!
//! A refusal has one stable code and one French sentence that says why and what to do. Anything
//! unexpected is *not* a refusal: it is a failure, and has no way to be printed to a client.

mod codes;

pub use self::codes::{Code, Kind};
use chrono::Months;

use super::code;
use super::invisible_signs::is_invisible;
use super::money::Cents;
use super::time::{Day, in_calendar};

/// A rule's own small enum of refusals.
pub trait Refusal {
    /// The stable code.
    fn code(&self) -> Code;
    /// One French sentence: why, and what to do.
    fn sentence(&self) -> String;
    /// Facts for machines, beside the sentence.
    fn facts(&self) -> Vec<(&'static str, Fact)> {
        Vec::new()
    }
}

/// A machine-readable fact of a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// An id, a day or a name.
    Text(String),
    /// An amount in cents or a count.
    Number(i64),
}

impl From<Cents> for Fact {
    fn from(amount: Cents) -> Self {
        Self::Number(amount.0)
    }
}

/// One wrong value of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// A JSON pointer to the value, `/sizes/0`.
    pub pointer: String,
    /// What is wrong with it: `missing`, `unknown_field`, `wrong_type`, `out_of_range`, …
    pub code: &'static str,
    /// One French sentence.
    pub detail: String,
}

/// A refusal ready for any face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The stable code.
    pub code: Code,
    /// One French sentence: why, and what to do.
    pub sentence: String,
    /// Facts for machines.
    pub facts: Vec<(String, Fact)>,
    /// The wrong values, when the refusal is about the request's body.
    pub fields: Vec<FieldError>,
}

impl Refused {
    /// A refusal with a sentence and nothing more.
    #[must_use]
    pub fn new(code: Code, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into(), facts: Vec::new(), fields: Vec::new() }
    }

    /// There is no such thing, or not for this caller: the two must not be told apart.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            Code::NotFound,
            "Nous ne trouvons pas cet élément. Vérifiez l'adresse ou revenez à l'accueil.",
        )
    }

    /// The caller's role does not allow this.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(
            Code::Forbidden,
            "Votre compte ne permet pas cette action. Demandez à l'opérateur du dispositif.",
        )
    }

    /// Nobody is signed in, or no longer.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(
            Code::Unauthenticated,
            "Connectez-vous pour continuer : votre session est absente ou terminée.",
        )
    }

    /// Whether the same request may be sent again later, and then be done.
    #[must_use]
    pub fn may_be_sent_again(&self) -> bool {
        matches!(self.code.kind(), Kind::TooMany | Kind::Unavailable)
    }

    /// Wrong values in the body; `fields` names each.
    #[must_use]
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let sentence = match fields.as_slice() {
            [only] => only.detail.clone(),
            many => format!("{} valeurs sont à corriger.", many.len()),
        };
        Self { fields, ..Self::new(Code::InvalidBody, sentence) }
    }
}

impl<R: Refusal> From<R> for Refused {
    fn from(refusal: R) -> Self {
        Self {
            code: refusal.code(),
            sentence: refusal.sentence(),
            facts: refusal.facts().into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
            fields: Vec::new(),
        }
    }
}

/// Collects the wrong values of a request, so that all are told at once.
#[derive(Debug, Default)]
pub struct Check {
    fields: Vec<FieldError>,
}

impl Check {
    /// Notes a wrong value unless `fine`.
    pub fn that(&mut self, fine: bool, pointer: &str, code: &'static str, detail: &str) {
        if !fine {
            self.fields.push(FieldError {
                pointer: pointer.to_owned(),
                code,
                detail: detail.to_owned(),
            });
        }
    }

    /// Whether the text is there and not longer than `longest` characters.
    pub fn text(&mut self, text: &str, longest: usize, pointer: &str) {
        let legible = |sign: char| !is_invisible(sign) && !sign.is_whitespace();
        self.that(text.chars().any(legible), pointer, "missing", "Ce texte est obligatoire.");
        let fits = text.chars().count() <= longest && !text.chars().any(char::is_control);
        let detail =
            format!("Ce texte dépasse {longest} caractères ou contient un signe interdit.");
        self.that(fits, pointer, "out_of_range", &detail);
        self.no_code(text, pointer);
    }

    /// Whether no code of a pass stands in the text: it would be read by many, and stay.
    pub fn no_code(&mut self, text: &str, pointer: &str) {
        let detail = "Ce texte contient le code d'un pass : écrivez son numéro de série, ou les \
            quatre derniers signes.";
        self.that(!code::stands_in(text), pointer, "holds_code", detail);
    }

    /// Whether an optional text, which may have several lines, is not longer than `longest`
    /// characters.
    pub fn optional_text(&mut self, text: Option<&str>, longest: usize, pointer: &str) {
        let fits = text.is_none_or(|text| {
            let odd = |sign: char| sign.is_control() && !sign.is_whitespace();
            text.chars().count() <= longest && !text.chars().any(odd)
        });
        let detail =
            format!("Ce texte dépasse {longest} caractères ou contient un signe interdit.");
        self.that(fits, pointer, "out_of_range", &detail);
        self.no_code(text.unwrap_or_default(), pointer);
    }

    /// Whether a list is not longer than `longest` values.
    pub fn list<T>(&mut self, list: &[T], longest: usize, pointer: &str) {
        let detail = format!("Cette liste compte {longest} valeurs au plus.");
        self.that(list.len() <= longest, pointer, "out_of_range", &detail);
    }

    /// Whether the days that are given lie in the years that people, and both databases, write
    /// with four digits.
    pub fn days(&mut self, days: &[(Option<Day>, &str)]) {
        let detail = "Cette date est hors du calendrier : de 1900 à 2999.";
        for (day, pointer) in days {
            let fine = day.is_none_or(in_calendar);
            self.that(fine, pointer, "out_of_range", detail);
        }
    }

    /// Whether the day at the bank of something that is noted lies no more than three years back and no
    /// more than a month ahead: a transfer may be booked for later, not for another decade.
    pub fn value_date(&mut self, day: Day, today: Day, pointer: &str) {
        let earliest = today.checked_sub_months(Months::new(36)).unwrap_or(today);
        let latest = today.checked_add_months(Months::new(1)).unwrap_or(today);
        let detail = "Cette date est à plus d'un mois, ou a plus de trois ans : vérifiez-la.";
        self.that((earliest..=latest).contains(&day), pointer, "out_of_range", detail);
    }

    /// # Errors
    /// All the wrong values, if there is one.
    pub fn done(self) -> Result<(), Refused> {
        if self.fields.is_empty() { Ok(()) } else { Err(Refused::invalid(self.fields)) }
    }
}
