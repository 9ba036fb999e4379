//! Rows on their way to the statements of a batch.

use uuid::Uuid;

use super::Kept;
use crate::domain::ledger::Posting;
use crate::domain::time::{Instant, Month};
use crate::store::dialect::Cell;
use crate::store::redemption::RedemptionRow;

fn word(word: &'static str) -> Cell {
    Cell::Text(word.into())
}

fn text(words: &str) -> Cell {
    Cell::Text(words.to_owned().into())
}

fn maybe_id(id: Option<Uuid>) -> Cell {
    id.map_or(Cell::Null, Cell::Id)
}

/// A redemption, in the order of its columns.
pub(super) fn redemption(row: &RedemptionRow) -> Vec<Cell> {
    vec![
        Cell::Id(row.id.0),
        Cell::Id(row.pass_id.0),
        Cell::Id(row.origin_id.0),
        Cell::Whole(row.slot.into()),
        Cell::Id(row.venue_id.0),
        Cell::Id(row.organisation_id.0),
        Cell::Id(row.user_id.0),
        text(&row.theme),
        row.minutes.map_or(Cell::Null, |minutes| Cell::Whole(minutes.into())),
        row.mode.as_deref().map_or(Cell::Null, text),
        Cell::Day(row.workshop_day),
        Cell::Moment(row.redeemed_at),
        Cell::Whole(row.price_cents),
        Cell::Bool(row.training),
        Cell::Bool(row.reversed),
    ]
}

/// A posting, in the order of its columns.
pub(super) fn posting(line: &Posting, row: &RedemptionRow, now: Instant) -> Vec<Cell> {
    let (from, to) = line.kind.accounts();
    vec![
        word(line.kind.as_str()),
        word(from.as_str()),
        word(to.as_str()),
        Cell::Id(line.agreement.0),
        Cell::Whole(line.amount.0),
        Cell::Whole(line.month.number().into()),
        Cell::Whole(Month::of(row.workshop_day).number().into()),
        maybe_id(line.subject.pass.map(|id| id.0)),
        maybe_id(line.subject.redemption.map(|id| id.0)),
        maybe_id(line.subject.venue.map(|id| id.0)),
        maybe_id(line.subject.payee.map(|id| id.0)),
        Cell::Whole(line.subject.workshops.into()),
        Cell::Whole(line.subject.starts.into()),
        Cell::Bool(line.lead),
        Cell::Moment(now),
    ]
}

/// An answer, in the order of its columns.
pub(super) fn answer(kept: &Kept, now: Instant) -> Vec<Cell> {
    vec![
        Cell::Id(kept.organisation.0),
        Cell::Id(kept.key),
        Cell::Bytes(kept.request_hash.clone()),
        text(&kept.answer),
        Cell::Bool(false),
        Cell::Moment(now),
    ]
}
