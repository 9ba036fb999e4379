//! What organisations that were paid too much gave back.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::{repayments, statements};
use crate::domain::ids::{StatementId, UserId};
use crate::domain::statement::StatementState;
use crate::domain::time::{Day, Instant};

/// What was given back.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = repayments)]
pub struct RepaymentRow {
    /// The statement that said how much.
    pub statement_id: StatementId,
    /// How much.
    pub amount_cents: i64,
    /// The day at the bank.
    pub received_on: Day,
    /// What the bank statement says.
    pub reference: String,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// By whom.
    pub recorded_by: UserId,
}

/// Keeps it, and settles its statement.
pub fn insert(conn: &mut Conn, row: &RepaymentRow) -> QueryResult<()> {
    diesel::insert_into(repayments::table).values(row.clone()).execute(conn)?;
    let settled = statements::state.eq(StatementState::Paid.as_str());
    diesel::update(statements::table.find(row.statement_id)).set(settled).execute(conn).map(drop)
}
