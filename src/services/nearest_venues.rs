//! The nearest venues: to a place, for anybody, and to home, as the paper names them.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::venues::{VenueFilter, VenueView, commune_name};
use super::{Op, Outcome, Services};
use crate::adapters::geography;
use crate::domain::ids::{ProgrammeId, VenueId};
use crate::domain::place::Point;
use crate::domain::territory::{departement_of, same_commune};
use crate::domain::venue::french_phone;
use crate::store;
use crate::store::labelled_venue::{OnPaperRow, Surroundings};
use crate::store::venue::{Filter, VenueRow};

/// The labelled venues nearest to a place, nearest first.
///
/// # Errors
/// A failure of the database.
pub fn near_point(
    services: &Services,
    filter: &VenueFilter,
    point: Point,
    limit: u16,
) -> Outcome<Vec<VenueView>> {
    services.read(|op| {
        let nearest = nearest(op, &filter.stored(), point, usize::from(limit))?;
        let ids: Vec<VenueId> = nearest.iter().map(|(id, _)| *id).collect();
        let rows = store::venue::by_ids(op.conn, &ids)?;
        let mut rows: HashMap<VenueId, VenueRow> =
            rows.into_iter().map(|row| (row.id, row)).collect();
        let view = |(id, km): (VenueId, f64)| {
            let tenths = (km * 10.0).round() / 10.0;
            let view = VenueView::from(rows.remove(&id)?);
            Some(VenueView { distance_km: Some(tenths), ..view })
        };
        Ok(nearest.into_iter().filter_map(view).collect())
    })
}

/// So far is looked first, then farther, then everywhere: half of the way around the earth.
const NEAR_KM: [f64; 3] = [30.0, 200.0, 21_000.0];

fn nearest(
    op: &mut Op<'_>,
    filter: &Filter,
    point: Point,
    limit: usize,
) -> Outcome<Vec<(VenueId, f64)>> {
    let today = op.now.to_utc().date_naive();
    let mut found = Vec::new();
    for km in NEAR_KM {
        let places = store::venue::labelled_places(op.conn, filter, today, point.within_km(km))?;
        found = places.into_iter().map(|(id, place)| (id, point.km_to(place))).collect();
        // Who lies in a corner of the rectangle may be farther than somebody outside of it.
        if found.iter().filter(|(_, far)| *far <= km).count() >= limit {
            break;
        }
    }
    found.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    found.truncate(limit);
    Ok(found)
}

/// A venue as it stands on paper.
#[derive(Clone, Debug)]
pub struct NearVenue {
    /// Its name.
    pub name: String,
    /// Street and number.
    pub address: String,
    /// Postal code and commune.
    pub commune: String,
    /// Phone.
    pub phone: Option<String>,
}

/// How many venues the paper names.
const ON_PAPER: usize = 5;

/// The venues that accept a programme's passes, nearest to home first: those of the commune,
/// then of the postal code, then by distance from there, then of the département.
pub(super) fn near_home(
    op: &mut Op<'_>,
    programme: ProgrammeId,
    home: Option<&str>,
    today: NaiveDate,
) -> Outcome<Vec<NearVenue>> {
    let home = home.unwrap_or_default();
    let postal_codes: Vec<&str> = geography::commune(home)
        .map(|commune| commune.postal_codes().collect())
        .unwrap_or_default();
    let mut rows = Vec::new();
    for row in around_home(op, programme, today, (home, &postal_codes))? {
        let place = row.point()?;
        rows.push((row, place));
    }
    let nearby: Vec<Point> = rows
        .iter()
        .filter(|(row, _)| {
            same_commune(&row.commune, home) || postal_codes.contains(&row.postal_code.as_str())
        })
        .filter_map(|(_, place)| *place)
        .collect();
    let centre = Point::middle(&nearby);
    rows.sort_by_cached_key(|(row, place)| {
        let km = centre.zip(*place).map_or(f64::MAX, |(centre, point)| centre.km_to(point));
        let metres = if km < 10_000.0 { format!("{km:09.3}") } else { "far".to_owned() };
        (
            !same_commune(&row.commune, home),
            !postal_codes.contains(&row.postal_code.as_str()),
            metres,
            departement_of(&row.commune) != departement_of(home),
            row.name.clone(),
        )
    });
    rows.truncate(ON_PAPER);
    Ok(rows.into_iter().map(|(row, _)| on_paper(row)).collect())
}

/// So far around home is looked first: five venues nearer than that are all that is told.
const AROUND_HOME_KM: f64 = 50.0;

/// The venues among which the nearest to home are: with no home the first by name will do.
fn around_home(
    op: &mut Op<'_>,
    programme: ProgrammeId,
    today: NaiveDate,
    (home, postal_codes): (&str, &[&str]),
) -> Outcome<Vec<OnPaperRow>> {
    let all = i64::MAX;
    if home.is_empty() {
        let few = i64::try_from(ON_PAPER).unwrap_or(all);
        return Ok(store::labelled_venue::accepting(op.conn, programme, today, None, few)?);
    }
    if let Some(centre) = geography::centre(home) {
        // The middle of the commune's venues is not its own: some kilometres are to spare.
        let bounds = centre.within_km(AROUND_HOME_KM * 1.5);
        let around = Some(Surroundings { bounds, commune: home, postal_codes });
        let rows = store::labelled_venue::accepting(op.conn, programme, today, around, all)?;
        let mut near = 0;
        for row in &rows {
            let here = same_commune(&row.commune, home)
                || postal_codes.contains(&row.postal_code.as_str());
            let close = row.point()?.is_some_and(|at| centre.km_to(at) <= AROUND_HOME_KM);
            near += usize::from(here || close);
        }
        if near >= ON_PAPER {
            return Ok(rows);
        }
    }
    Ok(store::labelled_venue::accepting(op.conn, programme, today, None, all)?)
}

fn on_paper(row: OnPaperRow) -> NearVenue {
    NearVenue {
        commune: format!("{} {}", row.postal_code, commune_name(&row.commune)),
        name: row.name,
        address: row.address,
        phone: row.phone.as_deref().map(french_phone),
    }
}
