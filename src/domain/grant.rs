//! What the State's calls of 2019 and 2020 asked of an agreement, beside its share.
//!
//! 2019: a grant of rate × total budget, capped, paid in full at signature; what is not used is
//! given back. 2020: at most a rate of the passes that were *used*, and proof that a least part
//! of the passes went to given publics.

use super::money::Cents;
use super::split::WHOLE_BP;

/// A funder's condition on its agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The rule of 2020.
    UsedShare {
        /// At most so much of what was used, in basis points.
        rate_bp: i64,
        /// The publics that count; a person of one of them counts.
        publics: Vec<String>,
        /// At least so many of ten thousand passes go to them.
        least_bp: i64,
    },
    /// The rule of 2019.
    CappedGrant {
        /// The rate, in basis points of the total.
        rate_bp: i64,
        /// The whole budget of the project.
        total: Cents,
        /// The most the grant may be.
        cap: Option<Cents>,
    },
}

impl Condition {
    /// The name in the API and the database.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::UsedShare { .. } => "used_share",
            Self::CappedGrant { .. } => "capped_grant",
        }
    }
}

/// A rate of an amount, to the nearest cent, half a cent up.
#[must_use]
pub fn rate_of(amount: Cents, rate_bp: i64) -> Cents {
    Cents((amount.0 * rate_bp + WHOLE_BP / 2).div_euclid(WHOLE_BP))
}

/// The grant of 2019: rate × total to the cent, never more than the cap.
#[must_use]
pub fn capped_grant(total: Cents, rate_bp: i64, cap: Option<Cents>) -> Cents {
    let amount = rate_of(total, rate_bp);
    cap.map_or(amount, |cap| amount.min(cap))
}

/// Whether an envelope is the grant of 2019: to the cent, or to the nearest euro, as the State wrote
/// its own.
#[must_use]
pub fn is_capped_grant(envelope: Cents, total: Cents, rate_bp: i64, cap: Option<Cents>) -> bool {
    let exact = capped_grant(total, rate_bp, cap);
    let euros = Cents((exact.0 + 50).div_euclid(100) * 100);
    envelope == exact || envelope == cap.map_or(euros, |cap| euros.min(cap))
}

/// The whole budget when the project brings `own` and the State the rate of the total: own ÷
/// (1 − rate), to the nearest cent. None for a rate of everything.
#[must_use]
pub fn total_of(own: Cents, rate_bp: i64) -> Option<Cents> {
    let rest = WHOLE_BP - rate_bp;
    (rest > 0).then(|| Cents((own.0 * WHOLE_BP + rest / 2).div_euclid(rest)))
}

/// What the State owes by the rule of 2020: the rate of what was used, never more than its part
/// of it or its envelope.
#[must_use]
pub fn claim(used: Cents, rate_bp: i64, consumed: Cents, envelope: Cents) -> Cents {
    rate_of(used, rate_bp).min(consumed).min(envelope)
}

/// What was used, at the price of a workshop: what the rule of 2020 takes its rate of.
#[must_use]
pub fn used(price: Cents, workshops: i64) -> Cents {
    Cents(price.0 * workshops)
}

/// What was consumed and the rule of 2020 does not let the State owe.
#[must_use]
pub fn beyond_claim(used: Cents, rate_bp: i64, consumed: Cents, envelope: Cents) -> Cents {
    consumed - claim(used, rate_bp, consumed, envelope)
}

/// How many more passes must go to the publics for the least part to be reached, when all others
/// stay: none once it is.
#[must_use]
pub fn missing_passes(all: i64, to_publics: i64, least_bp: i64) -> i64 {
    let wanted = (all * least_bp + WHOLE_BP - 1).div_euclid(WHOLE_BP);
    (wanted - to_publics).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The State's own worked cases of 2019, in euros: own money, rate, grant.
    const CASES: [(i64, i64, i64); 5] = [
        (34_027, 2_000, 8_507),
        (34_027, 3_500, 18_322),
        (34_027, 3_900, 21_755),
        (34_027, 6_400, 60_492),
        (200_000, 6_500, 371_429),
    ];

    #[test]
    fn the_state_s_worked_cases_of_2019_come_out_to_the_euro() {
        for (own, rate, grant) in CASES {
            let total = total_of(Cents(own * 100), rate).unwrap();
            let found = capped_grant(total, rate, Some(Cents(120_000_000)));
            assert_eq!((found.0 + 50) / 100, grant, "{own} at {rate}");
            let fits = |cents| is_capped_grant(Cents(cents), total, rate, None);
            assert!(fits(grant * 100) && fits(found.0), "{own} at {rate}");
            assert!(!fits(grant * 100 + 1) && !fits(grant * 100 - 100), "{own} at {rate}");
        }
    }

    #[test]
    fn a_grant_never_exceeds_its_cap() {
        let total = total_of(Cents(100_000_000), 6_500).unwrap();
        assert_eq!(capped_grant(total, 6_500, Some(Cents(120_000_000))), Cents(120_000_000));
        assert_eq!(total_of(Cents(1), 10_000), None);
    }

    #[test]
    fn a_claim_is_of_what_was_used() {
        assert_eq!(claim(Cents(1_001), 5_000, Cents(501), Cents(10_000)), Cents(501));
        assert_eq!(claim(Cents(1_000), 5_000, Cents(600), Cents(10_000)), Cents(500));
        assert_eq!(claim(Cents(1_000), 5_000, Cents(500), Cents(100)), Cents(100));
    }

    #[test]
    fn the_least_part_is_counted_in_whole_passes() {
        assert_eq!(missing_passes(3, 1, 5_000), 1);
        assert_eq!(missing_passes(4, 2, 5_000), 0);
        assert_eq!(missing_passes(0, 0, 5_000), 0);
    }
}
