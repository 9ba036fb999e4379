//! How many workshops a venue gives a day, and when: counts of a venue, never of a person.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};

use super::connection::Conn;
use super::dialect;
use super::schema::redemptions;
use super::sql_types::Id;
use crate::domain::ids::VenueId;
use crate::domain::time::{Day, Instant};

/// A day of a venue.
#[derive(Clone, Debug, QueryableByName)]
pub struct DayRow {
    /// The venue.
    #[diesel(sql_type = Id)]
    pub venue: VenueId,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The day.
    #[diesel(sql_type = Date)]
    pub day: Day,
    /// Its workshops, undone ones and rehearsals left out.
    #[diesel(sql_type = BigInt)]
    pub workshops: i64,
}

/// The days from `first` on of venues that had a day of `fewest` workshops or more after `since`.
pub fn days_of_busy_venues(
    conn: &mut Conn,
    (first, since): (Day, Day),
    fewest: i64,
) -> QueryResult<Vec<DayRow>> {
    let sql = format!(
        "SELECT v.id AS venue, v.name AS name, r.workshop_day AS \"day\", \
         CAST(count(*) AS BIGINT) AS workshops \
         FROM venues v JOIN redemptions r ON r.venue_id = v.id \
         WHERE NOT r.reversed AND NOT r.training AND r.workshop_day >= {} AND EXISTS ( \
         SELECT 1 FROM redemptions b WHERE b.venue_id = v.id AND NOT b.reversed \
         AND NOT b.training AND b.workshop_day > {} \
         GROUP BY b.workshop_day HAVING count(*) >= {}) \
         GROUP BY v.id, v.name, r.workshop_day ORDER BY v.name, v.id, r.workshop_day",
        dialect::parameter(conn, 1),
        dialect::parameter(conn, 2),
        dialect::parameter(conn, 3),
    );
    diesel::sql_query(sql)
        .bind::<Date, _>(first)
        .bind::<Date, _>(since)
        .bind::<BigInt, _>(fewest)
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
