//! The list of live passes for a scanner without a network.

use uuid::Uuid;

use super::venue_of_caller::venue_of_caller;
use super::{Error, Outcome, Services};
use crate::adapters::live_filter;
use crate::domain::caller::Caller;
use crate::domain::live_list::{ListKey, LiveList};
use crate::domain::time::Zone;
use crate::store;
use crate::store::live_pass::Redeemable;

/// The passes that a venue may redeem now: of the programmes that accept it, active, with a
/// workshop left, not expired.
///
/// # Errors
/// `not_found` for another organisation's venue.
pub fn live_passes(services: &Services, caller: &Caller, venue: Uuid) -> Outcome<LiveList> {
    let mut key: ListKey = [0; 32];
    services.random.fill(&mut key);
    let (made_at, passes) = services.read(|op| {
        let venue = venue_of_caller(op, caller, venue)?;
        let programmes = store::programme::of_venue(op.conn, venue.id)?;
        // Somewhere overseas it may still be yesterday; the service decides to the day.
        let today = op.now.plus_seconds(-86_400).day_in(Zone::PARIS);
        Ok((op.now, store::live_pass::active_of(op.conn, &programmes, today)?))
    })?;
    let entries = passes.into_iter().map(|pass| entry(services, &key, pass));
    let entries = entries.collect::<Outcome<Vec<u64>>>()?;
    let passes = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let filter = live_filter::filter(entries).map_err(Error::failure)?;
    Ok(LiveList { made_at, passes, key, filter })
}

fn entry(services: &Services, key: &ListKey, pass: Redeemable) -> Outcome<u64> {
    Ok(live_filter::entry(key, &services.keys.code(pass.id, pass.key_number)?))
}
