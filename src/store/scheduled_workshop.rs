//! Workshops that venues plan.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::on_engine;
use super::schema::{redemptions, scheduled_workshops as planned};
use crate::domain::ids::{ScheduledWorkshopId, UserId, VenueId};
use crate::domain::scheduled_workshop::ScheduledWorkshop;
use crate::domain::time::Instant;

#[derive(Queryable, Selectable)]
#[diesel(table_name = planned)]
struct Row {
    id: ScheduledWorkshopId,
    venue_id: VenueId,
    theme: String,
    starts_at: Instant,
    minutes: i32,
    seats: i32,
    cancelled: bool,
}

impl From<Row> for ScheduledWorkshop {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            venue: row.venue_id,
            theme: row.theme,
            starts_at: row.starts_at,
            minutes: row.minutes,
            seats: row.seats,
            cancelled: row.cancelled,
        }
    }
}

/// Adds a planned workshop.
pub fn insert(
    conn: &mut Conn,
    workshop: &ScheduledWorkshop,
    by: UserId,
    now: Instant,
) -> QueryResult<()> {
    diesel::insert_into(planned::table)
        .values((
            planned::id.eq(workshop.id),
            planned::venue_id.eq(workshop.venue),
            planned::theme.eq(&workshop.theme),
            planned::starts_at.eq(workshop.starts_at),
            planned::minutes.eq(workshop.minutes),
            planned::seats.eq(workshop.seats),
            planned::cancelled.eq(workshop.cancelled),
            planned::planned_by.eq(by),
            planned::created_at.eq(now),
        ))
        .execute(conn)
        .map(drop)
}

/// The planned workshop of that id.
pub fn by_id(conn: &mut Conn, id: ScheduledWorkshopId) -> QueryResult<Option<ScheduledWorkshop>> {
    let found = planned::table.find(id).select(Row::as_select()).first(conn).optional()?;
    Ok(found.map(ScheduledWorkshop::from))
}

/// Which planned workshops to list.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// Only this venue's.
    pub venue: Option<VenueId>,
    /// Beginning at this instant or later …
    pub from: Instant,
    /// … and before this one.
    pub until: Instant,
    /// Whether those that were called off are listed too.
    pub cancelled: bool,
    /// After this one, in the order of beginning.
    pub after: Option<(Instant, ScheduledWorkshopId)>,
}

/// At most `limit` planned workshops, by their beginning.
pub fn page(conn: &mut Conn, filter: Filter, limit: i64) -> QueryResult<Vec<ScheduledWorkshop>> {
    let begins = planned::starts_at.ge(filter.from).and(planned::starts_at.lt(filter.until));
    let (at, id) = filter.after.unwrap_or((filter.from, ScheduledWorkshopId(uuid::Uuid::nil())));
    let later = planned::starts_at.gt(at).or(planned::starts_at.eq(at).and(planned::id.gt(id)));
    let mut query = planned::table.filter(begins.and(later)).into_boxed();
    if let Some(venue) = filter.venue {
        query = query.filter(planned::venue_id.eq(venue));
    }
    if !filter.cancelled {
        query = query.filter(planned::cancelled.eq(false));
    }
    let order = (planned::starts_at, planned::id);
    let rows = query.order(order).limit(limit).select(Row::as_select()).load(conn)?;
    Ok(rows.into_iter().map(ScheduledWorkshop::from).collect())
}

/// Calls a planned workshop off; `false` when it already was.
pub fn cancel(conn: &mut Conn, id: ScheduledWorkshopId) -> QueryResult<bool> {
    let standing = planned::table.find(id).filter(planned::cancelled.eq(false));
    let changed = diesel::update(standing).set(planned::cancelled.eq(true)).execute(conn)?;
    Ok(changed == 1)
}

/// How many redemptions each of these planned workshops has, reversals left out; those with none are
/// not there.
pub fn taken(
    conn: &mut Conn,
    ids: &[ScheduledWorkshopId],
) -> QueryResult<HashMap<ScheduledWorkshopId, i64>> {
    let rows: Vec<(Option<ScheduledWorkshopId>, i64)> = on_engine!(conn, |raw| redemptions::table
        .filter(redemptions::scheduled_workshop_id.eq_any(ids))
        .filter(redemptions::reversed.eq(false))
        .group_by(redemptions::scheduled_workshop_id)
        .select((redemptions::scheduled_workshop_id, count_star()))
        .load(raw))?;
    Ok(rows.into_iter().filter_map(|(id, count)| Some((id?, count))).collect())
}

/// The standing workshops of some venues that begin at `from` or later and before `until`, by their
/// beginning: at most `limit` in all.
pub fn of_venues(
    conn: &mut Conn,
    venues: &[VenueId],
    (from, until): (Instant, Instant),
    limit: i64,
) -> QueryResult<Vec<ScheduledWorkshop>> {
    let begins = planned::starts_at.ge(from).and(planned::starts_at.lt(until));
    let rows: Vec<Row> = on_engine!(conn, |raw| planned::table
        .filter(planned::venue_id.eq_any(venues))
        .filter(begins.and(planned::cancelled.eq(false)))
        .order((planned::starts_at, planned::id))
        .limit(limit)
        .select(Row::as_select())
        .load(raw))?;
    Ok(rows.into_iter().map(ScheduledWorkshop::from).collect())
}
