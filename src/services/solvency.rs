//! Solvency: whether the cash of each agreement covers what it has promised and owes. This is
//! what would have warned of the real operator's failure.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Outcome, Services};
use crate::store;

/// What each agreement holds against what it owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Solvency {
    /// Whether every agreement covers what it has promised and owes.
    pub solvent: bool,
    /// One line per agreement, what lacks most first.
    pub agreements: Vec<AgreementSolvency>,
    /// The sums.
    pub totals: SolvencyTotals,
    /// When it was asked, RFC 3339.
    pub as_of: String,
}

/// One agreement's cash against what it owes: cash ≥ committed + payable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgreementSolvency {
    /// The agreement.
    pub agreement_id: Uuid,
    /// Its funder.
    pub funder_id: Uuid,
    /// The funder's name.
    pub funder_name: String,
    /// The programme.
    pub programme_id: Uuid,
    /// Its name.
    pub programme_name: String,
    /// Its tier.
    pub tier: i32,
    /// Received, less what was paid out and given back.
    pub cash_cents: i64,
    /// Promised to passes and not yet used.
    pub committed_cents: i64,
    /// Owed to venues' organisations.
    pub payable_cents: i64,
    /// What may still be committed.
    pub available_cents: i64,
    /// Cash less committed and payable; negative when something is missing.
    pub cover_cents: i64,
    /// Whether cash covers committed and payable.
    pub solvent: bool,
}

/// The sums over all agreements. What one has too much does not cover another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct SolvencyTotals {
    /// Cash.
    pub cash_cents: i64,
    /// Committed.
    pub committed_cents: i64,
    /// Payable.
    pub payable_cents: i64,
    /// What the agreements that lack something lack together.
    pub missing_cents: i64,
}

/// What each agreement holds against what it owes, summed from the postings now.
///
/// # Errors
/// A failure of the database.
pub fn solvency(services: &Services) -> Outcome<Solvency> {
    services.read(|op| {
        let held = store::solvency::held(op.conn)?;
        let mut agreements: Vec<_> = held
            .into_iter()
            .map(|row| {
                let cover = row.cash - row.committed - row.payable;
                AgreementSolvency {
                    agreement_id: row.agreement.0,
                    funder_id: row.funder.0,
                    funder_name: row.funder_name,
                    programme_id: row.programme.0,
                    programme_name: row.programme_name,
                    tier: row.tier,
                    cash_cents: row.cash,
                    committed_cents: row.committed,
                    payable_cents: row.payable,
                    available_cents: row.available,
                    cover_cents: cover,
                    solvent: cover >= 0,
                }
            })
            .collect();
        agreements.sort_by(|one, other| {
            (one.cover_cents.min(0), &one.programme_name, one.tier, &one.funder_name).cmp(&(
                other.cover_cents.min(0),
                &other.programme_name,
                other.tier,
                &other.funder_name,
            ))
        });
        let totals = agreements.iter().fold(SolvencyTotals::default(), |sum, row| SolvencyTotals {
            cash_cents: sum.cash_cents + row.cash_cents,
            committed_cents: sum.committed_cents + row.committed_cents,
            payable_cents: sum.payable_cents + row.payable_cents,
            missing_cents: sum.missing_cents - row.cover_cents.min(0),
        });
        let solvent = agreements.iter().all(|row| row.solvent);
        Ok(Solvency { solvent, agreements, totals, as_of: op.now.to_string() })
    })
}
