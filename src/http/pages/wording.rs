//! Figures and states in plain French.

use std::borrow::Borrow;

use crate::domain::money::Cents;
use crate::domain::time::{self, Day, Month};

/// An amount in cents as people write it.
#[must_use]
pub fn euros(cents: impl Borrow<i64>) -> String {
    Cents(*cents.borrow()).to_string()
}

/// Basis points as people write them: `30 %`, `33,33 %`.
#[must_use]
pub fn percent(basis_points: impl Borrow<i32>) -> String {
    let basis_points = *basis_points.borrow();
    match (basis_points / 100, basis_points % 100) {
        (whole, 0) => format!("{whole}\u{a0}%"),
        (whole, rest) if rest % 10 == 0 => format!("{whole},{}\u{a0}%", rest / 10),
        (whole, rest) => format!("{whole},{rest:02}\u{a0}%"),
    }
}

/// A number with its thousands apart.
#[must_use]
pub fn number(value: impl Borrow<i64>) -> String {
    let value = *value.borrow();
    let digits = value.unsigned_abs().to_string();
    let mut written = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            written.push('\u{202f}');
        }
        written.push(digit);
    }
    if value < 0 { format!("-{written}") } else { written }
}

/// `1 atelier`, `6 ateliers`.
#[must_use]
pub fn workshops(count: impl Borrow<u8>) -> String {
    match *count.borrow() {
        count @ (0 | 1) => format!("{count} atelier"),
        more => format!("{more} ateliers"),
    }
}

/// `1 atelier`, `1 234 ateliers`.
#[must_use]
pub fn workshops_counted(count: impl Borrow<i64>) -> String {
    let count = *count.borrow();
    if count.abs() < 2 { format!("{count} atelier") } else { format!("{count} ateliers") }
}

/// The same words with a capital in front.
#[must_use]
pub fn capital(words: impl AsRef<str>) -> String {
    let mut letters = words.as_ref().chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// A day with its month in letters. Templates hand references in.
#[must_use]
pub fn in_letters(day: impl Borrow<Day>) -> String {
    time::in_letters(*day.borrow())
}

/// A month in letters.
#[must_use]
pub fn month_in_letters(month: impl Borrow<Month>) -> String {
    time::month_in_letters(*month.borrow())
}

/// The state of a pass on screen.
#[must_use]
pub fn status(code: &str) -> &'static str {
    match code {
        "printed" => "Imprimé, pas encore remis",
        "active" => "Actif",
        "suspended" => "Suspendu",
        "void" => "Annulé",
        "replaced" => "Remplacé",
        "exhausted" => "Tous les ateliers sont utilisés",
        "expired" => "Expiré",
        _ => "Inconnu",
    }
}

/// A sentence whose double signs stay on the line of their word, as French typography wants it.
#[must_use]
pub fn sentence(text: &str) -> String {
    let mut kept = text.replace("« ", "«\u{a0}");
    for sign in [":", "?", "!", ";", "»"] {
        kept = kept.replace(&format!(" {sign}"), &format!("\u{a0}{sign}"));
    }
    kept
}

/// A phone number as an address that a phone can call.
#[must_use]
pub fn phone_link(number: &str) -> String {
    let kept: String =
        number.chars().filter(|sign| sign.is_ascii_digit() || *sign == '+').collect();
    format!("tel:{kept}")
}

/// A French phone number by pairs of digits, as people read it; any other as it is.
#[must_use]
pub fn phone(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let national = match digits.strip_prefix("33").filter(|rest| rest.len() == 9) {
        Some(rest) if number.trim_start().starts_with('+') => format!("0{rest}"),
        _ => digits,
    };
    if national.len() != 10 || !national.starts_with('0') {
        return number.to_owned();
    }
    let pairs: Vec<String> = national
        .as_bytes()
        .chunks(2)
        .map(|pair| String::from_utf8_lossy(pair).into_owned())
        .collect();
    pairs.join("\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(number(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(number(-12), "-12");
    }

    #[test]
    fn phones_are_read_by_pairs_and_called_as_they_are() {
        assert_eq!(phone("+33545932222"), "05\u{a0}45\u{a0}93\u{a0}22\u{a0}22");
        assert_eq!(phone("05.45.93.22.22"), "05\u{a0}45\u{a0}93\u{a0}22\u{a0}22");
        assert_eq!(phone("3646"), "3646");
        assert_eq!(phone_link("+33 5 45 93"), "tel:+3354593");
    }
}
