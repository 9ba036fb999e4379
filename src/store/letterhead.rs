//! What an organisation prints of itself on its passes.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::letterheads;
use crate::domain::ids::{OrganisationId, UserId};
use crate::domain::time::Instant;

/// A letterhead as the database holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = letterheads, treat_none_as_null = true)]
pub struct LetterheadRow {
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// Its first line.
    pub first_line: String,
    /// Its second line.
    pub second_line: String,
    /// Its logo.
    pub logo_png: Option<Vec<u8>>,
    /// Who changed it last.
    pub changed_by: UserId,
    /// When.
    pub changed_at: Instant,
}

/// An organisation's letterhead.
pub fn of_organisation(conn: &mut Conn, id: OrganisationId) -> QueryResult<Option<LetterheadRow>> {
    letterheads::table.find(id).select(LetterheadRow::as_select()).first(conn).optional()
}

/// Writes an organisation's letterhead.
pub fn save(conn: &mut Conn, row: &LetterheadRow) -> QueryResult<()> {
    let theirs = letterheads::table.find(row.organisation_id);
    let changed = diesel::update(theirs).set(row.clone()).execute(conn)?;
    if changed == 0 {
        diesel::insert_into(letterheads::table).values(row.clone()).execute(conn)?;
    }
    Ok(())
}
