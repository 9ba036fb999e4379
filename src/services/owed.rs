//! What a venue's organisation is owed: this month so far, in all, and by a statement.

use std::collections::BTreeMap;

use super::{Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::AgreementId;
use crate::domain::money::Cents;
use crate::domain::statement::Statement;
use crate::domain::time::{Month, Zone};
use crate::store;

/// What is owed.
#[derive(Clone, Copy, Debug)]
pub struct Owed {
    /// This month.
    pub month: Month,
    /// Workshops validated this month, undone ones taken off.
    pub workshops: i64,
    /// What they are worth.
    pub this_month: Cents,
    /// Everything that is owed and not paid, this month included.
    pub in_all: Cents,
}

/// What the caller's organisation is owed, from the postings.
///
/// # Errors
/// A failure of the database.
pub fn owed(services: &Services, caller: &Caller) -> Outcome<Owed> {
    services.read(|op| {
        let month = op.accounting_month(Zone::PARIS)?;
        let payee = caller.organisation;
        let (workshops, this_month) = store::payable::earned(op.conn, payee, month)?;
        let in_all = store::payable::balance(op.conn, payee)?;
        Ok(Owed { month, workshops, this_month, in_all })
    })
}

/// What a statement and those it takes over come to, by agreement.
pub(super) fn owed_by_agreement(
    op: &mut Op<'_>,
    statement: &Statement,
) -> Outcome<Vec<(AgreementId, Cents)>> {
    let mut sums = BTreeMap::new();
    let mut chain = vec![statement.clone()];
    while let Some(one) = chain.pop() {
        let (payee, month) = (one.organisation, one.month);
        for (agreement, cents) in store::settlement::earned_by_agreement(op.conn, payee, month)? {
            *sums.entry(agreement).or_default() += cents;
        }
        chain.extend(store::statement::carried_into(op.conn, one.id)?);
    }
    Ok(sums.into_iter().filter(|(_, cents)| *cents != Cents::ZERO).collect())
}
