//! Payment runs as people read them: what is ready, what waits and why, what each run paid.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bank_details::open_of;
use super::idempotency::{Key, Once, once};
use super::list::{Listed, Page};
use super::next_payment_run::LeftOutView;
use super::read_stock::organisation_name;
use super::{Error, Op, Outcome, Services};
use crate::adapters::digest::{hex, sha256};
use crate::domain::bank_answer::BankReason;
use crate::domain::caller::Caller;
use crate::domain::ids::{PaymentRunId, UserId};
use crate::domain::payment_run::{PainVersion, PaymentRefusal, PaymentRun};
use crate::domain::refusal::{Check, Refused};
use crate::domain::statement::StatementState;
use crate::domain::time::Zone;
use crate::store;
use crate::store::payment_run::PaymentRow;

/// A payment run: one bank file and the statements it pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PaymentRunView {
    /// Its id.
    pub id: Uuid,
    /// Its number, without gaps in a year; the file's message id.
    #[schema(example = "P-2026-0003")]
    pub reference: String,
    /// The day the bank is asked to pay on.
    pub execution_day: NaiveDate,
    /// How many transfers.
    pub transfers: i32,
    /// What they add up to.
    pub control_sum_cents: i64,
    /// What came back of it.
    pub rejected_cents: i64,
    /// The account that pays, masked.
    #[schema(example = "FR•• •••• •••• 0189")]
    pub debtor_iban: String,
    /// When it was made, RFC 3339.
    pub created_at: String,
    /// Who made it.
    pub created_by: String,
    /// The day the bank paid, once that was noted.
    pub executed_on: Option<NaiveDate>,
    /// SHA-256 of the files, by version.
    pub files: Vec<PaymentFileView>,
    /// The payments, in the order of the statements' numbers.
    pub payments: Vec<PaymentView>,
    /// When a run was just made: the approved statements that are not in it, and why.
    pub left_out: Option<Vec<LeftOutView>>,
}

/// A file of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PaymentFileView {
    /// `03` or `09`.
    pub version: String,
    /// The SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// The payment of one statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PaymentView {
    /// The statement.
    pub statement_id: Uuid,
    /// Its number: the end-to-end id of the transfer.
    #[schema(example = "R-2026-0042")]
    pub statement: String,
    /// Who is paid.
    pub organisation_id: Uuid,
    /// Its name.
    pub organisation_name: String,
    /// The account, masked.
    #[schema(example = "FR•• •••• •••• 0189")]
    pub iban: String,
    /// How much.
    pub amount_cents: i64,
    /// When it was noted that it came back, RFC 3339.
    pub rejected_at: Option<String>,
    /// The bank's code.
    #[schema(example = "AC04")]
    pub reject_code: Option<String>,
    /// Why it came back.
    pub reject_reason: Option<String>,
    /// What the creditor's bank says of the holder's name: `match`, `close_match`, `no_match` or
    /// `impossible`.
    pub payee_check: Option<String>,
    /// The name that bank knows.
    pub payee_name: Option<String>,
}

/// The runs, the latest first.
///
/// # Errors
/// A failure of the database.
pub fn list(services: &Services, page: Page) -> Outcome<Listed<PaymentRunView>> {
    let before = (!page.after.is_nil()).then_some(PaymentRunId(page.after));
    services.read(|op| {
        let found = store::payment_run::page(op.conn, before, page.fetch())?;
        let views: Outcome<Vec<_>> = found.iter().map(|run| view(op, run)).collect();
        Ok(page.cut(views?, |view| view.id))
    })
}

/// One run.
///
/// # Errors
/// `not_found`.
pub fn by_id(services: &Services, id: PaymentRunId) -> Outcome<PaymentRunView> {
    services.read(|op| {
        let run = store::payment_run::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        view(op, &run)
    })
}

/// A file of a run with its name: the bytes that were made with the run.
///
/// # Errors
/// `not_found`, or a failure when the bytes are not those that were kept.
pub fn file(
    services: &Services,
    id: PaymentRunId,
    version: PainVersion,
) -> Outcome<(String, Vec<u8>)> {
    services.read(|op| {
        let run = store::payment_run::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        let (sealed, digest) =
            store::payment_run::file(op.conn, id, version)?.ok_or_else(Refused::not_found)?;
        let bytes = open_of(op, id.0, &sealed)?;
        if sha256(&bytes) != digest {
            return Err(Error::failure("a payment file is not the one that was made"));
        }
        let name = format!("{}-pain.001.001.{}.xml", run.reference(), version.as_str());
        Ok((name, bytes))
    })
}

/// When the bank paid.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Execution {
    /// The day at the bank.
    pub executed_on: NaiveDate,
}

/// Notes that the bank executed a run: its statements are paid.
///
/// # Errors
/// `not_found`, `already_executed`, or a wrong day.
pub fn note_execution(
    services: &Services,
    caller: &Caller,
    id: PaymentRunId,
    request: &Execution,
    key: Option<&Key>,
) -> Outcome<Once<PaymentRunView>> {
    let mut check = Check::default();
    check.value_date(request.executed_on, services.today(), "/executed_on");
    check.done()?;
    once(services, key, |op| {
        if !store::payment_run::lock(op.conn, id)? {
            return Err(Refused::not_found().into());
        }
        let run = store::payment_run::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        if run.executed_on.is_some() {
            return Err(PaymentRefusal::AlreadyExecuted.into());
        }
        if store::payment_run::is_refused(op.conn, id)? {
            return Err(PaymentRefusal::RefusedWhole.into());
        }
        let mut check = Check::default();
        let made = run.created_at.day_in(Zone::PARIS);
        let detail = "La banque n'a pas pu exécuter cette campagne avant qu'elle existe.";
        check.that(request.executed_on >= made, "/executed_on", "out_of_range", detail);
        check.done()?;
        store::payment_run::execute(op.conn, id, request.executed_on, caller.user, op.now)?;
        for row in store::payment_run::payments_of(op.conn, id)? {
            if row.rejected_at.is_none() {
                let state = StatementState::Paid;
                store::payment_run::place(op.conn, row.statement_id, Some(id), state)?;
            }
        }
        let noted = store::payment_run::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        view(op, &noted)
    })
}

pub(super) fn view(op: &mut Op<'_>, run: &PaymentRun) -> Outcome<PaymentRunView> {
    let rows = store::payment_run::payments_of(op.conn, run.id)?;
    let payments: Outcome<Vec<_>> = rows.iter().map(|row| payment(op, row)).collect();
    let payments = payments?;
    let mut files = Vec::new();
    for version in PainVersion::ALL {
        if let Some((_, digest)) = store::payment_run::file(op.conn, run.id, version)? {
            let sha256 = hex(&digest);
            files.push(PaymentFileView { version: version.as_str().to_owned(), sha256 });
        }
    }
    let debtor = store::bank_detail::named(op.conn, run.debtor)?;
    let came_back = payments.iter().filter(|payment| payment.rejected_at.is_some());
    Ok(PaymentRunView {
        id: run.id.0,
        reference: run.reference(),
        execution_day: run.execution_day,
        transfers: run.transfers,
        control_sum_cents: run.control_sum.0,
        rejected_cents: came_back.map(|payment| payment.amount_cents).sum(),
        debtor_iban: debtor.masked(),
        created_at: run.created_at.to_string(),
        created_by: name_of(op, run.created_by)?,
        executed_on: run.executed_on,
        files,
        payments,
        left_out: None,
    })
}

fn name_of(op: &mut Op<'_>, user: UserId) -> Outcome<String> {
    Ok(store::user::named(op.conn, user)?.name)
}

fn payment(op: &mut Op<'_>, row: &PaymentRow) -> Outcome<PaymentView> {
    let statement =
        store::statement::by_id(op.conn, row.statement_id)?.ok_or_else(Refused::not_found)?;
    let creditor = store::bank_detail::named(op.conn, row.creditor_id)?;
    let reason = row.rejected_at.map(|_| BankReason {
        code: row.reject_code.clone().unwrap_or_default(),
        text: row.reject_reason.clone().unwrap_or_default(),
    });
    Ok(PaymentView {
        statement_id: row.statement_id.0,
        statement: statement.reference(),
        organisation_id: statement.organisation.0,
        organisation_name: organisation_name(op, statement.organisation)?,
        iban: creditor.masked(),
        amount_cents: row.amount_cents,
        rejected_at: row.rejected_at.map(|at| at.to_string()),
        reject_code: row.reject_code.clone(),
        reject_reason: reason.map(|reason| reason.sentence()),
        payee_check: row.payee_check.clone(),
        payee_name: row.payee_name.clone(),
    })
}
