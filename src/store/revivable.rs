//! Passes that were wound up and may have to live on.

use diesel::prelude::*;

use super::connection::Conn;
use super::pass::PassRow;
use super::schema::passes;
use crate::domain::ids::PassId;
use crate::domain::pass::PassState;

/// At most `limit` passes after `after` that were wound up by their date alone.
pub fn page(conn: &mut Conn, after: PassId, limit: i64) -> QueryResult<Vec<PassRow>> {
    let live = [PassState::Active.as_str(), PassState::Suspended.as_str()];
    let wound_up = passes::released.eq(true).and(passes::state.eq_any(live));
    passes::table
        .filter(wound_up.and(passes::id.gt(after)))
        .order(passes::id)
        .limit(limit)
        .select(PassRow::as_select())
        .load(conn)
}
