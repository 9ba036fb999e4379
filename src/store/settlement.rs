//! What a statement settles, by agreement: sums over the postings of its month, and over those
//! that were settled already.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use super::connection::Conn;
use super::counting::{CountedOn, counted, kinds};
use super::dialect;
use super::sql_types::Id;
use crate::domain::ids::{AgreementId, OrganisationId, StatementId};
use crate::domain::money::Cents;
use crate::domain::report::counting;
use crate::domain::time::Month;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Id)]
    agreement: AgreementId,
    #[diesel(sql_type = BigInt)]
    cents: i64,
}

/// What an organisation earned of each agreement in a month; negative when more was undone.
pub fn earned_by_agreement(
    conn: &mut Conn,
    organisation: OrganisationId,
    month: Month,
) -> QueryResult<Vec<(AgreementId, Cents)>> {
    let sql = format!(
        "SELECT p.agreement_id AS agreement, {} AS cents FROM redemptions r CROSS JOIN postings p \
         WHERE r.organisation_id = {} AND p.redemption_id = r.id AND p.month = {} \
         AND {} \
         GROUP BY p.agreement_id ORDER BY p.agreement_id",
        counted(conn, &counting::consumed_cents, CountedOn::Own),
        dialect::parameter(conn, 1),
        dialect::parameter(conn, 2),
        kinds(&counting::consumed_cents),
    );
    let query = diesel::sql_query(sql).bind::<Id, _>(organisation);
    let rows: Vec<Row> = query.bind::<Integer, _>(month.number()).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.agreement, Cents(row.cents))).collect())
}

/// What was settled of a statement by agreement, what came back taken off.
pub fn settled(conn: &mut Conn, statement: StatementId) -> QueryResult<Vec<(AgreementId, Cents)>> {
    let sql = format!(
        "SELECT p.agreement_id AS agreement, {} AS cents FROM postings p \
         WHERE p.statement_id = {} AND {} \
         GROUP BY p.agreement_id ORDER BY p.agreement_id",
        counted(conn, &counting::paid_cents, CountedOn::Own),
        dialect::parameter(conn, 1),
        kinds(&counting::paid_cents),
    );
    let rows: Vec<Row> = diesel::sql_query(sql).bind::<Id, _>(statement).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.agreement, Cents(row.cents))).collect())
}
