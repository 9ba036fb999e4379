//! The lines of statements: the postings of a month that pay an organisation's redemptions.

use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

use super::connection::Conn;
use super::schema::{agreements, organisations, passes, postings, redemptions, venues};
use crate::domain::ids::{OrganisationId, RedemptionId, VenueId};
use crate::domain::time::{Instant, Month};

/// One funder's part of one line.
#[derive(Clone, Debug, Queryable)]
pub struct PartRow {
    /// The redemption.
    pub redemption: RedemptionId,
    /// `consumption` or `reversal`.
    pub kind: String,
    /// The funder's part, never negative.
    pub amount_cents: i64,
    /// When it was booked.
    pub recorded_at: Instant,
    /// The funder.
    pub funder: OrganisationId,
    /// Its name.
    pub funder_name: String,
    /// The day of the workshop.
    pub workshop_day: NaiveDate,
    /// Its theme.
    pub theme: String,
    /// The venue.
    pub venue: VenueId,
    /// Its name.
    pub venue_name: String,
    /// INSEE code of its commune.
    pub commune: String,
    /// The number on the pass that was scanned.
    pub serial: String,
}

const KINDS: [&str; 2] = ["consumption", "reversal"];

/// The redemptions on an organisation's statement of a month after `after`, at most `limit`.
pub fn redemptions_of(
    conn: &mut Conn,
    organisation: OrganisationId,
    month: Month,
    after: Option<RedemptionId>,
    limit: i64,
) -> QueryResult<Vec<RedemptionId>> {
    redemptions::table
        .inner_join(postings::table.on(postings::redemption_id.eq(redemptions::id.nullable())))
        .filter(redemptions::organisation_id.eq(organisation))
        .filter(redemptions::id.gt(after.unwrap_or(RedemptionId(Uuid::nil()))))
        .filter(postings::month.eq(month.number()))
        .filter(postings::kind.eq(KINDS[0]).or(postings::kind.eq(KINDS[1])))
        .select(redemptions::id)
        .distinct()
        .order(redemptions::id)
        .limit(limit)
        .load(conn)
}

/// The parts of the lines of the redemptions from `first` to `last`, in order.
pub fn parts(
    conn: &mut Conn,
    organisation: OrganisationId,
    month: Month,
    first: RedemptionId,
    last: RedemptionId,
) -> QueryResult<Vec<PartRow>> {
    postings::table
        .inner_join(agreements::table.on(agreements::id.eq(postings::agreement_id)))
        .inner_join(organisations::table.on(organisations::id.eq(agreements::funder_id)))
        .inner_join(
            redemptions::table.on(redemptions::id.eq(postings::redemption_id.assume_not_null())),
        )
        .inner_join(venues::table.on(venues::id.eq(redemptions::venue_id)))
        .inner_join(passes::table.on(passes::id.eq(redemptions::pass_id)))
        .filter(redemptions::organisation_id.eq(organisation))
        .filter(redemptions::id.between(first, last))
        .filter(postings::month.eq(month.number()))
        .filter(postings::kind.eq(KINDS[0]).or(postings::kind.eq(KINDS[1])))
        .order((postings::redemption_id, postings::kind, postings::number))
        .select((
            redemptions::id,
            postings::kind,
            postings::amount_cents,
            postings::recorded_at,
            organisations::id,
            organisations::name,
            redemptions::workshop_day,
            redemptions::theme,
            venues::id,
            venues::name,
            venues::commune,
            passes::serial,
        ))
        .load(conn)
}

/// The accounting month a redemption was booked in; none for a rehearsal.
pub fn month_of(conn: &mut Conn, redemption: RedemptionId) -> QueryResult<Option<Month>> {
    let month: Option<i32> = postings::table
        .filter(postings::redemption_id.eq(redemption))
        .filter(postings::kind.eq(KINDS[0]))
        .select(postings::month)
        .first(conn)
        .optional()?;
    Ok(month.and_then(Month::from_number))
}
