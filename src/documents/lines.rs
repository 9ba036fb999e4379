//! What to do in three lines, in the languages that stand beside French.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use serde_json::{Value, json};

use super::DocumentError;
use crate::domain::paper::Language;

/// The lines by language tag. A language is added here and in [`Language`].
const LINES: &str = include_str!("templates/lines.json");

static READ: LazyLock<HashMap<String, Lines>> =
    LazyLock::new(|| serde_json::from_str(LINES).unwrap_or_default());

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    title: String,
    choose: String,
    bring_sheet: String,
    bring_card: String,
    show: String,
    free: String,
    /// With `{date}` in it.
    last_day: String,
    /// The order of `{day}`, `{month}` and `{year}`.
    date: String,
    months: [String; 12],
}

/// The lines as the templates read them.
///
/// # Errors
/// [`DocumentError::Typesetting`] when the language has no lines.
pub(super) fn beside(language: Language, last_day: NaiveDate) -> Result<Value, DocumentError> {
    let tag = language.as_str();
    let lines = READ
        .get(tag)
        .ok_or_else(|| DocumentError::Typesetting(format!("lines.json has no lines for {tag}")))?;
    Ok(json!({
        "tag": tag,
        "right_to_left": language == Language::Arabic,
        "title": lines.title,
        "choose": lines.choose,
        "bring_sheet": lines.bring_sheet,
        "bring_card": lines.bring_card,
        "show": lines.show,
        "free": lines.free,
        "last_day": lines.last_day.replace("{date}", &in_letters(lines, last_day)),
    }))
}

fn in_letters(lines: &Lines, day: NaiveDate) -> String {
    let month = lines.months.get(day.month0() as usize).map(String::as_str).unwrap_or_default();
    let date = lines.date.replace("{day}", &day.day().to_string()).replace("{month}", month);
    // A date stays on one line.
    date.replace("{year}", &day.year().to_string()).replace(' ', "\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::super::typesetter::printable;
    use super::*;

    #[test]
    fn every_language_has_its_lines_and_letters_to_print_them() {
        let day = NaiveDate::from_ymd_opt(2027, 6, 30).unwrap();
        for language in Language::ALL {
            let lines = beside(language, day).unwrap();
            for (name, line) in lines.as_object().unwrap() {
                let Some(line) = line.as_str() else { continue };
                assert!(!line.is_empty() && !line.contains(['{', '}']), "{language:?} {name}");
                assert_eq!(printable(line, 200), line, "{language:?} {name}");
            }
            let lines = &READ[language.as_str()];
            assert!(lines.months.iter().all(|month| printable(month, 30) == *month));
        }
        assert_eq!(READ.len(), Language::ALL.len());
        let portuguese = beside(Language::Portuguese, day).unwrap();
        assert_eq!(portuguese["last_day"], "Último dia: 30\u{a0}de\u{a0}junho\u{a0}de\u{a0}2027.");
    }
}
