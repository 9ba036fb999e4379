//! Scans that were taken without a network and sent later: every one of them, and what it became.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text};

use super::connection::Conn;
use super::dialect;
use super::schema::offline_scans as scans;
use super::sql_types::{Id, Moment};
use crate::domain::ids::{
    EntryId, OrganisationId, PassId, RedemptionId, ScheduledWorkshopId, UserId, VenueId,
};
use crate::domain::offline_scan::Clocks;
use crate::domain::refusal::Code;
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
    /// The planned workshop it was, when there was one.
    pub scheduled_workshop_id: Option<ScheduledWorkshopId>,
}

impl OfflineScanRow {
    /// Whether it waits, or waited, for the operator.
    #[must_use]
    pub fn held(&self) -> bool {
        self.refusal.as_deref() == Some(Code::ScanHeld.as_str())
    }

    /// The clocks that saw it.
    #[must_use]
    pub fn clocks(&self) -> Clocks {
        Clocks {
            scanned_at: self.scanned_at,
            sent_at: self.skew_seconds.map(|skew| self.received_at.plus_seconds(skew)),
            received_at: self.received_at,
        }
    }
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
    /// Whether the operator accepted it after it had waited.
    #[diesel(sql_type = Bool)]
    pub accepted_later: bool,
    /// The day the pass was handed over.
    #[diesel(sql_type = Date)]
    pub first_day: Day,
}

/// Every scan that became a redemption.
pub fn redeemed(conn: &mut Conn) -> QueryResult<Vec<RedeemedScan>> {
    diesel::sql_query(
        "SELECT r.id AS redemption, g.time_zone AS time_zone, r.workshop_day AS workshop_day, \
         r.redeemed_at AS redeemed_at, o.scanned_at AS scanned_at, o.received_at AS received_at, \
         o.skew_seconds AS skew_seconds, \
         o.refusal IS NOT NULL AS accepted_later, p.first_day AS first_day FROM offline_scans o \
         JOIN redemptions r ON r.id = o.redemption_id JOIN passes p ON p.id = r.pass_id \
         JOIN programmes g ON g.id = p.programme_id",
    )
    .load(conn)
}

/// Which refused scans are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct RefusedFilter {
    /// Those of this organisation; `None` is all.
    pub organisation: Option<OrganisationId>,
    /// Only those that nobody settled.
    pub unresolved: bool,
    /// Only those that wait for the operator.
    pub held: bool,
}

/// At most `limit` refused scans.
pub fn refused(
    conn: &mut Conn,
    filter: RefusedFilter,
    after: EntryId,
    limit: i64,
) -> QueryResult<Vec<OfflineScanRow>> {
    let refused = scans::refusal.is_not_null().and(scans::id.gt(after));
    let mut query = scans::table.filter(refused).into_boxed();
    if let Some(organisation) = filter.organisation {
        query = query.filter(scans::organisation_id.eq(organisation));
    }
    if filter.unresolved {
        query = query.filter(scans::resolved_at.is_null());
    }
    if filter.held {
        query = query.filter(scans::refusal.eq(Code::ScanHeld.as_str()));
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

/// Notes the redemption that a held scan became.
pub fn became(conn: &mut Conn, id: EntryId, redemption: RedemptionId) -> QueryResult<()> {
    let scan = diesel::update(scans::table.find(id));
    scan.set(scans::redemption_id.eq(Some(redemption))).execute(conn).map(drop)
}

/// A scan that became a redemption, where and when.
#[derive(Debug, QueryableByName)]
pub struct CameLater {
    /// The venue.
    #[diesel(sql_type = Id)]
    pub venue: VenueId,
    /// INSEE code of its commune.
    #[diesel(sql_type = Text)]
    pub commune: String,
    /// The day of the workshop.
    #[diesel(sql_type = Date)]
    pub workshop_day: Day,
    /// When it was taken.
    #[diesel(sql_type = Moment)]
    pub redeemed_at: Instant,
}

/// The scans that became a redemption after `since`, undone ones and rehearsals left out.
pub fn redeemed_since(conn: &mut Conn, since: Instant) -> QueryResult<Vec<CameLater>> {
    let sql = format!(
        "SELECT v.id AS venue, v.commune AS commune, r.workshop_day AS workshop_day, \
         r.redeemed_at AS redeemed_at FROM offline_scans o \
         JOIN redemptions r ON r.id = o.redemption_id JOIN venues v ON v.id = r.venue_id \
         WHERE r.redeemed_at > {} AND NOT r.reversed AND NOT r.training",
        dialect::parameter(conn, 1)
    );
    diesel::sql_query(sql).bind::<Moment, _>(since).load(conn)
}

/// How many scans of each venue wait for the operator.
pub fn held_by_venue(conn: &mut Conn) -> QueryResult<Vec<(VenueId, i64)>> {
    scans::table
        .filter(scans::refusal.eq(Code::ScanHeld.as_str()).and(scans::resolved_at.is_null()))
        .group_by(scans::venue_id)
        .select((scans::venue_id, diesel::dsl::count_star()))
        .load(conn)
}
