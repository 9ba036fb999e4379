//! What the next payment run would pay, and what waits.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bank_details::missing;
use super::owed::owed_by_agreement;
use super::read_stock::organisation_name;
use super::statements::StatementView;
use super::{Op, Outcome, Services, statements};
use crate::adapters::bank;
use crate::domain::bank_detail::{BankDetail, BankDetailState};
use crate::domain::caller::Caller;
use crate::domain::ids::AgreementId;
use crate::domain::money::Cents;
use crate::domain::payment_run::LeftOut;
use crate::domain::statement::{Statement, StatementState};
use crate::store;
use crate::store::statement::Filter;

/// An approved statement that cannot be paid yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeftOutView {
    /// The statement.
    pub statement_id: Uuid,
    /// Its number.
    pub statement: String,
    /// Whose it is.
    pub organisation_id: Uuid,
    /// Its name.
    pub organisation_name: String,
    /// How much waits.
    pub amount_cents: i64,
    /// `no_bank_details`, `bank_details_not_confirmed`, `frozen` or `holder_unwritable`.
    pub reason: String,
}

/// What the next run would pay, and what it would not.
#[derive(Clone, Debug)]
pub struct NextRun {
    /// The statements it would pay.
    pub ready: Vec<StatementView>,
    /// What they add up to.
    pub sum: Cents,
    /// Those that wait, and why.
    pub left_out: Vec<LeftOutView>,
    /// Whether the operator's own account is known.
    pub debtor: bool,
    /// The agreements whose cash would not cover their part, with what each would lack.
    pub uncovered: Vec<(Uuid, String, Cents)>,
}

/// What the next run would pay.
///
/// # Errors
/// A failure of the database.
pub fn next_run(services: &Services, caller: &Caller) -> Outcome<NextRun> {
    services.read(|op| {
        let (ready, left_out) = ready_to_pay(op)?;
        let confirmed = BankDetailState::Confirmed;
        let debtor = store::bank_detail::only(op.conn, caller.organisation, confirmed)?;
        let views: Outcome<Vec<_>> =
            ready.iter().map(|(statement, _)| statements::view(op, statement)).collect();
        let uncovered = uncovered(op, &ready)?;
        Ok(NextRun {
            ready: views?,
            sum: ready.iter().map(|(statement, _)| statement.due()).sum(),
            left_out,
            debtor: debtor.is_some_and(|debtor| bank::holder(&debtor.holder).is_some()),
            uncovered,
        })
    })
}

fn uncovered(op: &mut Op<'_>, ready: &[Ready]) -> Outcome<Vec<(Uuid, String, Cents)>> {
    let mut parts = std::collections::BTreeMap::<AgreementId, Cents>::new();
    for (statement, _) in ready {
        for (agreement, cents) in owed_by_agreement(op, statement)? {
            *parts.entry(agreement).or_default() += cents;
        }
    }
    let held = store::solvency::held(op.conn)?;
    let lacks = parts.into_iter().filter_map(|(agreement, cents)| {
        let row = held.iter().find(|row| row.agreement == agreement)?;
        let lacking = cents - Cents(row.cash);
        let words = format!("{}, {}", row.funder_name, row.programme_name);
        (lacking > Cents::ZERO).then_some((agreement.0, words, lacking))
    });
    Ok(lacks.collect())
}

/// An approved statement, and the account it is paid to.
pub(super) type Ready = (Statement, BankDetail);

/// The approved statements with the account each is paid to, in the order of their numbers, and
/// those without one.
pub(super) fn ready_to_pay(op: &mut Op<'_>) -> Outcome<(Vec<Ready>, Vec<LeftOutView>)> {
    let filter = Filter { state: Some(StatementState::Approved), ..Filter::default() };
    let mut approved = store::statement::page(op.conn, &filter, None, i64::MAX)?;
    approved.sort_by_key(|statement| (statement.year, statement.number));
    let (mut ready, mut left_out) = (Vec::new(), Vec::new());
    for statement in approved {
        let organisation = statement.organisation;
        let confirmed =
            store::bank_detail::only(op.conn, organisation, BankDetailState::Confirmed)?;
        let reason = match (missing(op, organisation)?, confirmed) {
            (None, Some(creditor)) => {
                ready.push((statement, creditor));
                continue;
            }
            (reason, _) => reason.unwrap_or(LeftOut::NoBankDetails),
        };
        left_out.push(LeftOutView {
            statement_id: statement.id.0,
            statement: statement.reference(),
            organisation_id: organisation.0,
            organisation_name: organisation_name(op, organisation)?,
            amount_cents: statement.due().0,
            reason: reason.as_str().to_owned(),
        });
    }
    Ok((ready, left_out))
}
