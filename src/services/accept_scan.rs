//! Accepting a scan that waited for the operator: from then on a redemption like any other.

use super::redeem_pass::{Batch, book};
use super::redeem_request::Redeem;
use super::{Error, Op, Outcome};
use crate::domain::ids::RedemptionId;
use crate::domain::refusal::Refused;
use crate::store;
use crate::store::offline_scan::OfflineScanRow;
use crate::store::redeem_batch::{self, BatchKeys, Written};

/// Takes the workshop of a held scan, on the day of the scan, from the pass that carries the line
/// on now. The operator's word stands for the doubt alone: the rule is asked again.
///
/// # Errors
/// A refusal of the rule: the pass may have been used up or cancelled meanwhile.
pub(super) fn accept(op: &mut Op<'_>, scan: &OfflineScanRow) -> Outcome<RedemptionId> {
    let shown = scan.pass_id.ok_or_else(|| Error::failure("a held scan without a pass"))?;
    let line = store::pass::named(op.conn, shown)?.origin_id;
    store::pass::lock_line(op.conn, line)?;
    let carries_on = store::pass::last_of_line(op.conn, line)?.ok_or_else(Refused::not_found)?;
    let batch_keys = BatchKeys {
        codes: vec![carries_on.code_hash.clone()],
        venues: vec![scan.venue_id],
        planned: scan.scheduled_workshop_id.into_iter().collect(),
        ..BatchKeys::default()
    };
    let facts = redeem_batch::read(op.conn, &batch_keys, op.now, op.now, true)?;
    let mut batch = Batch { facts, written: Written::default() };
    let pass = batch.facts.passes.get(&carries_on.code_hash).ok_or_else(Refused::not_found)?;
    let day = batch.facts.scanned_on(pass, scan.clocks().happened_at())?;
    let decided = batch.facts.judge(pass, scan.venue_id, day)?;
    let row = batch.row(op, scan.user_id, &request(scan), &decided)?;
    book(op, &batch.facts, &mut batch.written, &decided, &row)?;
    batch.written.write(op.conn)?;
    Ok(row.id)
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
