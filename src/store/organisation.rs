//! Organisations.

use diesel::prelude::*;

use super::connection::Conn;
use super::reading::Reading;
use super::schema::organisations;
use crate::domain::ids::OrganisationId;
use crate::domain::organisation::Organisation;
use crate::domain::time::Instant;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = organisations, treat_none_as_null = true)]
#[expect(clippy::struct_excessive_bools, reason = "what a body does, each by itself, and a stop")]
struct Row {
    id: OrganisationId,
    name: String,
    siret: Option<String>,
    rna: Option<String>,
    funder: bool,
    prescriber: bool,
    venue_operator: bool,
    frozen: bool,
}

impl From<Row> for Organisation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            siret: row.siret,
            rna: row.rna,
            funder: row.funder,
            prescriber: row.prescriber,
            venue_operator: row.venue_operator,
            frozen: row.frozen,
        }
    }
}

impl From<&Organisation> for Row {
    fn from(organisation: &Organisation) -> Self {
        Self {
            id: organisation.id,
            name: organisation.name.clone(),
            siret: organisation.siret.clone(),
            rna: organisation.rna.clone(),
            funder: organisation.funder,
            prescriber: organisation.prescriber,
            venue_operator: organisation.venue_operator,
            frozen: organisation.frozen,
        }
    }
}

/// Adds an organisation.
pub fn insert(conn: &mut Conn, organisation: &Organisation, now: Instant) -> QueryResult<()> {
    let created = organisations::created_at.eq(now);
    let row = Row::from(organisation);
    diesel::insert_into(organisations::table).values((row, created)).execute(conn).map(drop)
}

/// Changes everything but the id.
pub fn update(conn: &mut Conn, organisation: &Organisation) -> QueryResult<()> {
    let changed = diesel::update(organisations::table.find(organisation.id))
        .set(Row::from(organisation))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// The organisation of that id.
pub fn by_id(conn: &mut Conn, id: OrganisationId) -> QueryResult<Option<Organisation>> {
    organisations::table
        .find(id)
        .select(Row::as_select())
        .first(conn)
        .optional()
        .map(|row| row.map(Organisation::from))
}

/// The one of that id, which another row names: it is there.
pub fn named(conn: &mut Conn, id: OrganisationId) -> QueryResult<Organisation> {
    Reading::of("organisations", id).there(by_id(conn, id)?)
}

/// The organisation of that SIRET or RNA number.
pub fn by_number(
    conn: &mut Conn,
    siret: Option<&str>,
    rna: Option<&str>,
) -> QueryResult<Option<Organisation>> {
    let same = organisations::siret.eq(siret).or(organisations::rna.eq(rna));
    organisations::table
        .filter(same)
        .select(Row::as_select())
        .first(conn)
        .optional()
        .map(|row| row.map(Organisation::from))
}

/// The first organisation of exactly that name.
pub fn by_name(conn: &mut Conn, name: &str) -> QueryResult<Option<Organisation>> {
    organisations::table
        .filter(organisations::name.eq(name))
        .order(organisations::id)
        .select(Row::as_select())
        .first(conn)
        .optional()
        .map(|row| row.map(Organisation::from))
}

/// At most `limit` organisations after `after`, in the order they were added.
pub fn page(conn: &mut Conn, after: OrganisationId, limit: i64) -> QueryResult<Vec<Organisation>> {
    let rows: Vec<Row> = organisations::table
        .filter(organisations::id.gt(after))
        .order(organisations::id)
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Organisation::from).collect())
}

/// All organisations.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<Organisation>> {
    let rows: Vec<Row> =
        organisations::table.order(organisations::id).select(Row::as_select()).load(conn)?;
    Ok(rows.into_iter().map(Organisation::from).collect())
}
