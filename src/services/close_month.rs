//! Closing months: from then on their figures never change. Each closing freezes the figures of
//! every agreement, makes the statements of every organisation and the calls for funds, and
//! chains the month's postings to those of the months before.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::idempotency::{Key, Once, once};
use super::month_postings::MonthPostings;
use super::{Op, Outcome, Services, clock_mark};
use crate::adapters::digest::hex;
use crate::domain::accounting::{CloseRefusal, ClosedMonth, months_to_close};
use crate::domain::funding_call::FundingCall;
use crate::domain::ids::{FundingCallId, OrganisationId, StatementId, UserId};
use crate::domain::money::Cents;
use crate::domain::statement::{Statement, StatementState};
use crate::domain::time::{Day, Month, Zone};
use crate::store;
use crate::store::month_figures::Share;

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
    services.read(clock_mark::must_be_believed)?;
    let ahead = services.read(|op| read_ahead(op, asked))?;
    once(services, key, |op| {
        store::closed_month::lock_journal(op.conn)?;
        let mut last = store::closed_month::last(op.conn)?;
        let mut made = Vec::new();
        for month in to_close(op, asked, last.as_ref())?? {
            let before = last.as_ref().map(|last| last.digest.as_slice());
            let postings = match ahead.iter().find(|postings| postings.month == month) {
                Some(postings) if postings.are_all(op, before)? => postings.clone(),
                _ => MonthPostings::read(op, month, before)?,
            };
            let (closed, closing) = close(op, by, postings)?;
            last = Some(closed);
            made.push(closing);
        }
        Ok(Closing { months: made })
    })
}

/// The months that a closing of `asked` closes after the last closed one, or why it does not.
fn to_close(
    op: &mut Op<'_>,
    asked: Month,
    last: Option<&ClosedMonth>,
) -> Outcome<Result<Vec<Month>, CloseRefusal>> {
    let today = earliest_today(op)?;
    let first = store::balances::first_month(op.conn)?;
    Ok(months_to_close(asked, today, first, last))
}

/// The postings of the months to close, while others write: a month that is over gets no more but
/// from a clock that is behind, so that nobody waits while millions are read.
fn read_ahead(op: &mut Op<'_>, asked: Month) -> Outcome<Vec<MonthPostings>> {
    let last = store::closed_month::last(op.conn)?;
    let months = to_close(op, asked, last.as_ref())?;
    let mut before = last.map(|last| last.digest);
    let mut read = Vec::new();
    // A refusal is given where the journal is locked.
    for month in months.unwrap_or_default() {
        let postings = MonthPostings::read(op, month, before.as_deref())?;
        before = Some(postings.digest.clone());
        read.push(postings);
    }
    Ok(read)
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
    postings: MonthPostings,
) -> Outcome<(ClosedMonth, MonthClosing)> {
    let MonthPostings { month, count, digest, earned, .. } = postings;
    let (closed_at, closed_by) = (op.now, Some(by));
    let closed = ClosedMonth { month, closed_at, closed_by, postings: count, digest };
    store::closed_month::insert(op.conn, &closed)?;
    for figures in store::month_figures::figures(op.conn, month)? {
        store::closed_month::insert_figures(op.conn, &figures)?;
    }
    let statements = issue_statements(op, month, earned)?;
    let calls = issue_calls(op, month)?;
    let made = MonthClosing {
        month: month.to_string(),
        closed_at: op.now.to_string(),
        postings: count,
        statements: statements.len(),
        statements_cents: statements.iter().map(|statement| statement.amount.0).sum(),
        funding_calls: calls.len(),
        funding_calls_cents: calls.iter().map(|call| call.amount.0).sum(),
        digest: hex(&closed.digest),
    };
    Ok((closed, made))
}

/// Shares in the order of the organisations' names, byte by byte: the same on both engines.
fn by_name(op: &mut Op<'_>, mut shares: Vec<Share>) -> Outcome<Vec<Share>> {
    let organisations = store::organisation::all(op.conn)?;
    let names = organisations.into_iter().map(|one| (one.id, one.name));
    let names: HashMap<OrganisationId, String> = names.collect();
    shares.sort_by_key(|share| (names.get(&share.organisation), share.organisation));
    Ok(shares)
}

fn issue_statements(op: &mut Op<'_>, month: Month, earned: Vec<Share>) -> Outcome<Vec<Statement>> {
    let year = year_of(month);
    let next = store::statement::last_number(op.conn, year)? + 1;
    let mut issued = Vec::new();
    for (number, earned) in (next..).zip(by_name(op, earned)?) {
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
    let consumed = store::month_figures::consumed(op.conn, month)?;
    for (number, share) in (next..).zip(by_name(op, consumed)?) {
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
