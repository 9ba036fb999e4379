//! What banks write: account numbers, bank codes and names.

use std::borrow::Cow;

use sepa::{Transliteration, validate_bic, validate_iban};
use unicode_normalization::UnicodeNormalization;

/// An IBAN in its electronic form, of a country that SEPA transfers reach; none when it is wrong.
///
/// Country, length, form and check digits are those of ISO 13616; in France the key of the RIB fits.
#[must_use]
pub fn iban(typed: &str) -> Option<String> {
    let read = validate_iban(&plain(typed)).ok()?;
    let iban = read.as_str();
    let french = iban.starts_with("FR") || iban.starts_with("MC");
    let fits = !french || iban.get(4..).is_some_and(rib_key_fits);
    (read.is_sepa() && fits).then(|| iban.to_owned())
}

/// A French account number (RIB) ends in a key of its own, which the check digits of the IBAN do not
/// see: bank, counter, account and key, letters as digits, are a multiple of 97.
fn rib_key_fits(rib: &str) -> bool {
    let digit = |sign: u8| match sign {
        b'0'..=b'9' => Some(sign - b'0'),
        b'A'..=b'I' => Some(sign - b'A' + 1),
        b'J'..=b'R' => Some(sign - b'J' + 1),
        b'S'..=b'Z' => Some(sign - b'S' + 2),
        _ => None,
    };
    let rest = rib
        .bytes()
        .try_fold(0_u32, |rest, sign| digit(sign).map(|digit| (rest * 10 + u32::from(digit)) % 97));
    rest == Some(0)
}

/// A BIC (ISO 9362) in capitals; none when it is wrong.
#[must_use]
pub fn bic(typed: &str) -> Option<String> {
    Some(validate_bic(&plain(typed)).ok()?.as_str().to_owned())
}

fn plain(typed: &str) -> String {
    typed.chars().filter(|sign| !sign.is_whitespace()).collect::<String>().to_uppercase()
}

/// The longest name that a bank takes.
pub const LONGEST_NAME: usize = 70;

/// A text in the letters that every bank of the SEPA takes, as people write it without the others:
/// "Œuvre" is `OEuvre`, "Łódź" "Lodz", "Київ" "Kiyiv", "100 €" "100 EUR". Nothing is left of what
/// has no letters, such as a picture.
#[must_use]
pub fn letters(text: &str) -> String {
    let plain: String = text.nfc().map(plain_sign).collect();
    let plain = sepa::transliterate(&plain, Transliteration::Epc);
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plain_sign(sign: char) -> Cow<'static, str> {
    match sign {
        '\u{20}'..='\u{7e}' => Cow::Owned(sign.to_string()),
        '°' => Cow::Borrowed("o"),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Cow::Borrowed("-"),
        // Quotation marks say nothing of a name, and a bank's table would make brackets of them.
        '«' | '»' | '‹' | '›' | '“' | '”' | '„' | '\u{2600}'..='\u{27bf}' | '\u{1f000}'.. => {
            Cow::Borrowed(" ")
        }
        _ => Cow::Borrowed(deunicode::deunicode_char(sign).unwrap_or(" ")),
    }
}

/// The holder of an account as it stands in a bank file; none without a letter. What is too long is
/// cut, as banks do.
#[must_use]
pub fn holder(name: &str) -> Option<String> {
    let name: String = letters(name).chars().take(LONGEST_NAME).collect();
    let name = name.trim_end().to_owned();
    name.contains(|sign: char| sign.is_ascii_alphabetic()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_NAME, bic, holder, iban, letters};

    #[test]
    fn an_iban_is_read_as_people_type_it_and_checked() {
        let read = "FR7630006000011234567890189";
        assert_eq!(iban("fr76 3000 6000 0112 3456 7890 189").as_deref(), Some(read));
        let wrong = [
            "",
            "FR7630006000011234567890188",
            "FR76300060000112345678901",
            "XX00",
            "EG380019000500000000263180002",
            // The check digits of the IBAN fit, the key of the RIB does not.
            "FR7330006000011234567890100",
        ];
        for wrong in wrong {
            assert_eq!(iban(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_bic_has_eight_or_eleven_signs() {
        assert_eq!(bic("bnpa frpp").as_deref(), Some("BNPAFRPP"));
        for fine in ["CRLYFRPP123", "PSSTFRPPBOR"] {
            assert_eq!(bic(fine).as_deref(), Some(fine));
        }
        for wrong in ["", "BNPAFRP", "BNPAFRPPX", "BNPAFRPP-XX", "BNPA99PP"] {
            assert_eq!(bic(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_name_in_any_letters_is_written_as_people_write_it_without_them() {
        for (name, plain) in [
            ("L’Œuvre « Cœur d'été » n° 1", "L'OEuvre Coeur d'ete n 1"),
            ("Straße ẞ ﬁn", "Strasse Ss fin"),
            ("Łódź Đorđe Øresund Þór Æther", "Lodz Dorde Oresund Thor AEther"),
            ("100 € & Cie", "100 EUR + Cie"),
            ("Élan e\u{301}te\u{301}", "Elan ete"),
            ("Київ", "Kiyiv"),
            ("Αθήνα", "Athena"),
            ("北京", "Bei Jing"),
            ("A\u{2011}B\u{a0}C – D", "A-B C - D"),
            ("🦄 ☎", ""),
        ] {
            let plain = plain.replace("n 1", "no 1");
            assert_eq!(letters(name), plain, "{name}");
        }
    }

    #[test]
    fn every_sign_there_is_makes_a_name_that_a_bank_takes_or_none() {
        // What people write with, sign by sign; of the rest one in a hundred and one.
        let all = (0..0x3000).chain((0x3000..=0x10_ffff).step_by(101));
        for sign in all.filter_map(char::from_u32) {
            let plain = letters(&format!("a{sign}b"));
            assert!(sepa::charset::is_sepa_text(&plain), "{sign:?} gives {plain}");
            let long = holder(&sign.to_string().repeat(LONGEST_NAME));
            let fits = |name: String| !name.is_empty() && name.len() <= LONGEST_NAME;
            assert!(long.is_none_or(fits), "{sign:?}");
        }
    }
}
