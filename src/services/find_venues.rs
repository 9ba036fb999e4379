//! Finding one venue among hundreds: by its name or commune, and by how its label stands.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::list::{Listed, Page};
use super::{Op, Outcome, Services};
use crate::adapters::geography;
use crate::domain::ids::{ProgrammeId, VenueId};
use crate::domain::label::{Standing, standing};
use crate::domain::territory::departement_of;
use crate::domain::time::{Day, Zone};
use crate::store;
use crate::store::venue::NameRow;

/// A kind of standing to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// May redeem today.
    Labelled,
    /// May redeem today, but not for long.
    EndsSoon,
    /// Suspended today.
    Suspended,
    /// May not redeem: no label, or one that is still to begin.
    Unlabelled,
}

impl Wanted {
    /// Whether a venue that stands so is looked for.
    #[must_use]
    pub fn is(self, standing: Standing) -> bool {
        match standing {
            Standing::Labelled { .. } => self == Self::Labelled,
            Standing::EndsSoon { .. } => matches!(self, Self::Labelled | Self::EndsSoon),
            Standing::Suspended { .. } => self == Self::Suspended,
            Standing::Coming { .. } | Standing::Unlabelled => self == Self::Unlabelled,
        }
    }
}

/// What to look for; what is left out lets everything through.
#[derive(Clone, Debug, Default)]
pub struct VenueSearch {
    /// Part of its name or of its commune's, or its département's code.
    pub text: String,
    /// How its label stands.
    pub wanted: Option<Wanted>,
    /// Only the venues of this organisation.
    pub organisation: Option<Uuid>,
    /// Only the venues that a programme accepts (`true`) or does not (`false`).
    pub accepted: Option<(Uuid, bool)>,
    /// Only those of the accepted ones that never redeemed.
    pub idle: bool,
}

/// A venue in a list.
#[derive(Clone, Debug)]
pub struct VenueLine {
    /// The venue.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The name of its commune.
    pub commune: String,
    /// The code of its département.
    pub departement: String,
    /// How its label stands today.
    pub standing: Standing,
}

/// A page of what was found, and how many there are in all.
#[derive(Clone, Debug)]
pub struct Found<T> {
    /// The page.
    pub page: Listed<T>,
    /// How many were found.
    pub total: usize,
}

impl<T> Found<T> {
    /// Cuts a page out of everything that was found, in its order.
    pub(super) fn cut(all: Vec<T>, page: Page, id: impl Fn(&T) -> Uuid) -> Self {
        let total = all.len();
        let seen = all.iter().position(|item| id(item) == page.after).map_or(0, |at| at + 1);
        let wanted = usize::from(page.limit) + 1;
        let rest: Vec<T> = all.into_iter().skip(seen).take(wanted).collect();
        Self { page: page.cut(rest, id), total }
    }
}

/// The venues that are looked for, by name.
///
/// # Errors
/// A failure of the database.
pub fn find(services: &Services, search: &VenueSearch, page: Page) -> Outcome<Found<VenueLine>> {
    let all = services.read(|op| all_found(op, search))?;
    Ok(Found::cut(all, page, |line| line.id))
}

pub(super) fn all_found(op: &mut Op<'_>, search: &VenueSearch) -> Outcome<Vec<VenueLine>> {
    let standings = Standings::of(op)?;
    let chosen = chosen(op, search)?;
    let text = geography::plain(&search.text);
    let mut found: Vec<(String, VenueLine)> = Vec::new();
    for row in store::venue::names(op.conn)? {
        let own = search.organisation.is_none_or(|id| row.organisation.0 == id);
        let listed = chosen.as_ref().is_none_or(|(ids, with)| ids.contains(&row.id) == *with);
        if !own || !listed {
            continue;
        }
        let line = line(row, &standings);
        let wanted = search.wanted.is_none_or(|wanted| wanted.is(line.standing));
        let name = geography::plain(&line.name);
        let place = geography::plain(&line.commune);
        let named = name.contains(&text)
            || place.contains(&text)
            || line.departement.eq_ignore_ascii_case(search.text.trim());
        if wanted && named {
            found.push((name, line));
        }
    }
    found.sort_by(|(one, a), (other, b)| (one, a.id).cmp(&(other, b.id)));
    Ok(found.into_iter().map(|(_, line)| line).collect())
}

fn line(row: NameRow, standings: &Standings) -> VenueLine {
    VenueLine {
        id: row.id.0,
        commune: super::venues::commune_name(&row.commune),
        departement: departement_of(&row.commune).to_owned(),
        standing: standings.of_venue(row.id),
        name: row.name,
    }
}

/// The venues to keep, or to leave out.
fn chosen(op: &mut Op<'_>, search: &VenueSearch) -> Outcome<Option<(BTreeSet<VenueId>, bool)>> {
    let Some((programme, with)) = search.accepted else { return Ok(None) };
    let programme = ProgrammeId(programme);
    let ids = if search.idle {
        let idle = store::alert::idle_venues(op.conn)?.into_iter();
        idle.filter(|(of, _)| *of == programme).map(|(_, venue)| venue).collect()
    } else {
        store::programme_member::accepted_venues(op.conn, programme)?
    };
    Ok(Some((ids.into_iter().collect(), with)))
}

/// How every venue stands today.
pub(super) struct Standings {
    labels: BTreeMap<VenueId, Vec<(Day, Day)>>,
    suspensions: BTreeMap<VenueId, Vec<(Day, Option<Day>)>>,
    today: Day,
}

impl Standings {
    pub(super) fn of(op: &mut Op<'_>) -> Outcome<Self> {
        let today = op.now.day_in(Zone::PARIS);
        let mut labels: BTreeMap<VenueId, Vec<(Day, Day)>> = BTreeMap::new();
        for (venue, from, until) in store::label::not_over(op.conn, today)? {
            labels.entry(venue).or_default().push((from, until));
        }
        let mut suspensions: BTreeMap<VenueId, Vec<(Day, Option<Day>)>> = BTreeMap::new();
        for (venue, from, until) in store::label::suspensions_on(op.conn, today)? {
            suspensions.entry(venue).or_default().push((from, until));
        }
        Ok(Self { labels, suspensions, today })
    }

    pub(super) fn of_venue(&self, venue: VenueId) -> Standing {
        let labels = self.labels.get(&venue).map(Vec::as_slice).unwrap_or_default();
        let suspensions = self.suspensions.get(&venue).map(Vec::as_slice).unwrap_or_default();
        standing(labels, suspensions, self.today)
    }

    /// The venues that have a label that is not over.
    pub(super) fn labelled(&self) -> impl Iterator<Item = VenueId> + '_ {
        self.labels.keys().copied()
    }
}
