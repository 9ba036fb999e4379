//! Proving every balance and figure from the postings, line by line.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::audit::compare_audit;
use super::update_reports::compare_reports;
use super::verify_closings::compare_closings;
use super::verify_payments::compare_payments;
use super::{Op, Outcome, Services};
use crate::domain::agreement::Funding;
use crate::domain::ids::{AgreementId, PassId, ProgrammeId};
use crate::domain::ledger::{Account, Posting, PostingKind};
use crate::domain::mask::SlotMask;
use crate::domain::money::Cents;
use crate::domain::pass::{Pass, PassState, unused};
use crate::domain::report::{By, Counters};
use crate::domain::time::Month;
use crate::store;
use crate::store::pass::PassRow;
use crate::store::report_scope::Scope;

/// How many rows are read at a time.
const BATCH: i64 = 2_000;

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
        compare_agreements(op, &journal, &mut verified)?;
        compare_passes(op, &mut journal, &mut verified)?;
        compare_subjects(op, &mut verified.differences)?;
        compare_figures(op, &journal, &mut verified)?;
        compare_reports(op, &mut verified.differences)?;
        compare_closings(op, &mut verified.differences)?;
        compare_payments(op, &mut verified.differences)?;
        verified.audit = compare_audit(op, &mut verified.differences)?;
        Ok(verified)
    })
}

/// The journal, summed in Rust by nothing but its own lines.
#[derive(Default)]
struct Journal {
    count: u64,
    balances: HashMap<(AgreementId, Account), Cents>,
    committed: HashMap<(PassId, AgreementId), Cents>,
    counters: Counters,
    months: Option<(Month, Month)>,
}

impl Journal {
    fn read(op: &mut Op<'_>) -> Outcome<Self> {
        let mut journal = Self::default();
        let mut after = 0;
        loop {
            let rows = store::ledger::page(op.conn, after, BATCH)?;
            let Some(last) = rows.last() else { return Ok(journal) };
            after = last.number;
            for row in &rows {
                journal.add(&row.posting()?);
            }
        }
    }

    fn add(&mut self, posting: &Posting) {
        self.count += 1;
        let (from, to) = posting.kind.accounts();
        *self.balances.entry((posting.agreement, from)).or_default() -= posting.amount;
        *self.balances.entry((posting.agreement, to)).or_default() += posting.amount;
        if let Some(pass) = posting.subject.pass {
            let committed = self.committed.entry((pass, posting.agreement)).or_default();
            match (from, to) {
                (_, Account::Committed) => *committed += posting.amount,
                (Account::Committed, _) => *committed -= posting.amount,
                _ => {}
            }
        }
        self.count_up(posting);
        let month = posting.month;
        let (first, last) = self.months.unwrap_or((month, month));
        self.months = Some((first.min(month), last.max(month)));
    }

    fn count_up(&mut self, posting: &Posting) {
        let counters = &mut self.counters;
        let counted = i64::from(posting.lead);
        let workshops = i64::from(posting.subject.workshops) * counted;
        let starts = i64::from(posting.subject.starts) * counted;
        let cents = posting.amount.0;
        match posting.kind {
            PostingKind::Commitment => {
                counters.passes_handed_over += counted;
                counters.workshops_granted += workshops;
                counters.committed_cents += cents;
            }
            PostingKind::Consumption => {
                counters.workshops_redeemed += workshops;
                counters.passes_started += starts;
                counters.consumed_cents += cents;
            }
            PostingKind::Reversal => {
                counters.workshops_redeemed -= workshops;
                counters.passes_started += starts;
                counters.consumed_cents -= cents;
            }
            PostingKind::Release => {
                counters.workshops_lapsed += workshops;
                counters.released_cents += cents;
            }
            PostingKind::Receipt => counters.received_cents += cents,
            PostingKind::Settlement => counters.paid_cents += cents,
            PostingKind::SettlementReversal => counters.paid_cents -= cents,
            PostingKind::Refund => counters.refunded_cents += cents,
            PostingKind::Opening
            | PostingKind::Reduction
            | PostingKind::Disbursement
            | PostingKind::DisbursementReversal => {}
        }
    }
}

fn compare_agreements(op: &mut Op<'_>, journal: &Journal, verified: &mut Verified) -> Outcome<()> {
    for (agreement, kept) in store::agreement::balances(op.conn)? {
        let balance =
            |account| journal.balances.get(&(agreement, account)).copied().unwrap_or_default();
        let derived = balance(Account::Available);
        if derived != Cents(kept) {
            verified.differences.push(format!(
                "agreement {agreement}: available {} in its row, {derived} by the postings",
                Cents(kept)
            ));
        }
        // Payable may fall below zero: what was undone after its statement was paid is taken off
        // the next one.
        for account in [Account::Available, Account::Committed] {
            if balance(account) < Cents::ZERO {
                verified.differences.push(format!(
                    "agreement {agreement}: {} is {}",
                    account.as_str(),
                    balance(account)
                ));
            }
        }
    }
    Ok(())
}

fn compare_passes(op: &mut Op<'_>, journal: &mut Journal, verified: &mut Verified) -> Outcome<()> {
    let mut after = PassId(uuid::Uuid::nil());
    loop {
        let rows = store::pass::page(op.conn, after, BATCH)?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        let passes: Vec<Pass> = rows.iter().map(PassRow::pass).collect::<Result<_, _>>()?;
        let lines = Lines::read(op, &passes)?;
        for pass in passes.iter().filter(|pass| pass.state != PassState::Replaced) {
            lines.compare(journal, pass, &mut verified.differences);
        }
        verified.passes += u64::try_from(rows.len()).unwrap_or_default();
    }
    for (pass, agreement) in journal.committed.keys() {
        let posted = "is posted to, and there is no such pass that it pays";
        verified.differences.push(format!("pass {pass}, agreement {agreement}: {posted}"));
    }
    Ok(())
}

/// What the tables hold of some lines of replacements.
struct Lines {
    masks: HashMap<PassId, SlotMask>,
    fundings: HashMap<PassId, Vec<Funding>>,
    prices: HashMap<ProgrammeId, Cents>,
}

impl Lines {
    fn read(op: &mut Op<'_>, passes: &[Pass]) -> Outcome<Self> {
        let origins: Vec<PassId> = passes.iter().map(|pass| pass.origin).collect();
        let programmes: HashSet<ProgrammeId> = passes.iter().map(|pass| pass.programme).collect();
        let programmes: Vec<ProgrammeId> = programmes.into_iter().collect();
        let found = store::programme::by_ids(op.conn, &programmes)?;
        let prices = found.into_iter().map(|one| (one.id, one.price)).collect();
        let mut masks: HashMap<PassId, SlotMask> = HashMap::new();
        for (origin, slot) in store::redemption::slots_of_lines(op.conn, &origins)? {
            let place = slot.unsigned_abs().saturating_sub(1);
            masks.entry(origin).or_default().0 |= 1_u16.checked_shl(place).unwrap_or(0);
        }
        let fundings = store::pass_funding::of_lines(op.conn, &origins)?;
        Ok(Self { masks, fundings, prices })
    }

    /// Compares a pass; what the journal says of its line is then taken out of it.
    fn compare(&self, journal: &mut Journal, pass: &Pass, differences: &mut Vec<String>) {
        let standing = self.masks.get(&pass.origin).copied().unwrap_or_default();
        if standing != pass.mask {
            differences
                .push(format!("pass {}: used slots are not those of its redemptions", pass.id));
        }
        let price = self.prices.get(&pass.programme).copied().unwrap_or_default();
        let fundings = self.fundings.get(&pass.origin).map(Vec::as_slice).unwrap_or_default();
        for (agreement, free) in unused(price, fundings, pass.mask, pass.units) {
            let expected = if pass.holds_money() { free } else { Cents::ZERO };
            let derived = journal.committed.remove(&(pass.origin, agreement)).unwrap_or_default();
            if derived != expected {
                differences.push(format!(
                    "pass {}: agreement {agreement} has {derived} committed by the postings, \
                     not {expected}",
                    pass.id
                ));
            }
        }
    }
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
