//! Funding calls as people read them: what is asked of a funder for a closed month, by agreement.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::{Listed, Page};
use super::read_stock::organisation_name;
use super::{Op, Outcome, Services};
use crate::domain::caller::{Caller, Role};
use crate::domain::funding_call::FundingCall;
use crate::domain::grant::{Condition, beyond_claim, used};
use crate::domain::ids::{FundingCallId, OrganisationId};
use crate::domain::money::Cents;
use crate::domain::refusal::Refused;
use crate::domain::time::Month;
use crate::store;
use crate::store::agreement::AgreementRow;

/// What is asked of a funder for a closed month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FundingCallView {
    /// Its id.
    pub id: Uuid,
    /// Its number, without gaps in a year.
    #[schema(example = "A-2026-0007")]
    pub reference: String,
    /// Who is asked.
    pub funder_id: Uuid,
    /// Its name.
    pub funder_name: String,
    /// For which month.
    #[schema(example = "2026-03")]
    pub month: String,
    /// How much; negative when more was undone than redeemed.
    pub amount_cents: i64,
    /// What each agreement contributes; the amounts add up to the call's.
    pub lines: Vec<FundingCallLine>,
    /// When it was issued, RFC 3339.
    pub issued_at: String,
}

/// What an agreement contributes to a call, as it was when the month closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FundingCallLine {
    /// The agreement.
    pub agreement_id: Uuid,
    /// The programme's name.
    pub programme_name: String,
    /// Its tier in the funding plan.
    pub tier: i32,
    /// Its share, in basis points.
    pub share_bp: i32,
    /// Workshops it paid a part of, undone ones taken off.
    pub workshops: i64,
    /// Its part.
    pub amount_cents: i64,
    /// What the funder had paid in and was not spent, at the end of the month.
    pub cash_cents: i64,
    /// Of all that was consumed up to this month, what the funder need not pay by its rule of 2020:
    /// the rate of what was used. Left out where there is no such rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond_rule_cents: Option<i64>,
}

/// The calls a caller may read, the latest first: a funder its own.
///
/// # Errors
/// `not_found` when a funder asks for another's.
pub fn list(
    services: &Services,
    caller: &Caller,
    funder: Option<Uuid>,
    month: Option<Month>,
    page: Page,
) -> Outcome<Listed<FundingCallView>> {
    let own = (caller.role == Role::Funder).then_some(caller.organisation);
    if own.is_some() && funder.is_some_and(|asked| Some(OrganisationId(asked)) != own) {
        return Err(Refused::not_found().into());
    }
    let funder = own.or(funder.map(OrganisationId));
    let before = (!page.after.is_nil()).then_some(FundingCallId(page.after));
    services.read(|op| {
        let found = store::funding_call::page(op.conn, funder, month, before, page.fetch())?;
        let views: Outcome<Vec<_>> = found.iter().map(|call| view(op, call)).collect();
        Ok(page.cut(views?, |view| view.id))
    })
}

/// One call.
///
/// # Errors
/// `not_found`, also for another funder's.
pub fn by_id(services: &Services, caller: &Caller, id: FundingCallId) -> Outcome<FundingCallView> {
    services.read(|op| {
        let found = store::funding_call::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        if !caller.sees_all() && found.funder != caller.organisation {
            return Err(Refused::not_found().into());
        }
        view(op, &found)
    })
}

/// What of an agreement's consumption up to a month lies beyond the rule of 2020.
fn beyond_rule(op: &mut Op<'_>, row: &AgreementRow, month: Month) -> Outcome<Option<Cents>> {
    let condition = store::agreement_condition::of_agreement(op.conn, row.id)?;
    let Some(Condition::UsedShare { rate_bp, .. }) = condition else { return Ok(None) };
    let programme = store::programme::by_id(op.conn, row.programme_id)?;
    let price = programme.ok_or_else(Refused::not_found)?.price;
    let months = store::closed_month::figures_until(op.conn, row.id, month)?;
    let consumed: Cents = months.iter().map(|month| Cents(month.consumed_cents)).sum();
    let used = used(price, months.iter().map(|month| month.workshops_redeemed).sum());
    Ok(Some(beyond_claim(used, rate_bp, consumed, Cents(row.envelope_cents))))
}

fn view(op: &mut Op<'_>, call: &FundingCall) -> Outcome<FundingCallView> {
    let mut lines = Vec::new();
    for (figures, agreement, programme) in
        store::closed_month::figures_of_funder(op.conn, call.month, call.funder)?
    {
        if figures.consumed_cents == 0 && figures.workshops_redeemed == 0 {
            continue;
        }
        let beyond_rule = beyond_rule(op, &agreement, call.month)?;
        lines.push(FundingCallLine {
            beyond_rule_cents: beyond_rule.map(|cents| cents.0),
            agreement_id: agreement.id.0,
            programme_name: programme,
            tier: agreement.tier,
            share_bp: agreement.share_bp,
            workshops: figures.workshops_redeemed,
            amount_cents: figures.consumed_cents,
            cash_cents: figures.cash_cents,
        });
    }
    Ok(FundingCallView {
        id: call.id.0,
        reference: call.reference(),
        funder_id: call.funder.0,
        funder_name: organisation_name(op, call.funder)?,
        month: call.month.to_string(),
        amount_cents: call.amount.0,
        lines,
        issued_at: call.issued_at.to_string(),
    })
}
