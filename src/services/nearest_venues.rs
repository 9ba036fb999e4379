//! The nearest venues: to a place, for anybody, and to home, as the paper names them.

use chrono::NaiveDate;

use super::venues::{VenueFilter, VenueView, commune_name};
use super::{Op, Outcome, Services};
use crate::adapters::geography;
use crate::domain::ids::ProgrammeId;
use crate::domain::place::Point;
use crate::domain::territory::departement_of;
use crate::domain::venue::french_phone;
use crate::store;
use crate::store::venue::VenueRow;

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
    let rows = services.read(|op| {
        let today = op.now.to_utc().date_naive();
        Ok(store::venue::labelled_with_place(op.conn, &filter.stored(), today)?)
    })?;
    let mut views = Vec::new();
    for row in rows {
        if let Some(place) = row.point()? {
            let tenths = (point.km_to(place) * 10.0).round() / 10.0;
            views.push(VenueView { distance_km: Some(tenths), ..VenueView::from(row) });
        }
    }
    views.sort_by(|one, other| {
        one.distance_km.unwrap_or(f64::MAX).total_cmp(&other.distance_km.unwrap_or(f64::MAX))
    });
    views.truncate(usize::from(limit));
    Ok(views)
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
    let accepted = store::programme::accepted_venues(op.conn, programme)?;
    let mut rows = Vec::new();
    let venues = store::label::on_days(op.conn, &accepted)?;
    for id in accepted {
        if venues.get(&id).is_some_and(|venue| venue.labelled_on(today)) {
            let row = store::venue::named(op.conn, id)?;
            let place = row.point()?;
            rows.push((row, place));
        }
    }
    let home = home.unwrap_or_default();
    let postal_codes: Vec<&str> = geography::commune(home)
        .map(|commune| commune.postal_codes().collect())
        .unwrap_or_default();
    let nearby: Vec<Point> = rows
        .iter()
        .filter(|(row, _)| row.commune == home || postal_codes.contains(&row.postal_code.as_str()))
        .filter_map(|(_, place)| *place)
        .collect();
    let centre = Point::middle(&nearby);
    rows.sort_by_cached_key(|(row, place)| {
        let km = centre.zip(*place).map_or(f64::MAX, |(centre, point)| centre.km_to(point));
        let metres = if km < 10_000.0 { format!("{km:09.3}") } else { "far".to_owned() };
        (
            row.commune != home,
            !postal_codes.contains(&row.postal_code.as_str()),
            metres,
            departement_of(&row.commune) != departement_of(home),
            row.name.clone(),
        )
    });
    rows.truncate(ON_PAPER);
    Ok(rows.into_iter().map(|(row, _)| on_paper(row)).collect())
}

fn on_paper(row: VenueRow) -> NearVenue {
    NearVenue {
        commune: format!("{} {}", row.postal_code, commune_name(&row.commune)),
        name: row.name,
        address: row.address,
        phone: row.phone.as_deref().map(french_phone),
    }
}
