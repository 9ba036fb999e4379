//! Closed months, and their figures as they were when they closed.

use diesel::prelude::*;

use super::agreement::AgreementRow;
use super::connection::Conn;
use super::dialect;
use super::reading::Reading;
use super::schema::{agreements, closed_figures, closed_months, programmes};
use crate::domain::accounting::ClosedMonth;
use crate::domain::ids::{AgreementId, OrganisationId, UserId};
use crate::domain::time::{Instant, Month};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = closed_months)]
struct Row {
    month: i32,
    closed_at: Instant,
    closed_by: Option<UserId>,
    postings: i64,
    digest: Vec<u8>,
}

impl Row {
    fn closed(self) -> QueryResult<ClosedMonth> {
        Ok(ClosedMonth {
            month: Reading::of("closed_months", self.month).month("month", self.month)?,
            closed_at: self.closed_at,
            closed_by: self.closed_by,
            postings: self.postings,
            digest: self.digest,
        })
    }
}

/// What an agreement had and did in a closed month, and its balances at the end of it.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = closed_figures)]
pub struct ClosedFigures {
    /// The month.
    pub month: i32,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// Workshops redeemed less undone, on the agreement's own postings.
    pub workshops_redeemed: i64,
    /// Paid in.
    pub received_cents: i64,
    /// Committed.
    pub committed_cents: i64,
    /// Consumed less undone.
    pub consumed_cents: i64,
    /// Released.
    pub released_cents: i64,
    /// Paid less what came back.
    pub paid_cents: i64,
    /// Given back.
    pub refunded_cents: i64,
    /// Available at the end.
    pub available_cents: i64,
    /// Committed at the end.
    pub committed_balance_cents: i64,
    /// Payable at the end.
    pub payable_cents: i64,
    /// In cash at the end.
    pub cash_cents: i64,
}

/// Waits for postings under way and lets nobody write one until the end of the transaction.
pub fn lock_journal(conn: &mut Conn) -> QueryResult<()> {
    dialect::lock_journal(conn)
}

/// The last closed month.
pub fn last(conn: &mut Conn) -> QueryResult<Option<ClosedMonth>> {
    let row: Option<Row> = closed_months::table
        .order(closed_months::month.desc())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Row::closed).transpose()
}

/// Every closed month, the latest first.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<ClosedMonth>> {
    let rows: Vec<Row> = closed_months::table
        .order(closed_months::month.desc())
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::closed).collect()
}

/// Keeps a closed month.
pub fn insert(conn: &mut Conn, closed: &ClosedMonth) -> QueryResult<()> {
    let row = Row {
        month: closed.month.number(),
        closed_at: closed.closed_at,
        closed_by: closed.closed_by,
        postings: closed.postings,
        digest: closed.digest.clone(),
    };
    diesel::insert_into(closed_months::table).values(row).execute(conn).map(drop)
}

/// Keeps the figures of an agreement.
pub fn insert_figures(conn: &mut Conn, figures: &ClosedFigures) -> QueryResult<()> {
    diesel::insert_into(closed_figures::table).values(figures.clone()).execute(conn).map(drop)
}

/// The figures as they were when the month closed, by agreement.
pub fn figures(conn: &mut Conn, month: Month) -> QueryResult<Vec<ClosedFigures>> {
    closed_figures::table
        .filter(closed_figures::month.eq(month.number()))
        .order(closed_figures::agreement_id)
        .select(ClosedFigures::as_select())
        .load(conn)
}

/// The figures of a funder's agreements in a closed month, with the agreement and the name of its
/// programme.
pub fn figures_of_funder(
    conn: &mut Conn,
    month: Month,
    funder: OrganisationId,
) -> QueryResult<Vec<(ClosedFigures, AgreementRow, String)>> {
    closed_figures::table
        .inner_join(agreements::table.on(agreements::id.eq(closed_figures::agreement_id)))
        .inner_join(programmes::table.on(programmes::id.eq(agreements::programme_id)))
        .filter(closed_figures::month.eq(month.number()))
        .filter(agreements::funder_id.eq(funder))
        .order((programmes::name, agreements::tier, agreements::id))
        .select((ClosedFigures::as_select(), AgreementRow::as_select(), programmes::name))
        .load(conn)
}

/// The figures of an agreement in the closed months up to `month`.
pub fn figures_until(
    conn: &mut Conn,
    agreement: AgreementId,
    month: Month,
) -> QueryResult<Vec<ClosedFigures>> {
    closed_figures::table
        .filter(closed_figures::agreement_id.eq(agreement))
        .filter(closed_figures::month.le(month.number()))
        .select(ClosedFigures::as_select())
        .load(conn)
}
