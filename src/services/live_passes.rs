//! The list of live passes for a scanner without a network.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use super::venue_of_caller::venue_of_caller;
use super::{Error, Outcome, Services};
use crate::adapters::live_filter;
use crate::domain::caller::Caller;
use crate::domain::ids::ProgrammeId;
use crate::domain::live_list::{ListKey, LiveList};
use crate::domain::time::{Instant, Zone};
use crate::store;
use crate::store::live_pass::Redeemable;

/// The passes that a venue may redeem now: of the programmes that accept it, active, with a
/// workshop left, not expired.
///
/// # Errors
/// `not_found` for another organisation's venue.
pub fn live_passes(services: &Services, caller: &Caller, venue: Uuid) -> Outcome<Arc<LiveList>> {
    let mut programmes = services.read(|op| {
        let venue = venue_of_caller(op, caller, venue)?;
        Ok(store::programme_member::of_venue(op.conn, venue.id)?)
    })?;
    programmes.sort_unstable();
    services
        .live_lists
        .made_lately(services.clock.now(), &programmes, || make(services, &programmes))
}

/// A list is given to everybody who asks for the same within so many seconds: pages ask every ten
/// minutes, and a list is as old as that on a device anyway.
const GOOD_FOR_SECONDS: i64 = 300;

/// So many lists are kept, the oldest goes first: one of a million passes weighs some 2 MB.
const MOST_KEPT: usize = 32;

/// The lists that were made lately, one for each set of programmes.
#[derive(Debug, Default)]
pub struct LiveLists(Mutex<Vec<Kept>>);

#[derive(Debug)]
struct Kept {
    programmes: Vec<ProgrammeId>,
    place: Arc<Place>,
}

/// Where a list is kept, and whether somebody makes the next one.
#[derive(Debug, Default)]
struct Place {
    list: Mutex<Option<Arc<LiveList>>>,
    making: Mutex<()>,
}

impl Place {
    fn list(&self) -> MutexGuard<'_, Option<Arc<LiveList>>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn made_after(&self, oldest: Instant) -> Option<Arc<LiveList>> {
        self.list().as_ref().filter(|list| list.made_at > oldest).map(Arc::clone)
    }
}

impl LiveLists {
    /// The list that was made lately, or one that is made now. One is made at a time: who asks for
    /// the same meanwhile gets the one before, or waits when there is none.
    fn made_lately(
        &self,
        now: Instant,
        programmes: &[ProgrammeId],
        make: impl FnOnce() -> Outcome<LiveList>,
    ) -> Outcome<Arc<LiveList>> {
        let place = self.place_of(programmes);
        let good = now.plus_seconds(-GOOD_FOR_SECONDS);
        if let Some(list) = place.made_after(good) {
            return Ok(list);
        }
        let Ok(making) = place.making.try_lock() else {
            if let Some(before) = place.made_after(now.plus_seconds(-2 * GOOD_FOR_SECONDS)) {
                return Ok(before);
            }
            drop(place.making.lock());
            return place.made_after(good).map_or_else(|| Ok(Arc::new(make()?)), Ok);
        };
        let list = Arc::new(make()?);
        *place.list() = Some(Arc::clone(&list));
        drop(making);
        Ok(list)
    }

    /// Where the list of these programmes is kept; what was asked for last stands last.
    fn place_of(&self, programmes: &[ProgrammeId]) -> Arc<Place> {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lists.iter().position(|kept| kept.programmes == programmes);
        let kept = match known {
            Some(place) => lists.remove(place),
            None => Kept { programmes: programmes.to_vec(), place: Arc::default() },
        };
        let place = Arc::clone(&kept.place);
        lists.push(kept);
        if lists.len() > MOST_KEPT {
            lists.remove(0);
        }
        place
    }
}

fn make(services: &Services, programmes: &[ProgrammeId]) -> Outcome<LiveList> {
    let mut key: ListKey = [0; 32];
    services.random.fill(&mut key);
    let (made_at, passes) = services.read(|op| {
        // Somewhere overseas it may still be yesterday; the service decides to the day.
        let today = op.now.plus_seconds(-86_400).day_in(Zone::PARIS);
        Ok((op.now, store::live_pass::active_of(op.conn, programmes, today)?))
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
