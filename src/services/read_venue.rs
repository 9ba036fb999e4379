//! A venue as the operator sees it: its labels, its suspensions and who accepts it.

use uuid::Uuid;

use super::find_venues::Standings;
use super::venues::VenueView;
use super::{Outcome, Services};
use crate::domain::ids::VenueId;
use crate::domain::label::Standing;
use crate::domain::refusal::Refused;
use crate::domain::time::{Day, Zone};
use crate::store;
use crate::store::label::SuspensionRow;

/// Days on which no label of a venue counts.
#[derive(Clone, Debug)]
pub struct Suspension {
    /// First day.
    pub from: Day,
    /// Last day; open when there is none. Before the first day when it was lifted before it began.
    pub until: Option<Day>,
    /// Why.
    pub reason: String,
    /// Whether it was lifted before its end.
    pub lifted: bool,
}

impl From<SuspensionRow> for Suspension {
    fn from(row: SuspensionRow) -> Self {
        Self {
            from: row.suspended_from,
            until: row.suspended_until,
            reason: row.reason,
            lifted: row.lifted_at.is_some(),
        }
    }
}

/// A venue and everything that decides whether it may redeem.
#[derive(Clone, Debug)]
pub struct VenueFile {
    /// Its description.
    pub venue: VenueView,
    /// Who runs it.
    pub organisation_name: String,
    /// How its label stands today.
    pub standing: Standing,
    /// First and last day of its labels, the latest first.
    pub labels: Vec<(Day, Day)>,
    /// Its suspensions, the latest first.
    pub suspensions: Vec<Suspension>,
    /// The day it is in Paris.
    pub today: Day,
    /// The programmes whose passes it may redeem.
    pub programmes: Vec<(Uuid, String)>,
}

impl VenueFile {
    /// Whether a suspension holds today or will.
    #[must_use]
    pub fn suspended(&self) -> bool {
        self.suspensions.iter().any(|one| one.until.is_none_or(|until| until >= self.today))
    }
}

/// The venue of that id.
///
/// # Errors
/// `not_found`.
pub fn read_venue(services: &Services, id: VenueId) -> Outcome<VenueFile> {
    services.read(|op| {
        let row = store::venue::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        let organisation = store::organisation::by_id(op.conn, row.organisation_id)?;
        let mut labels = store::venue::labels(op.conn, id)?;
        labels.reverse();
        let programmes = store::venue::programmes(op.conn, id)?;
        let suspensions = store::label::suspensions(op.conn, id)?;
        Ok(VenueFile {
            venue: row.into(),
            organisation_name: organisation.ok_or_else(Refused::not_found)?.name,
            standing: Standings::of(op)?.of_venue(id),
            labels: labels.into_iter().map(|(_, from, until)| (from, until)).collect(),
            suspensions: suspensions.into_iter().map(Suspension::from).collect(),
            today: op.now.day_in(Zone::PARIS),
            programmes: programmes.into_iter().map(|(id, name)| (id.0, name)).collect(),
        })
    })
}
