//! Text that a spreadsheet would take for a formula: every CSV blunts it, whatever column it is in.

use std::borrow::Cow;

/// A cell as it may stand in a CSV: one that a spreadsheet would run gets an apostrophe before it.
/// Numbers and phone numbers stay as they are.
#[must_use]
pub fn blunted(cell: &str) -> Cow<'_, str> {
    if is_formula(cell.trim_start_matches('\'')) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Takes the apostrophe away again, so that what is given out is what is taken in.
#[must_use]
pub fn as_it_was(cell: &str) -> &str {
    let bare = cell.strip_prefix('\'');
    bare.filter(|bare| is_formula(bare.trim_start_matches('\''))).unwrap_or(cell)
}

/// Spreadsheets overlook what is blank before a formula, and read wide signs as narrow ones.
fn is_formula(text: &str) -> bool {
    let blank =
        |sign: char| sign.is_whitespace() || sign.is_control() || "\u{feff}\u{200b}".contains(sign);
    let text = text.trim_start_matches(blank);
    match text.chars().next() {
        Some('=' | '@' | '＝' | '＠') => true,
        Some('+' | '-' | '＋' | '－') => {
            let number = |sign: char| sign.is_ascii_digit() || " .,()+-/\u{a0}".contains(sign);
            !text.chars().all(number)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_blunted_and_numbers_are_not() {
        let formulas = [
            "=1+1",
            "=HYPERLINK(\"http://x\")",
            "@SUM(A1)",
            "+cmd|' /C calc'!A0",
            "-2+3+cmd|'x'!A0",
            " =1",
            "\t=1",
            "\n=1",
            "\r\n  @x",
            "\u{a0}=1",
            "\u{feff}=1",
            "＝1",
            "'=1",
            "''@x",
        ];
        for formula in formulas {
            let written = blunted(formula);
            assert_eq!(written, format!("'{formula}"));
            assert_eq!(as_it_was(&written), formula, "taken in again as it was");
        }
        let plain = [
            "",
            "Lieu",
            "-12,50",
            "-0.3287",
            "+33 5 45 95 35 44",
            "+33545953544",
            "'t Hof",
            "'",
            "l'=",
            "1=1",
            "- ",
            "2026-03-10",
        ];
        for plain in plain {
            assert_eq!(blunted(plain), plain);
            assert_eq!(as_it_was(plain), plain);
        }
    }
}
