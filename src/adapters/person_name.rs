//! One spelling for the many of a name, so that a person is recognised however it was typed.

use unicode_normalization::UnicodeNormalization;

/// Letters only, without case, accents or the letters that only some keyboards have: "Jean-Noël" is
/// "jeannoel", "Lecœur" and "LECOEUR" are "lecoeur". Letters of other scripts stay what they are,
/// without the marks that may be left out.
///
/// Fingerprints of passes hold to it: what it makes of a name may only change together with
/// [`spelt_before`].
#[must_use]
pub fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for letter in plain(name).chars() {
        match letter {
            // Apostrophes that count as letters, lengthening, vowels above and below.
            '\u{2b0}'..='\u{2ff}' | '\u{640}' | '\u{64b}'..='\u{65f}' => {}
            'ς' => folded.push('σ'),
            // The library reads it as the sign that it looks like.
            'ə' | 'ǝ' => folded.push('e'),
            '\u{80}'..='\u{2af}'
            | '\u{1e00}'..='\u{1eff}'
            | '\u{2c60}'..='\u{2c7f}'
            | '\u{a720}'..='\u{a7ff}'
            | '\u{ab30}'..='\u{ab6f}' => folded.push_str(&latin(letter)),
            other => folded.push(other),
        }
    }
    folded
}

/// A letter that is no ASCII, in those that are; itself when there are none.
fn latin(letter: char) -> String {
    let ascii = deunicode::deunicode_char(letter).unwrap_or_default().to_ascii_lowercase();
    let ascii: String = ascii.chars().filter(char::is_ascii_alphanumeric).collect();
    if ascii.is_empty() { letter.to_string() } else { ascii }
}

/// The spelling of fingerprints until November 2026, of the name as it is typed and as it may have
/// been typed then: "œ" was a letter of its own.
#[must_use]
pub fn spelt_before(name: &str) -> Vec<String> {
    let typed = plain(name);
    let joined = |from: &str, to: &str| typed.replace(from, to);
    let mut spelt = vec![
        typed.clone(),
        joined("oe", "œ"),
        joined("ae", "æ"),
        joined("ss", "ß"),
        joined("œ", "oe").replace("æ", "ae").replace('ß', "ss"),
    ];
    spelt.sort_unstable();
    spelt.dedup();
    spelt
}

fn plain(name: &str) -> String {
    name.nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn every_latin_letter_has_one_spelling_whatever_its_case() {
        let letters = ('\u{c0}'..='\u{24f}').chain('\u{1e00}'..='\u{1eff}');
        // Clicks, glottal stops and the turned V have no other spelling.
        let alone = "ǀǁǂǃɁɂɅ";
        for letter in letters.filter(|l| l.is_alphabetic() && !alone.contains(*l)) {
            let lower: String = letter.to_lowercase().collect();
            let upper: String = letter.to_uppercase().collect();
            let name = folded(&format!("a{letter}b"));
            assert!(name.len() > 2 && name.is_ascii(), "{letter} gives {name}");
            assert_eq!(folded(&format!("a{lower}b")), name, "{letter}");
            assert_eq!(folded(&format!("a{upper}b")), name, "{letter}");
        }
    }

    #[test]
    fn a_name_is_one_however_a_keyboard_writes_it() {
        for (one, other) in [
            ("Lecœur", "LECOEUR"),
            ("Ægir", "AEGIR"),
            ("Strauß", "STRAUSS"),
            ("Łukasz", "Lukasz"),
            ("Đorđe", "Dorde"),
            ("Søren", "Soren"),
            ("Þór", "Thor"),
            ("Guðrún", "Gudrun"),
            ("Yıldız", "YILDIZ"),
            ("Ħamrun", "Hamrun"),
            ("Jean-Noël d’Été", "JEAN NOEL D'ETE"),
            ("Kaʻiulani", "Ka'iulani"),
            ("Γιώργος", "ΓΙΩΡΓΟΣ"),
            ("Әлия", "ӘЛИЯ"),
            ("ﬁona", "Fiona"),
        ] {
            assert_eq!(folded(one), folded(other), "{one}");
        }
        assert_ne!(folded("Иван"), folded("Ivan"), "letters of other scripts stay what they are");
        for nothing in ["-", " ' ", "…", "\u{301}"] {
            assert_eq!(folded(nothing), "", "{nothing}");
        }
    }
}
