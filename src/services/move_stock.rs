//! The way of a box: shipped, received, transferred, called back, returned, reported stolen; each
//! step with who and when, all boxes of a request or none.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::idempotency::{Key, Once, once};
use super::read_stock::{self, PrintRunView, run_of_caller};
use super::{Op, Outcome, Services};
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{EntryId, OrganisationId, PrintRunId};
use crate::domain::pass::PassState;
use crate::domain::refusal::{Check, Code, FieldError, Refused};
use crate::domain::stock::{Step, StepRefusal, StockBox};
use crate::store;
use crate::store::pass_event::EventRow;
use crate::store::print_run::PrintRunRow;
use crate::store::stock_event::StockEventRow;

/// Which boxes take a step.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveStock {
    /// Their numbers; every box that can take the step when left out.
    pub boxes: Option<Vec<u32>>,
    /// Who receives them, for a transfer.
    pub prescriber_id: Option<Uuid>,
    /// What the history should know; needed when stock is stolen.
    #[schema(example = "Colis 6A123")]
    pub note: Option<String>,
}

/// One step of boxes of a run.
pub struct StockStep<'a> {
    /// The run.
    pub run: PrintRunId,
    /// The step.
    pub step: Step,
    /// Which boxes, and what is said with it.
    pub request: &'a MoveStock,
}

/// Takes boxes of a run one step further. What is stolen becomes void at once, and nothing else:
/// passes of the box that were handed over before keep working.
///
/// # Errors
/// `not_found`, wrong values, or `step_not_allowed`, which names the box.
pub fn move_stock(
    services: &Services,
    caller: &Caller,
    asked: &StockStep<'_>,
    key: Option<&Key>,
) -> Outcome<Once<PrintRunView>> {
    let StockStep { run, step, request } = *asked;
    check(step, request)?;
    once(services, key, |op| {
        let row = run_of_caller(op, caller, run)?;
        let to = receiver(op, &row, step, request)?;
        let boxes = chosen(op, caller, &row, step, request)?;
        for stock_box in &boxes {
            take_step(op, caller, asked, stock_box, to)?;
        }
        read_stock::view(op, caller, &row)
    })
}

fn check(step: Step, request: &MoveStock) -> Result<(), Refused> {
    let mut check = Check::default();
    if let Some(note) = request.note.as_deref().filter(|note| !note.is_empty()) {
        check.text(note, 500, "/note");
    }
    if step == Step::ReportStolen {
        let said = request.note.as_deref().is_some_and(|note| !note.trim().is_empty());
        let detail =
            "Dites en quelques mots ce qui s'est passé : le numéro de la plainte, par exemple.";
        check.that(said, "/note", "missing", detail);
        let named = request.boxes.as_ref().is_some_and(|boxes| !boxes.is_empty());
        check.that(named, "/boxes", "missing", "Nommez les cartons volés.");
    }
    let wanted = step == Step::Transfer;
    let given = request.prescriber_id.is_some();
    let detail = "Dites à quel prescripteur les cartons sont transférés.";
    check.that(given || !wanted, "/prescriber_id", "missing", detail);
    let detail = "Seul un transfert nomme un prescripteur.";
    check.that(wanted || !given, "/prescriber_id", "unknown_field", detail);
    check.done()
}

fn receiver(
    op: &mut Op<'_>,
    run: &PrintRunRow,
    step: Step,
    request: &MoveStock,
) -> Outcome<Option<OrganisationId>> {
    let Some(id) = request.prescriber_id.filter(|_| step == Step::Transfer) else {
        return Ok(None);
    };
    let to = OrganisationId(id);
    store::organisation::by_id(op.conn, to)?.ok_or_else(Refused::not_found)?;
    if !store::programme_member::accepts_prescriber(op.conn, run.programme_id, to)? {
        let sentence = "Ce prescripteur ne remet pas de pass de ce dispositif : ajoutez-le d'abord \
            aux prescripteurs du dispositif.";
        return Err(Refused::new(Code::PrescriberNotAccepted, sentence).into());
    }
    Ok(Some(to))
}

/// The boxes that are meant, locked. A prescriber moves what is hers.
fn chosen(
    op: &mut Op<'_>,
    caller: &Caller,
    run: &PrintRunRow,
    step: Step,
    request: &MoveStock,
) -> Outcome<Vec<StockBox>> {
    let mine =
        |found: &StockBox| caller.role == Role::Operator || found.prescriber == caller.organisation;
    let all = store::stock_box::of_run(op.conn, run.id)?;
    let mut locked = Vec::new();
    for found in all.iter().filter(|found| mine(found)) {
        let named = request.boxes.as_ref().is_none_or(|boxes| boxes.contains(&found.number));
        if named {
            // Ascending ids of one run: two requests cannot wait for each other.
            locked.extend(store::stock_box::lock(op.conn, found.id)?.filter(mine));
        }
    }
    if let Some(boxes) = &request.boxes {
        let known = |number: &u32| locked.iter().any(|found| found.number == *number);
        if let Some(number) = boxes.iter().find(|number| !known(number)) {
            let detail = format!("Il n'y a pas de carton {number} : vérifiez les numéros.");
            let pointer = "/boxes".to_owned();
            return Err(Refused::invalid(vec![FieldError {
                pointer,
                code: "unknown_value",
                detail,
            }])
            .into());
        }
        return Ok(locked);
    }
    let refused = locked.iter().find_map(|found| found.state.after(step).err());
    locked.retain(|found| found.state.after(step).is_ok());
    match (locked.is_empty(), refused) {
        (true, Some(refused)) => Err(refused.into()),
        (true, None) => Err(Refused::not_found().into()),
        (false, _) => Ok(locked),
    }
}

fn take_step(
    op: &mut Op<'_>,
    caller: &Caller,
    asked: &StockStep<'_>,
    stock_box: &StockBox,
    to: Option<OrganisationId>,
) -> Outcome<()> {
    let (step, note) = (asked.step, asked.request.note.as_deref());
    let state = stock_box.state.after(step).map_err(|refusal| named(refusal, stock_box))?;
    let holder = to.unwrap_or(stock_box.prescriber);
    store::stock_box::set_state(op.conn, stock_box.id, state, holder, op.now)?;
    let left = match step {
        Step::ReportStolen => void_left(op, caller, stock_box, note.unwrap_or_default())?,
        Step::Transfer => store::stock_box::give_left(op.conn, stock_box.id, holder)?,
        _ => usize::try_from(store::stock_box::content(op.conn, stock_box.id)?.in_stock)
            .unwrap_or_default(),
    };
    let event = StockEventRow {
        id: EntryId(op.id()),
        run_id: stock_box.run,
        box_id: Some(stock_box.id),
        event: step.event().to_owned(),
        from_id: Some(stock_box.prescriber),
        to_id: Some(holder),
        passes: i32::try_from(left).unwrap_or(i32::MAX),
        expected: None,
        note: note.map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned),
        by_user: caller.user,
        at: op.now,
    };
    Ok(store::stock_event::insert(op.conn, &event)?)
}

fn named(refusal: StepRefusal, stock_box: &StockBox) -> Refused {
    let mut refused = Refused::from(refusal);
    refused.sentence =
        refused.sentence.replacen("Ce carton", &format!("Le carton {}", stock_box.number), 1);
    refused
}

/// Voids what is left of a box, and answers how many passes that was.
fn void_left(
    op: &mut Op<'_>,
    caller: &Caller,
    stock_box: &StockBox,
    reason: &str,
) -> Outcome<usize> {
    let left = store::stock_box::left(op.conn, stock_box.id)?;
    let mut voided = 0;
    for pass in &left {
        store::pass::lock_line(op.conn, pass.origin_id)?;
        // Somebody may have handed it over while this waited for the lock: it is no longer stock.
        let now = store::pass::by_id(op.conn, pass.id)?;
        if now.is_none_or(|row| row.state != PassState::Printed.as_str()) {
            continue;
        }
        store::pass::set_state(op.conn, pass.id, PassState::Void)?;
        let event = EventRow {
            id: EntryId(op.id()),
            pass_id: pass.id,
            event: "void".to_owned(),
            reason: Some(reason.trim().to_owned()),
            other_pass_id: None,
            by_user: Some(caller.user),
            at: op.now,
        };
        store::pass_event::insert(op.conn, &event)?;
        voided += 1;
    }
    Ok(voided)
}
