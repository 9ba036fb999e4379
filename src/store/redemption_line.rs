//! Redemptions with the names people know things by, for files.

use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::on_engine;
use super::pass::PassRow;
use super::schema::{organisations, passes, redemptions, reversals, venues};
use crate::domain::ids::{PassId, RedemptionId};
use crate::domain::pass::PassState;
use crate::domain::time::{Day, Instant};

/// A redemption with its names.
#[derive(Clone, Debug, Queryable)]
pub struct RedemptionLine {
    /// The redemption.
    pub id: RedemptionId,
    /// The serial number of the pass that was shown.
    pub serial: String,
    /// The day in the programme's zone.
    pub workshop_day: Day,
    /// When the service accepted it.
    pub redeemed_at: Instant,
    /// The venue.
    pub venue: String,
    /// INSEE code of its commune.
    pub commune: String,
    /// Who is owed.
    pub organisation: String,
    /// What was taught.
    pub theme: String,
    /// How long, in minutes.
    pub minutes: Option<i32>,
    /// `individual` or `group`.
    pub mode: Option<String>,
    /// The price of the workshop.
    pub price_cents: i64,
    /// Whether it was undone.
    pub reversed: bool,
}

/// Which lines come next.
#[derive(Clone, Copy, Debug)]
pub struct NextLines {
    /// First and last workshop day.
    pub days: (Day, Day),
    /// The moment that they are of.
    pub as_of: Instant,
    /// After this one.
    pub after: RedemptionId,
    /// So many at most.
    pub limit: i64,
}

/// The next redemptions, as they were at that moment; rehearsals left out.
pub fn page(conn: &mut Conn, next: NextLines) -> QueryResult<Vec<RedemptionLine>> {
    let (from, to) = next.days;
    let undone =
        reversals::redemption_id.eq(redemptions::id).and(reversals::reversed_at.le(next.as_of));
    redemptions::table
        .inner_join(passes::table.on(passes::id.eq(redemptions::pass_id)))
        .inner_join(venues::table.on(venues::id.eq(redemptions::venue_id)))
        .inner_join(organisations::table.on(organisations::id.eq(redemptions::organisation_id)))
        .left_join(reversals::table.on(undone))
        .filter(redemptions::workshop_day.between(from, to))
        .filter(redemptions::redeemed_at.le(next.as_of))
        .filter(redemptions::id.gt(next.after).and(redemptions::training.eq(false)))
        .order(redemptions::id)
        .limit(next.limit)
        .select((
            redemptions::id,
            passes::serial,
            redemptions::workshop_day,
            redemptions::redeemed_at,
            venues::name,
            venues::commune,
            organisations::name,
            redemptions::theme,
            redemptions::minutes,
            redemptions::mode,
            redemptions::price_cents,
            reversals::id.nullable().is_not_null(),
        ))
        .load(conn)
}

/// The last pass of each of these lines.
pub fn lasts_of_lines(conn: &mut Conn, origins: &[PassId]) -> QueryResult<Vec<PassRow>> {
    on_engine!(conn, |raw| passes::table
        .filter(passes::origin_id.eq_any(origins))
        .filter(passes::state.ne(PassState::Replaced.as_str()))
        .select(PassRow::as_select())
        .load(raw))
}

/// The serial numbers of these passes.
pub fn serials(conn: &mut Conn, ids: &[PassId]) -> QueryResult<Vec<(PassId, String)>> {
    on_engine!(conn, |raw| passes::table
        .filter(passes::id.eq_any(ids))
        .select((passes::id, passes::serial))
        .load(raw))
}
