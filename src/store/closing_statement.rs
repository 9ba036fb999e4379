//! Closing statements: what a programme became, agreed with its funders.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::connection::Conn;
use super::dialect;
use super::schema::{
    closing_statement_lines as lines, closing_statement_signatures as signatures,
    closing_statements as statements,
};
use super::sql_types::Id;
use crate::domain::ids::{AgreementId, EntryId, OrganisationId, ProgrammeId, UserId};
use crate::domain::time::Instant;

/// A closing statement.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = statements)]
pub struct ClosingRow {
    /// Its id.
    pub id: EntryId,
    /// The programme.
    pub programme_id: ProgrammeId,
    /// The year of its number.
    pub year: i32,
    /// Its place in that year, from 1, without gaps.
    pub number: i32,
    /// When it was established.
    pub established_at: Instant,
    /// Who established it.
    pub established_by: UserId,
    /// Passes produced.
    pub printed: i64,
    /// Passes that stayed in stock.
    pub in_stock: i64,
    /// Passes handed over.
    pub handed_over: i64,
    /// Passes started.
    pub started: i64,
    /// Workshops granted.
    pub workshops_granted: i64,
    /// Workshops redeemed.
    pub workshops_redeemed: i64,
    /// Workshops lapsed.
    pub workshops_lapsed: i64,
}

/// An agreement's line of a closing statement.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = lines)]
pub struct ClosingLineRow {
    /// The statement.
    pub statement_id: EntryId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// Received.
    pub received_cents: i64,
    /// Committed in all.
    pub committed_cents: i64,
    /// Consumed.
    pub consumed_cents: i64,
    /// Released.
    pub released_cents: i64,
    /// Not committed, or released.
    pub available_cents: i64,
    /// Owed to venues' organisations.
    pub payable_cents: i64,
    /// In cash.
    pub cash_cents: i64,
    /// What goes back to the funder.
    pub to_return_cents: i64,
    /// When it went back.
    pub credited_at: Option<Instant>,
}

/// A funder's word that a closing statement is right.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = signatures)]
pub struct SignatureRow {
    /// The statement.
    pub statement_id: EntryId,
    /// The funder.
    pub funder_id: OrganisationId,
    /// When.
    pub agreed_at: Instant,
    /// Who agreed, or who noted a signature on paper.
    pub agreed_by: UserId,
}

/// Keeps a statement.
pub fn insert(conn: &mut Conn, row: &ClosingRow) -> QueryResult<()> {
    diesel::insert_into(statements::table).values(row.clone()).execute(conn).map(drop)
}

/// Keeps a line.
pub fn insert_line(conn: &mut Conn, row: &ClosingLineRow) -> QueryResult<()> {
    diesel::insert_into(lines::table).values(row.clone()).execute(conn).map(drop)
}

/// Keeps a funder's word.
pub fn sign(conn: &mut Conn, row: &SignatureRow) -> QueryResult<()> {
    diesel::insert_into(signatures::table).values(row.clone()).execute(conn).map(drop)
}

/// The number of the last statement of a year; 0 before the first.
pub fn last_number(conn: &mut Conn, year: i32) -> QueryResult<i32> {
    let last: Option<i32> = statements::table
        .filter(statements::year.eq(year))
        .select(diesel::dsl::max(statements::number))
        .first(conn)?;
    Ok(last.unwrap_or_default())
}

/// The closing statement of a programme.
pub fn of_programme(conn: &mut Conn, programme: ProgrammeId) -> QueryResult<Option<ClosingRow>> {
    statements::table
        .filter(statements::programme_id.eq(programme))
        .select(ClosingRow::as_select())
        .first(conn)
        .optional()
}

/// Its lines.
pub fn lines_of(conn: &mut Conn, statement: EntryId) -> QueryResult<Vec<ClosingLineRow>> {
    lines::table
        .filter(lines::statement_id.eq(statement))
        .order(lines::agreement_id)
        .select(ClosingLineRow::as_select())
        .load(conn)
}

/// The funders that agreed.
pub fn signatures_of(conn: &mut Conn, statement: EntryId) -> QueryResult<Vec<SignatureRow>> {
    signatures::table
        .filter(signatures::statement_id.eq(statement))
        .select(SignatureRow::as_select())
        .load(conn)
}

/// Notes that the money of a line went back.
pub fn credit(
    conn: &mut Conn,
    statement: EntryId,
    agreement: AgreementId,
    at: Instant,
) -> QueryResult<()> {
    let changed = diesel::update(lines::table.find((statement, agreement)))
        .set(lines::credited_at.eq(at))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// Passes of a programme that still hold money: active or suspended, and not released.
pub fn unreleased(conn: &mut Conn, programme: ProgrammeId) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        passes: i64,
    }
    let sql = format!(
        "SELECT CAST(count(*) AS BIGINT) AS passes FROM passes WHERE NOT released \
         AND state IN ('active', 'suspended') AND programme_id = {}",
        dialect::parameter(conn, 1)
    );
    let found: Count = diesel::sql_query(sql).bind::<Id, _>(programme).get_result(conn)?;
    Ok(found.passes)
}
