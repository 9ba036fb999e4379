//! Suspending, resuming and voiding a pass.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::idempotency::{Key, Once, once};
use super::read_pass::{self, PassView, pass_of_caller, programme_of};
use super::{Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::{EntryId, PassId};
use crate::domain::ledger::{self, PostingKind, Subject};
use crate::domain::pass::{Pass, PassState, unused};
use crate::domain::programme::Programme;
use crate::domain::refusal::{Check, Refused};
use crate::store;
use crate::store::pass_event::EventRow;

/// Why a pass is changed.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// In the words of the person who changes it.
    #[schema(example = "Pass perdu par la personne")]
    pub reason: String,
}

impl Reason {
    pub(super) fn checked(&self) -> Result<&str, Refused> {
        let mut check = Check::default();
        check.text(&self.reason, 500, "/reason");
        check.done()?;
        Ok(self.reason.trim())
    }
}

/// What is to be done to a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Stop it for a while.
    Suspend,
    /// End the suspension.
    Resume,
    /// Cancel it for good; what it did not use goes back to its funders.
    Void,
}

/// One change of one pass.
pub struct PassChange<'a> {
    /// Which pass.
    pub pass: PassId,
    /// What is to be done.
    pub change: Change,
    /// Why.
    pub reason: &'a Reason,
}

/// Changes the state of a pass that the caller may manage.
///
/// # Errors
/// A refusal of the pass's state, or `not_found` for another prescriber's pass.
pub fn change_pass(
    services: &Services,
    caller: &Caller,
    asked: &PassChange<'_>,
    key: Option<&Key>,
) -> Outcome<Once<PassView>> {
    let PassChange { pass: id, change, .. } = *asked;
    let reason = asked.reason.checked()?;
    once(services, key, |op| {
        let seen = pass_of_caller(op, caller, id)?;
        store::pass::lock_line(op.conn, seen.origin_id)?;
        let pass = pass_of_caller(op, caller, id)?.pass()?;
        let programme = programme_of(op, &pass)?;
        let today = op.now.day_in(programme.zone);
        let (state, event) = match change {
            Change::Suspend => (pass.suspend(today)?, "suspended"),
            Change::Resume => (pass.resume(today)?, "resumed"),
            Change::Void => (pass.void()?, "void"),
        };
        if state == PassState::Void && pass.holds_money() {
            release(op, &pass, &programme)?;
        }
        store::pass::set_state(op.conn, id, state)?;
        note(op, caller, id, event, reason)?;
        read_pass::view(op, id)
    })
}

/// Gives what a pass did not use back to its funders, and winds it up.
pub(super) fn release(op: &mut Op<'_>, pass: &Pass, programme: &Programme) -> Outcome<()> {
    let fundings = store::pass_funding::of_line(op.conn, pass.origin)?;
    let lapsed = pass.remaining();
    if lapsed > 0 {
        let parts = unused(programme.price, &fundings, pass.mask, pass.units);
        for (agreement, amount) in &parts {
            store::agreement::add_available(op.conn, *agreement, *amount)?;
        }
        let month = op.accounting_month(programme.zone)?;
        let leader = super::hand_over::leader(&fundings);
        let subject = Subject { pass: Some(pass.origin), workshops: lapsed, ..Subject::default() };
        let lines = ledger::event(PostingKind::Release, month, &parts, leader, subject);
        store::ledger::insert(op.conn, &lines, None, op.now)?;
    }
    Ok(store::pass::set_released(op.conn, pass.id, true)?)
}

fn note(op: &mut Op<'_>, caller: &Caller, pass: PassId, event: &str, reason: &str) -> Outcome<()> {
    let row = EventRow {
        id: EntryId(op.id()),
        pass_id: pass,
        event: event.to_owned(),
        reason: Some(reason.to_owned()),
        other_pass_id: None,
        by_user: Some(caller.user),
        at: op.now,
    };
    Ok(store::pass_event::insert(op.conn, &row)?)
}
