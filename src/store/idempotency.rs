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

/// Keeps an answer. A second writer of the same key violates the primary key: its transaction is
/// taken back and, run again, finds the first one's answer.
pub fn insert(
    conn: &mut Conn,
    organisation: OrganisationId,
    key: EntryId,
    request_hash: &[u8],
    answer: &str,
    now: Instant,
) -> QueryResult<()> {
    diesel::insert_into(keys::table)
        .values((
            keys::organisation_id.eq(organisation),
            keys::key.eq(key),
            keys::request_hash.eq(request_hash),
            keys::answer.eq(answer),
            keys::created_at.eq(now),
        ))
        .execute(conn)
        .map(drop)
}
