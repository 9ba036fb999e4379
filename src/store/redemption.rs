//! Redemptions and their reversals.

use std::collections::HashMap;

use diesel::dsl::not;
use diesel::prelude::*;

use super::connection::Conn;
use super::contradiction::{self, HalfHour};
use super::dialect::{array_of, insert_rows};
use super::reading::Reading;
use super::schema::{redemptions, reversals};
use super::sql_types::Id;
use crate::domain::ids::{
    OrganisationId, PassId, RedemptionId, ReversalId, ScheduledWorkshopId, UserId, VenueId,
};
use crate::domain::mask::SlotMask;
use crate::domain::time::{Day, Instant};

/// A redemption as the database holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = redemptions, treat_none_as_default_value = false)]
pub struct RedemptionRow {
    /// Its id.
    pub id: RedemptionId,
    /// The pass that was shown.
    pub pass_id: PassId,
    /// The first pass of its line of replacements.
    pub origin_id: PassId,
    /// The slot it took.
    pub slot: i32,
    /// Where.
    pub venue_id: VenueId,
    /// Who is owed.
    pub organisation_id: OrganisationId,
    /// Who scanned.
    pub user_id: UserId,
    /// What was taught.
    pub theme: String,
    /// How long, in minutes.
    pub minutes: Option<i32>,
    /// `individual` or `group`.
    pub mode: Option<String>,
    /// The day in the programme's zone.
    pub workshop_day: Day,
    /// When the service accepted it.
    pub redeemed_at: Instant,
    /// The price of the workshop.
    pub price_cents: i64,
    /// A rehearsal.
    pub training: bool,
    /// Whether it was undone.
    pub reversed: bool,
    /// The planned workshop it was, when there was one.
    pub scheduled_workshop_id: Option<ScheduledWorkshopId>,
}

impl RedemptionRow {
    /// The slot it took.
    pub fn slot(&self) -> QueryResult<u8> {
        Reading::of("redemptions", self.id).number("slot", self.slot)
    }
}

/// Adds redemptions. A slot taken twice violates `redemptions_one_a_slot`.
pub fn insert_all(conn: &mut Conn, rows: &[RedemptionRow]) -> QueryResult<()> {
    insert_rows!(
        conn,
        redemptions,
        rows,
        [
            id,
            pass_id,
            origin_id,
            slot,
            venue_id,
            organisation_id,
            user_id,
            theme,
            minutes,
            mode,
            workshop_day,
            redeemed_at,
            price_cents,
            training,
            reversed,
            scheduled_workshop_id
        ]
    )
}

/// The redemptions, at most a hundred, whose pass, venue or person there is not, or whose pass is
/// of another line of replacements.
pub fn unlike_their_subject(conn: &mut Conn) -> QueryResult<Vec<RedemptionId>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Id)]
        id: RedemptionId,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT r.id AS id FROM redemptions r LEFT JOIN passes p ON p.id = r.pass_id \
         LEFT JOIN venues v ON v.id = r.venue_id LEFT JOIN users u ON u.id = r.user_id \
         WHERE (p.origin_id = r.origin_id) IS NOT TRUE OR v.id IS NULL OR u.id IS NULL \
         ORDER BY r.id LIMIT 100",
    )
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The slots that lines of replacements use, reversals left out.
pub fn masks_of_lines(
    conn: &mut Conn,
    origins: &[PassId],
) -> QueryResult<HashMap<PassId, SlotMask>> {
    let rows: Vec<(PassId, RedemptionId, i32)> = redemptions::table
        .filter(redemptions::origin_id.eq_any(origins).and(not(redemptions::reversed)))
        .select((redemptions::origin_id, redemptions::id, redemptions::slot))
        .load(conn)?;
    let mut masks: HashMap<PassId, SlotMask> = HashMap::new();
    for (origin, id, slot) in rows {
        let mask = masks.entry(origin).or_default();
        *mask = mask.with(Reading::of("redemptions", id).number("slot", slot)?);
    }
    Ok(masks)
}

/// The redemptions, at most a hundred, of a half-hour.
pub fn of_half_hour(conn: &mut Conn, group: &HalfHour) -> QueryResult<Vec<RedemptionId>> {
    let ends = [0, 1].map(|more| {
        Instant::from_micros((group.half_hour + more) * contradiction::HALF_HOUR_MICROS)
    });
    let [Some(first), Some(next)] = ends else { return Ok(Vec::new()) };
    redemptions::table
        .filter(redemptions::workshop_day.eq(group.day))
        .filter(redemptions::redeemed_at.ge(first).and(redemptions::redeemed_at.lt(next)))
        .order(redemptions::id)
        .limit(100)
        .select(redemptions::id)
        .load(conn)
}

/// The redemptions of a line of replacements, undone ones too, in the order they were made.
pub fn of_line(conn: &mut Conn, origin: PassId) -> QueryResult<Vec<RedemptionRow>> {
    let line = || {
        redemptions::table
            .filter(redemptions::origin_id.eq(origin))
            .select(RedemptionRow::as_select())
    };
    // Each has an index of its own.
    let mut rows: Vec<RedemptionRow> = line().filter(not(redemptions::reversed)).load(conn)?;
    rows.extend(line().filter(redemptions::reversed).load(conn)?);
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// The redemption of that id, when that organisation is owed for it.
pub fn of_payee(
    conn: &mut Conn,
    id: RedemptionId,
    payee: OrganisationId,
) -> QueryResult<Option<RedemptionRow>> {
    redemptions::table
        .find(id)
        .filter(redemptions::organisation_id.eq(payee))
        .select(RedemptionRow::as_select())
        .first(conn)
        .optional()
}

/// Which of an organisation's redemptions to list.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// Who is owed.
    pub payee: OrganisationId,
    /// First workshop day.
    pub from: Day,
    /// Last workshop day.
    pub to: Day,
    /// Only this venue's.
    pub venue: Option<VenueId>,
    /// After this one.
    pub after: RedemptionId,
}

/// At most `limit` redemptions of an organisation.
pub fn page_of_payee(
    conn: &mut Conn,
    filter: Filter,
    limit: i64,
) -> QueryResult<Vec<RedemptionRow>> {
    let days = redemptions::workshop_day.between(filter.from, filter.to);
    let theirs =
        redemptions::organisation_id.eq(filter.payee).and(redemptions::id.gt(filter.after));
    let query = redemptions::table
        .filter(theirs.and(days))
        .order(redemptions::id)
        .limit(limit)
        .select(RedemptionRow::as_select());
    match filter.venue {
        Some(venue) => query.filter(redemptions::venue_id.eq(venue)).load(conn),
        None => query.load(conn),
    }
}

/// The latest redemptions of an organisation.
pub fn latest_of_payee(
    conn: &mut Conn,
    payee: OrganisationId,
    limit: i64,
) -> QueryResult<Vec<RedemptionRow>> {
    redemptions::table
        .filter(redemptions::organisation_id.eq(payee))
        .order(redemptions::id.desc())
        .limit(limit)
        .select(RedemptionRow::as_select())
        .load(conn)
}

/// Marks a redemption undone; `false` when it already was.
pub fn mark_reversed(conn: &mut Conn, id: RedemptionId) -> QueryResult<bool> {
    let changed =
        diesel::update(redemptions::table.find(id).filter(redemptions::reversed.eq(false)))
            .set(redemptions::reversed.eq(true))
            .execute(conn)?;
    Ok(changed == 1)
}

/// A redemption that is undone.
#[derive(Insertable)]
#[diesel(table_name = reversals)]
pub struct NewReversal<'a> {
    pub id: ReversalId,
    pub redemption_id: RedemptionId,
    pub user_id: UserId,
    pub reason: &'a str,
    pub reversed_at: Instant,
}

/// Keeps a reversal. A second one violates the UNIQUE of `redemption_id`.
pub fn insert_reversal(conn: &mut Conn, reversal: &NewReversal) -> QueryResult<()> {
    diesel::insert_into(reversals::table).values(reversal).execute(conn).map(drop)
}

/// How many redemptions count and are not undone.
pub fn count_standing(conn: &mut Conn) -> QueryResult<i64> {
    redemptions::table
        .filter(redemptions::reversed.eq(false).and(redemptions::training.eq(false)))
        .count()
        .get_result(conn)
}

/// How many workshops of a venue were taken after `since`, undone ones and rehearsals left out.
pub fn count_since(conn: &mut Conn, venue: VenueId, since: Instant) -> QueryResult<i64> {
    redemptions::table
        .filter(redemptions::venue_id.eq(venue).and(redemptions::redeemed_at.gt(since)))
        .filter(redemptions::reversed.eq(false).and(redemptions::training.eq(false)))
        .count()
        .get_result(conn)
}
