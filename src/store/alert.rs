//! What sleeps and what stands out: counts for the operator, never about one beneficiary.

use diesel::deserialize::QueryableByName;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};

use super::connection::Conn;
use super::counting::{CountedOn, counted};
use super::dialect;
use super::report_sums;
use super::schema::{organisations, passes, redemptions};
use super::sql_types::Id;
use crate::domain::ids::{OrganisationId, ProgrammeId, VenueId};
use crate::domain::report::counting;
use crate::domain::time::Day;

/// An organisation and how many of something it has.
#[derive(Clone, Debug, QueryableByName)]
pub struct CountedRow {
    /// The organisation.
    #[diesel(sql_type = Id)]
    pub organisation: OrganisationId,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// Live passes handed over on `handed_over` or before of which no workshop was taken, by prescriber.
pub fn asleep(conn: &mut Conn, handed_over: Day, today: Day) -> QueryResult<Vec<CountedRow>> {
    let sql = format!(
        "SELECT o.id AS organisation, o.name AS name, CAST(count(*) AS BIGINT) AS count \
         FROM passes s JOIN organisations o ON o.id = s.prescriber_id \
         WHERE s.state = 'active' AND NOT s.released AND NOT s.training AND s.used_mask = 0 \
         AND s.first_day <= {} AND s.redeemable_until >= {} \
         GROUP BY o.id, o.name ORDER BY 3 DESC, o.name",
        dialect::parameter(conn, 1),
        dialect::parameter(conn, 2),
    );
    diesel::sql_query(sql).bind::<Date, _>(handed_over).bind::<Date, _>(today).load(conn)
}

/// Prescribers that ever redeemed a workshop, by their names.
pub fn prescribers_that_redeem(conn: &mut Conn) -> QueryResult<Vec<(OrganisationId, String)>> {
    let any = redemptions::table.filter(redemptions::organisation_id.eq(organisations::id));
    organisations::table
        .filter(organisations::prescriber.eq(true).and(exists(any)))
        .order((organisations::name, organisations::id))
        .select((organisations::id, organisations::name))
        .load(conn)
}

/// Workshops since `since` that an organisation redeemed from passes it had handed over itself.
pub fn redeemed_from_its_own(
    conn: &mut Conn,
    organisation: OrganisationId,
    since: Day,
) -> QueryResult<i64> {
    redemptions::table
        .inner_join(passes::table.on(passes::id.eq(redemptions::pass_id)))
        .filter(redemptions::organisation_id.eq(organisation))
        .filter(passes::prescriber_id.eq(organisation))
        .filter(redemptions::reversed.eq(false).and(redemptions::training.eq(false)))
        .filter(redemptions::workshop_day.ge(since))
        .count()
        .get_result(conn)
}

/// The venues that programmes accept and that never gave a workshop of theirs, undone ones left
/// out. A programme for rehearsals has none.
pub fn idle_venues(conn: &mut Conn) -> QueryResult<Vec<(ProgrammeId, VenueId)>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Id)]
        programme: ProgrammeId,
        #[diesel(sql_type = Id)]
        venue: VenueId,
    }
    // The first workshop that stands ends the search of a venue.
    let sql = "SELECT v.programme_id AS programme, v.venue_id AS venue \
        FROM programme_venues v JOIN programmes g ON g.id = v.programme_id \
        WHERE NOT g.training AND NOT EXISTS (SELECT 1 FROM redemptions r \
        JOIN passes s ON s.id = r.pass_id WHERE r.venue_id = v.venue_id \
        AND s.programme_id = v.programme_id AND NOT r.reversed AND NOT r.training)";
    let rows: Vec<Row> = diesel::sql_query(sql).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.programme, row.venue)).collect())
}

/// The workshops of each programme that were granted and neither taken nor lapsed. One without a
/// handover has no row.
pub fn workshops_left(conn: &mut Conn) -> QueryResult<Vec<(ProgrammeId, i64)>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Id)]
        programme: ProgrammeId,
        #[diesel(sql_type = BigInt)]
        left: i64,
    }
    let counter = |counting| counted(conn, counting, CountedOn::Lead);
    let left = format!(
        "{} - {} - {}",
        counter(&counting::workshops_granted),
        counter(&counting::workshops_redeemed),
        counter(&counting::workshops_lapsed)
    );
    let sums = report_sums::whole(conn)?;
    let sql = format!(
        "SELECT a.programme_id AS programme, {left} AS \"left\" FROM {sums} \
         JOIN agreements a ON a.id = p.agreement_id WHERE p.lead GROUP BY a.programme_id"
    );
    let rows: Vec<Row> = diesel::sql_query(sql).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.programme, row.left)).collect())
}
