//! What venues' organisations are owed: sums over the journal.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use super::balances;
use super::connection::Conn;
use super::counting::{CountedOn, counted, kinds};
use super::dialect;
use super::sql_types::Id;
use crate::domain::ids::OrganisationId;
use crate::domain::ledger::Account;
use crate::domain::money::Cents;
use crate::domain::report::counting;
use crate::domain::time::Month;

/// The workshops an organisation gave in an accounting month and what they are worth, undone
/// ones taken off.
pub fn earned(conn: &mut Conn, payee: OrganisationId, month: Month) -> QueryResult<(i64, Cents)> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        workshops: i64,
        #[diesel(sql_type = BigInt)]
        cents: i64,
    }
    let sql = format!(
        "SELECT {} AS workshops, {} AS cents FROM redemptions r CROSS JOIN postings p \
         WHERE r.organisation_id = {} AND p.redemption_id = r.id AND p.month = {} AND {}",
        counted(conn, &counting::workshops_redeemed, CountedOn::Lead),
        counted(conn, &counting::consumed_cents, CountedOn::Lead),
        dialect::parameter(conn, 1),
        dialect::parameter(conn, 2),
        kinds(&counting::consumed_cents),
    );
    let query = diesel::sql_query(sql).bind::<Id, _>(payee).bind::<Integer, _>(month.number());
    let row: Row = query.get_result(conn)?;
    Ok((row.workshops, Cents(row.cents)))
}

/// What an organisation is owed and was not paid, of all months.
pub fn balance(conn: &mut Conn, payee: OrganisationId) -> QueryResult<Cents> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        cents: i64,
    }
    let sql = format!(
        "SELECT {} AS cents FROM (\
         SELECT p.* FROM redemptions r CROSS JOIN postings p \
         WHERE r.organisation_id = {} AND p.redemption_id = r.id UNION ALL \
         SELECT p.* FROM postings p WHERE p.payee_id = {} AND p.redemption_id IS NULL) p",
        balances::balance(Account::Payable),
        dialect::parameter(conn, 1),
        dialect::parameter(conn, 2),
    );
    let query = diesel::sql_query(sql).bind::<Id, _>(payee).bind::<Id, _>(payee);
    let row: Row = query.get_result(conn)?;
    Ok(Cents(row.cents))
}
