//! Statements.

use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::lock_rows;
use super::reading::Reading;
use super::schema::statements;
use crate::domain::ids::{OrganisationId, PaymentRunId, StatementId, UserId};
use crate::domain::money::Cents;
use crate::domain::statement::{Statement, StatementState};
use crate::domain::time::{Instant, Month};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = statements)]
struct Row {
    id: StatementId,
    year: i32,
    number: i32,
    organisation_id: OrganisationId,
    month: i32,
    workshops: i64,
    amount_cents: i64,
    carried_cents: i64,
    state: String,
    carried_into: Option<StatementId>,
    payment_run_id: Option<PaymentRunId>,
    issued_at: Instant,
    approved_at: Option<Instant>,
    approved_by: Option<UserId>,
}

impl Row {
    fn statement(self) -> QueryResult<Statement> {
        let reading = Reading::of("statements", self.id);
        let state = StatementState::from_name(&self.state);
        Ok(Statement {
            id: self.id,
            year: self.year,
            number: self.number,
            organisation: self.organisation_id,
            month: reading.month("month", self.month)?,
            workshops: self.workshops,
            amount: Cents(self.amount_cents),
            carried: Cents(self.carried_cents),
            state: reading.word("state", &self.state, state)?,
            carried_into: self.carried_into,
            payment_run: self.payment_run_id,
            issued_at: self.issued_at,
            approved_at: self.approved_at,
            approved_by: self.approved_by,
        })
    }

    fn of(statement: &Statement) -> Self {
        Self {
            id: statement.id,
            year: statement.year,
            number: statement.number,
            organisation_id: statement.organisation,
            month: statement.month.number(),
            workshops: statement.workshops,
            amount_cents: statement.amount.0,
            carried_cents: statement.carried.0,
            state: statement.state.as_str().to_owned(),
            carried_into: statement.carried_into,
            payment_run_id: statement.payment_run,
            issued_at: statement.issued_at,
            approved_at: statement.approved_at,
            approved_by: statement.approved_by,
        }
    }
}

/// What is asked of a list of statements.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only of this organisation.
    pub organisation: Option<OrganisationId>,
    /// Only of this month.
    pub month: Option<Month>,
    /// Only in this state.
    pub state: Option<StatementState>,
}

/// Keeps a statement.
pub fn insert(conn: &mut Conn, statement: &Statement) -> QueryResult<()> {
    diesel::insert_into(statements::table).values(Row::of(statement)).execute(conn).map(drop)
}

/// The number of the last statement of a year; 0 before the first.
pub fn last_number(conn: &mut Conn, year: i32) -> QueryResult<i32> {
    let last: Option<i32> = statements::table
        .filter(statements::year.eq(year))
        .select(diesel::dsl::max(statements::number))
        .first(conn)?;
    Ok(last.unwrap_or_default())
}

/// The statement with that id.
pub fn by_id(conn: &mut Conn, id: StatementId) -> QueryResult<Option<Statement>> {
    let row = statements::table.find(id).select(Row::as_select()).first(conn).optional()?;
    row.map(Row::statement).transpose()
}

/// The statement with that id, locked until the end of the transaction.
pub fn locked(conn: &mut Conn, id: StatementId) -> QueryResult<Option<Statement>> {
    lock_rows!(conn, statements, [id])?;
    by_id(conn, id)
}

/// The statement of an organisation for a month.
pub fn of_month(
    conn: &mut Conn,
    organisation: OrganisationId,
    month: Month,
) -> QueryResult<Option<Statement>> {
    let row = statements::table
        .filter(statements::organisation_id.eq(organisation))
        .filter(statements::month.eq(month.number()))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Row::statement).transpose()
}

/// The statements whose total another takes over, the earliest first.
pub fn carried_into(conn: &mut Conn, id: StatementId) -> QueryResult<Vec<Statement>> {
    let rows: Vec<Row> = statements::table
        .filter(statements::carried_into.eq(id))
        .order(statements::month)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::statement).collect()
}

/// The last statement of each organisation that owes us, or nothing, and that no other took over.
pub fn to_carry(conn: &mut Conn, organisation: OrganisationId) -> QueryResult<Vec<Statement>> {
    let rows: Vec<Row> = statements::table
        .filter(statements::organisation_id.eq(organisation))
        .filter(statements::carried_into.is_null())
        .filter((statements::amount_cents + statements::carried_cents).le(0))
        .filter(statements::state.ne(StatementState::Paid.as_str()))
        .order(statements::month)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::statement).collect()
}

/// Notes which statement takes the total of another over.
pub fn carry(conn: &mut Conn, id: StatementId, into: StatementId) -> QueryResult<()> {
    diesel::update(statements::table.find(id))
        .set(statements::carried_into.eq(into))
        .execute(conn)
        .map(drop)
}

/// Notes that a draft was approved; answers whether it was still one.
pub fn approve(
    conn: &mut Conn,
    id: StatementId,
    state: StatementState,
    by: UserId,
    at: Instant,
) -> QueryResult<bool> {
    let draft =
        statements::table.find(id).filter(statements::state.eq(StatementState::Draft.as_str()));
    let changed = diesel::update(draft)
        .set((
            statements::state.eq(state.as_str()),
            statements::approved_at.eq(at),
            statements::approved_by.eq(by),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// At most `limit` statements before `before`, the latest first.
pub fn page(
    conn: &mut Conn,
    filter: &Filter,
    before: Option<StatementId>,
    limit: i64,
) -> QueryResult<Vec<Statement>> {
    let mut query = statements::table.into_boxed();
    if let Some(organisation) = filter.organisation {
        query = query.filter(statements::organisation_id.eq(organisation));
    }
    if let Some(month) = filter.month {
        query = query.filter(statements::month.eq(month.number()));
    }
    if let Some(state) = filter.state {
        query = query.filter(statements::state.eq(state.as_str()));
    }
    if let Some(before) = before {
        query = query.filter(statements::id.lt(before));
    }
    let rows: Vec<Row> =
        query.order(statements::id.desc()).limit(limit).select(Row::as_select()).load(conn)?;
    rows.into_iter().map(Row::statement).collect()
}
