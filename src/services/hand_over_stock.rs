//! Handing over from stock: the printed pass that was scanned or typed becomes active and commits
//! its funders' money. The rules are those of a direct handover.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::guessing::{note_wrong_code, stop_guessing_of};
use super::hand_over::{commit_money, event, holder, lock_plan, plan};
use super::handed_over::{FundingPart, HandedOver, answer, with_code};
use super::handover_request::{Beneficiary, HandOver, check};
use super::idempotency::{Key, Once, once};
use super::look_up;
use super::new_pass::{self, Hands};
use super::read_stock::organisation_name;
use super::{Error, Op, Outcome, Services, commune_code};
use crate::domain::caller::Caller;
use crate::domain::code::Code;
use crate::domain::ids::{EntryId, StockBoxId};
use crate::domain::pass::PassState;
use crate::domain::programme::Programme;
use crate::domain::redemption::RedemptionRefusal;
use crate::domain::refusal::Check;
use crate::domain::stock::{BoxState, Step, StockBox, StockRefusal};
use crate::store;
use crate::store::pass::PassRow;
use crate::store::stock_event::StockEventRow;

/// A printed pass to hand over.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverStock {
    /// What the QR holds or what was typed.
    #[schema(example = "ABCD-EFGH-JKMN-PQRS")]
    pub code: String,
    /// The programme, to be checked against the pass when it is given.
    pub programme_id: Option<Uuid>,
    /// The size, to be checked against the pass when it is given.
    #[schema(example = 10, minimum = 5, maximum = 10)]
    pub units: Option<u8>,
    /// To find out whether the person already holds a pass; never stored.
    pub beneficiary: Option<Beneficiary>,
    /// Commune of residence, INSEE code.
    #[schema(example = "16015")]
    #[serde(default, deserialize_with = "commune_code::one")]
    pub commune: Option<String>,
    /// Age band.
    #[schema(example = "60_69")]
    pub age_band: Option<String>,
    /// Gender.
    #[schema(example = "female")]
    pub gender: Option<String>,
    /// Social status.
    #[schema(example = "retired")]
    pub status: Option<String>,
    /// Publics the person belongs to.
    #[serde(default)]
    pub publics: Vec<String>,
}

impl HandOverStock {
    /// The same as a direct handover of that programme and size.
    fn as_direct(&self, row: &PassRow) -> Outcome<HandOver> {
        Ok(HandOver {
            programme_id: row.programme_id.0,
            units: row.units()?,
            beneficiary: self.beneficiary.clone(),
            commune: self.commune.clone(),
            age_band: self.age_band.clone(),
            gender: self.gender.clone(),
            status: self.status.clone(),
            publics: self.publics.clone(),
        })
    }
}

/// What a printed pass is, before it is handed over.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its programme's id.
    pub programme_id: Uuid,
    /// Its programme's name.
    pub programme: String,
    /// Its serial number.
    pub serial: String,
    /// How many workshops.
    pub units: u8,
    /// Its last day.
    pub last_day: NaiveDate,
    /// A rehearsal: counts nowhere.
    pub training: bool,
    /// What each funder would pay.
    pub funding: Vec<FundingPart>,
}

/// Hands a printed pass over to a person.
///
/// # Errors
/// `malformed_code`, `unknown_code`, `already_handed_over`, `held_by_another`, `stock_recalled`,
/// and those of a direct handover.
pub fn hand_over_stock(
    services: &Services,
    caller: &Caller,
    request: &HandOverStock,
    key: Option<&Key>,
) -> Outcome<Once<HandedOver>> {
    let person = request.beneficiary.as_ref();
    let key = key.map(|key| Key { personal: person.is_some(), ..key.clone() });
    let outcome = once(services, key.as_ref(), |op| issue(op, caller, request));
    let outcome = note_wrong_code(services, caller, outcome);
    let mut once = look_up::note_refusal(services, caller, person, outcome)?;
    with_code(services, &mut once.value)?;
    Ok(once)
}

/// What the pass of that code is and what each funder would pay, without handing it over.
///
/// # Errors
/// The same refusals as [`hand_over_stock`].
pub fn preview(services: &Services, caller: &Caller, request: &HandOverStock) -> Outcome<Seen> {
    if let Some(person) = &request.beneficiary {
        look_up::count(services, caller, person)?;
    }
    let outcome = services.read(|op| {
        stop_guessing_of(op, caller)?;
        let (row, programme) = find(op, caller, request)?;
        let found = stock_box(op, &row)?;
        must_be_stock(op, caller, &row, &programme, found.as_ref())?;
        let direct = checked(op, request, &row, &programme)?;
        let fundings = plan(op, &programme, &direct)?;
        holder(op, caller, &programme, &direct)?;
        Ok(Seen {
            programme_id: programme.id.0,
            programme: programme.name,
            serial: row.serial,
            units: direct.units,
            last_day: row.last_day,
            training: row.training,
            funding: fundings.iter().map(FundingPart::from).collect(),
        })
    });
    note_wrong_code(services, caller, outcome)
}

fn issue(op: &mut Op<'_>, caller: &Caller, request: &HandOverStock) -> Outcome<HandedOver> {
    stop_guessing_of(op, caller)?;
    if let Some(person) = &request.beneficiary {
        look_up::stop(op, caller)?;
        look_up::take_off(op, caller, person)?;
    }
    let (seen, programme) = find(op, caller, request)?;
    // The box first, then the pass, then the money: whoever moves the box waits in that order too.
    let found = seen.box_id.map(|id| store::stock_box::lock(op.conn, id)).transpose()?.flatten();
    store::pass::lock_line(op.conn, seen.origin_id)?;
    let printed = store::pass::by_id(op.conn, seen.id)?
        .ok_or_else(|| Error::failure("a locked pass is gone"))?;
    must_be_stock(op, caller, &printed, &programme, found.as_ref())?;
    let direct = checked(op, request, &printed, &programme)?;
    lock_plan(op, &programme)?;
    let fundings = plan(op, &programme, &direct)?;
    // Last: nobody learns by another refusal whether a person holds a pass.
    let person = holder(op, caller, &programme, &direct)?;

    let hands = Hands { caller, request: &direct, person };
    let row = new_pass::in_hand(op, &programme, hands, printed);
    store::pass::hand_over(op.conn, &row)?;
    store::pass_funding::insert(op.conn, row.id, &fundings)?;
    commit_money(op, &programme, &row, &fundings)?;
    store::pass_event::insert(op.conn, &event(op, &row, "handed_over", None))?;
    if let Some(found) = found {
        open(op, caller, &found)?;
    }
    Ok(answer(&row.pass()?, row.first_day, &fundings))
}

/// The pass of that code. One of a programme that is closed to this prescriber is told as if
/// there were none, so that nobody can probe.
fn find(
    op: &mut Op<'_>,
    caller: &Caller,
    request: &HandOverStock,
) -> Outcome<(PassRow, Programme)> {
    let code = Code::read(&request.code).map_err(RedemptionRefusal::Malformed)?;
    let hash = op.services.keys.code_hash(&code);
    let found = store::pass::by_code_hash(op.conn, &hash)?;
    let row = found.ok_or(RedemptionRefusal::UnknownCode)?;
    if !store::programme_member::accepts_prescriber(op.conn, row.programme_id, caller.organisation)?
    {
        return Err(RedemptionRefusal::UnknownCode.into());
    }
    let programme = store::programme::by_id(op.conn, row.programme_id)?;
    Ok((row, programme.ok_or_else(|| Error::failure("a pass without its programme"))?))
}

fn stock_box(op: &mut Op<'_>, row: &PassRow) -> Outcome<Option<StockBox>> {
    let Some(id) = row.box_id else { return Ok(None) };
    Ok(store::stock_box::by_id(op.conn, id)?)
}

fn must_be_stock(
    op: &mut Op<'_>,
    caller: &Caller,
    row: &PassRow,
    programme: &Programme,
    found: Option<&StockBox>,
) -> Outcome<()> {
    match PassState::from_name(&row.state) {
        Some(PassState::Printed) => {}
        Some(PassState::Active | PassState::Suspended) => {
            return Err(StockRefusal::AlreadyHandedOver {
                at: row.handed_over_at.unwrap_or(op.now),
                zone: programme.zone,
                by: by_whom(op, caller, row)?,
            }
            .into());
        }
        Some(PassState::Void) => return Err(StockRefusal::Void.into()),
        Some(PassState::Replaced) => return Err(StockRefusal::Replaced.into()),
        None => return Err(Error::failure("a pass in no known state")),
    }
    if row.prescriber_id != caller.organisation {
        let holder = organisation_name(op, row.prescriber_id)?;
        return Err(StockRefusal::HeldByAnother { holder }.into());
    }
    match found {
        Some(found) if !found.state.may_hand_over() => Err(StockRefusal::Recalled.into()),
        _ => Ok(()),
    }
}

/// Who handed a pass over: a colleague by name, another organisation by its own.
fn by_whom(op: &mut Op<'_>, caller: &Caller, row: &PassRow) -> Outcome<String> {
    let organisation = organisation_name(op, row.prescriber_id)?;
    let user = row.handed_over_by.map(|id| store::user::by_id(op.conn, id)).transpose()?.flatten();
    Ok(match user {
        Some(user) if row.prescriber_id == caller.organisation => {
            format!("{} ({organisation})", user.name)
        }
        _ => organisation,
    })
}

fn checked(
    op: &Op<'_>,
    request: &HandOverStock,
    row: &PassRow,
    programme: &Programme,
) -> Outcome<HandOver> {
    let direct = request.as_direct(row)?;
    let mut other = Check::default();
    let same = request.programme_id.is_none_or(|id| id == direct.programme_id);
    let detail = format!("Ce pass est du dispositif « {} ».", programme.name);
    other.that(same, "/programme_id", "not_this_pass", &detail);
    let same = request.units.is_none_or(|units| units == direct.units);
    let detail = format!("Ce pass compte {} ateliers.", direct.units);
    other.that(same, "/units", "not_this_pass", &detail);
    other.done()?;
    check(&direct)?;
    let today = op.now.day_in(programme.zone);
    programme.may_hand_over(direct.units, today, direct.commune.as_deref())?;
    Ok(direct)
}

/// Whoever hands a pass of a box over has the box: what nobody confirmed is noted as received.
fn open(op: &mut Op<'_>, caller: &Caller, found: &StockBox) -> Outcome<()> {
    let Ok(BoxState::Received) = found.state.after(Step::Receive) else { return Ok(()) };
    let id: StockBoxId = found.id;
    store::stock_box::set_state(op.conn, id, BoxState::Received, found.prescriber, op.now)?;
    let left = store::stock_box::content(op.conn, id)?.in_stock;
    let event = StockEventRow {
        id: EntryId(op.id()),
        run_id: found.run,
        box_id: Some(id),
        event: Step::Receive.event().to_owned(),
        from_id: Some(found.prescriber),
        to_id: Some(found.prescriber),
        passes: i32::try_from(left + 1).unwrap_or(i32::MAX),
        expected: None,
        note: Some("Réception constatée à la première remise.".to_owned()),
        by_user: caller.user,
        at: op.now,
    };
    Ok(store::stock_event::insert(op.conn, &event)?)
}
