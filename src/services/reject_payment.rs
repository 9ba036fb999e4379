//! What comes back from the bank: a payment it refused is payable again, once.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::idempotency::{Key, Once, once};
use super::pay_statements::post_settlement;
use super::payment_runs::{PaymentRunView, view};
use super::{Error, Op, Outcome, Services};
use crate::adapters::bank_answer;
use crate::domain::bank_answer::{BankAnswer, BankReason};
use crate::domain::caller::Caller;
use crate::domain::ids::{PaymentRunId, StatementId};
use crate::domain::money::Cents;
use crate::domain::payment_run::{PaymentRefusal, PaymentRun};
use crate::domain::refusal::{Check, Refused};
use crate::domain::statement::{Statement, StatementState};
use crate::store;
use crate::store::payment_run::PaymentRow;

/// A payment that came back, noted by hand.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rejection {
    /// The statement it paid.
    pub statement_id: Uuid,
    /// Why the bank sent it back.
    #[schema(example = "Compte clos")]
    pub reason: String,
    /// The bank's code, when it gave one.
    #[schema(example = "AC04")]
    pub code: Option<String>,
}

/// What the bank's answer changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnswerRead {
    /// The statements that are payable again.
    pub rejected: Vec<String>,
    /// Those that were so before this answer.
    pub known: Vec<String>,
    /// What it names and the run does not pay, and what it refuses without saying which payment: by
    /// the bank's own id (`StsId`), or `(sans identifiant)`. A person looks at them.
    pub unknown: Vec<String>,
    /// How many names of holders the creditors' banks spoke of.
    pub names_checked: usize,
    /// The run as it is now.
    pub run: PaymentRunView,
}

/// Notes by hand that a payment came back: its statement is payable again.
///
/// # Errors
/// Wrong values, `not_found`, or `already_rejected`.
pub fn reject_payment(
    services: &Services,
    caller: &Caller,
    run: PaymentRunId,
    request: &Rejection,
    key: Option<&Key>,
) -> Outcome<Once<PaymentRunView>> {
    let mut check = Check::default();
    check.text(&request.reason, 200, "/reason");
    let code = request.code.clone().unwrap_or_default().trim().to_uppercase();
    let fits = code.len() <= 4 && code.bytes().all(|sign| sign.is_ascii_alphanumeric());
    check.that(fits, "/code", "out_of_range", "Le code de la banque a quatre signes : AC04.");
    check.done()?;
    let reason = BankReason { code, text: request.reason.trim().to_owned() };
    once(services, key, |op| {
        let rows = locked(op, run)?;
        let statement = StatementId(request.statement_id);
        let row = rows.into_iter().find(|row| row.statement_id == statement);
        let row = row.ok_or(PaymentRefusal::NotInRun)?;
        if !put_back(op, caller, row, &reason)? {
            return Err(PaymentRefusal::AlreadyRejected.into());
        }
        now(op, run)
    })
}

/// Reads the bank's answer (pain.002): what it refused is payable again, and what it says of the
/// holders' names is kept. The same answer again changes nothing.
///
/// # Errors
/// `not_found`, `unreadable_file`, or `other_run`.
pub fn read_answer(
    services: &Services,
    caller: &Caller,
    id: PaymentRunId,
    file: &[u8],
    key: Option<&Key>,
) -> Outcome<Once<AnswerRead>> {
    once(services, key, |op| {
        let rows = locked(op, id)?;
        let answer =
            bank_answer::answer(file).map_err(|_| Error::from(PaymentRefusal::UnreadableFile))?;
        let run = store::payment_run::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        if !answer.run.eq_ignore_ascii_case(&run.reference()) {
            return Err(PaymentRefusal::OtherRun { named: answer.run.clone() }.into());
        }
        apply(op, caller, &answer, rows, &run)
    })
}

fn apply(
    op: &mut Op<'_>,
    caller: &Caller,
    answer: &BankAnswer,
    rows: Vec<PaymentRow>,
    run: &PaymentRun,
) -> Outcome<AnswerRead> {
    let mut references = Vec::with_capacity(rows.len());
    for row in &rows {
        references.push(statement(op, row)?.reference());
    }
    let read = answer.of_run(&run.reference(), &references);
    if read.refuses_all() {
        store::payment_run::refuse(op.conn, run.id, op.now)?;
    }
    let (mut rejected, mut known, mut names_checked) = (Vec::new(), Vec::new(), 0);
    for (row, reference) in rows.into_iter().zip(&references) {
        for (check, name) in read.of_payment(reference).filter_map(|told| told.payee.as_ref()) {
            store::payment_run::note_payee(op.conn, &row, *check, name)?;
            names_checked += 1;
        }
        let Some(reason) = read.refusal(reference) else { continue };
        let fresh = put_back(op, caller, row, reason)?;
        if fresh { &mut rejected } else { &mut known }.push(reference.clone());
    }
    let unknown = read.unknown;
    Ok(AnswerRead { rejected, known, unknown, names_checked, run: now(op, run.id)? })
}

/// The payments of a run, locked until the end of the transaction.
fn locked(op: &mut Op<'_>, run: PaymentRunId) -> Outcome<Vec<PaymentRow>> {
    if !store::payment_run::lock(op.conn, run)? {
        return Err(Refused::not_found().into());
    }
    Ok(store::payment_run::payments_of(op.conn, run)?)
}

fn now(op: &mut Op<'_>, id: PaymentRunId) -> Outcome<PaymentRunView> {
    let run = store::payment_run::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
    view(op, &run)
}

fn statement(op: &mut Op<'_>, row: &PaymentRow) -> Outcome<Statement> {
    Ok(store::statement::by_id(op.conn, row.statement_id)?.ok_or_else(Refused::not_found)?)
}

/// Puts a statement back to payable; answers whether it was not before.
fn put_back(
    op: &mut Op<'_>,
    caller: &Caller,
    row: PaymentRow,
    reason: &BankReason,
) -> Outcome<bool> {
    if row.rejected_at.is_some() {
        return Ok(false);
    }
    let statement = statement(op, &row)?;
    let back: Vec<_> = store::settlement::settled(op.conn, statement.id)?
        .into_iter()
        .map(|(agreement, cents): (_, Cents)| (agreement, -cents))
        .collect();
    post_settlement(op, &statement, &back)?;
    store::payment_run::place(op.conn, statement.id, None, StatementState::Approved)?;
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let row = PaymentRow {
        rejected_at: Some(op.now),
        rejected_by: Some(caller.user),
        reject_code: some(&reason.code),
        reject_reason: some(&reason.text),
        ..row
    };
    store::payment_run::reject(op.conn, &row)?;
    Ok(true)
}
