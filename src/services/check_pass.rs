//! Checking a pass before anything is consumed: the same rule as redeeming, and nothing written.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::guessing::note_wrong_code;
use super::redeem_request::{Redeem, Request};
use super::redemption_facts;
use super::{Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::offline_scan::oldest_believed;
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
    let day = request.day;
    // Further back than a scan is believed, it would only tell where and when a person was.
    let oldest = oldest_believed(services.today());
    let outcome = services.read(|op| {
        let request = request_of(op, caller, request);
        let mut facts = redemption_facts::read(op, std::slice::from_ref(&request), false)?;
        if day.is_some_and(|day| day < oldest) {
            facts.forget_elsewhere(caller);
        }
        let decided = facts.decide(op, &request, day)?;
        Ok(Checked {
            redeemable: true,
            pass_id: decided.pass.id.0,
            units: decided.pass.units,
            used: decided.pass.mask.used(),
            remaining: decided.pass.remaining(),
            last_day: decided.pass.last_day,
            redeemable_until: decided.pass.redeemable_until,
            programme: decided.programme.name.clone(),
            training: decided.pass.training,
        })
    });
    note_wrong_code(services, caller, outcome)
}

/// The request to redeem that would be sent, under a key that nobody has.
fn request_of(op: &Op<'_>, caller: &Caller, check: &CheckPass) -> Request {
    let redeem = Redeem {
        code: check.code.clone(),
        venue_id: check.venue_id,
        theme: None,
        scheduled_workshop_id: None,
        minutes: None,
        mode: None,
    };
    Request::new(caller.user, op.id(), redeem)
}
