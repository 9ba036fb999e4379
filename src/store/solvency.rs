//! What each agreement holds against what it owes: sums over the journal.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use super::connection::Conn;
use super::figures::sum;
use super::sql_types::Id;
use crate::domain::ids::{AgreementId, OrganisationId, ProgrammeId};

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
    let balance = |account: &str| {
        let sum = sum(&format!(
            "CASE WHEN p.to_account = '{account}' THEN p.amount_cents \
             WHEN p.from_account = '{account}' THEN -p.amount_cents ELSE 0 END"
        ));
        format!("{sum} AS {account}")
    };
    let balances = ["cash", "committed", "payable", "available"].map(balance).join(", ");
    diesel::sql_query(format!(
        "SELECT a.id AS agreement, a.funder_id AS funder, o.name AS funder_name, \
         g.id AS programme, g.name AS programme_name, a.tier AS tier, {balances} \
         FROM agreements a JOIN organisations o ON o.id = a.funder_id \
         JOIN programmes g ON g.id = a.programme_id \
         LEFT JOIN postings p ON p.agreement_id = a.id \
         WHERE NOT g.training \
         GROUP BY a.id, a.funder_id, o.name, g.id, g.name, a.tier"
    ))
    .load(conn)
}
