//! Sign-ins that last: refresh tokens of the API, sessions of the pages. Only hashes are kept.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::{refresh_tokens, sessions};
use crate::domain::ids::{FamilyId, SessionId, TokenId, UserId};
use crate::domain::time::Instant;

/// A refresh token as the database holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens)]
pub struct RefreshTokenRow {
    /// Its id.
    pub id: TokenId,
    /// The sign-in it descends from.
    pub family_id: FamilyId,
    /// Whose it is.
    pub user_id: UserId,
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// When it was made.
    pub created_at: Instant,
    /// When it ends by itself.
    pub ends_at: Instant,
    /// When it was exchanged.
    pub used_at: Option<Instant>,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
}

/// Adds a refresh token.
pub fn insert_refresh_token(conn: &mut Conn, row: &RefreshTokenRow) -> QueryResult<()> {
    diesel::insert_into(refresh_tokens::table).values(row.clone()).execute(conn).map(drop)
}

/// The refresh token of that hash.
pub fn refresh_token(conn: &mut Conn, hash: &[u8]) -> QueryResult<Option<RefreshTokenRow>> {
    refresh_tokens::table
        .filter(refresh_tokens::token_hash.eq(hash))
        .select(RefreshTokenRow::as_select())
        .first(conn)
        .optional()
}

/// Marks a refresh token used; `false` when somebody used it first.
pub fn use_refresh_token(conn: &mut Conn, id: TokenId, now: Instant) -> QueryResult<bool> {
    let unused = refresh_tokens::used_at.is_null().and(refresh_tokens::revoked_at.is_null());
    let changed = diesel::update(refresh_tokens::table.find(id).filter(unused))
        .set(refresh_tokens::used_at.eq(now))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Takes back every token of a family.
pub fn revoke_family(conn: &mut Conn, family: FamilyId, now: Instant) -> QueryResult<()> {
    diesel::update(refresh_tokens::table)
        .filter(refresh_tokens::family_id.eq(family).and(refresh_tokens::revoked_at.is_null()))
        .set(refresh_tokens::revoked_at.eq(now))
        .execute(conn)
        .map(drop)
}

/// Ends every sign-in of a person.
pub fn revoke_all(conn: &mut Conn, user: UserId, now: Instant) -> QueryResult<()> {
    diesel::update(refresh_tokens::table)
        .filter(refresh_tokens::user_id.eq(user).and(refresh_tokens::revoked_at.is_null()))
        .set(refresh_tokens::revoked_at.eq(now))
        .execute(conn)?;
    diesel::delete(sessions::table.filter(sessions::user_id.eq(user))).execute(conn).map(drop)
}

/// A session of the pages.
#[derive(Insertable)]
#[diesel(table_name = sessions)]
pub struct NewSession<'a> {
    pub id: SessionId,
    pub user_id: UserId,
    pub token_hash: &'a [u8],
    pub created_at: Instant,
    pub ends_at: Instant,
}

/// Opens a session of the pages.
pub fn insert_session(conn: &mut Conn, session: &NewSession) -> QueryResult<()> {
    diesel::insert_into(sessions::table).values(session).execute(conn).map(drop)
}

/// Whose session that hash is, unless it has ended.
pub fn session_user(conn: &mut Conn, hash: &[u8], now: Instant) -> QueryResult<Option<UserId>> {
    sessions::table
        .filter(sessions::token_hash.eq(hash).and(sessions::ends_at.gt(now)))
        .select(sessions::user_id)
        .first(conn)
        .optional()
}

/// Closes a session.
pub fn delete_session(conn: &mut Conn, hash: &[u8]) -> QueryResult<()> {
    diesel::delete(sessions::table.filter(sessions::token_hash.eq(hash))).execute(conn).map(drop)
}

/// Clears sessions and tokens that ended before `before`.
pub fn delete_ended(conn: &mut Conn, before: Instant) -> QueryResult<()> {
    diesel::delete(sessions::table.filter(sessions::ends_at.lt(before))).execute(conn)?;
    diesel::delete(refresh_tokens::table.filter(refresh_tokens::ends_at.lt(before)))
        .execute(conn)
        .map(drop)
}
