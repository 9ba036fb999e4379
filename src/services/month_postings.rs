//! The postings of an accounting month, read once from the first to the last: their digest, and
//! what each organisation earned.

use std::collections::BTreeMap;

use super::{Op, Outcome};
use crate::adapters::journal_digest::JournalDigest;
use crate::domain::ids::OrganisationId;
use crate::domain::ledger::PostingKind;
use crate::domain::report::{Counters, Sums};
use crate::domain::time::Month;
use crate::store;
use crate::store::ledger::PostingRow;
use crate::store::month_figures::Share;

/// How many are read at a time.
const BATCH: i64 = 5_000;

/// What the postings of a month come to.
#[derive(Clone)]
pub(super) struct MonthPostings {
    pub(super) month: Month,
    /// How many there are.
    pub(super) count: i64,
    /// SHA-256 over the digest of the month before and theirs in order.
    pub(super) digest: Vec<u8>,
    /// What each organisation with a redemption or reversal earned.
    pub(super) earned: Vec<Share>,
    /// The digest of the month before.
    before: Option<Vec<u8>>,
}

impl MonthPostings {
    /// Reads them, after the digest of the month before.
    pub(super) fn read(op: &mut Op<'_>, month: Month, before: Option<&[u8]>) -> Outcome<Self> {
        let mut chain = JournalDigest::after(before.unwrap_or_default());
        let (mut earned, mut count) = (Earned::default(), 0);
        if let Some((first, last)) = store::ledger::numbers_of_month(op.conn, month)? {
            let mut after = first - 1;
            while after < last {
                let up_to = after + BATCH;
                for row in &store::ledger::of_month(op.conn, month, after, up_to)? {
                    chain.line(&line(row));
                    earned.note(row)?;
                    count += 1;
                }
                after = up_to;
            }
        }
        let (digest, before) = (chain.end(), before.map(<[u8]>::to_vec));
        Ok(Self { month, count, digest, earned: earned.shares(), before })
    }

    /// Whether they are still all of the month's: postings come, and never change or go.
    pub(super) fn are_all(&self, op: &mut Op<'_>, before: Option<&[u8]>) -> Outcome<bool> {
        let count = store::ledger::count_of_month(op.conn, self.month)?;
        Ok(self.before.as_deref() == before && self.count == count)
    }
}

/// What organisations with a redemption or reversal earned, counted as reports count it.
#[derive(Default)]
struct Earned(BTreeMap<OrganisationId, Counters>);

impl Earned {
    fn note(&mut self, row: &PostingRow) -> Outcome<()> {
        let kind = row.kind()?;
        let earns = matches!(kind, PostingKind::Consumption | PostingKind::Reversal);
        let Some(organisation) = row.payee_id.filter(|_| earns) else { return Ok(()) };
        let sums = Sums {
            postings: 1,
            workshops: row.workshops.into(),
            starts: row.starts.into(),
            amount_cents: row.amount_cents,
        };
        self.0.entry(organisation).or_default().book(kind, row.lead, &sums);
        Ok(())
    }

    fn shares(self) -> Vec<Share> {
        let share = |(organisation, counters): (OrganisationId, Counters)| Share {
            organisation,
            workshops: counters.workshops_redeemed,
            cents: counters.consumed_cents,
        };
        self.0.into_iter().map(share).collect()
    }
}

/// A posting as one line: its columns in the order of the table, apart by bars, nothing where
/// nothing is, the instant in microseconds since 1970.
fn line(row: &PostingRow) -> String {
    fn id(id: Option<uuid::Uuid>) -> String {
        id.map(|id| id.to_string()).unwrap_or_default()
    }
    [
        row.number.to_string(),
        row.kind.clone(),
        row.from_account.clone(),
        row.to_account.clone(),
        row.agreement_id.to_string(),
        row.amount_cents.to_string(),
        row.month.to_string(),
        row.workshop_month.to_string(),
        id(row.origin_id.map(|id| id.0)),
        id(row.redemption_id.map(|id| id.0)),
        id(row.venue_id.map(|id| id.0)),
        id(row.payee_id.map(|id| id.0)),
        row.workshops.to_string(),
        row.starts.to_string(),
        u8::from(row.lead).to_string(),
        row.recorded_at.micros().to_string(),
        id(row.statement_id.map(|id| id.0)),
    ]
    .join("|")
}
