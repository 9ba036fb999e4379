//! Organisations and the numbers the State knows them by.

use super::caller::Role;
use super::ids::OrganisationId;

/// A legal body with a SIRET or RNA number; may be funder, prescriber and venue operator at once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "what a body does, each by itself, and a stop")]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its name as people know it.
    pub name: String,
    /// SIRET, 14 digits, checked.
    pub siret: Option<String>,
    /// RNA number of an association, `W` and nine characters.
    pub rna: Option<String>,
    /// Pays for passes.
    pub funder: bool,
    /// Hands passes over.
    pub prescriber: bool,
    /// Runs venues and is paid for workshops.
    pub venue_operator: bool,
    /// All its accounts are stopped, and it is not paid.
    pub frozen: bool,
}

impl Organisation {
    /// Whether people with that role work here: the roles that go with what it does.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        match role {
            Role::SocialWorker => self.prescriber,
            Role::VenueStaff => self.venue_operator,
            Role::Funder => self.funder,
            Role::Operator | Role::Auditor => false,
        }
    }
}

/// La Poste's SIREN: its establishments' SIRET need not satisfy Luhn, but their digits add up to
/// a multiple of five (INSEE, "Siret").
const LA_POSTE: &str = "356000000";

/// Whether `siret` is 14 digits that satisfy Luhn, or La Poste's exception.
#[must_use]
pub fn siret_checks(siret: &str) -> bool {
    if siret.len() != 14 || !siret.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    if siret.bytes().all(|b| b == b'0') {
        return false;
    }
    let digits = || siret.bytes().map(|b| u32::from(b - b'0'));
    let luhn: u32 = digits()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { digit * 2 } else { digit })
        .map(|doubled| if doubled > 9 { doubled - 9 } else { doubled })
        .sum();
    luhn.is_multiple_of(10)
        || (siret.starts_with(LA_POSTE) && digits().sum::<u32>().is_multiple_of(5))
}

/// Whether `rna` is `W` and nine letters or digits.
#[must_use]
pub fn rna_checks(rna: &str) -> bool {
    rna.strip_prefix('W')
        .is_some_and(|rest| rest.len() == 9 && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn siret_numbers_satisfy_luhn_or_la_postes_exception() {
        for good in ["73282932000074", "35600000000048", "35600000049837", "43493312300029"] {
            assert!(siret_checks(good), "{good}");
        }
        for wrong in [
            "73282932000075",
            "35600000049838",
            "0000000000000",
            "00000000000000",
            "7328293200007A",
            "",
        ] {
            assert!(!siret_checks(wrong), "{wrong}");
        }
        assert!(rna_checks("W9R2003255") && !rna_checks("9R2003255X") && !rna_checks("W12"));
    }
}
