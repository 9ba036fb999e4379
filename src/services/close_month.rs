//! Closing months: from then on their figures never change. Each closing freezes the figures of
//! every agreement, makes the statements of every organisation and the calls for funds, and
//! chains the month's postings to those of the months before.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::idempotency::{Key, Once, once};
use super::{Op, Outcome, Services};
use crate::adapters::journal_digest::JournalDigest;
use crate::adapters::keys::hex;
use crate::domain::accounting::{ClosedMonth, months_to_close};
use crate::domain::funding_call::FundingCall;
use crate::domain::ids::{FundingCallId, StatementId, UserId};
use crate::domain::money::Cents;
use crate::domain::statement::{Statement, StatementState};
use crate::domain::time::{Day, Month, Zone};
use crate::store;
use crate::store::ledger::PostingRow;

/// How many postings are read at a time.
const BATCH: i64 = 5_000;

/// What a closing made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Closing {
    /// The months that were closed, in order.
    pub months: Vec<MonthClosing>,
}

/// What the closing of one month made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MonthClosing {
    /// The month.
    #[schema(example = "2026-03")]
    pub month: String,
    /// When it was closed, RFC 3339.
    pub closed_at: String,
    /// How many postings it holds.
    pub postings: i64,
    /// How many statements it made.
    pub statements: usize,
    /// What they add up to.
    pub statements_cents: i64,
    /// How many funding calls it made.
    pub funding_calls: usize,
    /// What they add up to: the same, for every cent of a statement is some funder's.
    pub funding_calls_cents: i64,
    /// SHA-256 over the digest before and this month's postings, in hexadecimal.
    pub digest: String,
}

/// Closes a month and every open one before it.
///
/// # Errors
/// `month_not_over` and `month_closed`.
pub fn close_month(
    services: &Services,
    by: UserId,
    asked: Month,
    key: Option<&Key>,
) -> Outcome<Once<Closing>> {
    once(services, key, |op| {
        store::closed_month::lock_journal(op.conn)?;
        let today = earliest_today(op)?;
        let first = store::balances::first_month(op.conn)?;
        let mut last = store::closed_month::last(op.conn)?;
        let mut months = Vec::new();
        for month in months_to_close(asked, today, first, last.as_ref())? {
            let (closed, made) = close(op, by, month, last.as_ref())?;
            last = Some(closed);
            months.push(made);
        }
        Ok(Closing { months })
    })
}

/// Today where the day begins last: a month is over once it is over for every programme.
pub(super) fn earliest_today(op: &mut Op<'_>) -> Outcome<Day> {
    let zones = store::programme::zones(op.conn)?;
    let days = zones.into_iter().map(|zone| op.now.day_in(zone));
    Ok(days.min().unwrap_or_else(|| op.now.day_in(Zone::PARIS)))
}

fn close(
    op: &mut Op<'_>,
    by: UserId,
    month: Month,
    last: Option<&ClosedMonth>,
) -> Outcome<(ClosedMonth, MonthClosing)> {
    let (postings, digest) = digest(op, month, last.map(|last| last.digest.as_slice()))?;
    let closed = ClosedMonth { month, closed_at: op.now, closed_by: Some(by), postings, digest };
    store::closed_month::insert(op.conn, &closed)?;
    for figures in store::month_figures::figures(op.conn, month)? {
        store::closed_month::insert_figures(op.conn, &figures)?;
    }
    let statements = issue_statements(op, month)?;
    let calls = issue_calls(op, month)?;
    let made = MonthClosing {
        month: month.to_string(),
        closed_at: op.now.to_string(),
        postings,
        statements: statements.len(),
        statements_cents: statements.iter().map(|statement| statement.amount.0).sum(),
        funding_calls: calls.len(),
        funding_calls_cents: calls.iter().map(|call| call.amount.0).sum(),
        digest: hex(&closed.digest),
    };
    Ok((closed, made))
}

/// How many postings a month holds, and their digest after the one before.
pub(super) fn digest(
    op: &mut Op<'_>,
    month: Month,
    before: Option<&[u8]>,
) -> Outcome<(i64, Vec<u8>)> {
    let mut chain = JournalDigest::after(before.unwrap_or_default());
    let mut count = 0;
    if let Some((first, last)) = store::ledger::numbers_of_month(op.conn, month)? {
        let mut after = first - 1;
        while after < last {
            let up_to = after + BATCH;
            for row in &store::ledger::of_month(op.conn, month, after, up_to)? {
                chain.line(&line(row));
                count += 1;
            }
            after = up_to;
        }
    }
    Ok((count, chain.end()))
}

/// A posting as one line: its columns in the order of the table, apart by bars, nothing where
/// nothing is, the instant in microseconds since 1970.
fn line(row: &PostingRow) -> String {
    fn id(id: Option<uuid::Uuid>) -> String {
        id.map(|id| id.to_string()).unwrap_or_default()
    }
    [
        row.number.to_string(),
        row.kind.clone(),
        row.from_account.clone(),
        row.to_account.clone(),
        row.agreement_id.to_string(),
        row.amount_cents.to_string(),
        row.month.to_string(),
        row.workshop_month.to_string(),
        id(row.origin_id.map(|id| id.0)),
        id(row.redemption_id.map(|id| id.0)),
        id(row.venue_id.map(|id| id.0)),
        id(row.payee_id.map(|id| id.0)),
        row.workshops.to_string(),
        row.starts.to_string(),
        u8::from(row.lead).to_string(),
        row.recorded_at.micros().to_string(),
        id(row.statement_id.map(|id| id.0)),
    ]
    .join("|")
}

fn issue_statements(op: &mut Op<'_>, month: Month) -> Outcome<Vec<Statement>> {
    let year = year_of(month);
    let next = store::statement::last_number(op.conn, year)? + 1;
    let mut issued = Vec::new();
    for (number, earned) in (next..).zip(store::month_figures::earned(op.conn, month)?) {
        let owing = store::statement::to_carry(op.conn, earned.organisation)?;
        let statement = Statement {
            id: StatementId(op.id()),
            year,
            number,
            organisation: earned.organisation,
            month,
            workshops: earned.workshops,
            amount: Cents(earned.cents),
            carried: owing.iter().map(Statement::due).sum(),
            state: StatementState::Draft,
            carried_into: None,
            payment_run: None,
            issued_at: op.now,
            approved_at: None,
            approved_by: None,
        };
        store::statement::insert(op.conn, &statement)?;
        for carried in owing {
            store::statement::carry(op.conn, carried.id, statement.id)?;
        }
        issued.push(statement);
    }
    Ok(issued)
}

fn issue_calls(op: &mut Op<'_>, month: Month) -> Outcome<Vec<FundingCall>> {
    let year = year_of(month);
    let next = store::funding_call::last_number(op.conn, year)? + 1;
    let mut issued = Vec::new();
    for (number, share) in (next..).zip(store::month_figures::consumed(op.conn, month)?) {
        let call = FundingCall {
            id: FundingCallId(op.id()),
            year,
            number,
            funder: share.organisation,
            month,
            amount: Cents(share.cents),
            issued_at: op.now,
        };
        store::funding_call::insert(op.conn, &call)?;
        issued.push(call);
    }
    Ok(issued)
}

/// The year of a month's documents.
fn year_of(month: Month) -> i32 {
    month.number() / 100
}
