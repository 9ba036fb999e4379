//! Programmes.

use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::lock_rows;
use super::programme_member;
use super::reading::Reading;
use super::schema::{agreements, programme_prescribers, programme_venues, programmes, venues};
use crate::domain::ids::{OrganisationId, ProgrammeId, UserId};
use crate::domain::money::Cents;
use crate::domain::programme::{OpenedBy, Programme};
use crate::domain::territory::Territory;
use crate::domain::time::{Day, Instant, Zone};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = programmes, treat_none_as_null = true)]
struct Row {
    id: ProgrammeId,
    name: String,
    price_cents: i64,
    sizes: String,
    first_day: Day,
    last_day: Day,
    tolerance_days: i32,
    time_zone: String,
    max_per_day: i32,
    passes_per_person: i32,
    undo_days: i32,
    opened_by: String,
    training: bool,
    territory: Option<String>,
    handovers_stopped_at: Option<Instant>,
}

impl TryFrom<Row> for Programme {
    type Error = diesel::result::Error;

    fn try_from(row: Row) -> QueryResult<Self> {
        let sizes: Result<Vec<u8>, _> = row.sizes.split_whitespace().map(str::parse).collect();
        let reading = Reading::of("programmes", row.id);
        let opened_by = OpenedBy::from_name(&row.opened_by);
        Ok(Self {
            id: row.id,
            name: row.name,
            price: Cents(row.price_cents),
            sizes: reading.parsed("sizes", &row.sizes, sizes)?,
            first_day: row.first_day,
            last_day: row.last_day,
            tolerance_days: reading.number("tolerance_days", row.tolerance_days)?,
            zone: reading.parsed("time_zone", &row.time_zone, row.time_zone.parse())?,
            max_per_day: reading.number("max_per_day", row.max_per_day)?,
            passes_per_person: reading.number("passes_per_person", row.passes_per_person)?,
            undo_days: reading.number("undo_days", row.undo_days)?,
            opened_by: reading.word("opened_by", &row.opened_by, opened_by)?,
            training: row.training,
            territory: row.territory.map(|text| reading.territory(&text)).transpose()?,
            handovers_stopped: row.handovers_stopped_at,
        })
    }
}

impl From<&Programme> for Row {
    fn from(programme: &Programme) -> Self {
        let sizes: Vec<String> = programme.sizes.iter().map(u8::to_string).collect();
        Self {
            id: programme.id,
            name: programme.name.clone(),
            price_cents: programme.price.0,
            sizes: sizes.join(" "),
            first_day: programme.first_day,
            last_day: programme.last_day,
            tolerance_days: i32::from(programme.tolerance_days),
            time_zone: programme.zone.name().to_owned(),
            max_per_day: i32::from(programme.max_per_day),
            passes_per_person: i32::from(programme.passes_per_person),
            undo_days: i32::from(programme.undo_days),
            opened_by: programme.opened_by.as_str().to_owned(),
            training: programme.training,
            territory: programme.territory.as_ref().map(Territory::to_string),
            handovers_stopped_at: programme.handovers_stopped,
        }
    }
}

/// Adds a programme with the salt of its fingerprint key.
pub fn insert(
    conn: &mut Conn,
    programme: &Programme,
    fingerprint_salt: &[u8],
    now: Instant,
) -> QueryResult<()> {
    let more = (programmes::fingerprint_salt.eq(fingerprint_salt), programmes::created_at.eq(now));
    diesel::insert_into(programmes::table)
        .values((Row::from(programme), more))
        .execute(conn)
        .map(drop)
}

/// Changes everything but the id.
pub fn update(conn: &mut Conn, programme: &Programme) -> QueryResult<()> {
    let changed = diesel::update(programmes::table.find(programme.id))
        .set(Row::from(programme))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// Notes who stopped the handing over of a programme, and when.
pub fn stop_handovers(
    conn: &mut Conn,
    id: ProgrammeId,
    by: UserId,
    at: Instant,
) -> QueryResult<()> {
    let changed = diesel::update(programmes::table.find(id))
        .set((programmes::handovers_stopped_at.eq(at), programmes::handovers_stopped_by.eq(by)))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// The programme of that id.
pub fn by_id(conn: &mut Conn, id: ProgrammeId) -> QueryResult<Option<Programme>> {
    let row: Option<Row> =
        programmes::table.find(id).select(Row::as_select()).first(conn).optional()?;
    row.map(Programme::try_from).transpose()
}

/// The programmes of those ids.
pub fn by_ids(conn: &mut Conn, ids: &[ProgrammeId]) -> QueryResult<Vec<Programme>> {
    let rows: Vec<Row> =
        programmes::table.filter(programmes::id.eq_any(ids)).select(Row::as_select()).load(conn)?;
    rows.into_iter().map(Programme::try_from).collect()
}

/// The time zones of the programmes.
pub fn zones(conn: &mut Conn) -> QueryResult<Vec<Zone>> {
    let names: Vec<String> =
        programmes::table.select(programmes::time_zone).distinct().load(conn)?;
    names.iter().map(|name| zone(name)).collect()
}

/// The time zone of that name.
///
/// # Errors
/// There is no such zone.
pub fn zone(name: &str) -> QueryResult<Zone> {
    Reading::of("programmes", "").parsed("time_zone", name, name.parse())
}

/// At most `limit` programmes after `after`.
pub fn page(conn: &mut Conn, after: ProgrammeId, limit: i64) -> QueryResult<Vec<Programme>> {
    let rows: Vec<Row> = programmes::table
        .filter(programmes::id.gt(after))
        .order(programmes::id)
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Programme::try_from).collect()
}

/// Whether the organisation takes part: it funds, hands out or runs a venue that redeems.
pub fn has_member(
    conn: &mut Conn,
    programme: ProgrammeId,
    organisation: OrganisationId,
) -> QueryResult<bool> {
    if programme_member::accepts_prescriber(conn, programme, organisation)? {
        return Ok(true);
    }
    let funds = agreements::programme_id.eq(programme).and(agreements::funder_id.eq(organisation));
    if diesel::select(diesel::dsl::exists(agreements::table.filter(funds))).get_result(conn)? {
        return Ok(true);
    }
    let runs = programme_venues::table
        .inner_join(venues::table.on(venues::id.eq(programme_venues::venue_id)))
        .filter(programme_venues::programme_id.eq(programme))
        .filter(venues::organisation_id.eq(organisation));
    diesel::select(diesel::dsl::exists(runs)).get_result(conn)
}

/// The salt of the programme's fingerprint key; `None` once the key was destroyed.
pub fn fingerprint_salt(conn: &mut Conn, id: ProgrammeId) -> QueryResult<Option<Vec<u8>>> {
    programmes::table.find(id).select(programmes::fingerprint_salt).first(conn)
}

/// Sets the salt of the programme's fingerprint key; without one the key is destroyed.
pub fn set_salt(conn: &mut Conn, id: ProgrammeId, salt: Option<&[u8]>) -> QueryResult<()> {
    let changed = diesel::update(programmes::table.find(id))
        .set(programmes::fingerprint_salt.eq(salt))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// When the programme was first seen to be over for long.
pub fn over_since(conn: &mut Conn, id: ProgrammeId) -> QueryResult<Option<Instant>> {
    programmes::table.find(id).select(programmes::over_since).first(conn)
}

/// Notes that the programme was seen to be over for long, or that it goes on.
pub fn set_over_since(conn: &mut Conn, id: ProgrammeId, since: Option<Instant>) -> QueryResult<()> {
    let changed = diesel::update(programmes::table.find(id))
        .set(programmes::over_since.eq(since))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// Locks the programme until the end of the transaction: whoever changes its plan waits here.
pub fn lock(conn: &mut Conn, id: ProgrammeId) -> QueryResult<()> {
    lock_rows!(conn, programmes, [id])
}

/// The programmes whose passes the organisation may hand out.
pub fn of_prescriber(conn: &mut Conn, organisation: OrganisationId) -> QueryResult<Vec<Programme>> {
    let rows: Vec<Row> = programmes::table
        .inner_join(
            programme_prescribers::table.on(programme_prescribers::programme_id.eq(programmes::id)),
        )
        .filter(programme_prescribers::organisation_id.eq(organisation))
        .order(programmes::id)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Programme::try_from).collect()
}
