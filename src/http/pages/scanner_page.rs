//! What the scanner shows: one answer on top, and the form that is ready for the next pass.

use askama::Template;
use uuid::Uuid;

use super::assets::address;
use super::frame::Frame;
use super::wording::{
    capital, euros, in_letters, month_in_letters, sentence, workshops, workshops_counted,
};
use crate::domain::theme::{CATALOGUE, Theme};
use crate::services::check_pass::Checked;
use crate::services::owed::Owed;
use crate::services::recent_redemptions::Recent;
use crate::services::refused_scans::RefusedScan;
use crate::services::scheduled_workshops::ScheduledWorkshopView;
use crate::services::venues::VenueView;

/// The page of the person at the door.
#[derive(Template)]
#[template(path = "scanner.html")]
pub struct ScannerPage {
    /// Around it.
    pub frame: Frame,
    /// The venues of the organisation.
    pub venues: Vec<VenueView>,
    /// The venue where the scan happens.
    pub venue: Uuid,
    /// Whether the venue is certain.
    pub chosen: bool,
    /// The answer.
    pub told: Told,
    /// The theme of the last scan.
    pub theme: String,
    /// Whose venues.
    pub organisation: Uuid,
    /// The mark of the person: a page that was kept is shown to nobody else.
    pub whose: String,
    /// The workshops planned for today.
    pub planned: Vec<ScheduledWorkshopView>,
    /// What was validated today.
    pub today: Vec<Recent>,
    /// Scans without a network that were refused and that nobody settled.
    pub refused: Vec<RefusedScan>,
    /// What the organisation is owed.
    pub owed: Owed,
    /// What makes the form count once.
    pub key: Uuid,
}

/// The one answer on top of the page.
pub enum Told {
    /// Ready to scan.
    Nothing,
    /// A pass was opened before the venue is known.
    WhichVenue {
        /// What was scanned.
        code: String,
    },
    /// A pass that gives a workshop, to confirm.
    Pass(Pass),
    /// A workshop was validated, or undone.
    Done(Recent),
    /// Refused.
    No {
        /// The refusal in two or three words.
        title: &'static str,
        /// Why, and what to do.
        sentence: String,
    },
}

/// A pass before it is validated.
pub struct Pass {
    /// What a venue may know of it.
    pub checked: Checked,
    /// What was scanned.
    pub code: String,
    /// What is missing; empty when nothing is.
    pub fault: &'static str,
}

impl Told {
    /// What the window shows, so that a screen reader says the answer first.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Nothing | Self::WhichVenue { .. } => "Valider un atelier".to_owned(),
            Self::Pass(pass) => format!("Il reste {}", workshops(pass.checked.remaining)),
            Self::Done(recent) if recent.reversed => "Validation annulée".to_owned(),
            Self::Done(_) => "Atelier validé".to_owned(),
            Self::No { title, .. } => format!("Refusé : {title}"),
        }
    }

    /// Whether the page asks something first, before the next pass.
    #[must_use]
    pub fn asks(&self) -> bool {
        matches!(self, Self::WhichVenue { .. } | Self::Pass(_))
    }
}

impl ScannerPage {
    /// How many workshops were validated today and stand.
    #[must_use]
    pub fn count_today(&self) -> i64 {
        let standing = self.today.iter().filter(|recent| !recent.reversed && !recent.training);
        i64::try_from(standing.count()).unwrap_or(i64::MAX)
    }

    /// The name of the venue where the scan happens.
    #[must_use]
    pub fn venue_name(&self) -> &str {
        let found = self.venues.iter().find(|venue| venue.id == self.venue);
        found.map_or("", |venue| venue.name.as_str())
    }
}

/// The themes by service.
#[must_use]
pub fn services() -> Vec<(&'static str, Vec<&'static Theme>)> {
    let mut groups: Vec<(&'static str, Vec<&'static Theme>)> = Vec::new();
    for theme in CATALOGUE {
        match groups.last_mut().filter(|(service, _)| *service == theme.service) {
            Some((_, themes)) => themes.push(theme),
            None => groups.push((theme.service, vec![theme])),
        }
    }
    groups
}

#[cfg(test)]
mod tests;
