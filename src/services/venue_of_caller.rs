//! Whose venue it is: staff may only act for the venues of their own organisation.

use uuid::Uuid;

use super::{Op, Outcome};
use crate::domain::caller::Caller;
use crate::domain::ids::VenueId;
use crate::domain::refusal::Refused;
use crate::store;
use crate::store::venue::VenueRow;

/// The venue of that id, when it is of the caller's organisation.
pub(super) fn venue_of_caller(op: &mut Op<'_>, caller: &Caller, venue: Uuid) -> Outcome<VenueRow> {
    let venue = store::venue::by_id(op.conn, VenueId(venue))?
        .filter(|venue| venue.organisation_id == caller.organisation);
    Ok(venue.ok_or_else(Refused::not_found)?)
}
