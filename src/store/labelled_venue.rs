//! Venues that may take a pass on a day: labelled, and not suspended.

use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::on_engine;
use super::schema::{labels, programme_venues, suspensions, venues};
use super::venue::{self, ESCAPE, Filter, VenueRow, departement_like, like};
use crate::domain::ids::{ProgrammeId, VenueId};
use crate::domain::place::{Bounds, Point};
use crate::domain::time::Day;

#[diesel::dsl::auto_type]
fn may_take(day: Day) -> _ {
    let valid = labels::valid_from.le(day).and(labels::valid_until.ge(day));
    let running = suspensions::suspended_from.le(day).and(
        suspensions::suspended_until
            .is_null()
            .or(suspensions::suspended_until.ge(day))
            .assume_not_null(),
    );
    venues::id
        .eq_any(labels::table.filter(valid).select(labels::venue_id))
        .and(venues::id.ne_all(suspensions::table.filter(running).select(suspensions::venue_id)))
}

/// The venues themselves.
pub fn labelled(conn: &mut Conn, filter: &Filter, day: Day) -> QueryResult<Vec<VenueRow>> {
    venues::table
        .filter(may_take(day))
        .filter(venues::commune.like(departement_like(filter.departement.as_ref())).escape(ESCAPE))
        .filter(venues::services.like(like(filter.service.as_ref(), "%")).escape(ESCAPE))
        .order(venues::id)
        .select(VenueRow::as_select())
        .load(conn)
}

/// The commune of each of them.
pub fn communes(conn: &mut Conn, filter: &Filter, day: Day) -> QueryResult<Vec<String>> {
    venues::table
        .filter(may_take(day))
        .filter(venues::commune.like(departement_like(filter.departement.as_ref())).escape(ESCAPE))
        .filter(venues::services.like(like(filter.service.as_ref(), "%")).escape(ESCAPE))
        .select(venues::commune)
        .load(conn)
}

/// Where to look for a programme's venues.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// Inside of this rectangle, …
    pub bounds: Bounds,
    /// … in this commune, …
    pub commune: &'a str,
    /// … or at one of these postal codes.
    pub postal_codes: &'a [&'a str],
}

/// What the paper says of a venue, and where it is.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = venues)]
pub struct OnPaperRow {
    id: VenueId,
    /// Its name.
    pub name: String,
    /// Street and number.
    pub address: String,
    /// Postal code.
    pub postal_code: String,
    /// INSEE code of its commune.
    pub commune: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    /// Phone, international form.
    pub phone: Option<String>,
}

impl OnPaperRow {
    /// Where it is, as far as it is known.
    pub fn point(&self) -> QueryResult<Option<Point>> {
        venue::point(self.id, self.latitude, self.longitude)
    }
}

/// At most `limit` venues that accept passes of a programme on `day`, by name: those around a place,
/// or all.
pub fn accepting(
    conn: &mut Conn,
    programme: ProgrammeId,
    day: Day,
    around: Option<Surroundings<'_>>,
    limit: i64,
) -> QueryResult<Vec<OnPaperRow>> {
    let accepted = programme_venues::table
        .filter(programme_venues::programme_id.eq(programme))
        .select(programme_venues::venue_id);
    let all = venues::table
        .filter(venues::id.eq_any(accepted).and(may_take(day)))
        .order((venues::name, venues::id))
        .limit(limit);
    let Some(around) = around else { return all.select(OnPaperRow::as_select()).load(conn) };
    let Bounds { south, north, west, east } = around.bounds;
    let inside = venues::latitude.between(south, north).and(venues::longitude.between(west, east));
    // Who is on no map is not inside: what is not known is not true.
    let inside = inside.assume_not_null();
    let here = venues::commune.eq(around.commune);
    on_engine!(conn, |raw| all
        .filter(inside.or(here).or(venues::postal_code.eq_any(around.postal_codes)))
        .select(OnPaperRow::as_select())
        .load(raw))
}
