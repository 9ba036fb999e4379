//! The sheet that a person takes home: an A4 letter, or a card to cut out.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::typesetter::{printable, typeset};
use super::{DocumentError, qr};
use crate::domain::paper::{Layout, Style};
use crate::domain::time::in_letters;

const LETTER: &str = include_str!("templates/letter.typ");
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

/// The sheet as a PDF/UA-1 file of one page; the same facts give the same bytes.
///
/// # Errors
/// Those of [`qr::svg`] for the QR code, and [`DocumentError::Typesetting`] for the page.
pub fn pdf(facts: &LetterFacts, style: Style) -> Result<Vec<u8>, DocumentError> {
    let (template, shape) = match style.layout {
        Layout::Letter => (LETTER, "letter"),
        Layout::Card => (CARD, "card"),
    };
    typeset(template, &printed(facts)?, &format!("{}/{shape}", facts.serial))
}

/// The facts as the templates read them. All of it is text to them, never markup.
fn printed(facts: &LetterFacts) -> Result<Value, DocumentError> {
    let funders = printable(&facts.funders.join(", "), 260);
    Ok(json!({
        "code": printable(&facts.code_grouped, 24),
        "qr_svg": qr::letter_svg(&facts.qr)?,
        "qr_modules": qr::MODULES,
        "serial": printable(&facts.serial, 24),
        "units": facts.units,
        "used": facts.used.min(facts.units),
        "last_day": in_letters(facts.last_day),
        "programme": printable(&facts.programme, 90),
        "beneficiary": facts.beneficiary.as_deref().and_then(|name| filled(name, 70)),
        "funders": filled(&funders, 260),
        "venues": facts.venues.iter().take(MOST_VENUES).map(venue).collect::<Vec<_>>(),
        "training": facts.training,
        "prescriber": printable(&facts.prescriber, 80),
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
mod tests {
    use super::*;

    fn longest_facts() -> LetterFacts {
        let wide = "#panic() *Ümit* \\ Юля 🙂 ".to_owned() + &"WWWWWWWWW ".repeat(30);
        let venue = NearVenue {
            name: wide.clone(),
            address: wide.clone(),
            commune: "W".repeat(200),
            phone: Some(wide.clone()),
        };
        LetterFacts {
            code_grouped: "WWWW-WWWW-WWWW-WWWW".to_owned(),
            qr: format!("HTTPS://PASS.CHARENTE.FR/P/{}", "W".repeat(16)),
            serial: "WWWW-WWWW-WWWW".to_owned(),
            units: 10,
            used: 3,
            last_day: NaiveDate::from_ymd_opt(2026, 9, 1).unwrap(),
            programme: wide.clone(),
            beneficiary: Some(wide.clone()),
            funders: vec![wide.clone(); 9],
            venues: vec![venue; 7],
            training: true,
            prescriber: wide,
        }
    }

    /// The page tree comes first in the file, uncompressed.
    fn pages(pdf: &[u8]) -> usize {
        let text = String::from_utf8_lossy(pdf);
        text.split("/Count ")
            .nth(1)
            .and_then(|rest| rest.split(['/', '\n', '>']).next())
            .and_then(|count| count.trim().parse().ok())
            .unwrap_or_default()
    }

    #[test]
    fn the_longest_facts_fit_one_page_and_print_the_same_twice() {
        for layout in [Layout::Letter, Layout::Card] {
            let first = pdf(&longest_facts(), Style { layout, ..Style::default() }).unwrap();
            assert!(first == pdf(&longest_facts(), Style { layout, ..Style::default() }).unwrap());
            assert!(first.starts_with(b"%PDF-"));
            assert_eq!(pages(&first), 1);
        }
    }

    #[test]
    fn a_host_that_is_too_long_is_refused() {
        let facts = LetterFacts { qr: "A".repeat(48), ..longest_facts() };
        assert!(matches!(
            pdf(&facts, Style { layout: Layout::Card, ..Style::default() }),
            Err(DocumentError::QrTooLong { .. })
        ));
    }
}
