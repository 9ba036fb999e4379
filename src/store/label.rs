//! Labels and suspensions of venues, looked at from above.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::{labels, suspensions};
use crate::domain::ids::VenueId;
use crate::domain::time::Day;

/// Every label that is not over before `day`: its venue, first day and last day.
pub fn not_over(conn: &mut Conn, day: Day) -> QueryResult<Vec<(VenueId, Day, Day)>> {
    labels::table
        .filter(labels::valid_until.ge(day))
        .order((labels::venue_id, labels::valid_from))
        .select((labels::venue_id, labels::valid_from, labels::valid_until))
        .load(conn)
}

/// Every suspension that runs on `day`: its venue, first day and last day.
pub fn suspensions_on(conn: &mut Conn, day: Day) -> QueryResult<Vec<(VenueId, Day, Option<Day>)>> {
    let not_over =
        suspensions::suspended_until.is_null().or(suspensions::suspended_until.ge(Some(day)));
    suspensions::table
        .filter(suspensions::suspended_from.le(day).and(not_over.assume_not_null()))
        .select((suspensions::venue_id, suspensions::suspended_from, suspensions::suspended_until))
        .load(conn)
}

/// The suspensions of a venue, the latest first: first day, last day and reason.
pub fn suspensions(
    conn: &mut Conn,
    venue: VenueId,
) -> QueryResult<Vec<(Day, Option<Day>, String)>> {
    suspensions::table
        .filter(suspensions::venue_id.eq(venue))
        .order((suspensions::suspended_from.desc(), suspensions::id.desc()))
        .select((suspensions::suspended_from, suspensions::suspended_until, suspensions::reason))
        .load(conn)
}
