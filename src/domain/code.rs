//! The code people type: 14 random symbols and two Reed–Solomon check symbols over GF(32), in
//! Crockford's alphabet, written as four groups of four.
//!
//! Two check symbols give a distance of three: every slip of one or two symbols, and every swap
//! of two symbols wherever they stand, is caught before the database is asked.

use std::fmt;

use super::invisible_signs::is_invisible;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DATA: usize = 14;
const LENGTH: usize = 16;
const SERIAL_DATA: usize = 10;

/// The longest text worth reading: a QR address with all that mail readers hang on to it.
const LONGEST: usize = 2_048;

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

    /// Reads what the QR holds or what was typed or pasted: any case, blanks and dashes ignored, the
    /// look-alikes O, I, L and U folded onto 0, 1, 1 and V. What comes before the code in an address
    /// is passed over, and what phones, mail readers and sentences put after it.
    ///
    /// # Errors
    /// [`CodeSlip`] says what is wrong with the text.
    pub fn read(text: &str) -> Result<Self, CodeSlip> {
        if text.len() > LONGEST {
            return Err(CodeSlip::Shape);
        }
        let plain = plain(text);
        let alone = Self::of_symbols(code_of_address(&plain));
        match alone {
            Err(CodeSlip::Shape) => standing_in(&plain, Separators::Uniform).ok_or(CodeSlip::Shape),
            read => read,
        }
    }

    fn of_symbols(typed: &str) -> Result<Self, CodeSlip> {
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
    standing_in(&plain(text), Separators::Any).is_some()
}

/// A word of letters and digits, and what stands between the one before and it.
struct Word<'a> {
    separator: &'a str,
    signs: &'a str,
}

fn words_of(plain: &str) -> Vec<Word<'_>> {
    let is_sign = |sign: char| sign.is_ascii_alphanumeric();
    let (mut words, mut rest) = (Vec::new(), plain);
    while let Some(at) = rest.find(is_sign) {
        let (separator, tail) = rest.split_at(at);
        let (signs, after) = tail.split_at(tail.find(|sign| !is_sign(sign)).unwrap_or(tail.len()));
        words.push(Word { separator, signs });
        rest = after;
    }
    words
}

/// What may stand between the groups of a code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separators {
    /// The same between all.
    Uniform,
    /// Anything.
    Any,
}

/// Of groups that would check out the last counts, and when it is read, only groups with the same
/// sign between them: a word before a code may look like one of its groups.
fn standing_in(plain: &str, allowed: Separators) -> Option<Code> {
    let words = words_of(plain);
    let alone = words.iter().find_map(|word| Code::of_symbols(word.signs).ok());
    let grouped = |signs: usize| {
        words.windows(LENGTH / signs).rev().find_map(|group| {
            let mut separators = group.iter().skip(1).map(|word| word.separator);
            let first = separators.next();
            let uniform =
                allowed == Separators::Any || separators.all(|other| Some(other) == first);
            let fits = uniform && group.iter().all(|word| word.signs.len() == signs);
            let together = || group.iter().map(|word| word.signs).collect::<String>();
            fits.then(|| Code::of_symbols(&together()).ok()).flatten()
        })
    };
    alone.or_else(|| GROUPS.into_iter().find_map(grouped))
}

/// What stands where an address has its code, without what follows it; all of any other text.
fn code_of_address(plain: &str) -> &str {
    let typed = plain.split_once("/P/").map(|(_, code)| code);
    let typed = typed.or_else(|| plain.strip_prefix("P/")).unwrap_or(plain);
    let typed = typed.split(['?', '#', '&', '/']).next().unwrap_or(typed);
    typed.trim_matches(|sign: char| !sign.is_ascii_alphanumeric())
}

/// Capitals, with every dash as one, every blank as one, wide letters and digits as narrow ones, and
/// without the signs that nobody sees.
fn plain(text: &str) -> String {
    let seen = text.chars().filter(|sign| !is_invisible(*sign)).map(|sign| match sign {
        '\u{ff01}'..='\u{ff5e}' => narrow(sign),
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{2043}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{30fc}' => '-',
        blank if blank.is_whitespace() => ' ',
        other => other,
    });
    seen.collect::<String>().trim().to_uppercase()
}

fn narrow(sign: char) -> char {
    u32::from(sign).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(sign)
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
        let symbols = symbols_typed(code_of_address(&plain(text)))?;
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
    let meant = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '.'));
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
mod tests;
