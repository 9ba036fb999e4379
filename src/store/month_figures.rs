//! What the journal says of one accounting month: the figures a closing freezes.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::balances::balance;
use super::closed_month::ClosedFigures;
use super::connection::Conn;
use super::counting::{CountedOn, counted, counted_where, kinds};
use super::report_sums;
use super::sql_types::Id;
use crate::domain::ids::{AgreementId, OrganisationId};
use crate::domain::ledger::Account;
use crate::domain::report::counting;
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
    let of_month = format!("p.month = {month_number}");
    let moved = [
        ("workshops", counting::workshops_redeemed),
        ("received", counting::received_cents),
        ("committed", counting::committed_cents),
        ("consumed", counting::consumed_cents),
        ("released", counting::released_cents),
        ("paid", counting::paid_cents),
        ("refunded", counting::refunded_cents),
    ]
    .map(|(name, counting)| (name, counted_where(conn, &counting, CountedOn::Own, &of_month)));
    let held = [
        ("available_balance", Account::Available),
        ("committed_balance", Account::Committed),
        ("payable_balance", Account::Payable),
        ("cash_balance", Account::Cash),
    ]
    .map(|(name, account)| (name, balance(account)));
    let columns: Vec<String> =
        moved.into_iter().chain(held).map(|(name, sum)| format!("{sum} AS {name}")).collect();
    let sums = report_sums::relation(conn, &format!("+p.month <= {month_number}"), "1 = 1")?;
    let sql = format!(
        "SELECT p.agreement_id AS agreement, {} FROM {sums} \
         GROUP BY p.agreement_id ORDER BY p.agreement_id",
        columns.join(", ")
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

/// What the redemptions and reversals of the month cost each funder.
pub fn consumed(conn: &mut Conn, month: Month) -> QueryResult<Vec<Share>> {
    let sums = report_sums::relation(conn, &format!("+p.month = {}", month.number()), "1 = 1")?;
    let sql = format!(
        "SELECT a.funder_id AS organisation, {} AS workshops, {} AS cents \
         FROM {sums} JOIN agreements a ON a.id = p.agreement_id WHERE {} GROUP BY a.funder_id",
        counted(conn, &counting::workshops_redeemed, CountedOn::Lead),
        counted(conn, &counting::consumed_cents, CountedOn::Lead),
        kinds(&counting::consumed_cents),
    );
    diesel::sql_query(sql).load(conn)
}
