//! Lists and counts of passes, newest first.

use diesel::dsl::{not, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use uuid::Uuid;

use super::connection::{Conn, MultiBackend};
use super::pass::PassRow;
use super::schema::{passes, programmes};
use crate::domain::ids::{OrganisationId, PassId};
use crate::domain::pass::PassState;
use crate::domain::pass_status::PassStatus;
use crate::domain::time::{Day, Instant};

/// Which passes to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Who handed them over; anybody for the operator.
    pub prescriber: Option<OrganisationId>,
    /// Only those in this state.
    pub status: Option<PassStatus>,
    /// Whether a workshop was taken; void and replaced passes are left out then.
    pub started: Option<bool>,
    /// First day of handover.
    pub from: Option<Day>,
    /// Last day of handover.
    pub to: Option<Day>,
    /// What day it is where.
    pub days: Days,
}

/// The three days it can be at once on Earth, each with the time zones where it is that day.
pub type Days = [(Day, Vec<String>); 3];

type Boxed<'a> = passes::BoxedQuery<'a, MultiBackend>;

/// At most `limit` passes handed over before `before`, newest first; the nil id begins.
pub fn page(
    conn: &mut Conn,
    filter: &Filter,
    before: PassId,
    limit: i64,
) -> QueryResult<Vec<PassRow>> {
    let mut query = matching(filter);
    let last: Option<Option<Instant>> = if before.0 == Uuid::nil() {
        None
    } else {
        passes::table.find(before).select(passes::handed_over_at).first(conn).optional()?
    };
    // What is only printed has no handover to be before of: its list goes by id alone.
    query = match last {
        Some(Some(at)) => query.filter(
            // The index begins at that moment by the first condition alone.
            passes::handed_over_at
                .assume_not_null()
                .le(at)
                .and(passes::handed_over_at.assume_not_null().lt(at).or(passes::id.lt(before))),
        ),
        Some(None) => query.filter(passes::id.lt(before)),
        None => query,
    };
    let order = (passes::handed_over_at.desc(), passes::id.desc());
    query.order(order).limit(limit).select(PassRow::as_select()).load(conn)
}

/// How many of them there are. Rehearsals count nowhere.
pub fn count(conn: &mut Conn, filter: &Filter) -> QueryResult<i64> {
    let counted = matching(filter).filter(passes::training.eq(false));
    counted.select(diesel::dsl::count_star()).first(conn)
}

/// How many handovers they were: a replacement is none. Rehearsals count nowhere.
pub fn count_handovers(conn: &mut Conn, filter: &Filter) -> QueryResult<i64> {
    let first = passes::id.eq(passes::origin_id).and(passes::training.eq(false));
    matching(filter).filter(first).select(diesel::dsl::count_star()).first(conn)
}

/// The communes of residence of an organisation's latest passes, in that order, as they come.
pub fn latest_communes(
    conn: &mut Conn,
    prescriber: OrganisationId,
    limit: i64,
) -> QueryResult<Vec<String>> {
    let theirs = passes::prescriber_id.eq(prescriber).and(passes::home_commune.is_not_null());
    let latest = passes::table.filter(theirs).order(passes::id.desc()).limit(limit);
    latest.select(passes::home_commune.assume_not_null()).load(conn)
}

/// The time zones of all programmes.
pub fn zones(conn: &mut Conn) -> QueryResult<Vec<String>> {
    programmes::table.select(programmes::time_zone).distinct().load(conn)
}

fn matching(filter: &Filter) -> Boxed<'_> {
    let mut query = passes::table.into_boxed();
    if let Some(prescriber) = filter.prescriber {
        query = query.filter(passes::prescriber_id.eq(prescriber));
    }
    if let Some(from) = filter.from {
        query = query.filter(passes::first_day.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(passes::first_day.le(to));
    }
    if let Some(started) = filter.started {
        let live = [PassState::Active.as_str(), PassState::Suspended.as_str()];
        query = query.filter(passes::state.eq_any(live));
        query = if started {
            query.filter(passes::used_mask.ne(0))
        } else {
            query.filter(passes::used_mask.eq(0))
        };
    }
    // What was printed in advance is listed only when it is asked for.
    if filter.status != Some(PassStatus::Printed) {
        query = query.filter(passes::handed_over_at.is_not_null());
    }
    match filter.status {
        Some(status) => in_status(query, status, &filter.days),
        None => query,
    }
}

/// The same rule as `Pass::status_on`, for rows.
fn in_status<'a>(query: Boxed<'a>, status: PassStatus, days: &Days) -> Boxed<'a> {
    let (active, suspended) = (PassState::Active.as_str(), PassState::Suspended.as_str());
    // Slots 1 to `units`, each a bit.
    let full = || sql::<Bool>("(passes.used_mask = (1 << passes.units) - 1)");
    let over = || {
        let over_on = |(day, zones): &(Day, Vec<String>)| {
            let there = programmes::table
                .filter(programmes::time_zone.eq_any(zones.clone()))
                .select(programmes::id);
            passes::redeemable_until.lt(*day).and(passes::programme_id.eq_any(there))
        };
        let [earlier, same, later] = days;
        over_on(earlier).or(over_on(same)).or(over_on(later))
    };
    match status {
        PassStatus::Printed | PassStatus::Void | PassStatus::Replaced => {
            query.filter(passes::state.eq(status.as_str()))
        }
        PassStatus::Exhausted => query.filter(passes::state.eq(active).and(full())),
        PassStatus::Active => {
            query.filter(passes::state.eq(active).and(not(full()))).filter(not(over()))
        }
        PassStatus::Suspended => query.filter(passes::state.eq(suspended)).filter(not(over())),
        PassStatus::Expired => {
            let unused = passes::state.eq(active).and(not(full()));
            query.filter(passes::state.eq(suspended).or(unused)).filter(over())
        }
    }
}
