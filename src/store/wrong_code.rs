//! Wrong codes by account: what stops guessing.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::wrong_codes;
use crate::domain::ids::{EntryId, UserId};
use crate::domain::time::Instant;

/// Notes a wrong code.
pub fn insert(conn: &mut Conn, id: EntryId, user: UserId, now: Instant) -> QueryResult<()> {
    diesel::insert_into(wrong_codes::table)
        .values((wrong_codes::id.eq(id), wrong_codes::user_id.eq(user), wrong_codes::at.eq(now)))
        .execute(conn)
        .map(drop)
}

/// When the account's wrong codes after `since` came, latest first, at most `limit`.
pub fn since(
    conn: &mut Conn,
    user: UserId,
    since: Instant,
    limit: i64,
) -> QueryResult<Vec<Instant>> {
    wrong_codes::table
        .filter(wrong_codes::user_id.eq(user).and(wrong_codes::at.gt(since)))
        .order(wrong_codes::at.desc())
        .limit(limit)
        .select(wrong_codes::at)
        .load(conn)
}

/// Forgets what no longer counts.
pub fn delete_before(conn: &mut Conn, before: Instant) -> QueryResult<()> {
    diesel::delete(wrong_codes::table.filter(wrong_codes::at.lt(before))).execute(conn).map(drop)
}
