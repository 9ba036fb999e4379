//! The sheet that a person takes home: an A4 letter, or a card to cut out.

use chrono::NaiveDate;
use serde_json::{Value, json};

pub use super::letterhead::{Letterhead, LogoFault, logo};
use super::typesetter::{Manuscript, printable, typeset};
use super::{DocumentError, lines, qr};
use crate::domain::paper::{Layout, Style};
use crate::domain::time::in_letters;

pub(super) const LETTER: &str = include_str!("templates/letter.typ");
const CARD: &str = include_str!("templates/card.typ");

/// More venues than this would not help a person choose, nor fit the sheet.
const MOST_VENUES: usize = 5;

/// All that the sheet says.
#[derive(Clone)]
pub struct LetterFacts {
    /// The code as people type it, `ABCD-EFGH-JKMN-PQRS`.
    pub code_grouped: String,
    /// What the QR code holds, `HTTPS://HOST/P/CODE`.
    pub qr: String,
    /// The serial number, which redeems nothing.
    pub serial: String,
    /// How many workshops the pass had at first.
    pub units: u8,
    /// How many are used.
    pub used: u8,
    /// The last day to use it.
    pub last_day: NaiveDate,
    /// The programme's name.
    pub programme: String,
    /// The person's name: printed, never stored.
    pub beneficiary: Option<String>,
    /// The names of those who pay.
    pub funders: Vec<String>,
    /// The nearest venues, nearest first; at most five are printed.
    pub venues: Vec<NearVenue>,
    /// Whether the pass is a rehearsal that counts for nothing.
    pub training: bool,
    /// The name of the organisation that hands it over.
    pub prescriber: String,
    /// What that organisation prints at the head of its letters.
    pub letterhead: Option<Letterhead>,
}

/// A venue near the person.
#[derive(Clone)]
pub struct NearVenue {
    /// Its name.
    pub name: String,
    /// Street and number.
    pub address: String,
    /// The commune's name.
    pub commune: String,
    /// The number to call.
    pub phone: Option<String>,
}

/// The sheet as a PDF/UA-1 file; the same facts give the same bytes. It is one page, two when
/// letters in large print do not fit one.
///
/// # Errors
/// Those of [`qr::svg`] for the QR code, and [`DocumentError::Typesetting`] for the page.
pub fn pdf(facts: &LetterFacts, style: Style) -> Result<Vec<u8>, DocumentError> {
    let (template, shape) = match style.layout {
        Layout::Letter => (LETTER, "letter"),
        Layout::Card => (CARD, "card"),
    };
    let one = pass(&facts.code_grouped, &facts.qr, &facts.serial, facts.used.min(facts.units))?;
    let mut printed = shared(facts, style)?;
    if let Some(map) = printed.as_object_mut() {
        map.insert("passes".to_owned(), json!([one]));
    }
    let logo = facts.letterhead.as_ref().and_then(|head| head.logo_png.as_deref());
    let name = format!("{}/{shape}", facts.serial);
    typeset(&Manuscript { template, facts: &printed, logo, name: &name })
}

/// What all passes of a box have in common, as the templates read it. All of it is text to them,
/// never markup.
pub(super) fn shared(facts: &LetterFacts, style: Style) -> Result<Value, DocumentError> {
    let other = style.language.map(|language| lines::beside(language, facts.last_day));
    Ok(json!({
        "title": format!("Pass numérique {}", printable(&facts.serial, 24)),
        "large": style.large_print,
        "other": other.transpose()?,
        "letterhead": facts.letterhead.as_ref().and_then(Letterhead::printed),
        "cover": null,
        "qr_modules": qr::MODULES,
        "units": facts.units,
        "last_day": in_letters(facts.last_day),
        "programme": printable(&facts.programme, 90),
        "beneficiary": facts.beneficiary.as_deref().and_then(|name| filled(name, 70)),
        "funders": filled(&facts.funders.join(", "), 260),
        "venues": facts.venues.iter().take(MOST_VENUES).map(venue).collect::<Vec<_>>(),
        "training": facts.training,
        "prescriber": printable(&facts.prescriber, 80),
    }))
}

/// What differs from one pass to the next, as the templates read it.
pub(super) fn pass(
    code: &str,
    content: &str,
    serial: &str,
    used: u8,
) -> Result<Value, DocumentError> {
    Ok(json!({
        "code": printable(code, 24),
        "qr_svg": qr::letter_svg(content)?,
        "serial": printable(serial, 24),
        "used": used,
    }))
}

fn venue(venue: &NearVenue) -> Value {
    let lines = [&venue.address, &venue.commune].map(|line| printable(line, 80));
    let place: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    json!({
        "name": printable(&venue.name, 80),
        "place": place.join(", "),
        "phone": venue.phone.as_deref().and_then(|phone| filled(phone, 24)),
    })
}

fn filled(text: &str, longest: usize) -> Option<String> {
    Some(printable(text, longest)).filter(|text| !text.is_empty())
}

#[cfg(test)]
pub(super) mod tests;
