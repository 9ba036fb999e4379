//! Idempotency keys: written in the transaction that does the work.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::idempotency_keys as keys;
use crate::domain::ids::{EntryId, OrganisationId};
use crate::domain::time::Instant;

/// What was answered to a key, and to which request.
#[derive(Debug, Queryable)]
pub struct Answered {
    /// SHA-256 of the request.
    pub request_hash: Vec<u8>,
    /// The answer, as the services wrote it.
    pub answer: String,
}

/// What the organisation's key was answered.
pub fn find(
    conn: &mut Conn,
    organisation: OrganisationId,
    key: EntryId,
) -> QueryResult<Option<Answered>> {
    keys::table
        .find((organisation, key))
        .select((keys::request_hash, keys::answer))
        .first(conn)
        .optional()
}

/// An answer to keep.
#[derive(Debug)]
pub struct Kept<'a> {
    /// SHA-256 of the request.
    pub request_hash: &'a [u8],
    /// The answer, as the services wrote it.
    pub answer: &'a str,
    /// Whether the request named a person.
    pub personal: bool,
}

/// Keeps an answer. A second writer of the same key violates the primary key: its transaction is
/// taken back and, run again, finds the first one's answer.
pub fn insert(
    conn: &mut Conn,
    organisation: OrganisationId,
    key: EntryId,
    kept: &Kept<'_>,
    now: Instant,
) -> QueryResult<()> {
    diesel::insert_into(keys::table)
        .values((
            keys::organisation_id.eq(organisation),
            keys::key.eq(key),
            keys::request_hash.eq(kept.request_hash),
            keys::answer.eq(kept.answer),
            keys::personal.eq(kept.personal),
            keys::created_at.eq(now),
        ))
        .execute(conn)
        .map(drop)
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
