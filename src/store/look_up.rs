//! When an account asked about a person; about whom is a keyed hash.

use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::lock_rows;
use super::schema::{look_ups, users};
use crate::domain::ids::{EntryId, UserId};
use crate::domain::time::Instant;

/// The account's look-ups after `since`, the latest first, at most `limit`. Others of the account
/// wait until this transaction ends.
pub fn since(
    conn: &mut Conn,
    user: UserId,
    since: Instant,
    limit: i64,
) -> QueryResult<Vec<Instant>> {
    lock_rows!(conn, users, [user])?;
    look_ups::table
        .filter(look_ups::user_id.eq(user).and(look_ups::at.gt(since)))
        .order(look_ups::at.desc())
        .limit(limit)
        .select(look_ups::at)
        .load(conn)
}

/// Notes one, with a keyed hash of the person.
pub fn insert(
    conn: &mut Conn,
    id: EntryId,
    user: UserId,
    person: &[u8],
    at: Instant,
) -> QueryResult<()> {
    let who = (look_ups::user_id.eq(user), look_ups::person.eq(Some(person)));
    let row = (look_ups::id.eq(id), who, look_ups::at.eq(at));
    diesel::insert_into(look_ups::table).values(row).execute(conn).map(drop)
}

/// Takes those of that person off.
pub fn delete_of(conn: &mut Conn, user: UserId, person: &[u8]) -> QueryResult<()> {
    let of_person = look_ups::user_id.eq(user).and(look_ups::person.eq(Some(person)));
    diesel::delete(look_ups::table).filter(of_person.assume_not_null()).execute(conn).map(drop)
}

/// Forgets what no longer counts.
pub fn delete_before(conn: &mut Conn, before: Instant) -> QueryResult<()> {
    diesel::delete(look_ups::table.filter(look_ups::at.lt(before))).execute(conn).map(drop)
}
