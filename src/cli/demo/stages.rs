//! Where the demo plays: real venues of the Charente.

use chrono::{Months, NaiveDate};
use uuid::Uuid;

use super::super::Stop;
use super::cast::user;
use crate::documents::venue_sheet;
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::VenueId;
use crate::services::label_venue::{self, NewLabel};
use crate::services::list::{MAX_LIMIT, Page};
use crate::services::venues::{self, VenueFilter, VenueView};
use crate::services::{Services, import_venues};

/// How many venues are labelled.
const LABELLED: usize = 24;

const CHARENTE: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/lieux-charente.csv"));

/// A venue with somebody who scans there.
pub struct Stage {
    /// The venue.
    pub venue: Uuid,
    /// Who scans.
    pub staff: Caller,
}

/// Imports the real venues and labels those that have a phone, one a commune first.
pub fn label(
    services: &Services,
    first_day: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<Stage>, Stop> {
    let read = venue_sheet::read(CHARENTE)
        .map_err(|error| Stop::Failure(format!("the Charente's venues: {error:?}")))?;
    let lines = import_venues::lines(read);
    let imported = import_venues::import_venues(services, &lines, true, None)?.value;
    println!("{} lieux importés, {} lignes écartées", imported.created, imported.rejected.len());
    let page = Page { limit: MAX_LIMIT, ..Page::default() };
    let found = venues::list(services, &VenueFilter::default(), page)?.items;
    let mut chosen: Vec<VenueView> = Vec::new();
    // Names all in capitals are true to the file but hard to read on a letter.
    let suits = |venue: &VenueView| {
        let readable = venue.name.chars().any(char::is_lowercase);
        readable && venue.phone.is_some() && venue.latitude.is_some()
    };
    for venue in found.iter().filter(|venue| suits(venue)) {
        let new_commune = chosen.iter().all(|other| other.commune != venue.commune);
        if new_commune && chosen.len() < LABELLED {
            chosen.push(venue.clone());
        }
    }
    let more = found.into_iter().filter(|venue| suits(venue));
    for venue in more {
        if chosen.len() < LABELLED && chosen.iter().all(|other| other.id != venue.id) {
            chosen.push(venue);
        }
    }
    // Angoulême first: its staff is the account that people try.
    chosen.sort_by_key(|venue| venue.commune != "16015");
    let label = NewLabel { valid_from: first_day, valid_until: today + Months::new(24) };
    let mut stages = Vec::new();
    for (number, venue) in chosen.iter().enumerate() {
        label_venue::label(services, VenueId(venue.id), &label, None)?;
        let email = format!("lieu-{}@exemple.fr", number + 1);
        let name = format!("Équipe {}", venue.name);
        let at = venue.organisation_id;
        let staff = user(services, Role::VenueStaff, &email, &name, at, false)?;
        stages.push(Stage { venue: venue.id, staff });
    }
    Ok(stages)
}
