//! Venues that may be the same place.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::venues;

/// The name and the address of every venue of a commune.
pub fn named_in(conn: &mut Conn, commune: &str) -> QueryResult<Vec<(String, String)>> {
    venues::table
        .filter(venues::commune.eq(commune))
        .order(venues::id)
        .select((venues::name, venues::address))
        .load(conn)
}
