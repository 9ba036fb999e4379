//! Workshops that a venue plans: when, about what, with how many seats. Anybody may read them;
//! at the door the chosen one fills the theme in.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::idempotency::{Key, Once, once};
use super::list::{Listed, Page};
use super::venue_of_caller::venue_of_caller;
use super::{Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::{ScheduledWorkshopId, VenueId};
use crate::domain::refusal::{Check, Code, FieldError, Refused};
use crate::domain::scheduled_workshop::ScheduledWorkshop;
use crate::domain::theme;
use crate::domain::time::{Instant, Zone, days_after, in_letters};
use crate::store;
use crate::store::scheduled_workshop::Filter;

/// A workshop to plan.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScheduledWorkshop {
    /// Where.
    pub venue_id: Uuid,
    /// A code of the catalogue.
    #[schema(example = "creer_une_boite_mail")]
    pub theme: String,
    /// When it begins, RFC 3339.
    pub starts_at: DateTime<Utc>,
    /// How long, in minutes.
    #[schema(example = 120, minimum = 1, maximum = 600)]
    pub minutes: u16,
    /// How many people it is planned for.
    #[schema(example = 10, minimum = 1, maximum = 200)]
    pub seats: u16,
}

/// A planned workshop, as anybody may see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ScheduledWorkshopView {
    /// The planned workshop.
    pub id: Uuid,
    /// Where.
    pub venue_id: Uuid,
    /// Its theme.
    pub theme: String,
    /// The theme as people read it.
    pub theme_label: String,
    /// When it begins, RFC 3339.
    pub starts_at: String,
    /// The day, by the clocks of the venue.
    pub day: NaiveDate,
    /// The hour, by the clocks of the venue: `14 h 00`.
    pub hour: String,
    /// How long, in minutes.
    pub minutes: i32,
    /// How many people it is planned for.
    pub seats: i32,
    /// How many passes were validated for it; for those who run the venue and the operator alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redeemed: Option<i64>,
    /// Whether it was called off.
    pub cancelled: bool,
}

/// Plans a workshop in a venue of the caller's organisation.
///
/// # Errors
/// `not_found` for another organisation's venue, or wrong values.
pub fn plan(
    services: &Services,
    caller: &Caller,
    request: &NewScheduledWorkshop,
    key: Option<&Key>,
) -> Outcome<Once<ScheduledWorkshopView>> {
    once(services, key, |op| {
        let venue = venue_of_caller(op, caller, request.venue_id)?;
        let workshop = ScheduledWorkshop {
            id: ScheduledWorkshopId(op.id()),
            venue: venue.id,
            theme: request.theme.clone(),
            starts_at: Instant::from_utc(request.starts_at),
            minutes: i32::from(request.minutes),
            seats: i32::from(request.seats),
            cancelled: false,
        };
        let mut check = Check::default();
        workshop.check(&mut check, op.now);
        check.done()?;
        store::scheduled_workshop::insert(op.conn, &workshop, caller.user, op.now)?;
        view(op, workshop)
    })
}

/// Calls a planned workshop off. What was validated for it stays validated.
///
/// # Errors
/// `not_found`, or `already_cancelled`.
pub fn cancel(
    services: &Services,
    caller: &Caller,
    id: ScheduledWorkshopId,
    key: Option<&Key>,
) -> Outcome<Once<ScheduledWorkshopView>> {
    once(services, key, |op| {
        let found = store::scheduled_workshop::by_id(op.conn, id)?;
        let workshop = found.ok_or_else(Refused::not_found)?;
        venue_of_caller(op, caller, workshop.venue.0)?;
        if !store::scheduled_workshop::cancel(op.conn, id)? {
            let sentence = "Cette séance est déjà annulée.";
            return Err(Refused::new(Code::AlreadyCancelled, sentence).into());
        }
        view(op, ScheduledWorkshop { cancelled: true, ..workshop })
    })
}

/// Which planned workshops to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Only this venue's.
    pub venue: Option<Uuid>,
    /// First day; today when left out.
    pub from: Option<NaiveDate>,
    /// Last day; sixty days later when left out.
    pub to: Option<NaiveDate>,
}

/// Planned workshops for anybody, by their beginning; those that were called off are left out.
///
/// # Errors
/// Days in the wrong order.
pub fn list(
    services: &Services,
    caller: Option<&Caller>,
    wanted: Wanted,
    page: Page,
) -> Outcome<Listed<ScheduledWorkshopView>> {
    services.read(|op| {
        let zone = zone_of(op, wanted.venue.map(VenueId))?;
        let from = wanted.from.unwrap_or_else(|| op.now.day_in(zone));
        let to = wanted.to.unwrap_or_else(|| days_after(from, 60));
        let mut check = Check::default();
        check.days(&[(wanted.from, "/from"), (wanted.to, "/to")]);
        check.that(from <= to, "/to", "out_of_range", "Le dernier jour doit suivre le premier.");
        check.done()?;
        let after = match ScheduledWorkshopId(page.after) {
            ScheduledWorkshopId(id) if id.is_nil() => None,
            id => store::scheduled_workshop::by_id(op.conn, id)?.map(|last| (last.starts_at, id)),
        };
        let filter = Filter {
            venue: wanted.venue.map(VenueId),
            from: zone.midnight(from),
            until: zone.midnight(days_after(to, 1)),
            cancelled: false,
            after,
        };
        let found = store::scheduled_workshop::page(op.conn, filter, page.fetch())?;
        let mut shown = views(op, found)?;
        let own = caller.map(|who| store::venue::of_organisation(op.conn, who.organisation));
        let own = own.transpose()?.unwrap_or_default();
        // Whoever sees the number grow knows that somebody is there.
        shown.iter_mut().filter(|_| !caller.is_some_and(Caller::sees_all)).for_each(|view| {
            let theirs = own.iter().any(|venue| venue.id.0 == view.venue_id);
            view.redeemed = view.redeemed.filter(|_| theirs);
        });
        Ok(page.cut(shown, |view| view.id))
    })
}

/// The workshops planned for today in the venues of the caller's organisation.
///
/// # Errors
/// A failure of the database.
pub fn today_of(services: &Services, caller: &Caller) -> Outcome<Vec<ScheduledWorkshopView>> {
    services.read(|op| {
        let own = store::venue::of_organisation(op.conn, caller.organisation)?;
        let ids: Vec<VenueId> = own.iter().map(|venue| venue.id).collect();
        // The day of any zone begins and ends within these hours of now.
        let hours = (op.now.plus_seconds(-26 * 3_600), op.now.plus_seconds(26 * 3_600));
        let found = store::scheduled_workshop::of_venues(op.conn, &ids, hours, MOST_COMING)?;
        let is_today = |workshop: &ScheduledWorkshop| {
            let venue = own.iter().find(|venue| venue.id == workshop.venue);
            venue.is_some_and(|venue| {
                let zone = Zone::of_commune(&venue.commune);
                workshop.day_in(zone) == op.now.day_in(zone)
            })
        };
        let mut planned: Vec<ScheduledWorkshop> = found.into_iter().filter(is_today).collect();
        // By venue, in the order of its list; within one by the hour, as they came.
        planned.sort_by_key(|one| own.iter().position(|venue| venue.id == one.venue));
        views(op, planned)
    })
}

/// So many workshops of some venues are looked at; the next ones come first.
const MOST_COMING: i64 = 5_000;

/// The next workshops planned in some venues, `most` of each.
///
/// # Errors
/// A failure of the database.
pub fn coming_in(
    services: &Services,
    venues: &[Uuid],
    most: usize,
) -> Outcome<Vec<ScheduledWorkshopView>> {
    services.read(|op| {
        let days = (op.now, op.now.plus_seconds(60 * 86_400));
        let ids: Vec<VenueId> = venues.iter().copied().map(VenueId).collect();
        let found = store::scheduled_workshop::of_venues(op.conn, &ids, days, MOST_COMING)?;
        let mut shown: HashMap<VenueId, usize> = HashMap::new();
        let mut coming = found;
        coming.retain(|workshop| {
            let count = shown.entry(workshop.venue).or_default();
            *count += 1;
            *count <= most
        });
        views(op, coming)
    })
}

/// The planned workshop that a redemption names, when it was found: of that venue, on that day, not
/// called off.
pub(super) fn planned_at(
    found: Option<&ScheduledWorkshop>,
    venue: VenueId,
    zone: Zone,
    day: NaiveDate,
) -> Result<&ScheduledWorkshop, Refused> {
    let Some(planned) = found.filter(|planned| planned.venue == venue) else {
        return Err(unfit("Cette séance n'existe pas dans ce lieu.".to_owned()));
    };
    let held = planned.day_in(zone);
    if planned.cancelled {
        return Err(unfit("Cette séance est annulée : choisissez le thème.".to_owned()));
    }
    if held != day {
        let held = in_letters(held);
        return Err(unfit(format!("Cette séance est celle du {held} : choisissez-en une autre.")));
    }
    Ok(planned)
}

fn unfit(detail: String) -> Refused {
    let pointer = "/scheduled_workshop_id".to_owned();
    Refused::invalid(vec![FieldError { pointer, code: "unknown_value", detail }])
}

fn zone_of(op: &mut Op<'_>, venue: Option<VenueId>) -> Outcome<Zone> {
    let Some(venue) = venue else { return Ok(Zone::PARIS) };
    let found = store::venue::by_id(op.conn, venue)?.ok_or_else(Refused::not_found)?;
    Ok(Zone::of_commune(&found.commune))
}

fn view(op: &mut Op<'_>, workshop: ScheduledWorkshop) -> Outcome<ScheduledWorkshopView> {
    let shown = views(op, vec![workshop])?.into_iter().next();
    Ok(shown.ok_or_else(Refused::not_found)?)
}

/// Workshops as anybody may see them: a statement for all venues, another for all redemptions.
fn views(
    op: &mut Op<'_>,
    workshops: Vec<ScheduledWorkshop>,
) -> Outcome<Vec<ScheduledWorkshopView>> {
    let ids: Vec<ScheduledWorkshopId> = workshops.iter().map(|workshop| workshop.id).collect();
    let venues: BTreeSet<VenueId> = workshops.iter().map(|workshop| workshop.venue).collect();
    let venues: Vec<VenueId> = venues.into_iter().collect();
    let taken = store::scheduled_workshop::taken(op.conn, &ids)?;
    let rows = store::venue::by_ids(op.conn, &venues)?;
    let zones: HashMap<VenueId, Zone> =
        rows.into_iter().map(|row| (row.id, Zone::of_commune(&row.commune))).collect();
    let shown = workshops.into_iter().map(|workshop| {
        let zone = zones.get(&workshop.venue).copied().unwrap_or(Zone::PARIS);
        view_in(zone, taken.get(&workshop.id).copied().unwrap_or(0), workshop)
    });
    Ok(shown.collect())
}

fn view_in(zone: Zone, redeemed: i64, workshop: ScheduledWorkshop) -> ScheduledWorkshopView {
    let label = theme::theme(&workshop.theme).map_or(workshop.theme.as_str(), |theme| theme.label);
    ScheduledWorkshopView {
        id: workshop.id.0,
        venue_id: workshop.venue.0,
        theme_label: label.to_owned(),
        starts_at: workshop.starts_at.to_string(),
        day: workshop.day_in(zone),
        hour: workshop.starts_at.hour_in(zone),
        minutes: workshop.minutes,
        seats: workshop.seats,
        redeemed: Some(redeemed),
        cancelled: workshop.cancelled,
        theme: workshop.theme,
    }
}
