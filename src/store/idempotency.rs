//! Idempotency keys: written in the transaction that does the work.

use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::{array_of, insert_rows, on_engine};
use super::schema::idempotency_keys;
use super::schema::idempotency_keys as keys;
use crate::domain::ids::{EntryId, OrganisationId};
use crate::domain::time::Instant;

/// What a key was answered, and which request it came with.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = keys)]
pub struct AnswerRow {
    /// Whose key it is.
    pub organisation_id: OrganisationId,
    /// The key.
    pub key: EntryId,
    /// Keyed hash of the request; empty once it is forgotten.
    pub request_hash: Vec<u8>,
    /// The answer, as the services wrote it.
    pub answer: String,
    /// Whether the request named a person.
    pub personal: bool,
    /// When it was answered.
    pub created_at: Instant,
}

/// What the organisation's key was answered.
pub fn find(
    conn: &mut Conn,
    organisation: OrganisationId,
    key: EntryId,
) -> QueryResult<Option<AnswerRow>> {
    keys::table.find((key, organisation)).select(AnswerRow::as_select()).first(conn).optional()
}

/// Stores an answer. A second writer of the same key violates the primary key: its transaction is
/// taken back and, run again, finds the first one's answer.
pub fn insert(conn: &mut Conn, row: AnswerRow) -> QueryResult<()> {
    diesel::insert_into(keys::table).values(row).execute(conn).map(drop)
}

/// Stores answers, each as [`insert`].
pub fn insert_all(conn: &mut Conn, rows: &[AnswerRow]) -> QueryResult<()> {
    insert_rows!(
        conn,
        idempotency_keys,
        rows,
        [key, organisation_id, request_hash, answer, personal, created_at]
    )
}

/// Deletes at most `most` answers that were given before `before`; says how many it deleted.
pub fn delete_before(conn: &mut Conn, before: Instant, most: i64) -> QueryResult<usize> {
    let old: Vec<EntryId> =
        keys::table.filter(keys::created_at.lt(before)).limit(most).select(keys::key).load(conn)?;
    on_engine!(conn, |raw| diesel::delete(
        keys::table.filter(keys::key.eq_any(&old).and(keys::created_at.lt(before)))
    )
    .execute(raw))
}

/// Forgets the hashes of requests that named a person and came before `before`: what could be
/// compared with a guess. The answers stay, so a key still does its work once.
pub fn forget_people(conn: &mut Conn, before: Instant) -> QueryResult<()> {
    let old = keys::personal.eq(true).and(keys::created_at.lt(before));
    diesel::update(keys::table.filter(old))
        .set((keys::request_hash.eq(Vec::<u8>::new()), keys::personal.eq(false)))
        .execute(conn)
        .map(drop)
}
