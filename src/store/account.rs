//! What stands on the accounts of each agreement: sums over the journal.

use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use super::balances::balance;
use super::connection::Conn;
use super::dialect;
use super::report_sums;
use super::sql_types::Id;
use crate::domain::ids::{AgreementId, ProgrammeId};
use crate::domain::ledger::Account;

/// The balances of an agreement's accounts, in cents.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct AccountRow {
    #[diesel(sql_type = Id)]
    agreement: AgreementId,
    /// Received, less what was paid out and given back.
    #[diesel(sql_type = BigInt)]
    pub cash: i64,
    /// Promised to passes and not used yet.
    #[diesel(sql_type = BigInt)]
    pub committed: i64,
    /// Used and not paid yet.
    #[diesel(sql_type = BigInt)]
    pub payable: i64,
    /// Paid to those who gave the workshops.
    #[diesel(sql_type = BigInt)]
    pub paid: i64,
}

/// The balances of the agreements of a programme, or of all of them. An agreement whose money
/// never moved has no row.
pub fn balances(
    conn: &mut Conn,
    programme: Option<ProgrammeId>,
) -> QueryResult<Vec<(AgreementId, AccountRow)>> {
    let balances = [Account::Cash, Account::Committed, Account::Payable, Account::Paid]
        .map(|account| format!("{} AS {}", balance(account), account.as_str()))
        .join(", ");
    let parameter = dialect::parameter(conn, 1);
    let of = match programme {
        Some(_) => format!("a.programme_id = {parameter}"),
        None => format!("{parameter} IS NULL"),
    };
    let sql = format!(
        "SELECT p.agreement_id AS agreement, {balances} FROM {} \
         JOIN agreements a ON a.id = p.agreement_id WHERE {of} GROUP BY p.agreement_id",
        report_sums::whole(conn)?
    );
    let rows: Vec<AccountRow> =
        diesel::sql_query(sql).bind::<Nullable<Id>, _>(programme).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.agreement, row)).collect())
}
