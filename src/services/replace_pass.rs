//! Replacing a lost, torn or stolen pass: it dies, and a new one carries on with what was left,
//! the same funding and the same last day.

use super::change_pass::Reason;
use super::handed_over::{self, HandedOver};
use super::idempotency::{Key, Once, once};
use super::read_pass::pass_of_caller;
use super::read_pass::programme_of;
use super::{Op, Outcome, Services};
use crate::domain::caller::{Caller, Right};
use crate::domain::ids::{EntryId, PassId};
use crate::domain::pass::PassState;
use crate::store;
use crate::store::pass::PassRow;
use crate::store::pass_event::EventRow;

/// Replaces a pass that the caller may manage. No money moves: the new pass is funded by the
/// line of replacements it joins. What replaces a suspended pass is suspended too. Only who may print
/// it is answered its code.
///
/// # Errors
/// A refusal of the pass's state, or `not_found` for another prescriber's pass.
pub fn replace_pass(
    services: &Services,
    caller: &Caller,
    id: PassId,
    reason: &Reason,
    key: Option<&Key>,
) -> Outcome<Once<HandedOver>> {
    let reason = reason.checked()?;
    let mut once = once(services, key, |op| {
        let seen = pass_of_caller(op, caller, id)?;
        store::pass::lock_line(op.conn, seen.origin_id)?;
        let old = pass_of_caller(op, caller, id)?;
        let pass = old.pass()?;
        let today = op.now.day_in(programme_of(op, &pass)?.zone);
        let state = pass.replace(today)?;

        let new = successor(op, caller, &old, state)?;
        store::pass::set_state(op.conn, id, PassState::Replaced)?;
        store::pass::insert(op.conn, &new)?;
        note(op, caller, &old, &new, reason)?;
        let fundings = store::pass_funding::of_line(op.conn, new.origin_id)?;
        Ok(handed_over::answer(&new.pass()?, today, &fundings))
    })?;
    if caller.may(Right::PrintPasses) {
        handed_over::with_code(services, &mut once.value)?;
    }
    Ok(once)
}

fn successor(op: &Op<'_>, caller: &Caller, old: &PassRow, state: PassState) -> Outcome<PassRow> {
    let id = PassId(op.id());
    let keys = &op.services.keys;
    let key_number = keys.current_code_key();
    Ok(PassRow {
        id,
        serial: keys.serial(id).as_str().to_owned(),
        code_hash: keys.code_hash(&keys.code(id, key_number)?),
        key_number,
        state: state.as_str().to_owned(),
        handed_over_at: Some(op.now),
        handed_over_by: Some(caller.user),
        box_id: None,
        ..old.clone()
    })
}

fn note(
    op: &mut Op<'_>,
    caller: &Caller,
    old: &PassRow,
    new: &PassRow,
    reason: &str,
) -> Outcome<()> {
    for (pass, other, event) in [(old, new, "replaced"), (new, old, "replaces")] {
        let row = EventRow {
            id: EntryId(op.id()),
            pass_id: pass.id,
            event: event.to_owned(),
            reason: Some(reason.to_owned()),
            other_pass_id: Some(other.id),
            by_user: Some(caller.user),
            at: op.now,
        };
        store::pass_event::insert(op.conn, &row)?;
    }
    Ok(())
}
