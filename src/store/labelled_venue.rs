//! Venues that may take a pass on a day: labelled, and not suspended.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::{labels, suspensions, venues};
use super::venue::{Filter, VenueRow, departement_like, like};
use crate::domain::time::Day;

/// The venues themselves.
pub fn labelled(conn: &mut Conn, filter: &Filter, day: Day) -> QueryResult<Vec<VenueRow>> {
    let valid = labels::valid_from.le(day).and(labels::valid_until.ge(day));
    let with_label = labels::table.filter(valid).select(labels::venue_id);
    let not_over =
        suspensions::suspended_until.is_null().or(suspensions::suspended_until.ge(Some(day)));
    let running = suspensions::suspended_from.le(day).and(not_over.assume_not_null());
    let suspended = suspensions::table.filter(running).select(suspensions::venue_id);
    venues::table
        .filter(venues::id.eq_any(with_label))
        .filter(venues::id.ne_all(suspended))
        .filter(venues::commune.like(departement_like(filter.departement.as_ref())))
        .filter(venues::services.like(like(filter.service.as_ref(), "%")))
        .order(venues::id)
        .select(VenueRow::as_select())
        .load(conn)
}

/// The commune of each of them.
pub fn communes(conn: &mut Conn, filter: &Filter, day: Day) -> QueryResult<Vec<String>> {
    let valid = labels::valid_from.le(day).and(labels::valid_until.ge(day));
    let with_label = labels::table.filter(valid).select(labels::venue_id);
    let not_over =
        suspensions::suspended_until.is_null().or(suspensions::suspended_until.ge(Some(day)));
    let running = suspensions::suspended_from.le(day).and(not_over.assume_not_null());
    let suspended = suspensions::table.filter(running).select(suspensions::venue_id);
    venues::table
        .filter(venues::id.eq_any(with_label))
        .filter(venues::id.ne_all(suspended))
        .filter(venues::commune.like(departement_like(filter.departement.as_ref())))
        .filter(venues::services.like(like(filter.service.as_ref(), "%")))
        .select(venues::commune)
        .load(conn)
}
