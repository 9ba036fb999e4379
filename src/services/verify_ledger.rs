//! Proving every balance and figure from the postings, line by line.

use std::collections::BTreeMap;

use super::audit::compare_audit;
use super::update_reports::compare_reports;
use super::verify_agreements::{compare_agreements, compare_movements};
use super::verify_closings::compare_closings;
use super::verify_journal::Journal;
use super::verify_passes::compare_passes;
use super::verify_payments::compare_payments;
use super::verify_rows::{compare_open_data, compare_rows, compare_workshop_days};
use super::{Op, Outcome, Services};
use crate::domain::ledger::Account;
use crate::domain::money::Cents;
use crate::domain::report::{By, Counters};
use crate::domain::time::Month;
use crate::store;
use crate::store::report_scope::Scope;

/// What was proved, and every difference that was found.
#[derive(Debug, Default)]
pub struct Verified {
    /// Postings read.
    pub postings: u64,
    /// Passes read.
    pub passes: u64,
    /// The balance of each account over all agreements.
    pub accounts: BTreeMap<Account, Cents>,
    /// The sum over all accounts: zero.
    pub sum: Cents,
    /// The entries of the audit journal, and the digest of the last.
    pub audit: (i64, String),
    /// What is not as the postings say; empty when all is well.
    pub differences: Vec<String>,
}

/// Re-derives every balance and figure from the postings and compares.
///
/// # Errors
/// A failure of the database, or a posting that no posting can be.
pub fn verify_ledger(services: &Services) -> Outcome<Verified> {
    services.read(|op| {
        let mut journal = Journal::read(op)?;
        let mut verified = Verified { postings: journal.count, ..Verified::default() };
        for ((_, account), balance) in &journal.balances {
            *verified.accounts.entry(*account).or_default() += *balance;
        }
        verified.sum = verified.accounts.values().copied().sum();
        if verified.sum != Cents::ZERO {
            verified.differences.push(format!("the accounts add up to {}", verified.sum));
        }
        compare_agreements(op, &journal, &mut verified.differences)?;
        compare_movements(op, &mut journal, &mut verified.differences)?;
        verified.passes = compare_passes(op, &mut journal, &mut verified.differences)?;
        compare_subjects(op, &mut verified.differences)?;
        compare_rows(op, &mut verified.differences)?;
        compare_workshop_days(op, &mut verified.differences)?;
        compare_open_data(op, &mut verified.differences)?;
        compare_figures(op, &journal, &mut verified)?;
        compare_reports(op, &mut verified.differences)?;
        compare_closings(op, &mut verified.differences)?;
        compare_payments(op, &mut verified.differences)?;
        verified.audit = compare_audit(op, &mut verified.differences)?;
        Ok(verified)
    })
}

/// The pass, venue and payee of a posting are there, and those of its redemption.
fn compare_subjects(op: &mut Op<'_>, differences: &mut Vec<String>) -> Outcome<()> {
    for number in store::ledger::unlike_their_subject(op.conn)? {
        differences.push(format!(
            "posting {number}: its pass, venue or payee is not that of its redemption, or not there"
        ));
    }
    for id in store::redemption::unlike_their_subject(op.conn)? {
        differences.push(format!(
            "redemption {}: its pass, venue or person is not there, or its pass is of another line",
            id.0
        ));
    }
    Ok(())
}

/// The figures the reports show, against the journal summed in Rust.
fn compare_figures(op: &mut Op<'_>, journal: &Journal, verified: &mut Verified) -> Outcome<()> {
    let Some((from, to)) = journal.months else { return Ok(()) };
    for by in [By::AccountingMonth, By::WorkshopDay] {
        // A workshop's day never lies after its accounting month, but it may lie before.
        let from = if by == By::WorkshopDay { earlier(from) } else { from };
        let scope =
            Scope { funder: None, programme: None, from, to, by, as_of: None, with_training: true };
        let mut totals = Counters::default();
        for row in store::figures::consumption(op.conn, &scope, &[])? {
            totals.add(&row.counters);
        }
        if totals != journal.counters {
            verified.differences.push(format!(
                "report totals {totals:?} differ from the postings {:?}",
                journal.counters
            ));
        }
    }
    let standing = store::redemption::count_standing(op.conn)?;
    if standing != journal.counters.workshops_redeemed {
        verified.differences.push(format!(
            "{standing} redemptions stand, the postings count {}",
            journal.counters.workshops_redeemed
        ));
    }
    Ok(())
}

fn earlier(month: Month) -> Month {
    (0..120).fold(month, |month, _| month.previous())
}
