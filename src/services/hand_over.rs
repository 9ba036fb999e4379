//! Handing a pass over: it becomes active and commits its funders' money.

pub use super::handed_over::{FundingPart, HandedOver, qr_content};
use super::handed_over::{answer, with_code};
use super::handover_request::check;
pub use super::handover_request::{Beneficiary, HandOver};
use super::idempotency::{Key, Once, once};
use super::look_up;
use super::new_pass::{self, Hands, PersonSlot};
use super::{Op, Outcome, Services};
use crate::adapters::geography;
use crate::domain::agreement::{self, Funding, Person};
use crate::domain::caller::Caller;
use crate::domain::holder::{self, AlreadyHoldsPass, Where};
use crate::domain::ids::{AgreementId, EntryId, OrganisationId, ProgrammeId};
use crate::domain::ledger::{self, PostingKind, Subject};
use crate::domain::money::Cents;
use crate::domain::programme::{Programme, ProgrammeRefusal};
use crate::domain::refusal::Refused;
use crate::domain::split::ShareBp;
use crate::domain::territory::departement_of;
use crate::store;
use crate::store::pass::PassRow;
use crate::store::pass_event::EventRow;

/// So many passes back tell where a prescriber's people live.
const LATEST: i64 = 100;

/// Hands a pass over to a person.
///
/// # Errors
/// The programme's, the funding plan's or the holder's refusal.
pub fn hand_over(
    services: &Services,
    caller: &Caller,
    request: &HandOver,
    key: Option<&Key>,
) -> Outcome<Once<HandedOver>> {
    check(request)?;
    let person = request.beneficiary.as_ref();
    let key = key.map(|key| Key { personal: person.is_some(), ..key.clone() });
    let outcome = once(services, key.as_ref(), |op| issue(op, caller, request));
    let mut once = look_up::note_refusal(services, caller, person, outcome)?;
    with_code(services, &mut once.value)?;
    Ok(once)
}

/// What each funder would pay, without handing anything over.
///
/// # Errors
/// The same refusals as [`hand_over`].
pub fn preview(
    services: &Services,
    caller: &Caller,
    request: &HandOver,
) -> Outcome<Vec<FundingPart>> {
    check(request)?;
    if let Some(person) = &request.beneficiary {
        look_up::count(services, caller, person)?;
    }
    services.read(|op| {
        let programme = open_programme(op, caller, request)?;
        let fundings = plan(op, &programme, request)?;
        holder(op, caller, &programme, request)?;
        Ok(fundings.iter().map(FundingPart::from).collect())
    })
}

fn issue(op: &mut Op<'_>, caller: &Caller, request: &HandOver) -> Outcome<HandedOver> {
    let programme = open_programme(op, caller, request)?;
    lock_plan(op, &programme)?;
    if let Some(person) = &request.beneficiary {
        look_up::stop(op, caller)?;
        look_up::take_off(op, caller, person)?;
    }
    let fundings = plan(op, &programme, request)?;
    // Last: nobody learns by another refusal whether a person holds a pass.
    let person = holder(op, caller, &programme, request)?;

    let printed = new_pass::printed(op, &programme, caller.organisation, request.units, None)?;
    let row = new_pass::in_hand(op, &programme, Hands { caller, request, person }, printed);
    store::pass::insert(op.conn, &row)?;
    store::pass_funding::insert(op.conn, row.id, &fundings)?;
    commit_money(op, &programme, &row, &fundings)?;
    store::pass_event::insert(op.conn, &event(op, &row, "handed_over", None))?;
    let pass = row.pass()?;
    Ok(answer(&pass, row.first_day, &fundings))
}

pub(super) fn event(op: &Op<'_>, row: &PassRow, event: &str, reason: Option<&str>) -> EventRow {
    EventRow {
        id: EntryId(op.id()),
        pass_id: row.id,
        event: event.to_owned(),
        reason: reason.map(str::to_owned),
        other_pass_id: None,
        by_user: row.handed_over_by,
        at: op.now,
    }
}

fn open_programme(op: &mut Op<'_>, caller: &Caller, request: &HandOver) -> Outcome<Programme> {
    let id = ProgrammeId(request.programme_id);
    let programme = store::programme::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
    if !store::programme_member::accepts_prescriber(op.conn, id, caller.organisation)? {
        return Err(ProgrammeRefusal::Prescriber.into());
    }
    let today = op.now.day_in(programme.zone);
    programme.may_hand_over(request.units, today, request.commune.as_deref())?;
    Ok(programme)
}

/// Handovers of one programme wait for each other here, so that what is read afterwards as
/// available is what will be taken. The order of the ids keeps two of them from a deadlock.
pub(super) fn lock_plan(op: &mut Op<'_>, programme: &Programme) -> Outcome<()> {
    if programme.training {
        return Ok(());
    }
    let mut ids: Vec<AgreementId> =
        store::agreement::plan(op.conn, programme.id)?.iter().map(|line| line.id).collect();
    ids.sort_unstable();
    for id in ids {
        store::agreement::lock(op.conn, id)?;
    }
    Ok(())
}

pub(super) fn plan(
    op: &mut Op<'_>,
    programme: &Programme,
    request: &HandOver,
) -> Outcome<Vec<Funding>> {
    if programme.training {
        return Ok(Vec::new());
    }
    let agreements = store::agreement::plan(op.conn, programme.id)?;
    let person = Person { commune: request.commune.as_deref(), publics: &request.publics };
    let today = op.now.day_in(programme.zone);
    Ok(agreement::plan(&agreements, programme.price, request.units, today, &person)?)
}

pub(super) fn holder(
    op: &mut Op<'_>,
    caller: &Caller,
    programme: &Programme,
    request: &HandOver,
) -> Outcome<Option<PersonSlot>> {
    let Some(person) = &request.beneficiary else { return Ok(None) };
    let Some(fingerprint) = person.fingerprint(op, programme.id)? else { return Ok(None) };
    let held = store::pass::live_of_person(op.conn, programme.id, &fingerprint)?;
    let mut ranks = 0..i32::from(programme.passes_per_person);
    if let Some(rank) = ranks.find(|rank| held.iter().all(|row| row.person_rank != Some(*rank))) {
        return Ok(Some(PersonSlot { fingerprint, rank }));
    }
    let Some(last) = held.first() else { return Ok(None) };
    let place = if last.prescriber_id == caller.organisation {
        Where::Own(store::organisation::named(op.conn, last.prescriber_id)?.name)
    } else {
        match departement(op, programme, last.prescriber_id)? {
            Some(name) => Where::Departement(name),
            None => Where::Elsewhere,
        }
    };
    Err(AlreadyHoldsPass { handed_over_on: last.first_day, place }.into())
}

/// The département where a prescriber's people live, or the programme's when it has one only.
fn departement(
    op: &mut Op<'_>,
    programme: &Programme,
    prescriber: OrganisationId,
) -> Outcome<Option<&'static str>> {
    let communes = store::pass_list::latest_communes(op.conn, prescriber, LATEST)?;
    let territory = programme.territory.iter().flat_map(|territory| &territory.0);
    let codes = communes.iter().chain(territory).map(|code| departement_of(code));
    Ok(holder::most_frequent(codes).and_then(geography::departement_name))
}

pub(super) fn commit_money(
    op: &mut Op<'_>,
    programme: &Programme,
    row: &PassRow,
    fundings: &[Funding],
) -> Outcome<()> {
    for funding in fundings {
        store::agreement::add_available(op.conn, funding.agreement, -funding.amount)?;
    }
    let parts: Vec<(AgreementId, Cents)> =
        fundings.iter().map(|funding| (funding.agreement, funding.amount)).collect();
    let workshops = row.units()?;
    let subject = Subject { pass: Some(row.origin_id), workshops, ..Subject::default() };
    let month = op.accounting_month(programme.zone)?;
    let lines = ledger::event(PostingKind::Commitment, month, &parts, leader(fundings), subject);
    store::ledger::insert(op.conn, &lines, None, op.now)?;
    Ok(())
}

/// The agreement whose postings carry the counts: the largest share, ties to the earlier.
pub(super) fn leader(fundings: &[Funding]) -> Option<AgreementId> {
    leading(&fundings.iter().map(|one| (one.agreement, one.share)).collect::<Vec<_>>())
}

/// The same of agreements and their shares.
pub(super) fn leading(shares: &[(AgreementId, ShareBp)]) -> Option<AgreementId> {
    let mut by_share: Vec<&(AgreementId, ShareBp)> = shares.iter().collect();
    by_share.sort_by_key(|(_, share)| std::cmp::Reverse(*share));
    by_share.first().map(|(agreement, _)| *agreement)
}
