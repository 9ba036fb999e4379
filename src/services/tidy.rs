//! What the service forgets by itself.

use super::{Op, Outcome, Services};
use crate::domain::audit::ADDRESS_DAYS;
use crate::domain::ids::ProgrammeId;
use crate::domain::look_up::COUNTED_SECONDS;
use crate::domain::programme::Programme;
use crate::store;

/// An idempotency key is looked up for thirteen months.
const KEY_DAYS: i64 = 400;

/// So many keys are deleted in one transaction.
const AT_ONCE: i64 = 500;

/// Forgets what has ended: sessions, tokens, wrong codes, old idempotency keys, and the fingerprints of programmes
/// that are over, tolerance included, by destroying their key.
///
/// # Errors
/// A failure of the database.
pub fn tidy(services: &Services) -> Outcome<()> {
    const DAY: i64 = 24 * 60 * 60;
    services.write(|op| {
        store::session::delete_ended(op.conn, op.now.plus_seconds(-7 * DAY))?;
        store::wrong_code::delete_before(op.conn, op.now.plus_seconds(-DAY))?;
        store::sign_in_attempt::delete_before(op.conn, op.now.plus_seconds(-DAY))?;
        store::audit::delete_addresses(op.conn, op.now.plus_seconds(-ADDRESS_DAYS * DAY))?;
        store::look_up::delete_before(op.conn, op.now.plus_seconds(-COUNTED_SECONDS))?;
        store::idempotency::forget_people(op.conn, op.now.plus_seconds(-31 * DAY))?;
        Ok(())
    })?;
    let kept_since = services.clock.now().plus_seconds(-KEY_DAYS * DAY);
    while services
        .write(|op| Ok(store::idempotency::delete_before(op.conn, kept_since, AT_ONCE)?))?
        > 0
    {}
    let mut after = ProgrammeId(uuid::Uuid::nil());
    loop {
        let programmes = services.read(|op| Ok(store::programme::page(op.conn, after, 50)?))?;
        let Some(last) = programmes.last() else { return Ok(()) };
        after = last.id;
        for programme in &programmes {
            if services.read(|op| next_step(op, programme))? != Step::Nothing {
                services.write(|op| forget_people(op, programme))?;
            }
        }
    }
}

/// What is to be done with the fingerprint key of a programme.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Nothing,
    /// It is over for long: it will be looked at again on another day.
    Note,
    /// It was thought to be over and goes on.
    TakeBack,
    Destroy,
}

fn next_step(op: &mut Op<'_>, programme: &Programme) -> Outcome<Step> {
    let today = op.now.day_in(programme.zone);
    let over =
        programme.people_may_be_forgotten(today) && !store::pass::any_live(op.conn, programme.id)?;
    let noted = store::programme::over_since(op.conn, programme.id)?;
    Ok(match noted.map(|since| since.day_in(programme.zone)) {
        None if over => Step::Note,
        Some(_) if !over => Step::TakeBack,
        Some(day) if day < today => {
            let salt = store::programme::fingerprint_salt(op.conn, programme.id)?;
            if salt.is_some() { Step::Destroy } else { Step::Nothing }
        }
        _ => Step::Nothing,
    })
}

/// Destroys the key at the second look, on another day than the first: nothing brings it back.
fn forget_people(op: &mut Op<'_>, programme: &Programme) -> Outcome<()> {
    match next_step(op, programme)? {
        Step::Nothing => {}
        Step::Note => store::programme::set_over_since(op.conn, programme.id, Some(op.now))?,
        Step::TakeBack => store::programme::set_over_since(op.conn, programme.id, None)?,
        Step::Destroy => {
            store::programme::set_salt(op.conn, programme.id, None)?;
            store::pass::forget_fingerprints(op.conn, programme.id)?;
        }
    }
    Ok(())
}
