//! Accepting a scan that waited for the operator: from then on a redemption like any other.

use super::redeem_pass::{Batch, book};
use super::redeem_request::Redeem;
use super::redemption_facts::Decided;
use super::redemption_postings::parts_of_slot;
use super::{Error, Op, Outcome, hand_over};
use crate::domain::ids::RedemptionId;
use crate::domain::ledger::{self, PostingKind, Subject};
use crate::domain::money::Cents;
use crate::domain::refusal::{Code, Refused};
use crate::store;
use crate::store::offline_scan::OfflineScanRow;
use crate::store::redeem_batch::{self, BatchKeys, Written};
use crate::store::redemption::RedemptionRow;

/// Takes the workshop of a held scan, on the day of the scan, from the pass that carries the line
/// on now. The operator's word stands for the doubt alone: the rule is asked again, of the pass as
/// it stood at the instant of the scan. Money that went back meanwhile is taken again.
///
/// # Errors
/// A refusal of the rule: the pass may have been used up meanwhile; `envelope_exhausted` when the
/// money that went back is there no more.
pub(super) fn accept(op: &mut Op<'_>, scan: &OfflineScanRow) -> Outcome<RedemptionId> {
    let shown = scan.pass_id.ok_or_else(|| Error::failure("a held scan without a pass"))?;
    let line = store::pass::named(op.conn, shown)?.origin_id;
    store::pass::lock_line(op.conn, line)?;
    let carries_on = store::pass::last_of_line(op.conn, line)?.ok_or_else(Refused::not_found)?;
    let batch_keys = BatchKeys {
        codes: vec![carries_on.code_hash.clone()],
        venues: vec![scan.venue_id],
        planned: scan.scheduled_workshop_id.into_iter().collect(),
        scans: true,
        ..BatchKeys::default()
    };
    let facts = redeem_batch::read(op.conn, &batch_keys, op.now, op.now, true)?;
    let mut batch = Batch { facts, written: Written::default() };
    let pass = batch.facts.passes.get(&carries_on.code_hash).ok_or_else(Refused::not_found)?;
    let happened_at = scan.clocks().happened_at();
    let since = batch.facts.events.get(&pass.id).map(Vec::as_slice).unwrap_or_default();
    let stood = pass.as_it_stood(happened_at, since);
    let day = batch.facts.scanned_on(&stood, happened_at)?;
    let decided = batch.facts.judge(&stood, scan.venue_id, day)?;
    let row = batch.row(op, scan.user_id, &request(scan), &decided)?;
    if pass.released {
        take_again(op, &decided, &row)?;
    }
    book(op, &batch.facts, &mut batch.written, &decided, &row)?;
    batch.written.write(op.conn)?;
    Ok(row.id)
}

/// What the workshop costs each agreement leaves what is available once more.
fn take_again(op: &mut Op<'_>, decided: &Decided<'_>, row: &RedemptionRow) -> Outcome<()> {
    if store::closing_statement::of_programme(op.conn, decided.programme.id)?.is_some() {
        return Err(gone("Les comptes de ce programme sont arrêtés avec ses financeurs"));
    }
    let fundings = store::pass_funding::of_line(op.conn, decided.pass.origin)?;
    let mut parts = parts_of_slot(Cents(row.price_cents), &fundings, row.slot()?);
    parts.sort_unstable_by_key(|(agreement, _)| *agreement);
    for &(agreement, _) in &parts {
        store::agreement::lock(op.conn, agreement)?;
    }
    for &(id, amount) in &parts {
        let agreement = store::agreement::by_id(op.conn, id)?;
        if agreement.is_none_or(|agreement| agreement.available_cents < amount.0) {
            return Err(gone("L'argent de ce pass a été rendu et promis à d'autres depuis"));
        }
        store::agreement::add_available(op.conn, id, -amount)?;
    }
    let leader = hand_over::leader(&fundings);
    let subject = Subject { pass: Some(decided.pass.origin), workshops: 1, ..Subject::default() };
    let month = op.accounting_month(decided.programme.zone)?;
    let lines = ledger::event(PostingKind::ReleaseReversal, month, &parts, leader, subject);
    Ok(store::ledger::insert(op.conn, &lines, None, op.now)?)
}

fn gone(why: &str) -> Error {
    let sentence = format!(
        "{why} : cette validation ne peut plus être payée par le dispositif. Refusez-la, ou \
         voyez avec le financeur."
    );
    Refused::new(Code::EnvelopeExhausted, sentence).into()
}

fn request(scan: &OfflineScanRow) -> Redeem {
    Redeem {
        code: String::new(),
        venue_id: scan.venue_id.0,
        theme: Some(scan.theme.clone()).filter(|theme| !theme.is_empty()),
        scheduled_workshop_id: scan.scheduled_workshop_id.map(|id| id.0),
        minutes: None,
        mode: None,
    }
}
