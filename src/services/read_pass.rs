//! Looking at a pass: its state, never its code.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::hand_over::{FundingPart, qr_content};
use super::letterheads::{self, OnPaper};
use super::nearest_venues::{NearVenue, near_home};
use super::printed_code::code_of;
use super::{Error, Op, Outcome, Services};
use crate::domain::caller::{Caller, Role};
use crate::domain::code::Serial;
use crate::domain::ids::{PassId, ProgrammeId};
use crate::domain::pass::Pass;
use crate::domain::programme::Programme;
use crate::domain::refusal::Refused;
use crate::store;
use crate::store::pass::PassRow;

/// A pass as its prescriber and the operator see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PassView {
    /// The pass.
    pub id: Uuid,
    /// The number on the stub.
    #[schema(example = "7K3M-9QXT-2BVC")]
    pub serial: String,
    /// Its programme.
    pub programme_id: Uuid,
    /// Who handed it over.
    pub prescriber_id: Uuid,
    /// `printed`, `active`, `suspended`, `void`, `replaced`, `exhausted` or `expired`.
    #[schema(example = "active")]
    pub status: String,
    /// Workshops when new.
    pub units: u8,
    /// Workshops used.
    pub used: u8,
    /// Workshops left.
    pub remaining: u8,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// Last day it is taken, tolerance included.
    pub redeemable_until: NaiveDate,
    /// A rehearsal: counts nowhere.
    pub training: bool,
    /// The pass that carries on, when this one was replaced.
    pub replaced_by: Option<Uuid>,
    /// Who pays.
    pub funding: Vec<FundingPart>,
}

/// The pass of that id, for its prescriber or the operator.
///
/// # Errors
/// `not_found` for anybody else's.
pub fn by_id(services: &Services, caller: &Caller, id: PassId) -> Outcome<PassView> {
    services.read(|op| {
        pass_of_caller(op, caller, id)?;
        view(op, id)
    })
}

/// The pass with that serial number, for its prescriber or the operator.
///
/// # Errors
/// `not_found` for a mistyped serial and for anybody else's pass.
pub fn by_serial(services: &Services, caller: &Caller, typed: &str) -> Outcome<PassView> {
    let serial = Serial::read(typed).ok_or_else(Refused::not_found)?;
    services.read(|op| {
        let found = store::pass::by_serial(op.conn, serial.as_str())?;
        let row = found.ok_or_else(Refused::not_found)?;
        pass_of_caller(op, caller, row.id)?;
        view(op, row.id)
    })
}

pub(super) fn pass_of_caller(op: &mut Op<'_>, caller: &Caller, id: PassId) -> Outcome<PassRow> {
    let found = if caller.role == Role::Operator {
        store::pass::by_id(op.conn, id)?
    } else {
        store::pass::of_prescriber(op.conn, id, caller.organisation)?
    };
    Ok(found.ok_or_else(Refused::not_found)?)
}

/// The programme of a pass, which no pass is without.
pub(super) fn programme_of(op: &mut Op<'_>, pass: &Pass) -> Outcome<Programme> {
    store::programme::by_id(op.conn, pass.programme)?
        .ok_or_else(|| Error::failure("a pass without its programme"))
}

/// One pass as people may see it.
pub(super) fn view(op: &mut Op<'_>, id: PassId) -> Outcome<PassView> {
    let row = store::pass::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
    views(op, vec![row])?.pop().ok_or_else(|| Refused::not_found().into())
}

/// Many passes: a statement for all fundings, one for all replacements, one a programme.
pub(super) fn views(op: &mut Op<'_>, rows: Vec<PassRow>) -> Outcome<Vec<PassView>> {
    let origins: BTreeSet<PassId> = rows.iter().map(|row| row.origin_id).collect();
    let origins: Vec<PassId> = origins.into_iter().collect();
    let fundings = store::pass_funding::of_lines(op.conn, &origins)?;
    let ids: Vec<PassId> = rows.iter().map(|row| row.id).collect();
    let replaced_by = store::pass_event::replacements(op.conn, &ids)?;
    let mut programmes: BTreeMap<ProgrammeId, Programme> = BTreeMap::new();
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let pass = row.pass()?;
        let programme = match programmes.get(&row.programme_id) {
            Some(programme) => programme.clone(),
            None => programme_of(op, &pass)?,
        };
        let funding = fundings.get(&pass.origin).map(Vec::as_slice).unwrap_or_default();
        all.push(PassView {
            id: row.id.0,
            status: pass.status_on(op.now.day_in(programme.zone)).to_owned(),
            programme_id: pass.programme.0,
            prescriber_id: pass.prescriber.0,
            units: pass.units,
            used: pass.mask.used(),
            remaining: pass.remaining(),
            first_day: pass.first_day,
            last_day: pass.last_day,
            redeemable_until: pass.redeemable_until,
            training: pass.training,
            replaced_by: replaced_by.get(&row.id).map(|id| id.0),
            funding: funding.iter().map(FundingPart::from).collect(),
            serial: pass.serial,
        });
        programmes.insert(row.programme_id, programme);
    }
    Ok(all)
}

/// What stands on the paper of a pass.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The pass.
    pub pass: PassView,
    /// The code in groups.
    pub code: String,
    /// What the QR holds.
    pub qr: String,
    /// Name of the programme.
    pub programme: String,
    /// Name of the prescriber.
    pub prescriber: String,
    /// Venues near home, or near each other when home is not known, nearest first.
    pub venues: Vec<NearVenue>,
    /// What the prescriber prints of itself.
    pub letterhead: OnPaper,
}

/// Everything the paper of a pass says, for the prescriber who prints it. A pass that can never
/// be used again is not printed.
///
/// # Errors
/// `not_found` for anybody else's pass; a refusal for one that is void or replaced.
pub fn paper(services: &Services, caller: &Caller, id: PassId) -> Outcome<Paper> {
    services.read(|op| {
        let row = pass_of_caller(op, caller, id)?;
        let pass = row.pass()?;
        let programme = programme_of(op, &pass)?;
        let today = op.now.day_in(programme.zone);
        pass.must_live(today)?;
        let prescriber = store::organisation::by_id(op.conn, row.prescriber_id)?
            .ok_or_else(|| Error::failure("a pass without its prescriber"))?;
        let code = code_of(op.services, &row)?;
        let venues = near_home(op, programme.id, row.home_commune.as_deref(), today)?;
        Ok(Paper {
            pass: view(op, id)?,
            code: code.grouped(),
            qr: qr_content(&op.services.public_url, &code),
            programme: programme.name,
            prescriber: prescriber.name,
            venues,
            letterhead: letterheads::on_paper(op, row.prescriber_id)?,
        })
    })
}
