//! Letting many venues redeem passes of a programme at once.

use uuid::Uuid;

use super::find_venues::{VenueSearch, Wanted, all_found};
use super::{Outcome, Services};
use crate::domain::ids::{ProgrammeId, VenueId};
use crate::domain::refusal::Refused;
use crate::store;

/// Lets these venues redeem passes of a programme: all of them or none. Saying so twice is fine.
///
/// # Errors
/// `not_found`.
pub fn accept_venues(
    services: &Services,
    programme: ProgrammeId,
    venues: &[Uuid],
) -> Outcome<usize> {
    services.write(|op| {
        store::programme::by_id(op.conn, programme)?.ok_or_else(Refused::not_found)?;
        for venue in venues {
            let venue = VenueId(*venue);
            store::venue::by_id(op.conn, venue)?.ok_or_else(Refused::not_found)?;
            store::programme::accept_venue(op.conn, programme, venue)?;
        }
        Ok(venues.len())
    })
}

/// Lets every venue that has a label today and is called so, or lies there, redeem passes of a
/// programme. Answers how many were added.
///
/// # Errors
/// `not_found`.
pub fn accept_labelled(services: &Services, programme: ProgrammeId, text: &str) -> Outcome<usize> {
    let search = VenueSearch {
        text: text.to_owned(),
        wanted: Some(Wanted::Labelled),
        accepted: Some((programme.0, false)),
        ..VenueSearch::default()
    };
    services.write(|op| {
        store::programme::by_id(op.conn, programme)?.ok_or_else(Refused::not_found)?;
        let found = all_found(op, &search)?;
        for venue in &found {
            store::programme::accept_venue(op.conn, programme, VenueId(venue.id))?;
        }
        Ok(found.len())
    })
}
