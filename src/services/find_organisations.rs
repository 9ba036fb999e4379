//! Finding one organisation among hundreds: by its name or number, and by what it does.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::find_venues::Found;
use super::list::Page;
use super::organisations::OrganisationView;
use super::{Outcome, Services};
use crate::adapters::geography;
use crate::domain::ids::{OrganisationId, ProgrammeId};
use crate::store;

/// What an organisation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// It pays for passes.
    Fund,
    /// It hands passes over.
    Prescribe,
    /// It runs venues.
    RunVenues,
}

/// What to look for; what is left out lets everything through.
#[derive(Clone, Debug, Default)]
pub struct OrganisationSearch {
    /// Part of its name, or the beginning of its SIRET or RNA number.
    pub text: String,
    /// What it does.
    pub does: Option<Does>,
    /// Only those that may hand out passes of a programme (`true`), or may not (`false`).
    pub hands_out: Option<(Uuid, bool)>,
}

/// The organisations that are looked for, by name.
///
/// # Errors
/// A failure of the database.
pub fn find(
    services: &Services,
    search: &OrganisationSearch,
    page: Page,
) -> Outcome<Found<OrganisationView>> {
    let (all, accepted) = services.read(|op| {
        let accepted = match search.hands_out {
            Some((programme, _)) => {
                store::programme_member::prescribers(op.conn, ProgrammeId(programme))?
            }
            None => Vec::new(),
        };
        Ok((store::organisation::all(op.conn)?, accepted))
    })?;
    let accepted: BTreeSet<OrganisationId> = accepted.into_iter().collect();
    let text = geography::plain(&search.text);
    let number: String = search.text.split_whitespace().collect();
    let mut found: Vec<(String, OrganisationView)> = Vec::new();
    for organisation in all {
        let listed =
            search.hands_out.is_none_or(|(_, with)| accepted.contains(&organisation.id) == with);
        let does = search.does.is_none_or(|does| match does {
            Does::Fund => organisation.funder,
            Does::Prescribe => organisation.prescriber,
            Does::RunVenues => organisation.venue_operator,
        });
        let name = geography::plain(&organisation.name);
        let numbers = [organisation.siret.as_deref(), organisation.rna.as_deref()];
        let numbered = !number.is_empty()
            && numbers.iter().flatten().any(|known| known.starts_with(number.as_str()));
        if listed && does && (name.contains(&text) || numbered) {
            found.push((name, organisation.into()));
        }
    }
    found.sort_by(|(one, a), (other, b)| (one, a.id).cmp(&(other, b.id)));
    let found = found.into_iter().map(|(_, organisation)| organisation).collect();
    Ok(Found::cut(found, page, |organisation: &OrganisationView| organisation.id))
}
