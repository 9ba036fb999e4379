//! Rows on their way to the statements of a batch.

use diesel::QueryResult;
use serde::Serialize;
use uuid::Uuid;

use crate::domain::ledger::Posting;
use crate::domain::time::{Instant, Month};
use crate::store::redemption::RedemptionRow;

/// The texts of one row of a list, from the left.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub(super) struct Line(Vec<Option<String>>);

impl Line {
    pub(super) fn maybe(mut self, text: Option<String>) -> Self {
        self.0.push(text);
        self
    }

    pub(super) fn text(self, value: impl std::fmt::Display) -> Self {
        self.maybe(Some(value.to_string()))
    }

    pub(super) fn id(self, id: Uuid) -> Self {
        self.text(id.simple())
    }

    pub(super) fn bytes(self, bytes: &[u8]) -> Self {
        let mut digits = String::with_capacity(2 * bytes.len());
        for byte in bytes {
            digits.extend(
                [byte >> 4, byte & 15]
                    .map(|half| char::from_digit(u32::from(half), 16).unwrap_or_default()),
            );
        }
        self.maybe(Some(digits))
    }

    pub(super) fn yes(self, yes: bool) -> Self {
        self.text(u8::from(yes))
    }

    pub(super) fn moment(self, at: Instant) -> Self {
        self.text(at.micros())
    }
}

/// The list as the statements take it.
pub(super) fn list(lines: &[Line]) -> QueryResult<String> {
    serde_json::to_string(lines)
        .map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))
}

/// A redemption, in the order of its columns.
pub(super) fn redemption(row: &RedemptionRow) -> Line {
    Line::default()
        .id(row.id.0)
        .id(row.pass_id.0)
        .id(row.origin_id.0)
        .text(row.slot)
        .id(row.venue_id.0)
        .id(row.organisation_id.0)
        .id(row.user_id.0)
        .text(&row.theme)
        .maybe(row.minutes.map(|minutes| minutes.to_string()))
        .maybe(row.mode.clone())
        .text(row.workshop_day)
        .moment(row.redeemed_at)
        .text(row.price_cents)
        .yes(row.training)
        .yes(row.reversed)
}

/// A posting, in the order of its columns.
pub(super) fn posting(line: &Posting, row: &RedemptionRow, now: Instant) -> Line {
    let (from, to) = line.kind.accounts();
    let id = |id: Option<Uuid>| id.map(|id| id.simple().to_string());
    Line::default()
        .text(line.kind.as_str())
        .text(from.as_str())
        .text(to.as_str())
        .id(line.agreement.0)
        .text(line.amount.0)
        .text(line.month.number())
        .text(Month::of(row.workshop_day).number())
        .maybe(id(line.subject.pass.map(|id| id.0)))
        .maybe(id(line.subject.redemption.map(|id| id.0)))
        .maybe(id(line.subject.venue.map(|id| id.0)))
        .maybe(id(line.subject.payee.map(|id| id.0)))
        .text(line.subject.workshops)
        .text(line.subject.starts)
        .yes(line.lead)
        .moment(now)
}
