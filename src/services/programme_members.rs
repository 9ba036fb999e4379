//! Who may hand out passes of a programme, and who may redeem them.

use uuid::Uuid;

use super::find_venues::{VenueSearch, Wanted, all_found};
use super::{Outcome, Services};
use crate::domain::ids::{OrganisationId, ProgrammeId, VenueId};
use crate::domain::refusal::{Code, Refused};
use crate::store;

/// Lets an organisation hand out passes of a programme.
///
/// # Errors
/// `not_found`, or `not_a_prescriber`.
pub fn accept_prescriber(
    services: &Services,
    programme: ProgrammeId,
    organisation: OrganisationId,
) -> Outcome<()> {
    services.write(|op| {
        store::programme::by_id(op.conn, programme)?.ok_or_else(Refused::not_found)?;
        let found = store::organisation::by_id(op.conn, organisation)?;
        if !found.ok_or_else(Refused::not_found)?.prescriber {
            let sentence = "Cet organisme n'est pas prescripteur : modifiez-le d'abord.";
            return Err(Refused::new(Code::NotAPrescriber, sentence).into());
        }
        Ok(store::programme_member::accept_prescriber(op.conn, programme, organisation)?)
    })
}

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
            store::programme_member::accept_venue(op.conn, programme, venue)?;
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
            store::programme_member::accept_venue(op.conn, programme, VenueId(venue.id))?;
        }
        Ok(found.len())
    })
}

/// Takes prescribers out of a programme, all of them or none: they hand out nothing of it any more.
/// What they handed over stays as it is.
///
/// # Errors
/// `not_found` when one of them is not in it.
pub fn remove_prescribers(
    services: &Services,
    programme: ProgrammeId,
    organisations: &[Uuid],
) -> Outcome<()> {
    services.write(|op| {
        for organisation in organisations {
            let organisation = OrganisationId(*organisation);
            if !store::programme_member::remove_prescriber(op.conn, programme, organisation)? {
                return Err(Refused::not_found().into());
            }
        }
        Ok(())
    })
}

/// Takes venues out of a programme, all of them or none: they redeem nothing of it any more, a scan
/// that comes late neither. What they redeemed is paid.
///
/// # Errors
/// `not_found` when one of them is not in it.
pub fn remove_venues(services: &Services, programme: ProgrammeId, venues: &[Uuid]) -> Outcome<()> {
    services.write(|op| {
        for venue in venues {
            if !store::programme_member::remove_venue(op.conn, programme, VenueId(*venue))? {
                return Err(Refused::not_found().into());
            }
        }
        Ok(())
    })
}
