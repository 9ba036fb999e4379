//! Proving what an agreement holds and what its funder paid, from the journal.

use super::verify_journal::{Journal, Movement};
use super::{Op, Outcome};
use crate::domain::ledger::Account;
use crate::domain::money::Cents;
use crate::domain::programme::OpenedBy;
use crate::store;

/// Compares what each agreement's row says; what differs goes to `differences`.
pub(super) fn compare_agreements(
    op: &mut Op<'_>,
    journal: &Journal,
    differences: &mut Vec<String>,
) -> Outcome<()> {
    for row in store::agreement::balances(op.conn)? {
        let agreement = row.agreement;
        let balance = |account| journal.balance(agreement, account);
        let mut compare = |what: &str, kept: Cents, derived: Cents| {
            if kept != derived {
                differences.push(format!(
                    "agreement {agreement}: {what} {kept} in its row, {derived} by the postings"
                ));
            }
        };
        compare("available", row.available, balance(Account::Available));
        // Opened by receipt, an envelope is a promise of which the journal says nothing.
        if row.opened_by == OpenedBy::Signature {
            compare("envelope", row.envelope, journal.envelope(agreement));
        }
        // Payable may fall below zero: what was undone after its statement was paid is taken off
        // the next one.
        for account in [Account::Available, Account::Committed] {
            if balance(account) < Cents::ZERO {
                differences.push(format!(
                    "agreement {agreement}: {} is {}",
                    account.as_str(),
                    balance(account)
                ));
            }
        }
    }
    Ok(())
}

/// Compares every receipt and refund with what was posted at its instant.
pub(super) fn compare_movements(
    op: &mut Op<'_>,
    journal: &mut Journal,
    differences: &mut Vec<String>,
) -> Outcome<()> {
    for row in store::agreement::every_movement(op.conn)? {
        let agreement = row.agreement_id;
        let movement = Movement { agreement, refund: row.refund()?, at: row.recorded_at };
        // Two may be recorded at one instant.
        *journal.movements.entry(movement).or_default() -= Cents(row.amount_cents);
    }
    for (movement, rest) in &journal.movements {
        if *rest != Cents::ZERO {
            let kind = if movement.refund { "refund" } else { "receipt" };
            differences.push(format!(
                "agreement {}: its {kind} of {} is {rest} away from its posting",
                movement.agreement, movement.at
            ));
        }
    }
    Ok(())
}
