//! A venue as the national schema "lieux de médiation numérique" 1.0.2 describes it.

use super::time::Day;

/// The most signs of a producer's own id: PostgreSQL indexes no text of more than some 2,700 bytes.
pub const LONGEST_EXTERNAL_ID: usize = 500;

/// The most wrong values of one file that are named: who sent it corrects those first.
pub const MOST_NAMED: usize = 100;

/// The most lines and columns of a file: the whole country has some 20,000 places.
pub const MOST_LINES: u64 = 100_000;
/// See [`MOST_LINES`].
pub const MOST_COLUMNS: usize = 200;

/// The most signs of one cell.
pub const LONGEST_CELL: usize = 10_000;

/// One line of the national schema: 32 columns, of which ours are the most used.
#[derive(Clone, Debug, PartialEq)]
pub struct VenueSheet {
    /// The producer's own id, unique in the file.
    pub external_id: String,
    /// SIRET or RNA number of the organisation; `None` for the zeros of real files.
    pub pivot: Option<String>,
    /// Its name.
    pub name: String,
    /// Name of the commune.
    pub commune: String,
    /// Postal code.
    pub postal_code: String,
    /// INSEE code of the commune.
    pub insee_code: Option<String>,
    /// Street and number.
    pub address: String,
    /// Building, floor.
    pub address_complement: Option<String>,
    /// WGS84.
    pub latitude: Option<f64>,
    /// WGS84.
    pub longitude: Option<f64>,
    /// Codes of its type.
    pub typology: Vec<String>,
    /// International form.
    pub phone: Option<String>,
    /// E-mails.
    pub emails: Vec<String>,
    /// Web sites.
    pub websites: Vec<String>,
    /// OSM `opening_hours`.
    pub opening_hours: Option<String>,
    /// At most 280 characters.
    pub summary: Option<String>,
    /// As long as it likes.
    pub detail: Option<String>,
    /// Who collected it.
    pub source: Option<String>,
    /// Whether it travels.
    pub roaming: Option<String>,
    /// The organisation above.
    pub parent_organisation: Option<String>,
    /// When it was last checked.
    pub updated_on: Day,
    /// National services.
    pub services: Vec<String>,
    /// Publics it addresses.
    pub publics: Vec<String>,
    /// Special care it offers.
    pub special_care: Vec<String>,
    /// Fees.
    pub fees: Vec<String>,
    /// National programmes it belongs to.
    pub national_programmes: Vec<String>,
    /// Trainings and labels.
    pub trainings: Vec<String>,
    /// Other trainings and labels.
    pub other_trainings: Vec<String>,
    /// How to come.
    pub access_modes: Vec<String>,
    /// How people are helped.
    pub support_modes: Vec<String>,
    /// Its page at Acceslibre.
    pub accessibility_url: Option<String>,
    /// Where to book.
    pub booking_url: Option<String>,
}

/// What was read from a file.
#[derive(Debug, Default)]
pub struct Sheet {
    /// The lines that can be used, each with its number, the heading being 1.
    pub lines: Vec<(u64, VenueSheet)>,
    /// What is wrong with others: at most [`MOST_NAMED`] values.
    pub wrong: Vec<SheetError>,
    /// What was left out or put right in lines that can be used: at most [`MOST_NAMED`] values.
    pub notes: Vec<SheetError>,
    /// How many lines more cannot be used; nothing of them is kept.
    pub more_wrong: u64,
}

/// A value of a file that makes its line unusable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetError {
    /// The line, the heading being 1.
    pub line: u64,
    /// The column.
    pub column: &'static str,
    /// What is wrong: `missing`, `malformed`, `out_of_range`, `duplicate`.
    pub code: &'static str,
    /// One French sentence: what is wrong and what to do.
    pub detail: String,
}

/// An optional text: one that is sent empty is taken away.
#[must_use]
pub fn unless_empty(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// A sentence about a value of a file, with the value.
#[must_use]
pub fn with_value(detail: &str, value: &str) -> String {
    if value.is_empty() {
        return detail.to_owned();
    }
    let begin: String = value.chars().take(60).collect();
    let more = if begin.len() < value.len() { "…" } else { "" };
    format!("{detail} Valeur lue : « {begin}{more} ».")
}

/// Whether a phone number can be called: a whole number, or a short one such as 3949 or 115.
#[must_use]
pub fn phone_fits(phone: &str) -> bool {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let signs = phone.chars().all(|sign| sign.is_ascii_digit() || "+ .-()".contains(sign));
    let short = !phone.contains('+')
        && matches!(digits.len(), 2..=4 | 6)
        && (digits.starts_with('1') || digits.starts_with('3'));
    signs && phone.len() <= 30 && (short || (7..=15).contains(&digits.len()))
}

/// A phone number whose first zero a spreadsheet took away gets it back.
#[must_use]
pub fn phone_put_right(phone: &str) -> String {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let national = digits == 9 && phone.starts_with(|sign| matches!(sign, '1'..='9'));
    if national { format!("0{phone}") } else { phone.to_owned() }
}

/// A phone number as French people read it aloud: `05 45 95 35 44`. Numbers of other lands stay
/// as they are written.
#[must_use]
pub fn french_phone(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let national = match digits.strip_prefix("33") {
        Some(rest) if phone.trim_start().starts_with('+') => format!("0{rest}"),
        _ => digits,
    };
    if national.len() != 10 || !national.starts_with('0') {
        return phone.to_owned();
    }
    let pairs: Vec<&str> = (0..5).filter_map(|pair| national.get(pair * 2..pair * 2 + 2)).collect();
    pairs.join("\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::{french_phone, phone_fits, phone_put_right};

    #[test]
    fn short_numbers_are_numbers_and_a_lost_zero_comes_back() {
        for fine in ["3949", "15", "115", "112", "116006", "118712", "1010", "+33 5 45 95 35 44"] {
            assert!(phone_fits(fine), "{fine}");
            assert_eq!(phone_put_right(fine), fine);
        }
        for wrong in ["", "5", "05 45", "999", "05 45 95 35 44 / 06", "trente-neuf"] {
            assert!(!phone_fits(wrong), "{wrong}");
        }
        assert_eq!(phone_put_right("545953544"), "0545953544");
        assert_eq!(phone_put_right("5 45 95 35 44"), "05 45 95 35 44");
    }

    #[test]
    fn phones_are_written_in_pairs() {
        assert_eq!(french_phone("+33545953544"), "05\u{a0}45\u{a0}95\u{a0}35\u{a0}44");
        assert_eq!(french_phone("05.45.95.35.44"), "05\u{a0}45\u{a0}95\u{a0}35\u{a0}44");
        assert_eq!(french_phone("+32 2 123 45 67"), "+32 2 123 45 67");
    }
}
