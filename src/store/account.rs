//! What stands on the accounts of each agreement: sums over the journal.

use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use super::connection::Conn;
use super::dialect;
use super::sql_types::Id;
use crate::domain::ids::{AgreementId, ProgrammeId};

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
    let balance = |account: &str| {
        format!(
            "CAST(coalesce(sum(CASE WHEN p.to_account = '{account}' THEN p.amount_cents \
             WHEN p.from_account = '{account}' THEN -p.amount_cents ELSE 0 END), 0) AS BIGINT) \
             AS {account}"
        )
    };
    let sums = ["cash", "committed", "payable", "paid"].map(balance).join(", ");
    let parameter = dialect::parameter(conn, 1);
    let of = match programme {
        Some(_) => format!("a.programme_id = {parameter}"),
        None => format!("{parameter} IS NULL"),
    };
    let sql = format!(
        "SELECT p.agreement_id AS agreement, {sums} FROM postings p \
         JOIN agreements a ON a.id = p.agreement_id WHERE {of} GROUP BY p.agreement_id"
    );
    let rows: Vec<AccountRow> =
        diesel::sql_query(sql).bind::<Nullable<Id>, _>(programme).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.agreement, row)).collect())
}
