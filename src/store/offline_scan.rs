//! Scans that were taken without a network and sent later: every one of them, and what it became.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};

use super::connection::Conn;
use super::schema::offline_scans as scans;
use super::sql_types::{Id, Moment};
use crate::domain::ids::{EntryId, OrganisationId, PassId, RedemptionId, UserId, VenueId};
use crate::domain::time::{Day, Instant};

/// A scan as the database holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = scans)]
pub struct OfflineScanRow {
    /// Its id.
    pub id: EntryId,
    /// Whose venue.
    pub organisation_id: OrganisationId,
    /// The key the device gave it.
    pub key: EntryId,
    /// The device.
    pub device: String,
    /// Who sent it.
    pub user_id: UserId,
    /// Where.
    pub venue_id: VenueId,
    /// The pass, when the code was one's.
    pub pass_id: Option<PassId>,
    /// The last four signs of the code, for a person to recognise it.
    pub code_ending: String,
    /// What was taught.
    pub theme: String,
    /// When the device says it scanned.
    pub scanned_at: Instant,
    /// When it came.
    pub received_at: Instant,
    /// By how many seconds the device was ahead, when it said so.
    pub skew_seconds: Option<i64>,
    /// Whether the device's clock was wrong.
    pub skewed: bool,
    /// The redemption it became …
    pub redemption_id: Option<RedemptionId>,
    /// … or the code of the refusal, …
    pub refusal: Option<String>,
    /// … and its sentence.
    pub sentence: Option<String>,
    /// When a person settled the refusal.
    pub resolved_at: Option<Instant>,
    /// Who.
    pub resolved_by: Option<UserId>,
    /// In their words.
    pub resolution: Option<String>,
}

/// Keeps a scan. A second one of the same key violates its UNIQUE.
pub fn insert(conn: &mut Conn, row: &OfflineScanRow) -> QueryResult<()> {
    diesel::insert_into(scans::table).values(row.clone()).execute(conn).map(drop)
}

/// The scan an organisation's device gave that key.
pub fn by_key(
    conn: &mut Conn,
    organisation: OrganisationId,
    key: EntryId,
) -> QueryResult<Option<OfflineScanRow>> {
    scans::table
        .filter(scans::organisation_id.eq(organisation).and(scans::key.eq(key)))
        .select(OfflineScanRow::as_select())
        .first(conn)
        .optional()
}

/// The scan a redemption came from, when it was taken without a network.
pub fn of_redemption(
    conn: &mut Conn,
    redemption: RedemptionId,
) -> QueryResult<Option<OfflineScanRow>> {
    scans::table
        .filter(scans::redemption_id.eq(Some(redemption)))
        .select(OfflineScanRow::as_select())
        .first(conn)
        .optional()
}

/// A scan that became a redemption, with what both say of its day.
#[derive(QueryableByName)]
pub struct RedeemedScan {
    /// The redemption.
    #[diesel(sql_type = Id)]
    pub redemption: RedemptionId,
    /// The zone of its programme.
    #[diesel(sql_type = Text)]
    pub time_zone: String,
    /// The day of the workshop.
    #[diesel(sql_type = Date)]
    pub workshop_day: Day,
    /// When the service accepted it.
    #[diesel(sql_type = Moment)]
    pub redeemed_at: Instant,
    /// When the device says it scanned.
    #[diesel(sql_type = Moment)]
    pub scanned_at: Instant,
    /// When the scan came.
    #[diesel(sql_type = Moment)]
    pub received_at: Instant,
    /// By how many seconds the device was ahead, when it said so.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub skew_seconds: Option<i64>,
}

/// Every scan that became a redemption.
pub fn redeemed(conn: &mut Conn) -> QueryResult<Vec<RedeemedScan>> {
    diesel::sql_query(
        "SELECT r.id AS redemption, g.time_zone AS time_zone, r.workshop_day AS workshop_day, \
         r.redeemed_at AS redeemed_at, o.scanned_at AS scanned_at, o.received_at AS received_at, \
         o.skew_seconds AS skew_seconds FROM offline_scans o \
         JOIN redemptions r ON r.id = o.redemption_id JOIN passes p ON p.id = r.pass_id \
         JOIN programmes g ON g.id = p.programme_id",
    )
    .load(conn)
}

/// At most `limit` refused scans: those of `organisation`, or all.
pub fn refused(
    conn: &mut Conn,
    organisation: Option<OrganisationId>,
    unresolved: bool,
    after: EntryId,
    limit: i64,
) -> QueryResult<Vec<OfflineScanRow>> {
    let refused = scans::refusal.is_not_null().and(scans::id.gt(after));
    let mut query = scans::table.filter(refused).into_boxed();
    if let Some(organisation) = organisation {
        query = query.filter(scans::organisation_id.eq(organisation));
    }
    if unresolved {
        query = query.filter(scans::resolved_at.is_null());
    }
    query.order(scans::id).limit(limit).select(OfflineScanRow::as_select()).load(conn)
}

/// The refused scan of that id: of `organisation`, or of any.
pub fn refused_by_id(
    conn: &mut Conn,
    id: EntryId,
    organisation: Option<OrganisationId>,
) -> QueryResult<Option<OfflineScanRow>> {
    let mut query = scans::table.find(id).filter(scans::refusal.is_not_null()).into_boxed();
    if let Some(organisation) = organisation {
        query = query.filter(scans::organisation_id.eq(organisation));
    }
    query.select(OfflineScanRow::as_select()).first(conn).optional()
}

/// Notes how a person settled a refused scan; `false` when somebody already had.
pub fn resolve(
    conn: &mut Conn,
    id: EntryId,
    by: UserId,
    resolution: &str,
    now: Instant,
) -> QueryResult<bool> {
    let open = scans::table.find(id).filter(scans::resolved_at.is_null());
    let settled = (
        scans::resolved_at.eq(Some(now)),
        scans::resolved_by.eq(Some(by)),
        scans::resolution.eq(Some(resolution)),
    );
    Ok(diesel::update(open).set(settled).execute(conn)? == 1)
}
