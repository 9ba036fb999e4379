//! Ending a programme: its handing over is stopped, its closing statement is established and
//! agreed, and what was not used goes back to those who paid it.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::agreements::locked;
use super::ending::{BY_AGREEMENT, Ending, reference, totals, view, whole};
use super::idempotency::{Key, Once, once};
use super::money_movements::{Moved, note, post_giving_back};
use super::{Error, Op, Outcome, Services, clock_mark, release_expired};
use crate::domain::caller::{Caller, Role};
use crate::domain::ending::{EndingRefusal, may_establish, may_stop};
use crate::domain::ids::{EntryId, OrganisationId, ProgrammeId};
use crate::domain::money::Cents;
use crate::domain::programme::Programme;
use crate::domain::refusal::{Check, Refused};
use crate::store;
use crate::store::closing_statement::{ClosingLineRow, ClosingRow, SignatureRow};

/// Stops the handing over of a programme that ends soon.
///
/// # Errors
/// `not_found`, `too_early`, `already_done`.
pub fn stop_handovers(
    services: &Services,
    caller: &Caller,
    id: ProgrammeId,
    key: Option<&Key>,
) -> Outcome<Once<Ending>> {
    once(services, key, |op| {
        let programme = programme(op, id)?;
        may_stop(&programme, op.now.day_in(programme.zone))?;
        store::programme::stop_handovers(op.conn, id, caller.user, op.now)?;
        view(op, caller, id)
    })
}

fn programme(op: &mut Op<'_>, id: ProgrammeId) -> Outcome<Programme> {
    Ok(store::programme::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?)
}

/// Establishes the closing statement, once no pass of the programme is taken any more.
///
/// # Errors
/// `not_found`, `too_early`, `already_done`.
pub fn establish(
    services: &Services,
    caller: &Caller,
    id: ProgrammeId,
    key: Option<&Key>,
) -> Outcome<Once<Ending>> {
    services.read(clock_mark::must_be_believed)?;
    // Expiry is posted by a job that may not have run today.
    release_expired::release_expired(services)?;
    once(services, key, |op| {
        let programme = programme(op, id)?;
        let today = op.now.day_in(programme.zone);
        may_establish(&programme, today)?;
        store::closed_month::lock_journal(op.conn)?;
        if let Some(row) = store::closing_statement::of_programme(op.conn, id)? {
            let reference = reference(&row);
            return Err(EndingRefusal::AlreadyEstablished { reference }.into());
        }
        let year = today.year();
        let totals = totals(op, id)?;
        let row = ClosingRow {
            id: EntryId(op.id()),
            programme_id: id,
            year,
            number: store::closing_statement::last_number(op.conn, year)? + 1,
            established_at: op.now,
            established_by: caller.user,
            printed: totals.printed,
            in_stock: totals.in_stock,
            handed_over: totals.handed_over,
            started: totals.started,
            workshops_granted: totals.workshops_granted,
            workshops_redeemed: totals.workshops_redeemed,
            workshops_lapsed: totals.workshops_lapsed,
        };
        store::closing_statement::insert(op.conn, &row)?;
        insert_lines(op, id, row.id)?;
        view(op, caller, id)
    })
}

fn insert_lines(op: &mut Op<'_>, id: ProgrammeId, statement: EntryId) -> Outcome<()> {
    let scope = whole(op, id);
    let moved = store::figures::consumption(op.conn, &scope, BY_AGREEMENT)?;
    let held = store::balances::balances(op.conn, &scope, BY_AGREEMENT)?;
    for agreement in store::agreement::plan(op.conn, id)? {
        let counters = moved.iter().find(|row| row.is_of(agreement.id));
        let counters = counters.map(|row| row.counters).unwrap_or_default();
        let balances = held.iter().find(|row| row.agreement == Some(agreement.id));
        let balances = balances.map(store::balances::BalanceRow::balances).unwrap_or_default();
        let now = store::balances::held(op.conn, agreement.id)?;
        store::closing_statement::insert_line(
            op.conn,
            &ClosingLineRow {
                statement_id: statement,
                agreement_id: agreement.id,
                received_cents: counters.received_cents,
                committed_cents: counters.committed_cents,
                consumed_cents: counters.consumed_cents,
                released_cents: counters.released_cents,
                available_cents: balances.available_cents,
                payable_cents: balances.payable_cents,
                cash_cents: now.cash.0,
                to_return_cents: now.free().0,
                credited_at: None,
            },
        )?;
    }
    Ok(())
}

/// Who agrees to a closing statement.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Agree {
    /// The funder whose signature on paper the operator notes; a funder agrees for itself.
    pub funder_id: Option<Uuid>,
}

/// Notes that a funder agrees to the closing statement.
///
/// # Errors
/// `not_found`, `not_established`, `already_done`.
pub fn agree(
    services: &Services,
    caller: &Caller,
    id: ProgrammeId,
    request: &Agree,
    key: Option<&Key>,
) -> Outcome<Once<Ending>> {
    once(services, key, |op| {
        let funder = match (caller.role, request.funder_id) {
            (Role::Operator, Some(funder)) => OrganisationId(funder),
            (Role::Funder, None) => caller.organisation,
            (Role::Funder, Some(own)) if own == caller.organisation.0 => caller.organisation,
            _ => return Err(Refused::not_found().into()),
        };
        let plan = store::agreement::plan(op.conn, id)?;
        if !plan.iter().any(|line| line.funder == funder) {
            return Err(Refused::not_found().into());
        }
        let row = established(op, id)?;
        let signed = store::closing_statement::signatures_of(op.conn, row.id)?;
        if signed.iter().any(|one| one.funder_id == funder) {
            return Err(EndingRefusal::AlreadyAgreed.into());
        }
        let word = SignatureRow {
            statement_id: row.id,
            funder_id: funder,
            agreed_at: op.now,
            agreed_by: caller.user,
        };
        store::closing_statement::sign(op.conn, &word)?;
        view(op, caller, id)
    })
}

fn established(op: &mut Op<'_>, id: ProgrammeId) -> Outcome<ClosingRow> {
    programme(op, id)?;
    let found = store::closing_statement::of_programme(op.conn, id)?;
    found.ok_or_else(|| Error::from(EndingRefusal::NotEstablished))
}

/// When the money went back.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// The day at the bank.
    pub refunded_on: NaiveDate,
}

/// Gives what was not used back to every funder that agreed and has not been given it: each its
/// own agreement's money, to the cent.
///
/// # Errors
/// `not_found`, `not_established`, `nothing_to_credit`.
pub fn credit(
    services: &Services,
    caller: &Caller,
    id: ProgrammeId,
    request: &Credit,
    key: Option<&Key>,
) -> Outcome<Once<Ending>> {
    let mut check = Check::default();
    check.value_date(request.refunded_on, services.today(), "/refunded_on");
    check.done()?;
    services.read(clock_mark::must_be_believed)?;
    once(services, key, |op| {
        let row = established(op, id)?;
        let signed = store::closing_statement::signatures_of(op.conn, row.id)?;
        let plan = store::agreement::plan(op.conn, id)?;
        let agreed = |line: &ClosingLineRow| {
            let known = plan.iter().find(|known| known.id == line.agreement_id);
            known.is_some_and(|known| signed.iter().any(|one| one.funder_id == known.funder))
        };
        let mut lines = store::closing_statement::lines_of(op.conn, row.id)?;
        lines.retain(|line| line.to_return_cents > 0 && agreed(line));
        let mut credited = 0;
        for line in lines {
            credited += usize::from(give_back(op, caller, &row, &line, request.refunded_on)?);
        }
        if credited == 0 {
            return Err(EndingRefusal::NothingToCredit.into());
        }
        view(op, caller, id)
    })
}

/// Whether it was given back now: under the lock of the agreement, once.
fn give_back(
    op: &mut Op<'_>,
    caller: &Caller,
    row: &ClosingRow,
    line: &ClosingLineRow,
    day: NaiveDate,
) -> Outcome<bool> {
    let (mut agreement, programme) = locked(op, line.agreement_id)?;
    let now = store::closing_statement::lines_of(op.conn, row.id)?;
    let now = now.iter().find(|one| one.agreement_id == line.agreement_id);
    if now.is_none_or(|now| now.credited_at.is_some()) {
        return Ok(false);
    }
    // What happened since the statement: less may be left, never more is given back.
    let held = store::balances::held(op.conn, line.agreement_id)?;
    let amount = Cents(line.to_return_cents).min(held.free());
    store::closing_statement::credit(op.conn, row.id, line.agreement_id, op.now)?;
    if amount <= Cents::ZERO {
        return Ok(true);
    }
    post_giving_back(op, &programme, &mut agreement, held.giving_back(amount))?;
    let moved = Moved { kind: "refund", amount, on: day, reference: &reference(row) };
    note(op, caller, &agreement, &moved)?;
    Ok(true)
}
