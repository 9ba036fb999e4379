//! Approving a statement: a person says that it is owed, and from then on nothing on it is undone.

use super::idempotency::{Key, Once, once};
use super::statements::{StatementView, view};
use super::{Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::StatementId;
use crate::domain::refusal::Refused;
use crate::domain::statement::{StatementRefusal, StatementState};
use crate::store;

/// Approves a statement.
///
/// # Errors
/// `not_found`, or a [`StatementRefusal`].
pub fn approve_statement(
    services: &Services,
    caller: &Caller,
    id: StatementId,
    key: Option<&Key>,
) -> Outcome<Once<StatementView>> {
    once(services, key, |op| {
        approve(op, caller, id)?;
        let approved = store::statement::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        view(op, &approved)
    })
}

/// Approves several at once, the earliest first: all of them or none.
///
/// # Errors
/// `not_found`, or a [`StatementRefusal`] of the first that cannot be.
pub fn approve_statements(
    services: &Services,
    caller: &Caller,
    ids: &[StatementId],
    key: Option<&Key>,
) -> Outcome<Once<usize>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    once(services, key, |op| {
        for id in &ids {
            approve(op, caller, *id)?;
        }
        Ok(ids.len())
    })
}

fn approve(op: &mut Op<'_>, caller: &Caller, id: StatementId) -> Outcome<()> {
    let statement = store::statement::locked(op.conn, id)?.ok_or_else(Refused::not_found)?;
    let state = statement.approved()?;
    for earlier in store::statement::carried_into(op.conn, id)? {
        if earlier.state == StatementState::Draft {
            return Err(
                StatementRefusal::EarlierNotApproved { earlier: earlier.reference() }.into()
            );
        }
    }
    if !store::statement::approve(op.conn, id, state, caller.user, op.now)? {
        return Err(StatementRefusal::AlreadyApproved { reference: statement.reference() }.into());
    }
    Ok(())
}
