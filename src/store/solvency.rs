//! What each agreement holds against what it owes: sums over the journal.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use super::balances::balance;
use super::connection::Conn;
use super::report_sums;
use super::sql_types::Id;
use crate::domain::ids::{AgreementId, OrganisationId, ProgrammeId};
use crate::domain::ledger::Account;

/// The balances of one agreement, with the names people know it by.
#[derive(Clone, Debug, QueryableByName)]
pub struct HeldRow {
    /// The agreement.
    #[diesel(sql_type = Id)]
    pub agreement: AgreementId,
    /// Its funder.
    #[diesel(sql_type = Id)]
    pub funder: OrganisationId,
    /// The funder's name.
    #[diesel(sql_type = Text)]
    pub funder_name: String,
    /// The programme.
    #[diesel(sql_type = Id)]
    pub programme: ProgrammeId,
    /// The programme's name.
    #[diesel(sql_type = Text)]
    pub programme_name: String,
    /// Its tier.
    #[diesel(sql_type = Integer)]
    pub tier: i32,
    /// Cash.
    #[diesel(sql_type = BigInt)]
    pub cash: i64,
    /// Committed.
    #[diesel(sql_type = BigInt)]
    pub committed: i64,
    /// Payable.
    #[diesel(sql_type = BigInt)]
    pub payable: i64,
    /// Available.
    #[diesel(sql_type = BigInt)]
    pub available: i64,
}

/// The balances of every agreement, rehearsals left out.
pub fn held(conn: &mut Conn) -> QueryResult<Vec<HeldRow>> {
    let balances = [Account::Cash, Account::Committed, Account::Payable, Account::Available]
        .map(|account| format!("{} AS {}", balance(account), account.as_str()))
        .join(", ");
    let sums = report_sums::whole(conn)?;
    diesel::sql_query(format!(
        "SELECT a.id AS agreement, a.funder_id AS funder, o.name AS funder_name, \
         g.id AS programme, g.name AS programme_name, a.tier AS tier, {balances} \
         FROM agreements a JOIN organisations o ON o.id = a.funder_id \
         JOIN programmes g ON g.id = a.programme_id \
         LEFT JOIN {sums} ON p.agreement_id = a.id \
         WHERE NOT g.training \
         GROUP BY a.id, a.funder_id, o.name, g.id, g.name, a.tier"
    ))
    .load(conn)
}
