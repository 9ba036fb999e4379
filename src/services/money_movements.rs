//! Money that comes in from a funder and goes back to it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::agreements::{LARGEST, locked, post};
use super::idempotency::{Key, Once, once};
use super::list::{Listed, Page};
use super::{Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::giving_back::GivingBack;
use crate::domain::ids::{AgreementId, EntryId};
use crate::domain::ledger::PostingKind;
use crate::domain::money::Cents;
use crate::domain::programme::{OpenedBy, Programme};
use crate::domain::refusal::{Check, Code, Refused};
use crate::store;
use crate::store::agreement::{AgreementRow, MovementRow};

/// Money that came in from a funder.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// How much.
    #[schema(example = 2_500_000, minimum = 1)]
    pub amount_cents: i64,
    /// The day at the bank.
    pub received_on: NaiveDate,
    /// What the bank statement says.
    #[schema(example = "VIR CAF 2026-03")]
    pub reference: String,
}

/// Money given back to a funder.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refund {
    /// How much.
    #[schema(example = 100_000, minimum = 1)]
    pub amount_cents: i64,
    /// The day at the bank.
    #[serde(alias = "received_on")]
    pub refunded_on: NaiveDate,
    /// What the bank statement says.
    #[schema(example = "REVERSEMENT CAF 2026")]
    pub reference: String,
}

/// A receipt or refund as recorded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Movement {
    /// The record.
    pub id: Uuid,
    /// Whose money.
    pub agreement_id: Uuid,
    /// `receipt` or `refund`.
    pub kind: String,
    /// How much.
    pub amount_cents: i64,
    /// The day at the bank.
    pub moved_on: NaiveDate,
    /// What the bank statement says.
    pub reference: String,
    /// What may be committed now.
    pub available_cents: i64,
}

/// Records money received. An agreement opened by receipt has as much more available.
///
/// # Errors
/// `not_found`, or wrong values.
pub fn receive(
    services: &Services,
    caller: &Caller,
    id: AgreementId,
    request: &Receipt,
    key: Option<&Key>,
) -> Outcome<Once<Movement>> {
    let mut check = Check::default();
    check.value_date(request.received_on, services.today(), "/received_on");
    check_movement(check, request.amount_cents, &request.reference)?;
    let amount = Cents(request.amount_cents);
    once(services, key, |op| {
        let (mut row, programme) = locked(op, id)?;
        post(op, &programme, id, PostingKind::Receipt, amount)?;
        if programme.opened_by == OpenedBy::Receipt {
            post(op, &programme, id, PostingKind::Opening, amount)?;
            store::agreement::add_available(op.conn, id, amount)?;
            row.available_cents += amount.0;
        }
        let (on, reference) = (request.received_on, request.reference.trim());
        note(op, caller, &row, &Moved { kind: "receipt", amount, on, reference })
    })
}

/// Records money given back. It must be in cash and not committed.
///
/// # Errors
/// `not_found`, wrong values, or `refund_too_large`.
pub fn refund(
    services: &Services,
    caller: &Caller,
    id: AgreementId,
    request: &Refund,
    key: Option<&Key>,
) -> Outcome<Once<Movement>> {
    let mut check = Check::default();
    check.value_date(request.refunded_on, services.today(), "/refunded_on");
    check_movement(check, request.amount_cents, &request.reference)?;
    let amount = Cents(request.amount_cents);
    once(services, key, |op| {
        let (mut row, programme) = locked(op, id)?;
        let held = store::balances::held(op.conn, id)?;
        let most = held.most();
        if amount > most {
            let sentence = format!(
                "Le reversement dépasse ce qui est encaissé et que rien n’engage : {most} au plus."
            );
            return Err(Refused::new(Code::RefundTooLarge, sentence).into());
        }
        post_giving_back(op, &programme, &mut row, held.giving_back(amount))?;
        let (on, reference) = (request.refunded_on, request.reference.trim());
        note(op, caller, &row, &Moved { kind: "refund", amount, on, reference })
    })
}

/// Posts what goes back to a funder.
pub(super) fn post_giving_back(
    op: &mut Op<'_>,
    programme: &Programme,
    row: &mut AgreementRow,
    parts: GivingBack,
) -> Outcome<()> {
    if parts.available > Cents::ZERO {
        post(op, programme, row.id, PostingKind::Refund, parts.available)?;
        post(op, programme, row.id, PostingKind::Disbursement, parts.available)?;
        store::agreement::add_available(op.conn, row.id, -parts.available)?;
        row.available_cents -= parts.available.0;
    }
    if parts.surplus > Cents::ZERO {
        post(op, programme, row.id, PostingKind::SurplusReturn, parts.surplus)?;
    }
    Ok(())
}

/// A receipt or refund in a list.
#[derive(Clone, Debug)]
pub struct MovementLine {
    /// The record.
    pub id: Uuid,
    /// Whether the money went back to the funder.
    pub refund: bool,
    /// How much.
    pub amount_cents: i64,
    /// The day at the bank.
    pub moved_on: NaiveDate,
    /// What the bank statement says.
    pub reference: String,
    /// Who recorded it.
    pub recorded_by: String,
}

/// The receipts and refunds of an agreement, the latest recorded first.
///
/// # Errors
/// A failure of the database.
pub fn of_agreement(
    services: &Services,
    id: AgreementId,
    page: Page,
) -> Outcome<Listed<MovementLine>> {
    let before = (!page.after.is_nil()).then_some(EntryId(page.after));
    let rows =
        services.read(|op| Ok(store::agreement::movements(op.conn, id, before, page.fetch())?))?;
    let lines = rows.into_iter().map(|(row, recorded_by)| line(row, recorded_by));
    Ok(page.cut(lines.collect::<Outcome<_>>()?, |line| line.id))
}

fn line(row: MovementRow, recorded_by: String) -> Outcome<MovementLine> {
    Ok(MovementLine {
        id: row.id.0,
        refund: row.refund()?,
        amount_cents: row.amount_cents,
        moved_on: row.moved_on,
        reference: row.reference,
        recorded_by,
    })
}

/// Money that moved at the bank.
pub(super) struct Moved<'a> {
    /// `receipt` or `refund`.
    pub kind: &'a str,
    pub amount: Cents,
    pub on: NaiveDate,
    /// What the bank statement says.
    pub reference: &'a str,
}

pub(super) fn note(
    op: &mut Op<'_>,
    caller: &Caller,
    row: &AgreementRow,
    moved: &Moved<'_>,
) -> Outcome<Movement> {
    let movement = MovementRow {
        id: EntryId(op.id()),
        agreement_id: row.id,
        kind: moved.kind.to_owned(),
        amount_cents: moved.amount.0,
        moved_on: moved.on,
        reference: moved.reference.to_owned(),
        recorded_by: caller.user,
        recorded_at: op.now,
    };
    store::agreement::insert_movement(op.conn, &movement)?;
    Ok(Movement {
        id: movement.id.0,
        agreement_id: row.id.0,
        kind: movement.kind,
        amount_cents: movement.amount_cents,
        moved_on: movement.moved_on,
        reference: movement.reference,
        available_cents: row.available_cents,
    })
}

fn check_movement(mut check: Check, amount: i64, reference: &str) -> Result<(), Refused> {
    let fits = (1..=LARGEST).contains(&amount);
    let detail = "Le montant est un nombre de centimes, un au moins.";
    check.that(fits, "/amount_cents", "out_of_range", detail);
    check.text(reference, 200, "/reference");
    check.done()
}
