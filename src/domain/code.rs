//! The code people type: 14 random symbols and two Reed–Solomon check symbols over GF(32), in
//! Crockford's alphabet, written as four groups of four.
//!
//! Two check symbols give a distance of three: every slip of one or two symbols, and every swap
//! of two symbols wherever they stand, is caught before the database is asked.

use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DATA: usize = 14;
const LENGTH: usize = 16;
const SERIAL_DATA: usize = 10;

/// The longest text worth reading: a QR address with room to spare.
const LONGEST: usize = 256;

/// α and its powers in GF(32) = GF(2)[x]/(x⁵ + x² + 1): g(x) = (x − α)(x − α²) = x² + G1·x + G0.
const G1: u8 = 0b0_0110;
const G0: u8 = 0b0_1000;

/// A well-formed code: its check symbols are right.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Code(String);

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeSlip {
    /// Too short, too long, or with a symbol that no code has.
    Shape,
    /// Twelve symbols that check out: the serial number of the stub, not the code.
    Serial,
    /// Sixteen symbols whose check symbols are wrong: a typing slip.
    Check,
}

impl Code {
    /// The code whose random part is the first 70 bits of `bytes`.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 9]) -> Self {
        Self(with_check(&symbols_of(&bytes, DATA)))
    }

    /// Reads what the QR holds or what was typed: any case, spaces and dashes ignored, the
    /// look-alikes O, I, L and U folded onto 0, 1, 1 and V.
    ///
    /// # Errors
    /// [`CodeSlip`] says what is wrong with the text.
    pub fn read(text: &str) -> Result<Self, CodeSlip> {
        if text.len() > LONGEST {
            return Err(CodeSlip::Shape);
        }
        let upper = text.trim().to_uppercase();
        let typed = upper.rsplit_once("/P/").map_or(upper.as_str(), |(_, code)| code);
        let symbols = symbols_typed(typed).ok_or(CodeSlip::Shape)?;
        match symbols.len() {
            LENGTH if checks(&symbols) => Ok(Self(letters(&symbols))),
            LENGTH => Err(CodeSlip::Check),
            12 if checks(&symbols) => Err(CodeSlip::Serial),
            _ => Err(CodeSlip::Shape),
        }
    }

    /// The sixteen symbols without a gap: what the QR holds and what is hashed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Four groups of four, as printed for people: `ABCD-EFGH-JKMN-PQRS`.
    #[must_use]
    pub fn grouped(&self) -> String {
        grouped(&self.0)
    }
}

/// The last four signs: enough for a person to recognise a pass, too few to redeem it.
#[must_use]
pub fn ending(text: &str) -> String {
    let signs = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    let signs: Vec<char> = signs.collect();
    signs.get(signs.len().saturating_sub(4)..).unwrap_or_default().iter().collect()
}

/// In groups of so many signs people write a code. Two is left out: opening hours are full of them.
const GROUPS: [usize; 3] = [1, 4, 8];

/// Whether a code stands in the text: in one word, or in groups of the same length.
#[must_use]
pub fn stands_in(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let grouped = |signs: usize| {
        let mut windows = words.windows(LENGTH / signs);
        windows.any(|group| {
            group.iter().all(|word| word.len() == signs) && Code::read(&group.concat()).is_ok()
        })
    };
    words.iter().any(|word| Code::read(word).is_ok()) || GROUPS.into_iter().any(grouped)
}

/// A code is a bearer secret: it never appears in a log by accident.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// The serial number of a pass, `ABCD-EFGH-JKMN`: 50 random bits and two check symbols. It names
/// a pass to its prescriber and redeems nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Serial(String);

impl Serial {
    /// The serial whose random part is the first 50 bits of `bytes`.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 7]) -> Self {
        Self(grouped(&with_check(&symbols_of(&bytes, SERIAL_DATA))))
    }

    /// Reads a typed serial as leniently as a code.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let symbols = symbols_typed(&text.trim().to_uppercase())?;
        (symbols.len() == SERIAL_DATA + 2 && checks(&symbols))
            .then(|| Self(grouped(&letters(&symbols))))
    }

    /// The serial as printed and stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn grouped(symbols: &str) -> String {
    let groups: Vec<String> =
        symbols.as_bytes().chunks(4).map(|g| String::from_utf8_lossy(g).into_owned()).collect();
    groups.join("-")
}

fn symbols_of(bytes: &[u8], count: usize) -> Vec<u8> {
    let bit = |index: usize| bytes.get(index / 8).map_or(0, |byte| byte >> (7 - index % 8) & 1);
    (0..count).map(|s| (0..5).fold(0, |value, b| value << 1 | bit(s * 5 + b))).collect()
}

fn symbols_typed(text: &str) -> Option<Vec<u8>> {
    let meant = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '_' | '.'));
    meant
        .map(|letter| {
            let folded = match letter {
                'O' => '0',
                'I' | 'L' => '1',
                'U' => 'V',
                other => other,
            };
            ALPHABET.iter().position(|&a| char::from(a) == folded)
        })
        .map(|position| position.and_then(|p| u8::try_from(p).ok()))
        .collect()
}

fn letters(symbols: &[u8]) -> String {
    symbols
        .iter()
        .filter_map(|&symbol| ALPHABET.get(usize::from(symbol)))
        .map(|&letter| char::from(letter))
        .collect()
}

fn with_check(data: &[u8]) -> String {
    let (high, low) = remainder(data);
    letters(data) + &letters(&[high, low])
}

fn checks(symbols: &[u8]) -> bool {
    let Some((data, [high, low])) = symbols.split_last_chunk::<2>() else { return false };
    remainder(data) == (*high, *low)
}

/// The remainder of data(x)·x² by g(x): the two check symbols.
fn remainder(data: &[u8]) -> (u8, u8) {
    data.iter().fold((0, 0), |(high, low), &symbol| {
        let feedback = symbol ^ high;
        (low ^ multiply(feedback, G1), multiply(feedback, G0))
    })
}

fn multiply(a: u8, b: u8) -> u8 {
    (0..5).rev().fold(0, |product, bit| {
        let doubled = product << 1;
        let reduced = if doubled & 0b10_0000 == 0 { doubled } else { doubled ^ 0b10_0101 };
        if b >> bit & 1 == 1 { reduced ^ a } else { reduced }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Code {
        Code::from_bytes([0x3a, 0x91, 0xfe, 0x07, 0x55, 0xc2, 0x18, 0x6d, 0xb4])
    }

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        let code = sample();
        let grouped = code.grouped();
        let qr = format!("HTTPS://PASS.EXEMPLE.FR/P/{}", code.as_str());
        let folded = grouped.replace('0', "o").replace('1', "l").replace('V', "u");
        for text in [
            grouped.to_lowercase(),
            qr.clone(),
            qr.to_lowercase(),
            folded,
            " ".to_owned() + &grouped,
        ] {
            assert_eq!(Code::read(&text), Ok(code.clone()), "{text}");
        }
        assert_eq!(code.grouped().len(), 19);
    }

    #[test]
    fn every_slip_of_one_or_two_symbols_and_every_swap_is_caught() {
        let symbols = symbols_typed(sample().as_str()).unwrap();
        for i in 0..LENGTH {
            for wrong in 0..32 {
                let mut one = symbols.clone();
                one[i] = wrong;
                assert_eq!(checks(&one), wrong == symbols[i]);
                for j in 0..i {
                    for other in 0..32 {
                        let mut two = one.clone();
                        two[j] = other;
                        assert_eq!(checks(&two), two == symbols);
                    }
                }
            }
            for j in 0..i {
                let mut swapped = symbols.clone();
                swapped.swap(i, j);
                assert_eq!(checks(&swapped), swapped == symbols);
            }
        }
    }

    #[test]
    fn a_code_is_found_wherever_somebody_types_it() {
        let code = Code::from_bytes([7; 9]);
        for text in [
            code.grouped(),
            format!("pass {} perdu", code.as_str().to_lowercase()),
            format!("perdu ({}).", code.grouped().replace('-', " ")),
            format!("HTTPS://PASS.EXEMPLE.FR/P/{}", code.as_str()),
        ] {
            assert!(stands_in(&text), "{text}");
        }
        let serial = Serial::from_bytes([7; 7]);
        for text in ["", "Vu avec le CCAS, pass remis le 12 mars", serial.as_str(), "PQRS"] {
            assert!(!stands_in(text), "{text}");
        }
        assert!(code.as_str().ends_with(&ending(&code.grouped())));
    }

    #[test]
    fn a_serial_is_not_taken_for_a_code_and_rubbish_never_panics() {
        let serial = Serial::from_bytes([1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(Serial::read(&serial.as_str().to_lowercase()), Some(serial.clone()));
        assert_eq!(Code::read(serial.as_str()), Err(CodeSlip::Serial));
        for rubbish in ["", "é", "\u{0}", "/P/", "ABCD-EFGH-JKMN-PQR€", &"A".repeat(9_999)] {
            assert!(Code::read(rubbish).is_err());
            assert_eq!(Serial::read(rubbish), None);
        }
    }
}
