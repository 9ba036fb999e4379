//! What sleeps and what stands out: counts for the operator, never about one beneficiary.

use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};

use super::connection::Conn;
use super::dialect;
use super::rollup;
use super::sql_types::Id;
use crate::domain::ids::{OrganisationId, ProgrammeId, VenueId};
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

/// Workshops since `since` that an organisation redeemed from passes it had handed over itself.
pub fn redeemed_by_prescriber(conn: &mut Conn, since: Day) -> QueryResult<Vec<CountedRow>> {
    let sql = format!(
        "SELECT o.id AS organisation, o.name AS name, CAST(count(*) AS BIGINT) AS count \
         FROM organisations o JOIN redemptions r ON r.organisation_id = o.id \
         JOIN passes s ON s.id = r.pass_id AND s.prescriber_id = o.id \
         WHERE o.prescriber AND NOT r.reversed AND NOT r.training AND r.workshop_day >= {} \
         GROUP BY o.id, o.name ORDER BY 3 DESC, o.name",
        dialect::parameter(conn, 1),
    );
    diesel::sql_query(sql).bind::<Date, _>(since).load(conn)
}

/// The venues that a programme accepts and that never redeemed one of its passes.
pub fn idle_venues(conn: &mut Conn, programme: ProgrammeId) -> QueryResult<Vec<VenueId>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Id)]
        venue: VenueId,
    }
    let sql = format!(
        "SELECT pv.venue_id AS venue FROM programme_venues pv \
         WHERE pv.programme_id = {0} AND NOT EXISTS ( \
         SELECT 1 FROM redemptions r JOIN passes s ON s.id = r.pass_id \
         WHERE r.venue_id = pv.venue_id AND NOT r.reversed AND s.programme_id = {0})",
        dialect::parameter(conn, 1),
    );
    let rows: Vec<Row> = diesel::sql_query(sql).bind::<Id, _>(programme).load(conn)?;
    Ok(rows.into_iter().map(|row| row.venue).collect())
}

/// The workshops of a programme that were granted and neither taken nor lapsed.
pub fn workshops_left(conn: &mut Conn, programme: ProgrammeId) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        left: i64,
    }
    let sql = format!(
        "SELECT CAST(coalesce(sum(CASE WHEN p.kind IN ('commitment', 'reversal') \
         THEN p.workshops WHEN p.kind IN ('consumption', 'release') THEN -p.workshops \
         ELSE 0 END), 0) AS BIGINT) AS \"left\" \
         FROM {} JOIN agreements a ON a.id = p.agreement_id \
         WHERE p.lead AND a.programme_id = {}",
        rollup::whole(conn)?,
        dialect::parameter(conn, 1),
    );
    let row: Row = diesel::sql_query(sql).bind::<Id, _>(programme).get_result(conn)?;
    Ok(row.left)
}
