//! Workshops that venues plan.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::connection::Conn;
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

/// How many redemptions a planned workshop has, reversals left out.
pub fn taken(conn: &mut Conn, id: ScheduledWorkshopId) -> QueryResult<i64> {
    let theirs = redemptions::scheduled_workshop_id.eq(Some(id));
    redemptions::table
        .filter(theirs.and(redemptions::reversed.eq(false)))
        .select(count_star())
        .first(conn)
}
