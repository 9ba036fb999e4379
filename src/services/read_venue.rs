//! A venue as the operator sees it: its labels, its suspensions and who accepts it.

use uuid::Uuid;

use super::find_venues::Standings;
use super::venues::VenueView;
use super::{Outcome, Services};
use crate::domain::ids::VenueId;
use crate::domain::label::Standing;
use crate::domain::refusal::Refused;
use crate::domain::time::Day;
use crate::store;

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
    /// First day, last day and reason of its suspensions, the latest first.
    pub suspensions: Vec<(Day, Option<Day>, String)>,
    /// The programmes whose passes it may redeem.
    pub programmes: Vec<(Uuid, String)>,
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
        Ok(VenueFile {
            venue: row.into(),
            organisation_name: organisation.ok_or_else(Refused::not_found)?.name,
            standing: Standings::of(op)?.of_venue(id),
            labels: labels.into_iter().map(|(_, from, until)| (from, until)).collect(),
            suspensions: store::label::suspensions(op.conn, id)?,
            programmes: programmes.into_iter().map(|(id, name)| (id.0, name)).collect(),
        })
    })
}
