//! IBANs, checked: country, length, form and check digits (ISO 13616).

use iban::{Iban, IbanLike};

/// The IBAN in its electronic form, without spaces, in capitals; none when it is wrong.
#[must_use]
pub fn read(typed: &str) -> Option<String> {
    let plain: String = typed.chars().filter(|sign| !sign.is_whitespace()).collect();
    let read: Iban = plain.to_uppercase().parse().ok()?;
    Some(read.electronic_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn an_iban_is_read_as_people_type_it_and_checked() {
        let iban = "FR7630006000011234567890189";
        assert_eq!(read("fr76 3000 6000 0112 3456 7890 189").as_deref(), Some(iban));
        for wrong in ["", "FR7630006000011234567890188", "FR76300060000112345678901", "XX00"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
