//! Redemptions with the names people know things by, for files.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::{organisations, passes, redemptions, venues};
use crate::domain::ids::RedemptionId;
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

/// At most `limit` redemptions of workshop days, after that one; rehearsals left out.
pub fn page(
    conn: &mut Conn,
    (from, to): (Day, Day),
    after: RedemptionId,
    limit: i64,
) -> QueryResult<Vec<RedemptionLine>> {
    redemptions::table
        .inner_join(passes::table.on(passes::id.eq(redemptions::pass_id)))
        .inner_join(venues::table.on(venues::id.eq(redemptions::venue_id)))
        .inner_join(organisations::table.on(organisations::id.eq(redemptions::organisation_id)))
        .filter(redemptions::workshop_day.between(from, to))
        .filter(redemptions::id.gt(after).and(redemptions::training.eq(false)))
        .order(redemptions::id)
        .limit(limit)
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
            redemptions::reversed,
        ))
        .load(conn)
}
