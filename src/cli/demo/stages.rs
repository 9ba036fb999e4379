//! Where the demo plays: real venues of the Charente.

use chrono::{Days, Months, NaiveDate, NaiveTime, TimeDelta};
use uuid::Uuid;

use super::super::Stop;
use super::account::Account;
use crate::documents::venue_sheet;
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::VenueId;
use crate::domain::time::{Instant, Zone};
use crate::services::Services;
use crate::services::import_venues::{self, Way};
use crate::services::label_venue::{self, NewLabel};
use crate::services::list::{MAX_LIMIT, Page};
use crate::services::scheduled_workshops::{self, NewScheduledWorkshop};
use crate::services::venues::{self, VenueFilter, VenueView};

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
    let sheet = venue_sheet::read(CHARENTE)
        .map_err(|error| Stop::Failure(format!("the Charente's venues: {error:?}")))?;
    let imported = import_venues::import_venues(
        services,
        &sheet,
        Way { partial: true, dry_run: false },
        None,
    )?
    .value;
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
        let (role, organisation) = (Role::VenueStaff, venue.organisation_id);
        let account = Account { role, email: &email, name: &name, organisation, signs_in: false };
        let staff = account.open(services)?;
        stages.push(Stage { venue: venue.id, staff });
    }
    Ok(stages)
}

/// What is planned: in how many days, at which minute of the day, about what.
const PLANNED: [(u64, i64, &str); 5] = [
    (0, 10 * 60, "prendre_en_main_un_telephone"),
    (0, 14 * 60, "creer_une_boite_mail"),
    (2, 14 * 60, "faire_une_demarche_administrative"),
    (7, 10 * 60, "mots_de_passe_et_arnaques"),
    (9, 14 * 60, "faire_son_cv"),
];

/// Plans workshops for the days to come, the same in every labelled venue.
pub fn plan(services: &Services, stages: &[Stage], now: Instant) -> Result<(), Stop> {
    let today = now.day_in(Zone::PARIS);
    for stage in stages {
        for (days, minute, theme) in PLANNED {
            let hour = NaiveTime::MIN + TimeDelta::minutes(minute);
            let local = (today + Days::new(days)).and_time(hour);
            let Some(starts_at) = Zone::PARIS.instant_of(local) else { continue };
            let workshop = NewScheduledWorkshop {
                venue_id: stage.venue,
                theme: theme.to_owned(),
                starts_at: starts_at.to_utc(),
                minutes: 120,
                seats: 8,
            };
            scheduled_workshops::plan(services, &stage.staff, &workshop, None)?;
        }
    }
    Ok(())
}
