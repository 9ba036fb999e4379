//! What happened to stock: each step of its way, with who and when.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::stock_events as events;
use crate::domain::ids::{EntryId, OrganisationId, PrintRunId, StockBoxId, UserId};
use crate::domain::time::Instant;

/// One step.
#[derive(Clone, Debug, Insertable, Queryable, Selectable)]
#[diesel(table_name = events)]
pub struct StockEventRow {
    /// Its id.
    pub id: EntryId,
    /// The print run.
    pub run_id: PrintRunId,
    /// The box; none for what concerns the whole run.
    pub box_id: Option<StockBoxId>,
    /// What happened.
    pub event: String,
    /// Who held it before.
    pub from_id: Option<OrganisationId>,
    /// Who holds it after.
    pub to_id: Option<OrganisationId>,
    /// How many passes it was about; for a count, how many were found.
    pub passes: i32,
    /// For a count, how many there should have been.
    pub expected: Option<i32>,
    /// What the person wrote.
    pub note: Option<String>,
    /// Who did it.
    pub by_user: UserId,
    /// When.
    pub at: Instant,
}

/// Keeps a step.
pub fn insert(conn: &mut Conn, row: &StockEventRow) -> QueryResult<()> {
    diesel::insert_into(events::table).values(row.clone()).execute(conn).map(drop)
}

/// The last steps of a run, newest first.
pub fn of_run(conn: &mut Conn, run: PrintRunId, limit: i64) -> QueryResult<Vec<StockEventRow>> {
    let theirs = events::table.filter(events::run_id.eq(run)).order(events::id.desc());
    theirs.limit(limit).select(StockEventRow::as_select()).load(conn)
}
