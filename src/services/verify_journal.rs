//! The journal, summed by nothing but its own lines: what everything else is compared with.

use std::collections::HashMap;

use super::{Op, Outcome};
use crate::domain::ids::{AgreementId, PassId};
use crate::domain::ledger::{Account, Posting, PostingKind};
use crate::domain::money::Cents;
use crate::domain::report::Counters;
use crate::domain::time::{Instant, Month};
use crate::store;

/// How many rows are read at a time.
const BATCH: i64 = 2_000;

/// Every posting, summed.
#[derive(Default)]
pub(super) struct Journal {
    pub count: u64,
    pub balances: HashMap<(AgreementId, Account), Cents>,
    /// What was opened less what was reduced.
    pub envelopes: HashMap<AgreementId, Cents>,
    /// What a funder paid in or was given back.
    pub movements: HashMap<Movement, Cents>,
    pub shares: HashMap<(PassId, AgreementId), Share>,
    pub counters: Counters,
    pub months: Option<(Month, Month)>,
}

/// Money that moved at the bank between an agreement's funder and us.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Movement {
    pub agreement: AgreementId,
    pub refund: bool,
    pub at: Instant,
}

/// What an agreement has to do with a line of replacements.
#[derive(Clone, Copy, Default)]
pub(super) struct Share {
    /// What it promised when the pass was handed over.
    pub promised: Cents,
    /// For how many workshops.
    pub workshops: u8,
    /// What of it is still committed.
    pub committed: Cents,
    /// Whether the pass that carries the line on was found; a second one has nothing committed.
    pub found: bool,
}

impl Journal {
    pub fn read(op: &mut Op<'_>) -> Outcome<Self> {
        let mut journal = Self::default();
        let mut after = 0;
        loop {
            let rows = store::ledger::page(op.conn, after, BATCH)?;
            let Some(last) = rows.last() else { return Ok(journal) };
            after = last.number;
            for row in &rows {
                journal.add(&row.posting()?, row.recorded_at);
            }
        }
    }

    pub fn balance(&self, agreement: AgreementId, account: Account) -> Cents {
        self.balances.get(&(agreement, account)).copied().unwrap_or_default()
    }

    pub fn envelope(&self, agreement: AgreementId) -> Cents {
        self.envelopes.get(&agreement).copied().unwrap_or_default()
    }

    pub fn share(&self, pass: PassId, agreement: AgreementId) -> Share {
        self.shares.get(&(pass, agreement)).copied().unwrap_or_default()
    }

    fn add(&mut self, posting: &Posting, at: Instant) {
        self.count += 1;
        let (from, to) = posting.kind.accounts();
        *self.balances.entry((posting.agreement, from)).or_default() -= posting.amount;
        *self.balances.entry((posting.agreement, to)).or_default() += posting.amount;
        self.add_to_agreement(posting, at);
        self.add_to_pass(posting);
        self.count_up(posting);
        let month = posting.month;
        let (first, last) = self.months.unwrap_or((month, month));
        self.months = Some((first.min(month), last.max(month)));
    }

    fn add_to_agreement(&mut self, posting: &Posting, at: Instant) {
        let agreement = posting.agreement;
        let refund = matches!(posting.kind, PostingKind::Refund | PostingKind::SurplusReturn);
        match posting.kind {
            PostingKind::Opening => *self.envelopes.entry(agreement).or_default() += posting.amount,
            PostingKind::Reduction => {
                *self.envelopes.entry(agreement).or_default() -= posting.amount;
            }
            PostingKind::Receipt | PostingKind::Refund | PostingKind::SurplusReturn => {
                let movement = Movement { agreement, refund, at };
                *self.movements.entry(movement).or_default() += posting.amount;
            }
            _ => {}
        }
    }

    fn add_to_pass(&mut self, posting: &Posting) {
        let Some(pass) = posting.subject.pass else { return };
        let share = self.shares.entry((pass, posting.agreement)).or_default();
        if posting.kind == PostingKind::Commitment {
            share.promised += posting.amount;
            share.workshops = share.workshops.saturating_add(posting.subject.workshops);
        }
        match posting.kind.accounts() {
            (_, Account::Committed) => share.committed += posting.amount,
            (Account::Committed, _) => share.committed -= posting.amount,
            _ => {}
        }
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
            PostingKind::ReleaseReversal => {
                counters.workshops_lapsed -= workshops;
                counters.released_cents -= cents;
            }
            PostingKind::Receipt => counters.received_cents += cents,
            PostingKind::Settlement => counters.paid_cents += cents,
            PostingKind::SettlementReversal => counters.paid_cents -= cents,
            PostingKind::Refund | PostingKind::SurplusReturn => counters.refunded_cents += cents,
            PostingKind::Opening
            | PostingKind::Reduction
            | PostingKind::Disbursement
            | PostingKind::DisbursementReversal => {}
        }
    }
}
