//! Venues and their labels.

use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::{lock_rows, on_engine};
use super::reading::Reading;
use super::schema::{labels, programme_venues, programmes, venues};
use crate::domain::ids::{LabelId, OrganisationId, ProgrammeId, VenueId};
use crate::domain::place::{Bounds, Point};
use crate::domain::territory::{city_of, departement_of, districts_begin};
use crate::domain::time::{Day, Instant};

/// A venue as the database holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = venues, treat_none_as_null = true)]
pub struct VenueRow {
    /// Its id.
    pub id: VenueId,
    /// Who runs it and is paid.
    pub organisation_id: OrganisationId,
    /// Its id in the national sheet it came from.
    pub external_id: Option<String>,
    /// Its name.
    pub name: String,
    /// Street and number.
    pub address: String,
    /// Building, floor.
    pub address_complement: Option<String>,
    /// Postal code.
    pub postal_code: String,
    /// INSEE code of its commune.
    pub commune: String,
    /// WGS84.
    pub latitude: Option<f64>,
    /// WGS84.
    pub longitude: Option<f64>,
    /// Phone, international form.
    pub phone: Option<String>,
    /// National services, joined by `|`.
    pub services: String,
    /// OSM `opening_hours`.
    pub opening_hours: Option<String>,
    /// The other columns of the national schema, as JSON.
    pub sheet: String,
    /// When it was added.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl VenueRow {
    /// Where it is, as far as it is known.
    pub fn point(&self) -> QueryResult<Option<Point>> {
        point(self.id, self.latitude, self.longitude)
    }
}

/// Adds a venue.
pub fn insert(conn: &mut Conn, row: &VenueRow) -> QueryResult<()> {
    diesel::insert_into(venues::table).values(row.clone()).execute(conn).map(drop)
}

/// Writes every column of a venue.
pub fn update(conn: &mut Conn, row: &VenueRow) -> QueryResult<()> {
    let changed = diesel::update(venues::table.find(row.id)).set(row.clone()).execute(conn)?;
    super::exactly_one(changed)
}

/// The venue of that id.
pub fn by_id(conn: &mut Conn, id: VenueId) -> QueryResult<Option<VenueRow>> {
    venues::table.find(id).select(VenueRow::as_select()).first(conn).optional()
}

/// The one of that id, which another row names: it is there.
pub fn named(conn: &mut Conn, id: VenueId) -> QueryResult<VenueRow> {
    Reading::of("venues", id).there(by_id(conn, id)?)
}

/// The venue that came from that line of a national sheet.
pub fn by_external_id(conn: &mut Conn, external_id: &str) -> QueryResult<Option<VenueRow>> {
    venues::table
        .filter(venues::external_id.eq(external_id))
        .select(VenueRow::as_select())
        .first(conn)
        .optional()
}

/// The venues an organisation runs.
pub fn of_organisation(
    conn: &mut Conn,
    organisation: OrganisationId,
) -> QueryResult<Vec<VenueRow>> {
    venues::table
        .filter(venues::organisation_id.eq(organisation))
        .order((venues::name, venues::id))
        .select(VenueRow::as_select())
        .load(conn)
}

/// What tells one venue from another in a long list.
#[derive(Clone, Debug, Queryable)]
pub struct NameRow {
    /// The venue.
    pub id: VenueId,
    /// Who runs it.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// INSEE code of its commune.
    pub commune: String,
}

/// The names of all venues.
pub fn names(conn: &mut Conn) -> QueryResult<Vec<NameRow>> {
    let columns = (venues::id, venues::organisation_id, venues::name, venues::commune);
    venues::table.order(venues::id).select(columns).load(conn)
}

/// Which venues to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this commune.
    pub commune: Option<String>,
    /// Only this département: communes whose code begins so.
    pub departement: Option<String>,
    /// Only venues that offer this service.
    pub service: Option<String>,
}

pub(super) fn like(text: Option<&String>, before: &str) -> String {
    format!("{before}{}%", literal(text.map(String::as_str).unwrap_or_default()))
}

/// What a person typed, letter by letter: the signs that mean something to LIKE stand for
/// themselves behind its [`ESCAPE`].
fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Takes the meaning from the sign that follows.
pub(super) const ESCAPE: char = '\\';

/// The pattern of one commune's code; of all when none is asked for.
fn commune_like(code: Option<&String>) -> String {
    code.filter(|code| !code.is_empty()).map_or_else(|| "%".to_owned(), |code| literal(code))
}

/// The pattern of what may be the same commune: the districts of a city, the city of a district.
fn city_like(code: Option<&String>) -> String {
    let Some(code) = code.filter(|code| !code.is_empty()) else { return "%".to_owned() };
    let districts = |begin: &str| format!("{begin}%");
    let city = || literal(city_of(code).unwrap_or(code));
    districts_begin(code).map_or_else(city, districts)
}

/// The pattern of the communes of a département: part of a département's code finds nothing.
pub(super) fn departement_like(code: Option<&String>) -> String {
    let code = code.map(String::as_str).unwrap_or_default();
    let whole = code.is_empty() || departement_of(&format!("{code}000")) == code;
    if whole { format!("{}%", literal(code)) } else { literal(code) }
}

/// At most `limit` venues after `after`.
pub fn page(
    conn: &mut Conn,
    filter: &Filter,
    after: VenueId,
    limit: i64,
) -> QueryResult<Vec<VenueRow>> {
    venues::table
        .filter(venues::id.gt(after))
        .filter(
            venues::commune
                .like(commune_like(filter.commune.as_ref()))
                .escape(ESCAPE)
                .or(venues::commune.like(city_like(filter.commune.as_ref())).escape(ESCAPE)),
        )
        .filter(venues::commune.like(departement_like(filter.departement.as_ref())).escape(ESCAPE))
        .filter(venues::services.like(like(filter.service.as_ref(), "%")).escape(ESCAPE))
        .order(venues::id)
        .limit(limit)
        .select(VenueRow::as_select())
        .load(conn)
}

/// Where the venues are that have a label on `day` and lie inside of `bounds`, for the nearest to be
/// chosen.
pub fn labelled_places(
    conn: &mut Conn,
    filter: &Filter,
    day: Day,
    bounds: Bounds,
) -> QueryResult<Vec<(VenueId, Point)>> {
    let valid = labels::valid_from.le(day).and(labels::valid_until.ge(day));
    let labelled = labels::table.filter(valid).select(labels::venue_id);
    let found: Vec<(VenueId, Option<f64>, Option<f64>)> = venues::table
        .filter(venues::latitude.between(bounds.south, bounds.north))
        .filter(venues::longitude.between(bounds.west, bounds.east))
        .filter(venues::id.eq_any(labelled))
        .filter(
            venues::commune
                .like(commune_like(filter.commune.as_ref()))
                .escape(ESCAPE)
                .or(venues::commune.like(city_like(filter.commune.as_ref())).escape(ESCAPE)),
        )
        .filter(venues::commune.like(departement_like(filter.departement.as_ref())).escape(ESCAPE))
        .filter(venues::services.like(like(filter.service.as_ref(), "%")).escape(ESCAPE))
        .order(venues::id)
        .select((venues::id, venues::latitude, venues::longitude))
        .load(conn)?;
    let placed = |(id, north, east)| Some(point(id, north, east).transpose()?.map(|at| (id, at)));
    found.into_iter().filter_map(placed).collect()
}

/// The venues of these ids, in no order.
pub fn by_ids(conn: &mut Conn, ids: &[VenueId]) -> QueryResult<Vec<VenueRow>> {
    on_engine!(conn, |raw| venues::table
        .filter(venues::id.eq_any(ids))
        .select(VenueRow::as_select())
        .load(raw))
}

/// Where a venue is, as far as it is known.
pub(super) fn point(
    id: VenueId,
    north: Option<f64>,
    east: Option<f64>,
) -> QueryResult<Option<Point>> {
    let Some((north, east)) = north.zip(east) else { return Ok(None) };
    Reading::of("venues", id).word("latitude or longitude", "", Point::new(north, east)).map(Some)
}

/// Where the venues of a commune are, as far as it is known.
pub fn points_in(conn: &mut Conn, commune: &str) -> QueryResult<Vec<Point>> {
    let found: Vec<(VenueId, Option<f64>, Option<f64>)> = venues::table
        .filter(venues::commune.eq(commune))
        .select((venues::id, venues::latitude, venues::longitude))
        .load(conn)?;
    found.into_iter().filter_map(|(id, north, east)| point(id, north, east).transpose()).collect()
}

/// Locks the venue until the end of the transaction: whoever labels it waits here.
pub fn lock(conn: &mut Conn, id: VenueId) -> QueryResult<()> {
    lock_rows!(conn, venues, [id])
}

/// A label, from its first day to its last.
#[derive(Insertable)]
#[diesel(table_name = labels)]
pub struct NewLabel {
    pub id: LabelId,
    pub venue_id: VenueId,
    pub valid_from: Day,
    pub valid_until: Day,
    pub created_at: Instant,
}

/// Adds a label.
pub fn insert_label(conn: &mut Conn, label: &NewLabel) -> QueryResult<()> {
    diesel::insert_into(labels::table).values(label).execute(conn).map(drop)
}

/// The labels of a venue, first day and last day, in order.
pub fn labels(conn: &mut Conn, venue: VenueId) -> QueryResult<Vec<(LabelId, Day, Day)>> {
    labels::table
        .filter(labels::venue_id.eq(venue))
        .order(labels::valid_from)
        .select((labels::id, labels::valid_from, labels::valid_until))
        .load(conn)
}

/// Whether a label of the venue shares a day with `[from, until]`.
pub fn label_overlaps(conn: &mut Conn, venue: VenueId, from: Day, until: Day) -> QueryResult<bool> {
    let shares = labels::valid_from.le(until).and(labels::valid_until.ge(from));
    diesel::select(diesel::dsl::exists(
        labels::table.filter(labels::venue_id.eq(venue).and(shares)),
    ))
    .get_result(conn)
}

/// The programmes whose passes the venue may redeem, by name.
pub fn programmes(conn: &mut Conn, venue: VenueId) -> QueryResult<Vec<(ProgrammeId, String)>> {
    programme_venues::table
        .inner_join(programmes::table.on(programmes::id.eq(programme_venues::programme_id)))
        .filter(programme_venues::venue_id.eq(venue))
        .order((programmes::name, programmes::id))
        .select((programmes::id, programmes::name))
        .load(conn)
}
