//! Redeeming: one workshop taken from one pass by one venue. The central story of the house.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::guessing::{note_wrong_code, stop_guessing};
use super::idempotency::{Key, Once, once_brief};
use super::redemption_rows::{By, Redemption, Workshop, lines_of, row_of, shares_of};
use super::scheduled_workshops::planned_at;
use super::venue_of_caller::venue_of_caller;
use super::{Error, Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::code::Code;
use crate::domain::ids::{ScheduledWorkshopId, VenueId};
use crate::domain::pass::Pass;
use crate::domain::programme::Programme;
use crate::domain::redemption::{Facts, RedemptionRefusal, Taken, decide};
use crate::domain::refusal::{Check, Refused};
use crate::domain::theme;
use crate::domain::time::{Instant, Month};
use crate::store;
use crate::store::pass::PassRow;
use crate::store::redemption::RedemptionRow;
use crate::store::venue::VenueRow;

/// A workshop to take from a pass.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Redeem {
    /// What the QR holds or what was typed.
    #[schema(example = "ABCD-EFGH-JKMN-PQRS")]
    pub code: String,
    /// Where.
    pub venue_id: Uuid,
    /// A code of the catalogue; the planned workshop's when left out.
    #[schema(example = "creer_une_boite_mail")]
    pub theme: Option<String>,
    /// The planned workshop it was, when there was one. It fills in theme, length and mode.
    pub scheduled_workshop_id: Option<Uuid>,
    /// How long, in minutes.
    #[schema(example = 120, minimum = 1, maximum = 600)]
    pub minutes: Option<u16>,
    /// `individual` or `group`.
    #[schema(example = "group")]
    pub mode: Option<String>,
}

/// A workshop that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Redeemed {
    /// The redemption.
    pub id: Uuid,
    /// The pass.
    pub pass_id: Uuid,
    /// The slot it took, 1 to 10.
    #[schema(example = 3)]
    pub slot: u8,
    /// Workshops left.
    #[schema(example = 7)]
    pub remaining: u8,
    /// Last day of the pass.
    pub last_day: NaiveDate,
    /// What was taught.
    pub theme: String,
    /// Where.
    pub venue_id: Uuid,
    /// The day in the programme's zone.
    pub workshop_day: NaiveDate,
    /// When, RFC 3339.
    #[schema(example = "2026-11-22T14:05:09.123456Z")]
    pub redeemed_at: String,
    /// The price of the workshop.
    #[schema(example = 1000)]
    pub price_cents: i64,
}

/// Takes one workshop from a pass.
///
/// # Errors
/// A [`RedemptionRefusal`], or a refusal about the venue, the theme or too many wrong codes.
pub fn redeem_pass(
    services: &Services,
    caller: &Caller,
    request: &Redeem,
    key: Option<&Key>,
) -> Outcome<Once<Redeemed>> {
    check_request(request)?;
    let outcome = once_brief(services, key, |op| take(op, caller, request, op.now));
    note_wrong_code(services, caller, outcome)
}

/// The whole story, in the caller's transaction. The workshop was given at `at`: now, unless it
/// was scanned without a network.
pub(super) fn take(
    op: &mut Op<'_>,
    caller: &Caller,
    request: &Redeem,
    at: Instant,
) -> Outcome<Redeemed> {
    let venue = venue_of_caller(op, caller, request.venue_id)?;
    stop_guessing(op, caller)?;
    let mut pass = find_pass(op, &request.code)?;
    store::pass::lock_line(op.conn, pass.origin_id)?;
    pass = reread(op, &pass)?;

    let (pass, programme) = (pass.pass()?, programme_of(op, &pass)?);
    let day = at.day_in(programme.zone);
    let taken = ask(op, &pass, &programme, &venue, day)?;

    let workshop = workshop_of(op, request, &programme, day)?;
    let by = By { user: caller.user, venue: venue.id, organisation: venue.organisation_id };
    let redemption = Redemption { by, pass: &pass, price: programme.price, taken, workshop };
    let row = record(op, redemption)?;
    post(op, &pass, &programme, &row)?;
    Ok(answer(&pass, taken, row))
}

/// What the request says, and what the planned workshop says where the request is silent.
fn workshop_of(
    op: &mut Op<'_>,
    request: &Redeem,
    programme: &Programme,
    day: NaiveDate,
) -> Outcome<Workshop> {
    let planned = match request.scheduled_workshop_id.map(ScheduledWorkshopId) {
        Some(id) => Some(planned_at(op, id, VenueId(request.venue_id), programme.zone, day)?),
        None => None,
    };
    let planned = planned.as_ref();
    let theme = request.theme.clone().or_else(|| planned.map(|planned| planned.theme.clone()));
    let group = || planned.map(|_| "group".to_owned());
    Ok(Workshop {
        day,
        theme: theme.unwrap_or_default(),
        minutes: request.minutes.map(i32::from).or_else(|| planned.map(|planned| planned.minutes)),
        mode: request.mode.clone().or_else(group),
        planned: planned.map(|planned| planned.id),
    })
}

pub(super) fn check_request(request: &Redeem) -> Result<(), Refused> {
    let mut check = Check::default();
    let said = request.theme.is_some() || request.scheduled_workshop_id.is_some();
    let detail = "Choisissez le thème de l'atelier.";
    check.that(said, "/theme", "missing", detail);
    let known = request.theme.as_deref().is_none_or(|theme| theme::theme(theme).is_some());
    let detail = "Ce thème n'est pas dans le catalogue : choisissez-en un autre.";
    check.that(known, "/theme", "unknown_value", detail);
    let length = request.minutes.is_none_or(|minutes| (1..=600).contains(&minutes));
    let detail = "La durée doit être comprise entre 1 et 600 minutes.";
    check.that(length, "/minutes", "out_of_range", detail);
    let mode = request.mode.as_deref().is_none_or(|mode| matches!(mode, "individual" | "group"));
    let detail = "Le mode est « individual » ou « group ».";
    check.that(mode, "/mode", "unknown_value", detail);
    check.done()
}

pub(super) fn find_pass(op: &mut Op<'_>, typed: &str) -> Outcome<PassRow> {
    let code = Code::read(typed).map_err(RedemptionRefusal::Malformed)?;
    let hash = op.services.keys.code_hash(&code);
    let found = store::pass::by_code_hash(op.conn, &hash)?;
    Ok(found.ok_or(RedemptionRefusal::UnknownCode)?)
}

/// What was read before the lock may be old; what counts is what is read after it.
fn reread(op: &mut Op<'_>, pass: &PassRow) -> Outcome<PassRow> {
    Ok(store::pass::by_id(op.conn, pass.id)?.ok_or(RedemptionRefusal::UnknownCode)?)
}

pub(super) fn programme_of(op: &mut Op<'_>, pass: &PassRow) -> Outcome<Programme> {
    let programme = store::programme::by_id(op.conn, pass.programme_id)?;
    programme.ok_or_else(|| Error::failure("a pass without its programme"))
}

pub(super) fn ask(
    op: &mut Op<'_>,
    pass: &Pass,
    programme: &Programme,
    venue: &VenueRow,
    workshop_day: NaiveDate,
) -> Outcome<Taken> {
    let at = store::redemption::of_day(op.conn, pass.origin, workshop_day)?;
    let hours: Vec<String> = at.iter().map(|at| at.hour_in(programme.zone)).collect();
    let facts = Facts {
        pass,
        max_per_day: programme.max_per_day,
        workshop_day,
        venue_accepted: store::programme::accepts_venue(op.conn, programme.id, venue.id)?,
        venue_labelled: store::venue::labelled_on(op.conn, venue.id, workshop_day)?,
        validated_that_day: &hours,
    };
    Ok(decide(&facts)?)
}

fn record(op: &mut Op<'_>, redemption: Redemption<'_>) -> Outcome<RedemptionRow> {
    store::pass::set_mask(op.conn, redemption.pass.id, redemption.taken.mask)?;
    let row = row_of(op, redemption);
    store::redemption::insert(op.conn, &row)?;
    Ok(row)
}

fn post(op: &mut Op<'_>, pass: &Pass, programme: &Programme, row: &RedemptionRow) -> Outcome<()> {
    let fundings = store::pass_funding::of_line(op.conn, pass.origin)?;
    let month = op.accounting_month(programme.zone)?;
    let lines = lines_of(pass, programme.price, row, &shares_of(&fundings), month)?;
    store::ledger::insert(op.conn, &lines, Some(Month::of(row.workshop_day)), op.now)?;
    Ok(())
}

pub(super) fn answer(pass: &Pass, taken: Taken, row: RedemptionRow) -> Redeemed {
    Redeemed {
        id: row.id.0,
        pass_id: pass.id.0,
        slot: taken.slot,
        remaining: taken.remaining,
        last_day: pass.last_day,
        theme: row.theme,
        venue_id: row.venue_id.0,
        workshop_day: row.workshop_day,
        redeemed_at: row.redeemed_at.to_string(),
        price_cents: row.price_cents,
    }
}
