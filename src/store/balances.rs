//! What agreements hold: sums over the journal up to a month, and nothing else.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable};

use super::connection::Conn;
use super::dialect;
use super::figures::{joins, key, relation};
use super::report_scope::Scope;
use super::report_sums;
use super::sql_types::Id;
use crate::domain::giving_back::Held;
use crate::domain::ids::{AgreementId, ProgrammeId};
use crate::domain::ledger::{Account, PostingKind};
use crate::domain::money::Cents;
use crate::domain::report::{Balances, By, Group, hold_money};
use crate::domain::time::Month;

/// The balances of one row, with the keys it was grouped by.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct BalanceRow {
    /// Programme.
    #[diesel(sql_type = Nullable<Id>)]
    pub programme: Option<ProgrammeId>,
    /// Agreement.
    #[diesel(sql_type = Nullable<Id>)]
    pub agreement: Option<AgreementId>,
    #[diesel(sql_type = BigInt)]
    available: i64,
    #[diesel(sql_type = BigInt)]
    committed: i64,
    #[diesel(sql_type = BigInt)]
    payable: i64,
}

impl BalanceRow {
    /// The keys of its groups, as a row of figures has them.
    #[must_use]
    pub fn keys(&self, groups: &[Group]) -> Vec<(Group, Option<String>)> {
        let id = |group: &Group| match group {
            Group::Programme => self.programme.map(|id| id.0),
            Group::Agreement => self.agreement.map(|id| id.0),
            _ => None,
        };
        let key = |group: &Group| (*group, id(group).map(|id| id.simple().to_string()));
        groups.iter().map(key).collect()
    }

    /// The balances.
    #[must_use]
    pub fn balances(&self) -> Balances {
        Balances {
            available_cents: self.available,
            committed_balance_cents: self.committed,
            payable_cents: self.payable,
        }
    }
}

/// The balances at the end of the scope's last accounting month, by what holds money; as of the
/// scope's instant.
pub fn balances(conn: &mut Conn, scope: &Scope, groups: &[Group]) -> QueryResult<Vec<BalanceRow>> {
    let scope = Scope { from: Month::FIRST, by: By::AccountingMonth, ..scope.clone() };
    let holding: &[Group] = if hold_money(groups) { groups } else { &[] };
    let shown = [Group::Programme, Group::Agreement].map(|group| {
        let key = holding.contains(&group).then(|| key(group, scope.by));
        format!("{} AS {}", key.as_deref().unwrap_or("NULL"), group.as_str())
    });
    let keys: Vec<String> = holding.iter().map(|group| key(*group, scope.by)).collect();
    let grouped =
        if keys.is_empty() { String::new() } else { format!("GROUP BY {}", keys.join(", ")) };
    let sql = format!(
        "SELECT {}, {} AS available, {} AS committed, {} AS payable FROM {} {} {grouped}",
        shown.join(", "),
        balance(Account::Available),
        balance(Account::Committed),
        balance(Account::Payable),
        relation(conn, &scope, holding)?,
        joins(holding),
    );
    scope.bind(sql).load(conn)
}

/// The sum that an account of the relation `p` holds: what entered it less what left it.
pub(super) fn balance(account: Account) -> String {
    let kinds = |side: fn((Account, Account)) -> Account| {
        let kinds = PostingKind::ALL.into_iter().filter(|kind| side(kind.accounts()) == account);
        kinds.map(|kind| format!("'{}'", kind.as_str())).collect::<Vec<_>>().join(", ")
    };
    format!(
        "CAST(coalesce(sum(CASE WHEN p.kind IN ({}) THEN p.amount_cents \
         WHEN p.kind IN ({}) THEN -p.amount_cents ELSE 0 END), 0) AS BIGINT)",
        kinds(|(_, to)| to),
        kinds(|(from, _)| from)
    )
}

/// The month of the first posting, when there is one.
pub fn first_month(conn: &mut Conn) -> QueryResult<Option<Month>> {
    #[derive(QueryableByName)]
    struct First {
        #[diesel(sql_type = Nullable<Integer>)]
        month: Option<i32>,
    }
    let sql = format!("SELECT min(p.month) AS month FROM {}", report_sums::whole(conn)?);
    let first: First = diesel::sql_query(sql).get_result(conn)?;
    Ok(first.month.and_then(Month::from_number))
}

/// What an agreement holds now.
pub fn held(conn: &mut Conn, agreement: AgreementId) -> QueryResult<Held> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        cash: i64,
        #[diesel(sql_type = BigInt)]
        available: i64,
        #[diesel(sql_type = BigInt)]
        committed: i64,
        #[diesel(sql_type = BigInt)]
        payable: i64,
    }
    let sql = format!(
        "SELECT {} AS cash, {} AS available, {} AS committed, {} AS payable FROM {} \
         WHERE p.agreement_id = {}",
        balance(Account::Cash),
        balance(Account::Available),
        balance(Account::Committed),
        balance(Account::Payable),
        report_sums::whole(conn)?,
        dialect::parameter(conn, 1)
    );
    let row: Row = diesel::sql_query(sql).bind::<Id, _>(agreement).get_result(conn)?;
    Ok(Held {
        cash: Cents(row.cash),
        available: Cents(row.available),
        committed: Cents(row.committed),
        payable: Cents(row.payable),
    })
}
