//! Expiry is a fact of the date; this posts what follows from it. It may run late, twice, or in
//! several instances at once: a pass is locked, looked at again, and released once.

use super::change_pass::release;
use super::read_pass::programme_of;
use super::{Op, Outcome, Services};
use crate::domain::ids::{EntryId, PassId};
use crate::store;
use crate::store::pass::PassRow;
use crate::store::pass_event::EventRow;

/// How many passes are looked up at a time.
const BATCH: i64 = 500;

/// Releases the money of every pass whose last day, tolerance included, has passed. Answers how
/// many were released.
///
/// # Errors
/// A failure of the database; what was released before it stays released.
pub fn release_expired(services: &Services) -> Outcome<usize> {
    let mut released = 0;
    loop {
        let found = candidates(services)?;
        let mut progress = 0;
        for pass in &found {
            progress += usize::from(release_one(services, pass.id, pass.origin_id)?);
        }
        released += progress;
        if progress == 0 {
            return Ok(released);
        }
    }
}

/// Passes that are over somewhere on earth; each one's own zone decides under the lock.
fn candidates(services: &Services) -> Outcome<Vec<PassRow>> {
    const FOURTEEN_HOURS: i64 = 14 * 60 * 60;
    services.read(|op| {
        let latest_today = op.now.plus_seconds(FOURTEEN_HOURS).to_utc().date_naive();
        Ok(store::pass::to_release(op.conn, latest_today, BATCH)?)
    })
}

fn release_one(services: &Services, id: PassId, origin: PassId) -> Outcome<bool> {
    services.write(|op| {
        store::pass::lock_line(op.conn, origin)?;
        let Some(row) = store::pass::by_id(op.conn, id)? else { return Ok(false) };
        let pass = row.pass()?;
        let programme = programme_of(op, &pass)?;
        let today = op.now.day_in(programme.zone);
        if !pass.holds_money() || today <= pass.redeemable_until {
            return Ok(false);
        }
        release(op, &pass, &programme)?;
        note(op, id)?;
        Ok(true)
    })
}

fn note(op: &mut Op<'_>, pass: PassId) -> Outcome<()> {
    let row = EventRow {
        id: EntryId(op.id()),
        pass_id: pass,
        event: "expired".to_owned(),
        reason: None,
        other_pass_id: None,
        by_user: None,
        at: op.now,
    };
    Ok(store::pass_event::insert(op.conn, &row)?)
}
