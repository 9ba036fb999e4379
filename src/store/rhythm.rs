//! How many workshops a venue gives a day, and when: counts of a venue, never of a person.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};

use super::connection::Conn;
use super::dialect;
use super::schema::redemptions;
use super::sql_types::Id;
use crate::domain::ids::VenueId;
use crate::domain::time::{Day, Instant};

/// A venue by its name.
#[derive(Clone, Debug, QueryableByName)]
pub struct BusyRow {
    /// The venue.
    #[diesel(sql_type = Id)]
    pub venue: VenueId,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// The venues that had a day of `fewest` redemptions or more after `since`, undone ones and
/// rehearsals among them: the index of venues and days says so alone.
pub fn busy_venues(conn: &mut Conn, since: Day, fewest: i64) -> QueryResult<Vec<BusyRow>> {
    let sql = format!(
        "SELECT v.id AS venue, v.name AS name FROM venues v WHERE EXISTS ( \
         SELECT 1 FROM redemptions r WHERE r.venue_id = v.id AND r.workshop_day > {} \
         GROUP BY r.workshop_day HAVING count(*) >= {}) ORDER BY v.name, v.id",
        dialect::parameter(conn, 1),
        dialect::parameter(conn, 2),
    );
    diesel::sql_query(sql).bind::<Date, _>(since).bind::<BigInt, _>(fewest).load(conn)
}

/// The days of a venue from `first` on, each with its workshops, undone ones and rehearsals left
/// out.
pub fn days(conn: &mut Conn, venue: VenueId, first: Day) -> QueryResult<Vec<(Day, i64)>> {
    redemptions::table
        .filter(redemptions::venue_id.eq(venue).and(redemptions::workshop_day.ge(first)))
        .filter(redemptions::reversed.eq(false).and(redemptions::training.eq(false)))
        .group_by(redemptions::workshop_day)
        .select((redemptions::workshop_day, diesel::dsl::count_star()))
        .load(conn)
}

/// When the workshops of a venue's day were redeemed.
pub fn instants(conn: &mut Conn, venue: VenueId, day: Day) -> QueryResult<Vec<Instant>> {
    redemptions::table
        .filter(redemptions::venue_id.eq(venue).and(redemptions::workshop_day.eq(day)))
        .filter(redemptions::reversed.eq(false).and(redemptions::training.eq(false)))
        .select(redemptions::redeemed_at)
        .load(conn)
}
