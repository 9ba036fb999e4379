//! Paying: approved statements of organisations whose account is known become one bank file.

use chrono::{Days, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bank_details::{account, seal_for};
use super::idempotency::{Key, Once, once};
use super::next_payment_run::{Ready, ready_to_pay};
use super::owed::owed_by_agreement;
use super::payment_runs::{PaymentRunView, view};
use super::{Error, Op, Outcome, Services, clock_mark};
use crate::adapters::bank;
use crate::adapters::bank_file::{self, Transfer};
use crate::adapters::digest::sha256;
use crate::domain::bank_day::{bank_day_from, is_bank_day};
use crate::domain::bank_detail::{BankDetail, BankDetailState};
use crate::domain::caller::Caller;
use crate::domain::ids::{AgreementId, PaymentRunId};
use crate::domain::ledger::{Posting, Subject};
use crate::domain::money::Cents;
use crate::domain::payment_run::{
    BankAccount, PainVersion, PaymentRefusal, PaymentRun, settlement,
};
use crate::domain::refusal::Check;
use crate::domain::statement::{Statement, StatementState};
use crate::domain::time::{Month, Zone, in_letters, month_in_letters};
use crate::store;
use crate::store::payment_run::PaymentRow;

/// How far ahead a bank may be asked to pay.
const DAYS_AHEAD: u64 = 60;

/// A payment run to make.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPaymentRun {
    /// The day the bank is asked to pay on, on which banks work; the next such day when left out.
    pub execution_day: Option<NaiveDate>,
    /// Only these statements; every one that can be paid when left out.
    pub statements: Option<Vec<Uuid>>,
}

/// Pays: makes the run, its postings and its files, once.
///
/// # Errors
/// Wrong values, `debtor_missing`, or `nothing_to_pay`.
pub fn pay_statements(
    services: &Services,
    caller: &Caller,
    request: &NewPaymentRun,
    key: Option<&Key>,
) -> Outcome<Once<PaymentRunView>> {
    once(services, key, |op| {
        clock_mark::must_be_believed(op)?;
        let day = checked(op, request)?;
        // Two runs at once would take the same statements and the same number.
        store::closed_month::lock_journal(op.conn)?;
        let confirmed = BankDetailState::Confirmed;
        let debtor = store::bank_detail::only(op.conn, caller.organisation, confirmed)?
            .filter(|debtor| bank::holder(&debtor.holder).is_some())
            .ok_or(PaymentRefusal::DebtorMissing)?;
        let (mut ready, left_out) = ready_to_pay(op)?;
        if let Some(asked) = &request.statements {
            ready.retain(|(statement, _)| asked.contains(&statement.id.0));
        }
        if ready.is_empty() {
            return Err(PaymentRefusal::NothingToPay.into());
        }
        let run = new_run(op, caller, day, &debtor, &ready)?;
        store::payment_run::insert(op.conn, &run)?;
        let mut transfers = Vec::with_capacity(ready.len());
        for (statement, creditor) in &ready {
            pay(op, &run, statement, creditor)?;
            transfers.push(transfer(op, statement, creditor)?);
        }
        let debtor = account(op, &debtor)?;
        keep_files(op, &run, &debtor, &transfers)?;
        let mut made = view(op, &run)?;
        made.left_out = Some(left_out);
        Ok(made)
    })
}

fn checked(op: &Op<'_>, request: &NewPaymentRun) -> Outcome<NaiveDate> {
    let today = op.now.day_in(Zone::PARIS);
    let day = request.execution_day.unwrap_or_else(|| bank_day_from(today));
    let last = today.checked_add_days(Days::new(DAYS_AHEAD)).unwrap_or(today);
    let mut check = Check::default();
    let detail = "Le jour du virement va d'aujourd'hui à 60 jours plus tard.";
    let near = (today..=last).contains(&day);
    check.that(near, "/execution_day", "out_of_range", detail);
    let detail = format!(
        "Les banques ne font pas de virement ce jour-là : le premier jour possible est le {}.",
        in_letters(bank_day_from(day))
    );
    check.that(!near || is_bank_day(day), "/execution_day", "no_bank_day", &detail);
    check.done()?;
    Ok(day)
}

fn new_run(
    op: &mut Op<'_>,
    caller: &Caller,
    day: NaiveDate,
    debtor: &BankDetail,
    ready: &[Ready],
) -> Outcome<PaymentRun> {
    use chrono::Datelike;
    let year = op.now.day_in(Zone::PARIS).year();
    Ok(PaymentRun {
        id: PaymentRunId(op.id()),
        year,
        number: store::payment_run::last_number(op.conn, year)? + 1,
        debtor: debtor.id,
        execution_day: day,
        transfers: i32::try_from(ready.len()).map_err(Error::failure)?,
        control_sum: ready.iter().map(|(statement, _)| statement.due()).sum(),
        created_at: op.now,
        created_by: caller.user,
        executed_on: None,
        executed_at: None,
        executed_by: None,
    })
}

fn pay(
    op: &mut Op<'_>,
    run: &PaymentRun,
    statement: &Statement,
    creditor: &BankDetail,
) -> Outcome<()> {
    let row = PaymentRow {
        run_id: run.id,
        statement_id: statement.id,
        creditor_id: creditor.id,
        amount_cents: statement.due().0,
        rejected_at: None,
        rejected_by: None,
        reject_code: None,
        reject_reason: None,
        payee_check: None,
        payee_name: None,
    };
    store::payment_run::insert_payment(op.conn, &row)?;
    let state = StatementState::InPayment;
    store::payment_run::place(op.conn, statement.id, Some(run.id), state)?;
    let parts = owed_by_agreement(op, statement)?;
    post_settlement(op, statement, &parts)
}

/// Moves the parts of a statement from payable to paid, and out of the cash beside it; parts below
/// zero the other way.
pub(super) fn post_settlement(
    op: &mut Op<'_>,
    statement: &Statement,
    parts: &[(AgreementId, Cents)],
) -> Outcome<()> {
    let subject = Subject {
        payee: Some(statement.organisation),
        statement: Some(statement.id),
        ..Subject::default()
    };
    let mut lines = Vec::new();
    for (agreement, amount, kinds) in settlement(parts) {
        let month = month_of(op, agreement)?;
        lines.extend(kinds.map(|kind| Posting {
            kind,
            agreement,
            amount,
            month,
            subject,
            lead: true,
        }));
    }
    Ok(store::ledger::insert(op.conn, &lines, None, op.now)?)
}

fn month_of(op: &mut Op<'_>, agreement: AgreementId) -> Outcome<Month> {
    let missing = || Error::failure("a posting without its agreement");
    let row = store::agreement::by_id(op.conn, agreement)?.ok_or_else(missing)?;
    let programme = store::programme::by_id(op.conn, row.programme_id)?.ok_or_else(missing)?;
    op.accounting_month(programme.zone)
}

fn transfer(op: &mut Op<'_>, statement: &Statement, creditor: &BankDetail) -> Outcome<Transfer> {
    Ok(Transfer {
        creditor: account(op, creditor)?,
        amount: statement.due(),
        statement: statement.reference(),
        words: format!(
            "Pass numérique relevé {} {}",
            statement.reference(),
            month_in_letters(statement.month)
        ),
    })
}

/// Every version is built now, from what holds now, and kept: the same bytes ever after.
fn keep_files(
    op: &mut Op<'_>,
    run: &PaymentRun,
    debtor: &BankAccount,
    transfers: &[Transfer],
) -> Outcome<()> {
    for version in PainVersion::ALL {
        let bytes = bank_file::file(run, debtor, transfers, version).map_err(Error::failure)?;
        let sealed = seal_for(op, run.id.0, &bytes)?;
        store::payment_run::insert_file(op.conn, run.id, version, sealed, sha256(&bytes))?;
    }
    Ok(())
}
