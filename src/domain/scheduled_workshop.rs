//! A workshop that a venue plans (*séance*): when, about what, with how many seats.

use super::ids::{ScheduledWorkshopId, VenueId};
use super::refusal::Check;
use super::theme;
use super::time::{Day, Instant, Zone};

/// The most seats a workshop may have.
pub const MOST_SEATS: i32 = 200;

/// The longest workshop, in minutes.
pub const LONGEST_MINUTES: i32 = 600;

/// A planned workshop may be noted so many days after it was held.
const NOTED_WITHIN_DAYS: i64 = 31;

/// A planned workshop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduledWorkshop {
    /// Its id.
    pub id: ScheduledWorkshopId,
    /// Where.
    pub venue: VenueId,
    /// A code of the catalogue.
    pub theme: String,
    /// When it begins.
    pub starts_at: Instant,
    /// How long, in minutes.
    pub minutes: i32,
    /// How many people it is planned for; more may come.
    pub seats: i32,
    /// Whether it was called off.
    pub cancelled: bool,
}

impl ScheduledWorkshop {
    /// Notes what is wrong with the plan.
    pub fn check(&self, check: &mut Check, now: Instant) {
        let known = theme::theme(&self.theme).is_some();
        let detail = "Ce thème n'est pas dans le catalogue : choisissez-en un autre.";
        check.that(known, "/theme", "unknown_value", detail);
        let length = (1..=LONGEST_MINUTES).contains(&self.minutes);
        let detail = "La durée doit être comprise entre 1 et 600 minutes.";
        check.that(length, "/minutes", "out_of_range", detail);
        let seats = (1..=MOST_SEATS).contains(&self.seats);
        let detail = "Le nombre de places va de 1 à 200.";
        check.that(seats, "/seats", "out_of_range", detail);
        check.days(&[(Some(self.day_in(Zone::PARIS)), "/starts_at")]);
        let recent = self.starts_at >= now.plus_seconds(-NOTED_WITHIN_DAYS * 86_400);
        let detail = "Cette séance est passée depuis plus d'un mois.";
        check.that(recent, "/starts_at", "out_of_range", detail);
    }

    /// The day it is held on, in `zone`.
    #[must_use]
    pub fn day_in(&self, zone: Zone) -> Day {
        self.starts_at.day_in(zone)
    }
}
