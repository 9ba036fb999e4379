//! Accounts.

use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::lock_rows;
use super::reading::Reading;
use super::schema::{organisations, users};
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{OrganisationId, UserId};
use crate::domain::time::Instant;

/// An account as the database holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
pub struct UserRow {
    /// Its id.
    pub id: UserId,
    /// The e-mail, in small letters.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The organisation the person works for.
    pub organisation_id: OrganisationId,
    /// What the person does there.
    pub role: String,
    /// Whether the person invites colleagues.
    pub manager: bool,
    /// Whether the account may sign in.
    pub active: bool,
    /// Argon2id, none until the invitation is taken up.
    pub password_hash: Option<String>,
    /// SHA-256 of the invitation's token.
    pub invitation_hash: Option<Vec<u8>>,
    /// When the invitation ends.
    pub invitation_ends_at: Option<Instant>,
    /// When the account was made.
    pub created_at: Instant,
}

impl UserRow {
    /// The account as rules see it.
    ///
    /// # Errors
    /// When the row's role is none of the five.
    pub fn caller(&self) -> QueryResult<Caller> {
        let role = self.role.parse::<Role>();
        let role = Reading::of("users", self.id).parsed("role", &self.role, role)?;
        Ok(Caller {
            user: self.id,
            organisation: self.organisation_id,
            role,
            manager: self.manager,
        })
    }
}

/// Adds an account.
pub fn insert(conn: &mut Conn, row: &UserRow) -> QueryResult<()> {
    diesel::insert_into(users::table).values(row.clone()).execute(conn).map(drop)
}

/// What changes of an account; the rest stays as somebody else may be writing it just now.
#[derive(Clone, Debug, Default, AsChangeset)]
#[diesel(table_name = users)]
pub struct UserUpdate {
    /// The person's name.
    pub name: Option<String>,
    /// Whether the person invites colleagues.
    pub manager: Option<bool>,
    /// Whether the account may sign in.
    pub active: Option<bool>,
}

/// Changes an account.
pub fn update(conn: &mut Conn, id: UserId, update: UserUpdate) -> QueryResult<()> {
    let UserUpdate { name: None, manager: None, active: None } = update else {
        let changed = diesel::update(users::table.find(id)).set(update).execute(conn)?;
        return super::exactly_one(changed);
    };
    Ok(())
}

/// Gives an account an invitation in place of the one before.
pub fn set_invitation(
    conn: &mut Conn,
    id: UserId,
    hash: &[u8],
    ends_at: Instant,
) -> QueryResult<()> {
    let invitation = (users::invitation_hash.eq(hash), users::invitation_ends_at.eq(ends_at));
    let changed = diesel::update(users::table.find(id)).set(invitation).execute(conn)?;
    super::exactly_one(changed)
}

/// Takes an invitation up; false when it was taken up or replaced meanwhile, or the account was
/// stopped.
pub fn accept_invitation(
    conn: &mut Conn,
    id: UserId,
    invitation: &[u8],
    password_hash: &str,
) -> QueryResult<bool> {
    let open = users::invitation_hash.eq(invitation).and(users::active.eq(true));
    let changed = diesel::update(users::table.find(id).filter(open))
        .set((
            users::password_hash.eq(password_hash),
            users::invitation_hash.eq(None::<Vec<u8>>),
            users::invitation_ends_at.eq(None::<Instant>),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Locks an account until the end of the transaction.
pub fn lock(conn: &mut Conn, id: UserId) -> QueryResult<()> {
    lock_rows!(conn, users, [id])
}

/// Locks an account, and answers it as it stands now.
pub fn locked(conn: &mut Conn, id: UserId) -> QueryResult<Option<UserRow>> {
    lock(conn, id)?;
    by_id(conn, id)
}

/// The account of that id.
pub fn by_id(conn: &mut Conn, id: UserId) -> QueryResult<Option<UserRow>> {
    users::table.find(id).select(UserRow::as_select()).first(conn).optional()
}

/// The account of that id if it may act: neither it nor its organisation is stopped.
pub fn acting(conn: &mut Conn, id: UserId) -> QueryResult<Option<UserRow>> {
    users::table
        .inner_join(organisations::table.on(organisations::id.eq(users::organisation_id)))
        .filter(users::id.eq(id).and(users::active).and(organisations::frozen.eq(false)))
        .select(UserRow::as_select())
        .first(conn)
        .optional()
}

/// The one of that id, which another row names: it is there.
pub fn named(conn: &mut Conn, id: UserId) -> QueryResult<UserRow> {
    Reading::of("users", id).there(by_id(conn, id)?)
}

/// The operator who has been there longest.
pub fn first_operator(conn: &mut Conn) -> QueryResult<Option<UserRow>> {
    users::table
        .filter(users::role.eq("operator").and(users::active.eq(true)))
        .order(users::id)
        .select(UserRow::as_select())
        .first(conn)
        .optional()
}

/// The account of that e-mail, in small letters.
pub fn by_email(conn: &mut Conn, email: &str) -> QueryResult<Option<UserRow>> {
    users::table.filter(users::email.eq(email)).select(UserRow::as_select()).first(conn).optional()
}

/// The account whose invitation has that hash.
pub fn by_invitation(conn: &mut Conn, hash: &[u8]) -> QueryResult<Option<UserRow>> {
    users::table
        .filter(users::invitation_hash.eq(hash))
        .select(UserRow::as_select())
        .first(conn)
        .optional()
}

/// At most `limit` accounts after `after`.
pub fn page(conn: &mut Conn, after: UserId, limit: i64) -> QueryResult<Vec<UserRow>> {
    users::table
        .filter(users::id.gt(after))
        .order(users::id)
        .limit(limit)
        .select(UserRow::as_select())
        .load(conn)
}

/// At most `limit` accounts of an organisation after `after`.
pub fn page_of_organisation(
    conn: &mut Conn,
    organisation: OrganisationId,
    after: UserId,
    limit: i64,
) -> QueryResult<Vec<UserRow>> {
    users::table
        .filter(users::organisation_id.eq(organisation).and(users::id.gt(after)))
        .order(users::id)
        .limit(limit)
        .select(UserRow::as_select())
        .load(conn)
}

/// How many accounts may sign in.
pub fn count_active(conn: &mut Conn) -> QueryResult<i64> {
    users::table.filter(users::active.eq(true)).count().get_result(conn)
}
