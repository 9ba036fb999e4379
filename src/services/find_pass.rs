//! Finding a lost pass when the stub is lost too: by typing the person's identity again. It is
//! turned into a fingerprint, compared and forgotten; nothing is stored and nothing logged.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::handover_request::Beneficiary;
use super::look_up;
use super::read_pass::{PassView, view};
use super::{Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::ProgrammeId;
use crate::domain::refusal::{Check, Refused};
use crate::store;

/// Whose pass is looked for.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindPass {
    /// The programme: a person's fingerprint differs from one to the next.
    pub programme_id: Uuid,
    /// The person, typed for one moment and forgotten.
    pub beneficiary: Beneficiary,
}

/// The pass the caller's organisation handed over to that person: the one that still lives, else
/// the latest.
///
/// # Errors
/// `too_many_look_ups`; `not_found` when there is none, also when another organisation handed one over.
pub fn find_pass(services: &Services, caller: &Caller, request: &FindPass) -> Outcome<PassView> {
    let mut check = Check::default();
    request.beneficiary.look(&mut check);
    check.done()?;
    look_up::count(services, caller, &request.beneficiary)?;
    services.read(|op| {
        let programme = ProgrammeId(request.programme_id);
        // Whether a programme exists is nobody's business who does not hand out its passes.
        if !store::programme_member::accepts_prescriber(op.conn, programme, caller.organisation)? {
            return Err(Refused::not_found().into());
        }
        let fingerprint = request.beneficiary.fingerprint(op, programme)?;
        let fingerprint = fingerprint.ok_or_else(Refused::not_found)?;
        let found = store::pass::of_person_and_prescriber(
            op.conn,
            programme,
            &fingerprint,
            caller.organisation,
        )?;
        let mut living = None;
        for row in &found {
            if row.pass()?.holds_money() {
                living = living.or(Some(row.id));
            }
        }
        let id = living.or_else(|| found.first().map(|row| row.id));
        view(op, id.ok_or_else(Refused::not_found)?)
    })
}
