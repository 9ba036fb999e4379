//! What the journal says of one accounting month: the figures a closing freezes.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::balances::balance;
use super::closed_month::ClosedFigures;
use super::connection::Conn;
use super::figures::sum;
use super::rollup::{self, Asked};
use super::sql_types::Id;
use crate::domain::ids::{AgreementId, OrganisationId};
use crate::domain::ledger::Account;
use crate::domain::time::Month;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Id)]
    agreement: AgreementId,
    #[diesel(sql_type = BigInt)]
    workshops: i64,
    #[diesel(sql_type = BigInt)]
    received: i64,
    #[diesel(sql_type = BigInt)]
    committed: i64,
    #[diesel(sql_type = BigInt)]
    consumed: i64,
    #[diesel(sql_type = BigInt)]
    released: i64,
    #[diesel(sql_type = BigInt)]
    paid: i64,
    #[diesel(sql_type = BigInt)]
    refunded: i64,
    #[diesel(sql_type = BigInt)]
    available_balance: i64,
    #[diesel(sql_type = BigInt)]
    committed_balance: i64,
    #[diesel(sql_type = BigInt)]
    payable_balance: i64,
    #[diesel(sql_type = BigInt)]
    cash_balance: i64,
}

/// What each agreement did in a month and held at its end. Agreements without a posting up to then
/// have no row.
pub fn figures(conn: &mut Conn, month: Month) -> QueryResult<Vec<ClosedFigures>> {
    let month_number = month.number();
    let moved = |what: &str, plus: &str, minus: &str| {
        sum(&format!(
            "CASE WHEN p.month <> {month_number} THEN 0 WHEN p.kind = '{plus}' THEN p.{what} \
             WHEN p.kind = '{minus}' THEN -p.{what} ELSE 0 END"
        ))
    };
    let columns = [
        ("workshops", moved("workshops", "consumption", "reversal")),
        ("received", moved("amount_cents", "receipt", "")),
        ("committed", moved("amount_cents", "commitment", "")),
        ("consumed", moved("amount_cents", "consumption", "reversal")),
        ("released", moved("amount_cents", "release", "")),
        ("paid", moved("amount_cents", "settlement", "settlement_reversal")),
        ("refunded", moved("amount_cents", "refund", "")),
        ("available_balance", balance(Account::Available)),
        ("committed_balance", balance(Account::Committed)),
        ("payable_balance", balance(Account::Payable)),
        ("cash_balance", balance(Account::Cash)),
    ];
    let columns = columns.map(|(name, sum)| format!("{sum} AS {name}")).join(", ");
    let only = format!("p.month <= {month_number}");
    let sums = rollup::sums(conn, &Asked { only: &only, ..Asked::everything() })?;
    let sql = format!(
        "SELECT p.agreement_id AS agreement, {columns} FROM {sums} \
         GROUP BY p.agreement_id ORDER BY p.agreement_id"
    );
    let rows: Vec<Row> = diesel::sql_query(sql).load(conn)?;
    Ok(rows.into_iter().map(|row| row.figures(month)).collect())
}

impl Row {
    fn figures(self, month: Month) -> ClosedFigures {
        ClosedFigures {
            month: month.number(),
            agreement_id: self.agreement,
            workshops_redeemed: self.workshops,
            received_cents: self.received,
            committed_cents: self.committed,
            consumed_cents: self.consumed,
            released_cents: self.released,
            paid_cents: self.paid,
            refunded_cents: self.refunded,
            available_cents: self.available_balance,
            committed_balance_cents: self.committed_balance,
            payable_cents: self.payable_balance,
            cash_cents: self.cash_balance,
        }
    }
}

/// What an organisation earned, or a funder is asked for, in a month.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Share {
    /// The organisation.
    #[diesel(sql_type = Id)]
    pub organisation: OrganisationId,
    /// Workshops, undone ones taken off.
    #[diesel(sql_type = BigInt)]
    pub workshops: i64,
    /// What they are worth.
    #[diesel(sql_type = BigInt)]
    pub cents: i64,
}

const CENTS: &str = "CASE WHEN p.kind = 'consumption' THEN p.amount_cents ELSE -p.amount_cents END";
const WORKSHOPS: &str = "CASE WHEN NOT p.lead THEN 0 WHEN p.kind = 'consumption' \
    THEN p.workshops ELSE -p.workshops END";

/// What the redemptions and reversals of the month cost each funder.
pub fn consumed(conn: &mut Conn, month: Month) -> QueryResult<Vec<Share>> {
    let only = format!("p.month = {}", month.number());
    let sums = rollup::sums(conn, &Asked { only: &only, ..Asked::everything() })?;
    let sql = format!(
        "SELECT a.funder_id AS organisation, {} AS workshops, {} AS cents \
         FROM {sums} JOIN agreements a ON a.id = p.agreement_id \
         WHERE p.kind IN ('consumption', 'reversal') GROUP BY a.funder_id",
        sum(WORKSHOPS),
        sum(CENTS),
    );
    diesel::sql_query(sql).load(conn)
}
