//! Wrong codes by account: what stops guessing.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::wrong_codes;
use crate::domain::ids::{EntryId, UserId};
use crate::domain::time::Instant;

/// A wrong code.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = wrong_codes)]
pub struct WrongCodeRow {
    /// The entry.
    pub id: EntryId,
    /// Who typed or scanned it.
    pub user_id: UserId,
    /// When it came.
    pub at: Instant,
}

/// Notes a wrong code.
pub fn insert(conn: &mut Conn, row: WrongCodeRow) -> QueryResult<()> {
    diesel::insert_into(wrong_codes::table).values(row).execute(conn).map(drop)
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
