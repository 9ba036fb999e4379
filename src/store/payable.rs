//! What venues' organisations are owed: sums over the journal.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use super::connection::Conn;
use super::dialect;
use super::sql_types::Id;
use crate::domain::ids::OrganisationId;
use crate::domain::money::Cents;
use crate::domain::time::Month;

const CENTS: &str = "CAST(coalesce(sum(CASE WHEN p.to_account = 'payable' THEN p.amount_cents \
    WHEN p.from_account = 'payable' THEN -p.amount_cents ELSE 0 END), 0) AS BIGINT)";

const WORKSHOPS: &str = "CAST(coalesce(sum(CASE WHEN NOT p.lead THEN 0 \
    WHEN p.to_account = 'payable' THEN p.workshops \
    WHEN p.from_account = 'payable' THEN -p.workshops ELSE 0 END), 0) AS BIGINT)";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    workshops: i64,
    #[diesel(sql_type = BigInt)]
    cents: i64,
}

/// The workshops an organisation gave in an accounting month and what they are worth, undone
/// ones taken off.
pub fn earned(conn: &mut Conn, payee: OrganisationId, month: Month) -> QueryResult<(i64, Cents)> {
    let sql = format!(
        "SELECT {WORKSHOPS} AS workshops, {CENTS} AS cents \
         FROM redemptions r CROSS JOIN postings p \
         WHERE r.organisation_id = {} AND p.redemption_id = r.id AND p.month = {} \
         AND p.kind IN ('consumption', 'reversal')",
        dialect::parameter(conn, 1),
        dialect::parameter(conn, 2),
    );
    let query = diesel::sql_query(sql).bind::<Id, _>(payee).bind::<Integer, _>(month.number());
    let row: Row = query.get_result(conn)?;
    Ok((row.workshops, Cents(row.cents)))
}

/// What an organisation is owed and was not paid, of all months.
pub fn balance(conn: &mut Conn, payee: OrganisationId) -> QueryResult<Cents> {
    let sql = format!(
        "SELECT {WORKSHOPS} AS workshops, {CENTS} AS cents FROM (\
         SELECT p.* FROM redemptions r CROSS JOIN postings p \
         WHERE r.organisation_id = {} AND p.redemption_id = r.id UNION ALL \
         SELECT p.* FROM postings p WHERE p.payee_id = {} AND p.redemption_id IS NULL) p",
        dialect::parameter(conn, 1),
        dialect::parameter(conn, 2),
    );
    let query = diesel::sql_query(sql).bind::<Id, _>(payee).bind::<Id, _>(payee);
    let row: Row = query.get_result(conn)?;
    Ok(Cents(row.cents))
}
