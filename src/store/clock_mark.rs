//! The last instant that the jobs believed.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::clock_marks as marks;
use crate::domain::time::Instant;

/// The mark; `None` before the jobs ran for the first time.
pub fn read(conn: &mut Conn) -> QueryResult<Option<Instant>> {
    marks::table.select(marks::at).first(conn).optional()
}

/// Moves the mark.
pub fn set(conn: &mut Conn, now: Instant) -> QueryResult<()> {
    if diesel::update(marks::table).set(marks::at.eq(now)).execute(conn)? == 0 {
        let row = (marks::id.eq(1), marks::at.eq(now));
        diesel::insert_into(marks::table).values(row).execute(conn)?;
    }
    Ok(())
}
