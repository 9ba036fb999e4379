//! Checking a pass before anything is consumed: the same rule as redeeming, and nothing written.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::guessing::{note_wrong_code, stop_guessing};
use super::redeem_pass::{ask, find_pass, programme_of};
use super::venue_of_caller::venue_of_caller;
use super::{Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::refusal::Check;

/// A code to look at, without taking anything.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckPass {
    /// What the QR holds or what was typed.
    #[schema(example = "ABCD-EFGH-JKMN-PQRS")]
    pub code: String,
    /// Where.
    pub venue_id: Uuid,
    /// The day of the workshop; today when left out.
    pub day: Option<NaiveDate>,
}

/// What a venue may know of a pass before it takes a workshop.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Checked {
    /// Always true: a pass that gives nothing answers with its refusal.
    pub redeemable: bool,
    /// The pass.
    pub pass_id: Uuid,
    /// Workshops when new.
    pub units: u8,
    /// Workshops used.
    pub used: u8,
    /// Workshops left.
    pub remaining: u8,
    /// Last day of the pass.
    pub last_day: NaiveDate,
    /// Last day it is taken, tolerance included.
    pub redeemable_until: NaiveDate,
    /// Name of the programme.
    pub programme: String,
    /// A rehearsal: counts nowhere.
    pub training: bool,
}

/// Says whether a pass would give a workshop. Nothing is consumed.
///
/// # Errors
/// The refusal that `redeem_pass` would give.
pub fn check_pass(services: &Services, caller: &Caller, request: &CheckPass) -> Outcome<Checked> {
    let mut check = Check::default();
    check.days(&[(request.day, "/day")]);
    check.done()?;
    let outcome = services.read(|op| {
        let venue = venue_of_caller(op, caller, request.venue_id)?;
        stop_guessing(op, caller)?;
        let row = find_pass(op, &request.code)?;
        let (pass, programme) = (row.pass()?, programme_of(op, &row)?);
        let day = request.day.unwrap_or_else(|| op.now.day_in(programme.zone));
        ask(op, &pass, &programme, &venue, day)?;
        Ok(Checked {
            redeemable: true,
            pass_id: pass.id.0,
            units: pass.units,
            used: pass.mask.used(),
            remaining: pass.remaining(),
            last_day: pass.last_day,
            redeemable_until: pass.redeemable_until,
            programme: programme.name,
            training: pass.training,
        })
    });
    note_wrong_code(services, caller, outcome)
}
