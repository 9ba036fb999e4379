//! What happened to a pass, in the words of those who did it.

use std::collections::HashMap;

use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::on_engine;
use super::schema::pass_events;
use crate::domain::ids::{EntryId, PassId, UserId};
use crate::domain::time::Instant;

/// Something that happened to a pass, with who and why.
#[derive(Clone, Debug, Insertable, Queryable, Selectable)]
#[diesel(table_name = pass_events)]
pub struct EventRow {
    /// Its id.
    pub id: EntryId,
    /// The pass.
    pub pass_id: PassId,
    /// What happened: `handed_over`, `suspended`, `resumed`, `void`, `replaced`, `expired`, `printed`.
    pub event: String,
    /// Why, in the words of the person who did it.
    pub reason: Option<String>,
    /// The other pass of a replacement.
    pub other_pass_id: Option<PassId>,
    /// Who did it; none for the service itself.
    pub by_user: Option<UserId>,
    /// When.
    pub at: Instant,
}

/// Keeps an event.
pub fn insert(conn: &mut Conn, row: &EventRow) -> QueryResult<()> {
    diesel::insert_into(pass_events::table).values(row.clone()).execute(conn).map(drop)
}

/// What happened to a pass, in order.
pub fn of_pass(conn: &mut Conn, pass: PassId) -> QueryResult<Vec<EventRow>> {
    pass_events::table
        .filter(pass_events::pass_id.eq(pass))
        .order(pass_events::id)
        .select(EventRow::as_select())
        .load(conn)
}

/// Which pass took the place of each of these, where one did.
pub fn replacements(conn: &mut Conn, passes: &[PassId]) -> QueryResult<HashMap<PassId, PassId>> {
    let rows: Vec<(PassId, Option<PassId>)> = on_engine!(conn, |raw| pass_events::table
        .filter(pass_events::pass_id.eq_any(passes))
        .filter(pass_events::event.eq("replaced"))
        .order(pass_events::id)
        .select((pass_events::pass_id, pass_events::other_pass_id))
        .load(raw))?;
    Ok(rows.into_iter().filter_map(|(pass, other)| Some((pass, other?))).collect())
}

/// What happened to each of these passes, in order, and when.
pub fn of_passes(conn: &mut Conn, ids: &[PassId]) -> QueryResult<Vec<(PassId, (String, Instant))>> {
    on_engine!(conn, |raw| pass_events::table
        .filter(pass_events::pass_id.eq_any(ids))
        .order(pass_events::id)
        .select((pass_events::pass_id, (pass_events::event, pass_events::at)))
        .load(raw))
}
