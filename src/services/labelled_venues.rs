//! Finding a venue that may take a pass today: by commune, by postal code, or by département.

use std::collections::BTreeMap;

use super::places::{self, Place};
use super::venues::{VenueFilter, VenueView};
use super::{Outcome, Services, commune_code};
use crate::adapters::geography;
use crate::domain::place::Point;
use crate::domain::territory::{departement_of, same_commune};
use crate::domain::time::Zone;
use crate::store;
use crate::store::venue::VenueRow;

/// How many venues of a département are shown at a time.
pub const ON_A_PAGE: usize = 20;

/// How many of a commune itself are shown, and how many around it.
const HERE: usize = 40;
const AROUND: usize = 10;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// A commune or a postal code, as it was typed.
    pub typed: String,
    /// INSEE code of a commune that was chosen.
    pub commune: Option<String>,
    /// Code of a département that was chosen.
    pub departement: Option<String>,
    /// Only venues that offer this service.
    pub service: Option<String>,
    /// Which part of a département's list; the first is 0.
    pub page: usize,
}

/// What a search gave.
#[derive(Clone, Debug)]
pub enum Found {
    /// No commune is called so.
    Nowhere,
    /// Several communes may be meant.
    Choices(Vec<Place>),
    /// Nothing was typed, and there are venues in several départements: the code and the name
    /// of each, and how many venues.
    Departements(Vec<(String, String, usize)>),
    /// Venues.
    Venues(FoundVenues),
}

/// The venues of a place.
#[derive(Clone, Debug, Default)]
pub struct FoundVenues {
    /// Where, in words.
    pub place: String,
    /// The départements they lie in.
    pub departements: Vec<String>,
    /// Those of the place itself.
    pub here: Vec<VenueView>,
    /// Those around it, the nearest first.
    pub around: Vec<VenueView>,
    /// Which part of the list this is, and whether there is more.
    pub page: usize,
    /// Whether there is a next page.
    pub more: bool,
}

/// Finds venues that have a label today.
///
/// # Errors
/// A failure of the database.
pub fn find(services: &Services, search: &Search) -> Outcome<Found> {
    let typed = search.typed.trim();
    let departement = search.departement.as_deref().map(commune_code::of_today);
    if let Some(departement) = &departement {
        if !geography::departement_exists(departement) {
            return Ok(Found::Nowhere);
        }
        return of_departement(services, search, departement);
    }
    let chosen = search.commune.as_deref().and_then(places::by_code);
    let meant = chosen.map_or_else(|| places::search(typed), |place| vec![place]);
    match meant.as_slice() {
        [] if typed.is_empty() => everywhere(services, search),
        [] => Ok(Found::Nowhere),
        [only] => around(services, search, &only.label, &meant),
        _ if typed.bytes().all(|sign| sign.is_ascii_digit()) => {
            around(services, search, typed, &meant)
        }
        _ => Ok(Found::Choices(meant)),
    }
}

fn labelled(
    services: &Services,
    search: &Search,
    departement: Option<&str>,
) -> Outcome<Vec<VenueRow>> {
    let filter = VenueFilter {
        departement: departement.map(str::to_owned),
        service: search.service.clone(),
        ..VenueFilter::default()
    };
    services.read(|op| {
        let today = op.now.day_in(Zone::PARIS);
        Ok(store::labelled_venue::labelled(op.conn, &filter.stored(), today)?)
    })
}

/// Where there are venues at all; a single département is shown at once.
fn everywhere(services: &Services, search: &Search) -> Outcome<Found> {
    let today = services.clock.now().day_in(Zone::PARIS);
    let service = search.service.clone();
    let filter = VenueFilter { service, ..VenueFilter::default() }.stored();
    let communes =
        services.read(|op| Ok(store::labelled_venue::communes(op.conn, &filter, today)?))?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for commune in communes {
        *counts.entry(departement_of(&commune).to_owned()).or_default() += 1;
    }
    if counts.len() > 1 {
        let named = counts.into_iter().map(|(code, count)| (name(&code), code, count));
        return Ok(Found::Departements(named.map(|(n, code, count)| (code, n, count)).collect()));
    }
    match counts.into_keys().next() {
        Some(departement) => of_departement(services, search, &departement),
        None => Ok(Found::Venues(FoundVenues::default())),
    }
}

fn name(departement: &str) -> String {
    geography::departement_name(departement).unwrap_or(departement).to_owned()
}

fn of_departement(services: &Services, search: &Search, departement: &str) -> Outcome<Found> {
    let rows = labelled(services, search, Some(departement))?;
    let mut views: Vec<VenueView> = rows.into_iter().map(VenueView::from).collect();
    views.sort_by_cached_key(|venue| (venue.commune_name.clone(), venue.name.clone()));
    let first = search.page.saturating_mul(ON_A_PAGE);
    let more = views.len() > first.saturating_add(ON_A_PAGE);
    Ok(Found::Venues(FoundVenues {
        place: format!("{} ({departement})", name(departement)),
        departements: vec![departement.to_owned()],
        here: views.into_iter().skip(first).take(ON_A_PAGE).collect(),
        around: Vec::new(),
        page: search.page,
        more,
    }))
}

/// The venues of some communes of one postal code, then the nearest ones of the département.
fn around(
    services: &Services,
    search: &Search,
    place_name: &str,
    communes: &[Place],
) -> Outcome<Found> {
    let mut departements: Vec<String> =
        communes.iter().map(|commune| departement_of(&commune.code).to_owned()).collect();
    departements.sort_unstable();
    departements.dedup();
    let centres: Vec<Point> =
        communes.iter().filter_map(|commune| places::centre(&commune.code)).collect();
    let centre = Point::middle(&centres);
    let (mut here, mut around) = (Vec::new(), Vec::new());
    for departement in &departements {
        for row in labelled(services, search, Some(departement))? {
            let inside = communes.iter().any(|commune| same_commune(&commune.code, &row.commune));
            let view = VenueView::from(row);
            let km = centre.zip(point(&view)).map(|(centre, point)| centre.km_to(point));
            if inside {
                here.push(view);
            } else {
                around.push(VenueView { distance_km: km, ..view });
            }
        }
    }
    here.sort_by_cached_key(|venue| venue.name.clone());
    here.truncate(HERE);
    let far = |venue: &VenueView| venue.distance_km.unwrap_or(f64::MAX);
    around.sort_by(|one, other| far(one).total_cmp(&far(other)));
    around.truncate(AROUND);
    let place = place_name.to_owned();
    let (page, more) = (0, false);
    Ok(Found::Venues(FoundVenues { place, departements, here, around, page, more }))
}

/// Where a venue is: its own place, else the centre of its commune.
#[must_use]
pub fn point(venue: &VenueView) -> Option<Point> {
    let own = venue.latitude.zip(venue.longitude);
    own.and_then(|(latitude, longitude)| Point::new(latitude, longitude))
        .or_else(|| places::centre(&venue.commune))
}
