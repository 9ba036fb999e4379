//! Whole cents of a euro. Nothing in the service holds an amount in any other unit.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// An amount in whole euro cents; negative amounts are debts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cents(pub i64);

impl Cents {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// The price of `units` workshops at `self` each.
    #[must_use]
    pub fn times(self, units: u8) -> Self {
        Self(self.0 * i64::from(units))
    }

    /// Euros with a decimal comma and no sign of currency, as a French spreadsheet reads them.
    #[must_use]
    pub fn decimal_comma(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{},{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }
}

impl Cents {
    /// An amount of euros as French people type it: `12 345,67`, `12345.6`, `12 345 €`. Never
    /// negative, never with parts of a cent.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let plain: String = typed.chars().filter(|sign| !sign.is_whitespace()).collect();
        let plain = plain.strip_suffix('€').unwrap_or(&plain);
        let (euros, part) = plain.split_once([',', '.']).unwrap_or((plain, ""));
        let digits = |text: &str| text.bytes().all(|sign| sign.is_ascii_digit());
        if euros.is_empty() || !digits(euros) || !digits(part) || part.len() > 2 {
            return None;
        }
        let part: i64 = format!("{part:0<2}").parse().ok()?;
        euros.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part).map(Self)
    }
}

/// French writing: thousands apart by a narrow no-break space, a decimal comma, `€` at the end.
impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = (self.0.unsigned_abs() / 100).to_string();
        let mut euros = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                euros.push('\u{202f}');
            }
            euros.push(digit);
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{euros},{:02}\u{a0}€", self.0.unsigned_abs() % 100)
    }
}

impl Add for Cents {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Cents {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Cents {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl SubAssign for Cents {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Neg for Cents {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::Cents;

    #[test]
    fn amounts_are_understood_as_a_french_person_types_them() {
        for text in ["12 345,67", "12\u{202f}345,67\u{a0}€", "12345.67", "12345,67 €"] {
            assert_eq!(Cents::read(text), Some(Cents(1_234_567)), "{text}");
        }
        assert_eq!(Cents::read("10"), Some(Cents(1_000)));
        assert_eq!(Cents::read("0,5"), Some(Cents(50)));
        for wrong in ["", ",50", "-1", "1,234", "1.234,00", "dix", "99999999999999999999"] {
            assert_eq!(Cents::read(wrong), None, "{wrong}");
        }
        assert_eq!(Cents::read(&Cents(123_456).to_string()), Some(Cents(123_456)));
    }

    #[test]
    fn amounts_read_as_a_french_person_writes_them() {
        assert_eq!(Cents(123_456_789).to_string(), "1\u{202f}234\u{202f}567,89\u{a0}€");
        assert_eq!(Cents(-5).to_string(), "-0,05\u{a0}€");
        assert_eq!(Cents(-1_005).decimal_comma(), "-10,05");
    }
}
