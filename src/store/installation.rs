//! The one row that ties a database to its keys.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::connection::Conn;
use super::schema::{heartbeats, installation};
use crate::domain::time::Instant;

/// The check value of the keys this database was made with.
pub fn key_check(conn: &mut Conn) -> QueryResult<Option<Vec<u8>>> {
    installation::table.select(installation::key_check).first(conn).optional()
}

/// The number and the digest of the last entry of the audit journal, as a trigger noted them.
pub fn end_of_audit(conn: &mut Conn) -> QueryResult<Option<(i64, Vec<u8>)>> {
    let end = (installation::audit_number, installation::audit_digest);
    installation::table.select(end).first(conn).optional()
}

/// Ties the database to its keys, once.
pub fn insert(conn: &mut Conn, key_check: &[u8], now: Instant) -> QueryResult<()> {
    diesel::insert_into(installation::table)
        .values((
            installation::id.eq(1),
            installation::key_check.eq(key_check),
            installation::created_at.eq(now),
        ))
        .execute(conn)
        .map(drop)
}

/// Writes a row, to see that something can be written.
pub fn beat(conn: &mut Conn, now: Instant) -> QueryResult<()> {
    let changed = diesel::update(heartbeats::table).set(heartbeats::at.eq(now)).execute(conn)?;
    super::exactly_one(changed)
}

/// The version of the schema: that of the last migration that ran.
pub fn schema_version(conn: &mut Conn) -> QueryResult<String> {
    #[derive(QueryableByName)]
    struct Last {
        #[diesel(sql_type = Text)]
        version: String,
    }
    // Asking the migrations themselves would make their table, which a snapshot may not.
    let sql = "SELECT coalesce(max(version), '') AS version FROM __diesel_schema_migrations";
    Ok(diesel::sql_query(sql).get_result::<Last>(conn)?.version)
}
