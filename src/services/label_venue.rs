//! Labels: the dated right of a venue to redeem, its suspension, and the end of that.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::idempotency::{Key, Once, once};
use super::venues::VenueView;
use super::{Outcome, Services};
use crate::domain::ids::{EntryId, LabelId, VenueId};
use crate::domain::refusal::{Check, Code, Refused};
use crate::domain::time::Zone;
use crate::store;

/// A label to give.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLabel {
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: NaiveDate,
}

/// A label.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LabelView {
    /// The label.
    pub id: Uuid,
    /// The venue.
    pub venue_id: Uuid,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: NaiveDate,
}

/// Gives a venue the right to redeem from one day to another.
///
/// # Errors
/// `not_found`, wrong days, or `label_overlaps`.
pub fn label(
    services: &Services,
    id: VenueId,
    request: &NewLabel,
    key: Option<&Key>,
) -> Outcome<Once<LabelView>> {
    let mut check = Check::default();
    let (from, until) = (request.valid_from, request.valid_until);
    check.days(&[(Some(from), "/valid_from"), (Some(until), "/valid_until")]);
    let order = request.valid_from <= request.valid_until;
    let detail = "Le dernier jour doit suivre le premier.";
    check.that(order, "/valid_until", "out_of_range", detail);
    check.done()?;
    once(services, key, |op| {
        store::venue::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        store::venue::lock(op.conn, id)?;
        let (from, until) = (request.valid_from, request.valid_until);
        if store::venue::label_overlaps(op.conn, id, from, until)? {
            let sentence = "Ce lieu a déjà une labellisation sur une partie de ces dates.";
            return Err(Refused::new(Code::LabelOverlaps, sentence).into());
        }
        let label = LabelId(op.id());
        let row = store::venue::NewLabel {
            id: label,
            venue_id: id,
            valid_from: from,
            valid_until: until,
            created_at: op.now,
        };
        store::venue::insert_label(op.conn, &row)?;
        Ok(LabelView { id: label.0, venue_id: id.0, valid_from: from, valid_until: until })
    })
}

/// A suspension to set.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSuspension {
    /// First day; today when left out.
    #[serde(alias = "valid_from")]
    pub suspended_from: Option<NaiveDate>,
    /// Last day; open when left out.
    #[serde(alias = "valid_until")]
    pub suspended_until: Option<NaiveDate>,
    /// In the words of the person who suspends.
    pub reason: String,
}

/// A suspension.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SuspensionView {
    /// The suspension.
    pub id: Uuid,
    /// The venue.
    pub venue_id: Uuid,
    /// First day.
    pub suspended_from: NaiveDate,
    /// Last day, when it has one.
    pub suspended_until: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// Suspends a venue's label for some days. Workshops of earlier days stay valid.
///
/// # Errors
/// `not_found`, or wrong values.
pub fn suspend(
    services: &Services,
    id: VenueId,
    request: &NewSuspension,
    key: Option<&Key>,
) -> Outcome<Once<SuspensionView>> {
    once(services, key, |op| {
        store::venue::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        let today = op.now.day_in(Zone::PARIS);
        let from = request.suspended_from.unwrap_or(today);
        let mut check = Check::default();
        check.text(&request.reason, 500, "/reason");
        let days = [(Some(from), "/suspended_from"), (request.suspended_until, "/suspended_until")];
        check.days(&days);
        let order = request.suspended_until.is_none_or(|until| from <= until);
        let detail = "Le dernier jour doit suivre le premier.";
        check.that(order, "/suspended_until", "out_of_range", detail);
        check.done()?;
        let entry = EntryId(op.id());
        let reason = request.reason.trim();
        let row = store::label::NewSuspension {
            id: entry,
            venue_id: id,
            suspended_from: from,
            suspended_until: request.suspended_until,
            reason,
            created_at: op.now,
        };
        store::label::insert_suspension(op.conn, &row)?;
        Ok(SuspensionView {
            id: entry.0,
            venue_id: id.0,
            suspended_from: from,
            suspended_until: request.suspended_until,
            reason: reason.to_owned(),
        })
    })
}

/// Lifts the suspensions of a venue: from today on it may redeem again, if it has a label. Those that
/// have not begun are lifted too. Workshops of the days in between stay refused.
///
/// # Errors
/// `not_found`, or `not_suspended` when nothing is to be lifted.
pub fn lift(services: &Services, id: VenueId, key: Option<&Key>) -> Outcome<Once<VenueView>> {
    once(services, key, |op| {
        let venue = store::venue::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        let yesterday =
            op.now.day_in(Zone::of_commune(&venue.commune)).pred_opt().unwrap_or(NaiveDate::MIN);
        if store::label::lift_suspensions(op.conn, id, yesterday, op.now)? == 0 {
            let sentence = "Ce lieu n'est pas suspendu : il n'y a rien à lever.";
            return Err(Refused::new(Code::NotSuspended, sentence).into());
        }
        Ok(venue.into())
    })
}
