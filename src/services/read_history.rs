//! What became of a pass: the workshops that were taken, and what its people did to it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::NaiveDate;
use uuid::Uuid;

use super::read_pass::{pass_of_caller, programme_of};
use super::{Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::{OrganisationId, PassId, UserId, VenueId};
use crate::domain::theme;
use crate::domain::time::Zone;
use crate::store;
use crate::store::pass_event::EventRow;

/// A workshop taken from a pass, or from one it replaces.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The slot it took.
    pub slot: i32,
    /// The day in the programme's zone.
    pub day: NaiveDate,
    /// Where.
    pub venue: String,
    /// What was taught, as people read it.
    pub theme: String,
    /// Whether it was undone: it counts no more.
    pub reversed: bool,
}

/// Something that happened to a pass.
#[derive(Clone, Debug)]
pub struct Happening {
    /// What, by its name in the journal of events.
    pub event: String,
    /// Why, in the words of who did it.
    pub reason: String,
    /// The day in the programme's zone.
    pub day: NaiveDate,
    /// The hour there.
    pub hour: String,
    /// Who: a colleague's name; empty for the service itself.
    pub by: String,
    /// The other pass of a replacement.
    pub other: Option<Uuid>,
}

/// What became of a pass.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The workshops, in the order they were given.
    pub taken: Vec<Taken>,
    /// What happened, oldest first.
    pub happenings: Vec<Happening>,
}

/// What became of a pass that the caller may read.
///
/// # Errors
/// `not_found` for anybody else's.
pub fn read_history(services: &Services, caller: &Caller, id: PassId) -> Outcome<History> {
    services.read(|op| {
        let row = pass_of_caller(op, caller, id)?;
        let zone = programme_of(op, &row.pass()?)?.zone;
        let own = row.prescriber_id;
        let events = store::pass_event::of_pass(op.conn, id)?;
        let happenings: Outcome<Vec<Happening>> =
            events.into_iter().map(|event| happening(op, event, zone, own)).collect();
        Ok(History { taken: taken(op, row.origin_id)?, happenings: happenings? })
    })
}

fn taken(op: &mut Op<'_>, origin: PassId) -> Outcome<Vec<Taken>> {
    let mut venues: BTreeMap<VenueId, String> = BTreeMap::new();
    let mut all = Vec::new();
    for row in store::redemption::of_line(op.conn, origin)? {
        let venue = match venues.entry(row.venue_id) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => {
                new.insert(store::venue::named(op.conn, row.venue_id)?.name).clone()
            }
        };
        let label = theme::theme(&row.theme).map_or(row.theme.as_str(), |theme| theme.label);
        all.push(Taken {
            slot: row.slot,
            day: row.workshop_day,
            venue,
            theme: label.to_owned(),
            reversed: row.reversed,
        });
    }
    Ok(all)
}

fn happening(
    op: &mut Op<'_>,
    event: EventRow,
    zone: Zone,
    own: OrganisationId,
) -> Outcome<Happening> {
    Ok(Happening {
        reason: event.reason.unwrap_or_default(),
        day: event.at.day_in(zone),
        hour: event.at.hour_in(zone),
        by: event.by_user.map(|user| who(op, user, own)).transpose()?.unwrap_or_default(),
        other: event.other_pass_id.map(|id| id.0),
        event: event.event,
    })
}

/// A colleague's name; of anybody else only the organisation's.
pub(super) fn who(op: &mut Op<'_>, user: UserId, own: OrganisationId) -> Outcome<String> {
    let user = store::user::named(op.conn, user)?;
    if user.organisation_id == own {
        return Ok(user.name);
    }
    Ok(store::organisation::named(op.conn, user.organisation_id)?.name)
}
