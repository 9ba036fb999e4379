//! Rows on their way to the statement that writes a batch.

use super::Kept;
use crate::domain::ledger::Posting;
use crate::domain::time::{Instant, Month};
use crate::store::dialect::{Cell, Shape};
use crate::store::redemption::RedemptionRow;
use crate::store::sql_types::Kind;

/// What becomes of a pass.
pub(super) struct Changes;

impl Shape for Changes {
    const NAME: &'static str = "change_of_pass";
    const COLUMNS: &'static [(&'static str, Kind)] =
        &[("id", Kind::Id), ("version", Kind::Whole), ("used_mask", Kind::Whole)];
}

/// Redemptions.
pub(super) struct Redemptions;

impl Shape for Redemptions {
    const NAME: &'static str = "new_redemption";
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("id", Kind::Id),
        ("pass_id", Kind::Id),
        ("origin_id", Kind::Id),
        ("slot", Kind::Whole),
        ("venue_id", Kind::Id),
        ("organisation_id", Kind::Id),
        ("user_id", Kind::Id),
        ("theme", Kind::Text),
        ("minutes", Kind::Whole),
        ("mode", Kind::Text),
        ("workshop_day", Kind::Day),
        ("redeemed_at", Kind::Moment),
        ("price_cents", Kind::Whole),
        ("training", Kind::Bool),
        ("reversed", Kind::Bool),
    ];
}

/// A redemption, in the order of its columns.
pub(super) fn redemption(row: &RedemptionRow) -> [Cell<'_>; 15] {
    [
        Cell::Id(row.id.0),
        Cell::Id(row.pass_id.0),
        Cell::Id(row.origin_id.0),
        Cell::Whole(row.slot.into()),
        Cell::Id(row.venue_id.0),
        Cell::Id(row.organisation_id.0),
        Cell::Id(row.user_id.0),
        Cell::Text(&row.theme),
        row.minutes.map_or(Cell::Null, |minutes| Cell::Whole(minutes.into())),
        row.mode.as_deref().map_or(Cell::Null, Cell::Text),
        Cell::Day(row.workshop_day),
        Cell::Moment(row.redeemed_at),
        Cell::Whole(row.price_cents),
        Cell::Bool(row.training),
        Cell::Bool(row.reversed),
    ]
}

/// Their postings.
pub(super) struct Postings;

impl Shape for Postings {
    const NAME: &'static str = "new_posting";
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("kind", Kind::Text),
        ("from_account", Kind::Text),
        ("to_account", Kind::Text),
        ("agreement_id", Kind::Id),
        ("amount_cents", Kind::Whole),
        ("month", Kind::Whole),
        ("workshop_month", Kind::Whole),
        ("origin_id", Kind::Id),
        ("redemption_id", Kind::Id),
        ("venue_id", Kind::Id),
        ("payee_id", Kind::Id),
        ("workshops", Kind::Whole),
        ("starts", Kind::Whole),
        ("lead", Kind::Bool),
        ("recorded_at", Kind::Moment),
    ];
}

/// A posting, in the order of its columns.
pub(super) fn posting<'a>(line: &Posting, row: &RedemptionRow, now: Instant) -> [Cell<'a>; 15] {
    let (from, to) = line.kind.accounts();
    let subject = &line.subject;
    [
        Cell::Text(line.kind.as_str()),
        Cell::Text(from.as_str()),
        Cell::Text(to.as_str()),
        Cell::Id(line.agreement.0),
        Cell::Whole(line.amount.0),
        Cell::Whole(line.month.number().into()),
        Cell::Whole(Month::of(row.workshop_day).number().into()),
        subject.pass.map_or(Cell::Null, |id| Cell::Id(id.0)),
        subject.redemption.map_or(Cell::Null, |id| Cell::Id(id.0)),
        subject.venue.map_or(Cell::Null, |id| Cell::Id(id.0)),
        subject.payee.map_or(Cell::Null, |id| Cell::Id(id.0)),
        Cell::Whole(subject.workshops.into()),
        Cell::Whole(subject.starts.into()),
        Cell::Bool(line.lead),
        Cell::Moment(now),
    ]
}

/// What was answered.
pub(super) struct Answers;

impl Shape for Answers {
    const NAME: &'static str = "new_answer";
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("organisation_id", Kind::Id),
        ("key", Kind::Id),
        ("request_hash", Kind::Bytes),
        ("answer", Kind::Text),
        ("personal", Kind::Bool),
        ("created_at", Kind::Moment),
    ];
}

/// An answer, in the order of its columns.
pub(super) fn answer(kept: &Kept, now: Instant) -> [Cell<'_>; 6] {
    [
        Cell::Id(kept.organisation.0),
        Cell::Id(kept.key),
        Cell::Bytes(&kept.request_hash),
        Cell::Text(&kept.answer),
        Cell::Bool(false),
        Cell::Moment(now),
    ]
}
