//! Passes that a clock which was ahead wound up before their last day are brought back: the same
//! cents are committed again. Each pass is a transaction of its own, and running twice is harmless.

use std::collections::BTreeMap;

use super::read_pass::programme_of;
use super::{Error, Op, Outcome, Services, clock_mark};
use crate::domain::accounting;
use crate::domain::holder::Fingerprint;
use crate::domain::ids::{AgreementId, EntryId, PassId};
use crate::domain::ledger::{self, PostingKind, Subject};
use crate::domain::money::Cents;
use crate::domain::pass::{Pass, unused};
use crate::domain::programme::Programme;
use crate::domain::revival::{RevivalRefusal, must_be_available, wound_up_early};
use crate::domain::time::Month;
use crate::store;
use crate::store::pass::PassRow;
use crate::store::pass_event::EventRow;

/// How many passes are looked up at a time.
const BATCH: i64 = 500;

/// What was brought back, or would be.
#[derive(Clone, Debug, Default)]
pub struct Revived {
    /// How many passes.
    pub passes: u64,
    /// How many workshops they have left.
    pub workshops: u64,
    /// What is committed again.
    pub amount: Cents,
    /// The numbers of those that stay wound up, with the reasons.
    pub refused: Vec<(String, RevivalRefusal)>,
}

/// Cents by agreement.
type Parts = Vec<(AgreementId, Cents)>;

/// Brings back every pass that was wound up though its last day has not passed. With `dry_run`
/// nothing is written.
///
/// # Errors
/// A clock that is not to be believed now, or a failure of the database; what was brought back
/// before it stays.
pub fn revive_passes(services: &Services, dry_run: bool) -> Outcome<Revived> {
    clock_mark::is_believed(services)?;
    let mut revived = Revived::default();
    let mut promised = BTreeMap::new();
    let mut after = PassId(uuid::Uuid::nil());
    loop {
        let rows = services.read(|op| Ok(store::revivable::page(op.conn, after, BATCH)?))?;
        let Some(last) = rows.last() else { return Ok(revived) };
        after = last.id;
        for row in &rows {
            let judged = if dry_run {
                services.read(|op| judge(op, row, &promised))?
            } else {
                services.write(|op| revive_one(op, row))?
            };
            match judged {
                Some(Ok(parts)) => revived.count(row, &parts, &mut promised)?,
                Some(Err(reason)) => revived.refused.push((row.serial.clone(), reason)),
                None => {}
            }
        }
    }
}

impl Revived {
    fn count(
        &mut self,
        row: &PassRow,
        parts: &Parts,
        promised: &mut BTreeMap<AgreementId, Cents>,
    ) -> Outcome<()> {
        self.passes += 1;
        self.workshops += u64::from(row.pass()?.remaining());
        for (agreement, amount) in parts {
            self.amount += *amount;
            *promised.entry(*agreement).or_default() += *amount;
        }
        Ok(())
    }
}

/// What a pass needs again of each agreement, or why it stays wound up; `None` when it is rightly.
/// `promised` is taken by those before it, where nothing is written.
fn judge(
    op: &mut Op<'_>,
    row: &PassRow,
    promised: &BTreeMap<AgreementId, Cents>,
) -> Outcome<Option<Result<Parts, RevivalRefusal>>> {
    let pass = row.pass()?;
    let programme = programme_of(op, &pass)?;
    if !wound_up_early(&pass, op.now.day_in(programme.zone)) {
        return Ok(None);
    }
    if store::closing_statement::of_programme(op.conn, programme.id)?.is_some() {
        return Ok(Some(Err(RevivalRefusal::ProgrammeSettled)));
    }
    if holds_another(op, row)? {
        return Ok(Some(Err(RevivalRefusal::PersonHoldsAnother)));
    }
    let fundings = store::pass_funding::of_line(op.conn, pass.origin)?;
    let parts = unused(programme.price, &fundings, pass.mask, pass.units);
    let mut available = BTreeMap::new();
    for (agreement, _) in &parts {
        let kept = store::agreement::by_id(op.conn, *agreement)?
            .ok_or_else(|| Error::failure("a funding without its agreement"))?;
        let taken = promised.get(agreement).copied().unwrap_or_default();
        available.insert(*agreement, Cents(kept.available_cents) - taken);
    }
    Ok(Some(must_be_available(&parts, &available).map(|()| parts)))
}

fn holds_another(op: &mut Op<'_>, row: &PassRow) -> Outcome<bool> {
    let Some(fingerprint) = &row.fingerprint else { return Ok(false) };
    let person = Fingerprint { now: fingerprint.clone(), before: Vec::new() };
    let held = store::pass::live_of_person(op.conn, row.programme_id, &person)?;
    Ok(held.iter().any(|other| other.person_rank == row.person_rank))
}

fn revive_one(op: &mut Op<'_>, seen: &PassRow) -> Outcome<Option<Result<Parts, RevivalRefusal>>> {
    store::pass::lock_line(op.conn, seen.origin_id)?;
    let mut agreements: Vec<AgreementId> = store::pass_funding::of_line(op.conn, seen.origin_id)?
        .iter()
        .map(|funding| funding.agreement)
        .collect();
    agreements.sort_unstable();
    for agreement in agreements {
        store::agreement::lock(op.conn, agreement)?;
    }
    let Some(row) = store::pass::by_id(op.conn, seen.id)? else { return Ok(None) };
    let judged = judge(op, &row, &BTreeMap::new())?;
    if let Some(Ok(parts)) = &judged {
        let pass = row.pass()?;
        let programme = programme_of(op, &pass)?;
        commit_again(op, &pass, &programme, parts)?;
        store::pass::set_released(op.conn, pass.id, false)?;
        note(op, pass.id)?;
    }
    Ok(judged)
}

/// The opposite of the release, in its month where that is open still: its figures are then as if
/// nothing had happened.
fn commit_again(op: &mut Op<'_>, pass: &Pass, programme: &Programme, parts: &Parts) -> Outcome<()> {
    let workshops = pass.remaining();
    if workshops == 0 {
        return Ok(());
    }
    for (agreement, amount) in parts {
        store::agreement::add_available(op.conn, *agreement, -*amount)?;
    }
    let fundings = store::pass_funding::of_line(op.conn, pass.origin)?;
    let leader = super::hand_over::leader(&fundings);
    let subject = Subject { pass: Some(pass.origin), workshops, ..Subject::default() };
    let month = month_of_release(op, pass, programme)?;
    let lines = ledger::event(PostingKind::ReleaseReversal, month, parts, leader, subject);
    Ok(store::ledger::insert(op.conn, &lines, None, op.now)?)
}

fn month_of_release(op: &mut Op<'_>, pass: &Pass, programme: &Programme) -> Outcome<Month> {
    let events = store::pass_event::of_pass(op.conn, pass.id)?;
    let expired = events.iter().rev().find(|event| event.event == "expired");
    let day = expired.map_or(op.now, |event| event.at).day_in(programme.zone);
    let closed = store::closed_month::last(op.conn)?;
    Ok(accounting::month_of(day, closed.map(|closed| closed.month)))
}

fn note(op: &mut Op<'_>, pass: PassId) -> Outcome<()> {
    let row = EventRow {
        id: EntryId(op.id()),
        pass_id: pass,
        event: "revived".to_owned(),
        reason: None,
        other_pass_id: None,
        by_user: None,
        at: op.now,
    };
    Ok(store::pass_event::insert(op.conn, &row)?)
}
