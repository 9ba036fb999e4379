//! Asking whether a person holds a pass: counted for each account, and noted in the audit journal
//! without the identity.

use super::audit::{Access, note_in};
use super::handover_request::Beneficiary;
use super::{Error, Op, Outcome, Services};
use crate::domain::audit;
use crate::domain::caller::{Caller, Right};
use crate::domain::ids::EntryId;
use crate::domain::look_up::{COUNTED_SECONDS, may_look_up};
use crate::domain::refusal::Code;
use crate::store;

/// As many as the higher limit.
const MOST: i64 = 100;

/// Counts a look-up before it is made, so that many at once are counted too.
///
/// # Errors
/// `too_many_look_ups`.
pub(super) fn count(services: &Services, caller: &Caller, person: &Beneficiary) -> Outcome<()> {
    services.write(|op| {
        stop(op, caller)?;
        insert(op, caller, person)
    })
}

fn insert(op: &mut Op<'_>, caller: &Caller, person: &Beneficiary) -> Outcome<()> {
    let person = hash(op, caller, person);
    Ok(store::look_up::insert(op.conn, EntryId(op.id()), caller.user, &person, op.now)?)
}

/// Under a key of the account: nobody can compare whom two accounts asked about.
fn hash(op: &Op<'_>, caller: &Caller, person: &Beneficiary) -> Vec<u8> {
    let Beneficiary { given_name, family_name, birth_date } = person;
    let names = (given_name.as_str(), family_name.as_str());
    op.services.keys.fingerprint(caller.user.0.as_bytes(), names, *birth_date).now
}

/// Stops an account that asked about too many people.
pub(super) fn stop(op: &mut Op<'_>, caller: &Caller) -> Outcome<()> {
    let since = op.now.plus_seconds(-COUNTED_SECONDS);
    let look_ups = store::look_up::since(op.conn, caller.user, since, MOST)?;
    Ok(may_look_up(&look_ups, op.now)?)
}

/// A person who is handed a pass was not looked up out of curiosity.
pub(super) fn take_off(op: &mut Op<'_>, caller: &Caller, person: &Beneficiary) -> Outcome<()> {
    let person = hash(op, caller, person);
    Ok(store::look_up::delete_of(op.conn, caller.user, &person)?)
}

/// A handover that tells that somebody holds a pass already was a look-up: it is counted and noted
/// before it is told.
pub(super) fn note_refusal<T>(
    services: &Services,
    caller: &Caller,
    person: Option<&Beneficiary>,
    outcome: Outcome<T>,
) -> Outcome<T> {
    if let Err(Error::Refused { refused, replayed: false }) = &outcome
        && refused.code == Code::AlreadyHoldsPass
        && let Some(person) = person
    {
        services.write(|op| {
            insert(op, caller, person)?;
            let access = Access {
                user: Some(caller.user),
                organisation: Some(caller.organisation),
                act: audit::act(Right::FindPerson, true).unwrap_or_default(),
                target: refused.code.as_str().to_owned(),
                status: 409,
                ..Access::default()
            };
            note_in(op, &access)
        })?;
    }
    outcome
}
