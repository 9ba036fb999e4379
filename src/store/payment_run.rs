//! Payment runs, their files and what each pays.

use diesel::prelude::*;

use super::bank_detail::Sealed;
use super::connection::Conn;
use super::dialect::lock_rows;
use super::schema::{payment_files as files, payment_runs as runs, payments, statements};
use crate::domain::ids::{BankDetailId, PaymentRunId, StatementId, UserId};
use crate::domain::money::Cents;
use crate::domain::payee_check::PayeeCheck;
use crate::domain::payment_run::{PainVersion, PaymentRun};
use crate::domain::statement::StatementState;
use crate::domain::time::{Day, Instant};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = runs)]
struct Row {
    id: PaymentRunId,
    year: i32,
    number: i32,
    debtor_id: BankDetailId,
    execution_day: Day,
    transfers: i32,
    control_sum_cents: i64,
    created_at: Instant,
    created_by: UserId,
    executed_on: Option<Day>,
    executed_at: Option<Instant>,
    executed_by: Option<UserId>,
}

impl From<Row> for PaymentRun {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            year: row.year,
            number: row.number,
            debtor: row.debtor_id,
            execution_day: row.execution_day,
            transfers: row.transfers,
            control_sum: Cents(row.control_sum_cents),
            created_at: row.created_at,
            created_by: row.created_by,
            executed_on: row.executed_on,
            executed_at: row.executed_at,
            executed_by: row.executed_by,
        }
    }
}

/// The payment of one statement.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = payments)]
pub struct PaymentRow {
    /// The run.
    pub run_id: PaymentRunId,
    /// The statement.
    pub statement_id: StatementId,
    /// Where it is paid to.
    pub creditor_id: BankDetailId,
    /// How much.
    pub amount_cents: i64,
    /// When it was noted that it came back.
    pub rejected_at: Option<Instant>,
    /// Who noted it.
    pub rejected_by: Option<UserId>,
    /// The bank's code.
    pub reject_code: Option<String>,
    /// Why it came back.
    pub reject_reason: Option<String>,
    /// Whether the creditor's bank knows the holder by that name.
    pub payee_check: Option<String>,
    /// The name it knows.
    pub payee_name: Option<String>,
}

/// Keeps a run.
pub fn insert(conn: &mut Conn, run: &PaymentRun) -> QueryResult<()> {
    let row = Row {
        id: run.id,
        year: run.year,
        number: run.number,
        debtor_id: run.debtor,
        execution_day: run.execution_day,
        transfers: run.transfers,
        control_sum_cents: run.control_sum.0,
        created_at: run.created_at,
        created_by: run.created_by,
        executed_on: run.executed_on,
        executed_at: run.executed_at,
        executed_by: run.executed_by,
    };
    diesel::insert_into(runs::table).values(row).execute(conn).map(drop)
}

/// Keeps the payment of a statement.
pub fn insert_payment(conn: &mut Conn, row: &PaymentRow) -> QueryResult<()> {
    diesel::insert_into(payments::table).values(row.clone()).execute(conn).map(drop)
}

/// Keeps a file of a run.
pub fn insert_file(
    conn: &mut Conn,
    run: PaymentRunId,
    version: PainVersion,
    sealed: Sealed,
    sha256: Vec<u8>,
) -> QueryResult<()> {
    let row = (
        files::run_id.eq(run),
        files::version.eq(version.as_str()),
        files::sealed.eq(sealed.bytes),
        files::key_number.eq(sealed.key_number),
        files::sha256.eq(sha256),
    );
    diesel::insert_into(files::table).values(row).execute(conn).map(drop)
}

/// A file of a run, sealed, with its SHA-256.
pub fn file(
    conn: &mut Conn,
    run: PaymentRunId,
    version: PainVersion,
) -> QueryResult<Option<(Sealed, Vec<u8>)>> {
    let found: Option<(Vec<u8>, i32, Vec<u8>)> = files::table
        .find((run, version.as_str()))
        .select((files::sealed, files::key_number, files::sha256))
        .first(conn)
        .optional()?;
    Ok(found.map(|(bytes, key_number, sha256)| (Sealed { bytes, key_number }, sha256)))
}

/// The number of the last run of a year; 0 before the first.
pub fn last_number(conn: &mut Conn, year: i32) -> QueryResult<i32> {
    let last: Option<i32> = runs::table
        .filter(runs::year.eq(year))
        .select(diesel::dsl::max(runs::number))
        .first(conn)?;
    Ok(last.unwrap_or_default())
}

/// The run of that id.
pub fn by_id(conn: &mut Conn, id: PaymentRunId) -> QueryResult<Option<PaymentRun>> {
    let row: Option<Row> = runs::table.find(id).select(Row::as_select()).first(conn).optional()?;
    Ok(row.map(PaymentRun::from))
}

/// At most `limit` runs before `before`, the latest first.
pub fn page(
    conn: &mut Conn,
    before: Option<PaymentRunId>,
    limit: i64,
) -> QueryResult<Vec<PaymentRun>> {
    let mut query = runs::table.into_boxed();
    if let Some(before) = before {
        query = query.filter(runs::id.lt(before));
    }
    let rows: Vec<Row> =
        query.order(runs::id.desc()).limit(limit).select(Row::as_select()).load(conn)?;
    Ok(rows.into_iter().map(PaymentRun::from).collect())
}

/// What a run pays, in the order of the statements' numbers.
pub fn payments_of(conn: &mut Conn, run: PaymentRunId) -> QueryResult<Vec<PaymentRow>> {
    payments::table
        .inner_join(statements::table.on(statements::id.eq(payments::statement_id)))
        .filter(payments::run_id.eq(run))
        .order((statements::year, statements::number))
        .select(PaymentRow::as_select())
        .load(conn)
}

/// Locks a run until the end of the transaction; `false` when there is none of that id.
pub fn lock(conn: &mut Conn, id: PaymentRunId) -> QueryResult<bool> {
    lock_rows!(conn, runs, [id])?;
    diesel::select(diesel::dsl::exists(runs::table.find(id))).get_result(conn)
}

/// Notes that the bank paid on that day.
pub fn execute(
    conn: &mut Conn,
    id: PaymentRunId,
    on: Day,
    by: UserId,
    at: Instant,
) -> QueryResult<()> {
    let changed = diesel::update(runs::table.find(id))
        .set((runs::executed_on.eq(on), runs::executed_at.eq(at), runs::executed_by.eq(by)))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// Notes that a payment came back.
pub fn reject(conn: &mut Conn, row: &PaymentRow) -> QueryResult<()> {
    let changed = diesel::update(payments::table.find((row.run_id, row.statement_id)))
        .set((
            payments::rejected_at.eq(row.rejected_at),
            payments::rejected_by.eq(row.rejected_by),
            payments::reject_code.eq(row.reject_code.clone()),
            payments::reject_reason.eq(row.reject_reason.clone()),
        ))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// Notes what the creditor's bank says of the holder's name.
pub fn note_payee(
    conn: &mut Conn,
    row: &PaymentRow,
    check: PayeeCheck,
    name: &str,
) -> QueryResult<()> {
    let name = Some(name).filter(|name| !name.is_empty());
    let changed = diesel::update(payments::table.find((row.run_id, row.statement_id)))
        .set((payments::payee_check.eq(check.as_str()), payments::payee_name.eq(name)))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// Puts a statement into a run, or takes it out of one again.
pub fn place(
    conn: &mut Conn,
    statement: StatementId,
    run: Option<PaymentRunId>,
    state: StatementState,
) -> QueryResult<()> {
    let changed = diesel::update(statements::table.find(statement))
        .set((statements::payment_run_id.eq(run), statements::state.eq(state.as_str())))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// Notes that the bank refused the whole file of a run.
pub fn refuse(conn: &mut Conn, id: PaymentRunId, at: Instant) -> QueryResult<()> {
    let unrefused = runs::table.find(id).filter(runs::refused_at.is_null());
    diesel::update(unrefused).set(runs::refused_at.eq(at)).execute(conn).map(drop)
}

/// Whether the bank refused the whole file of a run.
pub fn is_refused(conn: &mut Conn, id: PaymentRunId) -> QueryResult<bool> {
    let at: Option<Instant> = runs::table.find(id).select(runs::refused_at).first(conn)?;
    Ok(at.is_some())
}
