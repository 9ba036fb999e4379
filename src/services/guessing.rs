//! What stops guessing: ten wrong codes from one account, and it waits.

use super::{Error, Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::EntryId;
use crate::domain::refusal::{Code, Fact, Refused};
use crate::domain::time::Instant;
use crate::store;
use crate::store::wrong_code::WrongCodeRow;

/// So many wrong codes …
const WRONG_CODES: usize = 10;
/// … in so many seconds, and the account waits.
pub(super) const WRONG_CODE_SECONDS: i64 = 10 * 60;

/// Stops an account that had ten wrong codes lately: their instants, latest first.
pub(super) fn stop_guessing(wrong: &[Instant], now: Instant) -> Result<(), Refused> {
    let Some(oldest) = wrong.get(WRONG_CODES - 1) else { return Ok(()) };
    let wait = seconds_between(now, oldest.plus_seconds(WRONG_CODE_SECONDS)).max(1);
    let mut refused = Refused::new(
        Code::TooManyWrongCodes,
        "Dix codes inconnus en dix minutes : attendez quelques minutes avant de \
         réessayer.",
    );
    refused.facts.push(("retry_after".to_owned(), Fact::Number(wait)));
    Err(refused)
}

/// As [`stop_guessing`], for an account whose wrong codes were not read yet.
pub(super) fn stop_guessing_of(op: &mut Op<'_>, caller: &Caller) -> Outcome<()> {
    let since = op.now.plus_seconds(-WRONG_CODE_SECONDS);
    let wrong = store::wrong_code::since(op.conn, caller.user, since, 10)?;
    Ok(stop_guessing(&wrong, op.now)?)
}

fn seconds_between(from: Instant, to: Instant) -> i64 {
    (to.micros() - from.micros()).div_euclid(1_000_000)
}

/// Whether a refusal counts as a wrong code. A slip that the check symbols catch does not: no pass was
/// looked for, and whoever guesses learns nothing by it.
pub(super) fn counts(code: Code) -> bool {
    code == Code::UnknownCode
}

pub(super) fn note_wrong_code<T>(
    services: &Services,
    caller: &Caller,
    outcome: Outcome<T>,
) -> Outcome<T> {
    if let Err(Error::Refused { refused, replayed: false }) = &outcome
        && counts(refused.code)
    {
        services.write(|op| {
            let row = WrongCodeRow { id: EntryId(op.id()), user_id: caller.user, at: op.now };
            Ok(store::wrong_code::insert(op.conn, row)?)
        })?;
    }
    outcome
}
