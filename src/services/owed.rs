//! What a venue's organisation is owed: this month so far, and in all.

use super::{Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::money::Cents;
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
