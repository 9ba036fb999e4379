//! The audit journal: entries are added, read, and never changed.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::{audit_addresses as addresses, audit_entries, organisations, users};
use crate::domain::ids::{EntryId, OrganisationId, UserId};
use crate::domain::time::Instant;

/// An entry as the database holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_entries)]
pub struct AuditRow {
    /// Its place in the journal, from 1 without a gap.
    pub number: i64,
    /// When.
    pub at: Instant,
    /// Who; `None` for a command on the server.
    pub user_id: Option<UserId>,
    /// For whom they work.
    pub organisation_id: Option<OrganisationId>,
    /// What sort of access.
    pub act: String,
    /// The route's pattern, or the command.
    pub target: String,
    /// The thing the address named.
    pub subject_id: Option<EntryId>,
    /// How it was answered; 0 for what is no request.
    pub status: i32,
    /// The request.
    pub request_id: Option<EntryId>,
    /// The digest of the entry before and of this one.
    pub digest: Vec<u8>,
}

/// An entry with the names of the person and of the organisation.
pub type NamedRow = (AuditRow, Option<String>, Option<String>);

/// Which entries.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// From this instant on.
    pub from: Option<Instant>,
    /// Before this instant.
    pub until: Option<Instant>,
    /// Of this person.
    pub user: Option<UserId>,
    /// Of this sort.
    pub act: Option<String>,
    /// Numbers below this one.
    pub below: Option<i64>,
}

/// The last entry's number and digest.
pub fn last(conn: &mut Conn) -> QueryResult<Option<(i64, Vec<u8>)>> {
    audit_entries::table
        .order(audit_entries::number.desc())
        .select((audit_entries::number, audit_entries::digest))
        .first(conn)
        .optional()
}

/// The digest before the entry of that number, empty for the first, and the entry.
pub fn last_two(conn: &mut Conn, number: i64) -> QueryResult<(Vec<u8>, Option<AuditRow>)> {
    let mut rows = page(conn, number - 2, 2)?;
    let entry = rows.pop().filter(|row| row.number == number);
    Ok((rows.pop().map(|before| before.digest).unwrap_or_default(), entry))
}

/// Keeps beside an entry where it came from.
pub fn insert_address(conn: &mut Conn, number: i64, address: &str, at: Instant) -> QueryResult<()> {
    let row = (addresses::number.eq(number), addresses::address.eq(address), addresses::at.eq(at));
    diesel::insert_into(addresses::table).values(row).execute(conn).map(drop)
}

/// Where the entries of these numbers came from, as far as it is still kept.
pub fn addresses(conn: &mut Conn, from: i64, to: i64) -> QueryResult<Vec<(i64, String)>> {
    addresses::table
        .filter(addresses::number.between(from, to))
        .select((addresses::number, addresses::address))
        .load(conn)
}

/// Forgets where entries before `before` came from.
pub fn delete_addresses(conn: &mut Conn, before: Instant) -> QueryResult<()> {
    diesel::delete(addresses::table.filter(addresses::at.lt(before))).execute(conn).map(drop)
}

/// Adds an entry.
pub fn insert(conn: &mut Conn, row: AuditRow) -> QueryResult<()> {
    diesel::insert_into(audit_entries::table).values(row).execute(conn).map(drop)
}

/// At most `limit` entries after number `after`, in order.
pub fn page(conn: &mut Conn, after: i64, limit: i64) -> QueryResult<Vec<AuditRow>> {
    audit_entries::table
        .filter(audit_entries::number.gt(after))
        .order(audit_entries::number)
        .limit(limit)
        .select(AuditRow::as_select())
        .load(conn)
}

/// At most `limit` entries with the names behind their ids, the latest first.
pub fn latest(conn: &mut Conn, filter: &Filter, limit: i64) -> QueryResult<Vec<NamedRow>> {
    let mut found = audit_entries::table
        .left_join(users::table.on(users::id.nullable().eq(audit_entries::user_id)))
        .left_join(
            organisations::table
                .on(organisations::id.nullable().eq(audit_entries::organisation_id)),
        )
        .order(audit_entries::number.desc())
        .limit(limit)
        .select((AuditRow::as_select(), users::name.nullable(), organisations::name.nullable()))
        .into_boxed();
    if let Some(from) = filter.from {
        found = found.filter(audit_entries::at.ge(from));
    }
    if let Some(until) = filter.until {
        found = found.filter(audit_entries::at.lt(until));
    }
    if let Some(user) = filter.user {
        found = found.filter(audit_entries::user_id.eq(user));
    }
    if let Some(act) = &filter.act {
        found = found.filter(audit_entries::act.eq(act.clone()));
    }
    if let Some(below) = filter.below {
        found = found.filter(audit_entries::number.lt(below));
    }
    found.load(conn)
}
