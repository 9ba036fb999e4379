//! Listing what an organisation redeemed, reversals shown as such.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::{Listed, Page};
use super::{Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::{RedemptionId, VenueId};
use crate::domain::refusal::{Check, Refused};
use crate::domain::theme;
use crate::store;
use crate::store::redemption::{Filter, RedemptionRow};

/// Which redemptions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Only this venue's.
    pub venue: Option<Uuid>,
    /// First workshop day.
    pub from: Option<NaiveDate>,
    /// Last workshop day.
    pub to: Option<NaiveDate>,
}

/// A redemption as the organisation that is owed for it sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RedemptionView {
    /// The redemption.
    pub id: Uuid,
    /// The pass.
    pub pass_id: Uuid,
    /// The slot it took.
    pub slot: i32,
    /// Where.
    pub venue_id: Uuid,
    /// What was taught.
    pub theme: String,
    /// The theme as people read it.
    pub theme_label: String,
    /// How long, in minutes.
    pub minutes: Option<i32>,
    /// `individual` or `group`.
    pub mode: Option<String>,
    /// The day in the programme's zone.
    pub workshop_day: NaiveDate,
    /// When, RFC 3339.
    pub redeemed_at: String,
    /// The price of the workshop.
    pub price_cents: i64,
    /// A rehearsal.
    pub training: bool,
    /// Whether it was undone.
    pub reversed: bool,
}

impl From<RedemptionRow> for RedemptionView {
    fn from(row: RedemptionRow) -> Self {
        let label = theme::theme(&row.theme).map_or(row.theme.as_str(), |theme| theme.label);
        Self {
            id: row.id.0,
            pass_id: row.pass_id.0,
            slot: row.slot,
            venue_id: row.venue_id.0,
            theme_label: label.to_owned(),
            theme: row.theme,
            minutes: row.minutes,
            mode: row.mode,
            workshop_day: row.workshop_day,
            redeemed_at: row.redeemed_at.to_string(),
            price_cents: row.price_cents,
            training: row.training,
            reversed: row.reversed,
        }
    }
}

/// One page of the caller's organisation's redemptions.
///
/// # Errors
/// `not_found` for another organisation's venue, or days in the wrong order.
pub fn list(
    services: &Services,
    caller: &Caller,
    wanted: Wanted,
    page: Page,
) -> Outcome<Listed<RedemptionView>> {
    let from = wanted.from.unwrap_or(NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default());
    let to = wanted.to.unwrap_or(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default());
    let mut check = Check::default();
    check.days(&[(wanted.from, "/from"), (wanted.to, "/to")]);
    check.that(from <= to, "/to", "out_of_range", "Le dernier jour doit suivre le premier.");
    check.done()?;
    let rows = services.read(|op| {
        if let Some(venue) = wanted.venue {
            store::venue::by_id(op.conn, VenueId(venue))?
                .filter(|venue| venue.organisation_id == caller.organisation)
                .ok_or_else(Refused::not_found)?;
        }
        let filter = Filter {
            payee: caller.organisation,
            from,
            to,
            venue: wanted.venue.map(VenueId),
            after: RedemptionId(page.after),
        };
        Ok(store::redemption::page_of_payee(op.conn, filter, page.fetch())?)
    })?;
    Ok(page.cut(rows, |row| row.id.0).map(RedemptionView::from))
}

/// The latest redemptions of the caller's organisation.
///
/// # Errors
/// A failure of the database.
pub fn latest(services: &Services, caller: &Caller, limit: u8) -> Outcome<Vec<RedemptionView>> {
    let rows = services.read(|op| {
        let limit = i64::from(limit);
        Ok(store::redemption::latest_of_payee(op.conn, caller.organisation, limit)?)
    })?;
    Ok(rows.into_iter().map(RedemptionView::from).collect())
}

/// The redemption of that id, when the caller's organisation is owed for it.
///
/// # Errors
/// `not_found`.
pub fn by_id(services: &Services, caller: &Caller, id: RedemptionId) -> Outcome<RedemptionView> {
    let own = caller.organisation;
    let found = services.read(|op| Ok(store::redemption::of_payee(op.conn, id, own)?))?;
    Ok(found.ok_or_else(Refused::not_found)?.into())
}
