//! What a person typed, understood: amounts, shares, days and places as French people write them.
//! What cannot be understood is told at its field, all of it at once.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::domain::money::Cents;
use crate::domain::territory::Territory;
use crate::domain::time::Day;
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::{Fields, day};
use crate::http::pages::wording::sentence;
use crate::services::places;

/// Reads the fields of a form and notes what is wrong with them.
pub struct Typed<'a> {
    fields: &'a Fields,
    faults: Faults,
}

impl<'a> Typed<'a> {
    /// Begins with nothing wrong.
    #[must_use]
    pub fn new(fields: &'a Fields) -> Self {
        Self { fields, faults: Faults::default() }
    }

    /// Notes what is wrong with a field.
    pub fn wrong(&mut self, name: &str, detail: &str) {
        self.faults.fields.push((name.to_owned(), sentence(detail)));
    }

    /// A text; the services say whether it must be there.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        self.fields.text(name).to_owned()
    }

    /// A text, unless it is empty.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<String> {
        self.fields.some(name)
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn ticked(&self, name: &str, value: &str) -> bool {
        self.fields.all(name).iter().any(|ticked| ticked == value)
    }

    /// What was chosen from a list.
    pub fn id(&mut self, name: &str) -> Uuid {
        self.fields.id(name).unwrap_or_else(|| {
            self.wrong(name, "Choisissez dans la liste.");
            Uuid::nil()
        })
    }

    /// A day that may be left out.
    pub fn day(&mut self, name: &str) -> Option<NaiveDate> {
        let typed = self.fields.some(name)?;
        let read = day(&typed);
        if read.is_none() {
            self.wrong(name, "Écrivez la date avec 8 chiffres : 01/09/2026.");
        }
        read
    }

    /// A day that must be there.
    pub fn needed_day(&mut self, name: &str) -> NaiveDate {
        if self.fields.some(name).is_none() {
            self.wrong(name, "Il manque la date : par exemple 01/09/2026.");
        }
        self.day(name).unwrap_or_default()
    }

    /// An amount in cents.
    pub fn cents(&mut self, name: &str) -> i64 {
        Cents::read(self.fields.text(name)).map_or_else(
            || {
                self.wrong(name, "Écrivez un montant en euros : par exemple 12\u{a0}345,67.");
                0
            },
            |amount| amount.0,
        )
    }

    /// A share in basis points, typed as a percentage: hundredths of a percent are whole.
    pub fn share(&mut self, name: &str) -> i64 {
        let typed = self.fields.text(name);
        let plain = typed.strip_suffix('%').unwrap_or(typed).trim();
        Cents::read(plain).filter(|share| (1..=10_000).contains(&share.0)).map_or_else(
            || {
                self.wrong(name, "Écrivez une part entre 0,01 et 100 : par exemple 33,33.");
                0
            },
            |share| share.0,
        )
    }

    /// A whole number.
    pub fn number(&mut self, name: &str) -> i64 {
        self.fields.text(name).parse().unwrap_or_else(|_| {
            self.wrong(name, "Écrivez un nombre entier.");
            0
        })
    }

    /// Communes and départements, by name, postal code or number, apart by commas. Empty for
    /// everywhere.
    pub fn territory(&mut self, name: &str) -> Vec<String> {
        let typed = self.fields.text(name).to_owned();
        let mut codes = Vec::new();
        for part in typed.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
            match territory_code(part) {
                Ok(code) => codes.push(code),
                Err(detail) => self.wrong(name, &detail),
            }
        }
        codes
    }

    /// The commune that was typed, by its INSEE code.
    pub fn commune(&mut self, name: &str) -> String {
        let typed = self.fields.text(name).to_owned();
        match commune_code(&typed) {
            Ok(code) => code,
            Err(detail) => {
                self.wrong(name, &detail);
                String::new()
            }
        }
    }

    /// Everything that is wrong, if anything is.
    ///
    /// # Errors
    /// The faults.
    pub fn done(mut self) -> Result<(), Faults> {
        let Some((_, first)) = self.faults.fields.first() else { return Ok(()) };
        self.faults.sentence.clone_from(first);
        Err(self.faults)
    }
}

/// A département's number, or a commune.
fn territory_code(part: &str) -> Result<String, String> {
    let code = part.to_uppercase();
    let departement = (2..=3).contains(&code.len());
    if departement && Territory::well_formed(&code) { Ok(code) } else { commune_code(part) }
}

fn commune_code(typed: &str) -> Result<String, String> {
    // "Cognac (16100)" is what our own fields show.
    let (name, postal_code) = typed.split_once('(').unwrap_or((typed, ""));
    let postal_code = postal_code.trim_end_matches(')').trim();
    if let Some(exact) = places::by_code(typed.trim()) {
        return Ok(exact.code);
    }
    let found = places::search(name.trim());
    let mut meant = found.iter().filter(|place| place.label.contains(postal_code));
    match (meant.next(), meant.next()) {
        (Some(only), None) => Ok(only.code.clone()),
        (Some(one), Some(other)) => Err(format!(
            "Plusieurs communes s'appellent ainsi : {} ou {} ? Écrivez le nom et le code postal.",
            one.label, other.label
        )),
        (None, _) => Err(format!("Nous ne trouvons pas « {typed} » : vérifiez le nom.")),
    }
}

/// Codes of a territory as people read them, the way the field takes them back.
#[must_use]
pub fn territory_in_words(codes: &[String]) -> String {
    let words: Vec<String> = codes.iter().map(|code| place_in_words(code)).collect();
    words.join(", ")
}

/// A commune's name and postal code; anything else as it is.
#[must_use]
pub fn place_in_words(code: &str) -> String {
    places::by_code(code).map_or_else(|| code.to_owned(), |place| place.label)
}

/// A day as the fields take it back.
#[must_use]
pub fn typed_day(day: Option<Day>) -> String {
    day.map(|day| day.format("%d/%m/%Y").to_string()).unwrap_or_default()
}

/// An amount as the fields take it back.
#[must_use]
pub fn typed_cents(cents: i64) -> String {
    Cents(cents).decimal_comma()
}
