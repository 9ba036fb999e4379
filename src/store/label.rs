//! Labels of venues looked at from above, and their suspensions.

use std::collections::HashMap;

use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::on_engine;
use super::schema::{labels, suspensions, venues};
use crate::domain::ids::{EntryId, OrganisationId, VenueId};
use crate::domain::label;
use crate::domain::time::{Day, Instant};

/// Every label that is not over before `day`: its venue, first day and last day.
pub fn not_over(conn: &mut Conn, day: Day) -> QueryResult<Vec<(VenueId, Day, Day)>> {
    labels::table
        .filter(labels::valid_until.ge(day))
        .order((labels::venue_id, labels::valid_from))
        .select((labels::venue_id, labels::valid_from, labels::valid_until))
        .load(conn)
}

/// Every suspension that runs on `day`: its venue, first day and last day.
pub fn suspensions_on(conn: &mut Conn, day: Day) -> QueryResult<Vec<(VenueId, Day, Option<Day>)>> {
    let not_over =
        suspensions::suspended_until.is_null().or(suspensions::suspended_until.ge(Some(day)));
    suspensions::table
        .filter(suspensions::suspended_from.le(day).and(not_over.assume_not_null()))
        .select((suspensions::venue_id, suspensions::suspended_from, suspensions::suspended_until))
        .load(conn)
}

/// A suspension of a venue.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = suspensions)]
pub struct SuspensionRow {
    /// First day.
    pub suspended_from: Day,
    /// Last day; open when there is none. The day before the first when it was lifted before.
    pub suspended_until: Option<Day>,
    /// In the words of the person who suspended.
    pub reason: String,
    /// When it was lifted before its end.
    pub lifted_at: Option<Instant>,
}

/// The suspensions of a venue, the latest first.
pub fn suspensions(conn: &mut Conn, venue: VenueId) -> QueryResult<Vec<SuspensionRow>> {
    suspensions::table
        .filter(suspensions::venue_id.eq(venue))
        .order((suspensions::suspended_from.desc(), suspensions::id.desc()))
        .select(SuspensionRow::as_select())
        .load(conn)
}

/// Days on which no label of a venue counts.
#[derive(Insertable)]
#[diesel(table_name = suspensions)]
pub struct NewSuspension<'a> {
    pub id: EntryId,
    pub venue_id: VenueId,
    pub suspended_from: Day,
    pub suspended_until: Option<Day>,
    pub reason: &'a str,
    pub created_at: Instant,
}

/// Suspends a venue's label.
pub fn insert_suspension(conn: &mut Conn, suspension: &NewSuspension) -> QueryResult<()> {
    diesel::insert_into(suspensions::table).values(suspension).execute(conn).map(drop)
}

/// Ends the suspensions of a venue that are not over with the day before: how many there were. One
/// that has not begun holds on no day then.
pub fn lift_suspensions(
    conn: &mut Conn,
    venue: VenueId,
    before: Day,
    now: Instant,
) -> QueryResult<usize> {
    let not_over =
        suspensions::suspended_until.is_null().or(suspensions::suspended_until.gt(Some(before)));
    diesel::update(suspensions::table)
        .filter(suspensions::venue_id.eq(venue).and(not_over.assume_not_null()))
        .set((suspensions::suspended_until.eq(Some(before)), suspensions::lifted_at.eq(Some(now))))
        .execute(conn)
}

/// A venue's owner, labels and suspensions.
#[derive(Debug)]
pub struct VenueOnDays {
    /// Who runs it.
    pub organisation: OrganisationId,
    /// Its labels: first and last day.
    pub labels: Vec<(Day, Day)>,
    /// Its suspensions: first and last day, open when there is none.
    pub suspensions: Vec<(Day, Option<Day>)>,
}

impl VenueOnDays {
    /// Whether it may redeem for workshops of that day.
    #[must_use]
    pub fn labelled_on(&self, day: Day) -> bool {
        label::labelled_on(&self.labels, &self.suspensions, day)
    }
}

/// These venues with their labels and suspensions.
pub fn on_days(conn: &mut Conn, ids: &[VenueId]) -> QueryResult<HashMap<VenueId, VenueOnDays>> {
    type Row = (VenueId, OrganisationId, Option<(Day, Day)>, Option<(Day, Option<Day>)>);
    let rows: Vec<Row> = on_engine!(conn, |raw| venues::table
        .left_join(labels::table.on(labels::venue_id.eq(venues::id)))
        .left_join(suspensions::table.on(suspensions::venue_id.eq(venues::id)))
        .filter(venues::id.eq_any(ids))
        .select((
            venues::id,
            venues::organisation_id,
            (labels::valid_from, labels::valid_until).nullable(),
            (suspensions::suspended_from, suspensions::suspended_until).nullable(),
        ))
        .load(raw))?;
    let mut venues: HashMap<VenueId, VenueOnDays> = HashMap::new();
    for (id, organisation, label, suspension) in rows {
        let venue = venues.entry(id).or_insert_with(|| VenueOnDays {
            organisation,
            labels: Vec::new(),
            suspensions: Vec::new(),
        });
        // Each label stands beside each suspension: what comes again says nothing new.
        venue.labels.extend(label.filter(|label| !venue.labels.contains(label)));
        venue.suspensions.extend(suspension.filter(|one| !venue.suspensions.contains(one)));
    }
    Ok(venues)
}
