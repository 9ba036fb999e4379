//! An organisation that was paid too much and has no further statement gives the money back.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::idempotency::{Key, Once, once};
use super::owed::owed_by_agreement;
use super::pay_statements::post_settlement;
use super::statements::{StatementView, view};
use super::{Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::StatementId;
use crate::domain::refusal::{Check, Refused};
use crate::store;
use crate::store::repayment::RepaymentRow;

/// Money that came back from an organisation: all that its statement says.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Repayment {
    /// The day at the bank.
    pub received_on: NaiveDate,
    /// What the bank statement says.
    #[schema(example = "VIR MEDIATHEQUE TROP PERCU")]
    pub reference: String,
}

/// Records that an organisation gave back what its statement says it was paid too much: the same
/// cents are in cash again, and no later statement takes them off.
///
/// # Errors
/// `not_found`, wrong values, or `nothing_to_repay`.
pub fn repay_statement(
    services: &Services,
    caller: &Caller,
    id: StatementId,
    request: &Repayment,
    key: Option<&Key>,
) -> Outcome<Once<StatementView>> {
    let mut check = Check::default();
    check.value_date(request.received_on, services.today(), "/received_on");
    check.text(&request.reference, 200, "/reference");
    check.done()?;
    once(services, key, |op| {
        // A closing month would take the total over at the same time.
        store::closed_month::lock_journal(op.conn)?;
        let statement = store::statement::locked(op.conn, id)?.ok_or_else(Refused::not_found)?;
        let amount = statement.to_repay()?;
        let parts = owed_by_agreement(op, &statement)?;
        post_settlement(op, &statement, &parts)?;
        let row = RepaymentRow {
            statement_id: id,
            amount_cents: amount.0,
            received_on: request.received_on,
            reference: request.reference.trim().to_owned(),
            recorded_at: op.now,
            recorded_by: caller.user,
        };
        store::repayment::insert(op.conn, &row)?;
        let settled = store::statement::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        view(op, &settled)
    })
}
