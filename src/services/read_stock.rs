//! Looking at stock: print runs, their boxes, what is left in them and what happened to them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::{Listed, Page};
use super::read_history::who;
use super::{Error, Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::{OrganisationId, PrintRunId, UserId};
use crate::domain::refusal::Refused;
use crate::domain::stock::StockBox;
use crate::store;
use crate::store::print_run::PrintRunRow;
use crate::store::stock_box::Content;
use crate::store::stock_event::StockEventRow;

/// A print run.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PrintRunView {
    /// The print run.
    pub id: Uuid,
    /// Its number, for people: the cover sheets of its boxes bear it.
    #[schema(example = 12)]
    pub number: i32,
    /// Whose passes.
    pub programme_id: Uuid,
    /// The programme's name.
    pub programme_name: String,
    /// For whom it was ordered.
    pub prescriber_id: Uuid,
    /// The prescriber's name.
    pub prescriber_name: String,
    /// Workshops of each pass.
    pub units: i32,
    /// How many passes were ordered.
    pub count: i32,
    /// How many passes are made.
    pub made: i64,
    /// `preparing` while passes are being made, then `ready`.
    #[schema(example = "ready")]
    pub status: String,
    /// How many passes a box holds.
    pub box_size: i32,
    /// `letter` or `card`.
    pub layout: String,
    /// How many cards an A4 sheet holds.
    pub cards_per_sheet: i32,
    /// Large letters.
    pub large_print: bool,
    /// What stands beside French.
    pub language: Option<String>,
    /// Around which commune the venues on the paper lie.
    pub commune: Option<String>,
    /// When it was ordered, RFC 3339.
    pub ordered_at: String,
    /// When its codes were handed out to a print shop, RFC 3339.
    pub codes_taken_at: Option<String>,
    /// Passes not handed over.
    pub in_stock: i64,
    /// Passes handed over.
    pub handed_over: i64,
    /// Passes void without ever having been handed over.
    pub void: i64,
    /// Its boxes: a prescriber sees hers.
    pub boxes: Vec<StockBoxView>,
}

/// A box of a print run.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StockBoxView {
    /// The box.
    pub id: Uuid,
    /// Its number in the run.
    pub number: u32,
    /// How many passes it was packed with.
    pub size: u32,
    /// `printed`, `shipped`, `received`, `recalled` or `stolen`.
    #[schema(example = "received")]
    pub state: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// Who holds it, or is to receive it.
    pub prescriber_id: Uuid,
    /// The prescriber's name.
    pub prescriber_name: String,
    /// Passes not handed over.
    pub in_stock: i64,
    /// Passes handed over.
    pub handed_over: i64,
    /// Passes void without ever having been handed over.
    pub void: i64,
}

/// One step of stock.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StockEventView {
    /// `ordered`, `printed`, `shipped`, `received`, `transferred`, `recalled`, `returned`,
    /// `reported_stolen`, `counted` or `codes_taken`.
    pub event: String,
    /// The number of the box; none for what concerns the whole run.
    pub box_number: Option<u32>,
    /// Who held it before.
    pub from: Option<String>,
    /// Who holds it after.
    pub to: Option<String>,
    /// How many passes it was about; for a count, how many were found.
    pub passes: i32,
    /// For a count, how many there should have been.
    pub expected: Option<i32>,
    /// What the person wrote.
    pub note: Option<String>,
    /// Who did it.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
}

/// A print run: any for the operator and the auditor, those with a box of hers for a prescriber.
///
/// # Errors
/// `not_found`.
pub fn by_id(services: &Services, caller: &Caller, id: PrintRunId) -> Outcome<PrintRunView> {
    services.read(|op| {
        let row = run_of_caller(op, caller, id)?;
        view(op, caller, &row)
    })
}

/// The print runs the caller may know, newest first.
///
/// # Errors
/// A failure of the database.
pub fn list(services: &Services, caller: &Caller, page: Page) -> Outcome<Listed<PrintRunView>> {
    services.read(|op| {
        let before = PrintRunId(page.after);
        let rows = if caller.sees_all() {
            store::print_run::page(op.conn, before, page.fetch())?
        } else {
            let holder = caller.organisation;
            store::print_run::page_of_prescriber(op.conn, holder, before, page.fetch())?
        };
        let listed = page.cut(rows, |row| row.id.0);
        let views: Outcome<Vec<_>> = listed.items.iter().map(|row| view(op, caller, row)).collect();
        Ok(Listed { items: views?, next: listed.next })
    })
}

/// Whether the caller's organisation has a printed pass to hand over.
///
/// # Errors
/// A failure of the database.
pub fn any_left(services: &Services, caller: &Caller) -> Outcome<bool> {
    services.read(|op| Ok(store::stock_box::any_left(op.conn, caller.organisation)?))
}

/// What happened to a print run, newest first: a prescriber sees what concerns her boxes.
///
/// # Errors
/// `not_found`.
pub fn history(
    services: &Services,
    caller: &Caller,
    id: PrintRunId,
) -> Outcome<Vec<StockEventView>> {
    services.read(|op| {
        let run = run_of_caller(op, caller, id)?;
        let boxes = boxes_of_caller(op, caller, run.id)?;
        let mine = |row: &StockEventRow| {
            caller.sees_all()
                || row.box_id.is_some_and(|id| boxes.iter().any(|found| found.id == id))
        };
        let rows = store::stock_event::of_run(op.conn, run.id, 500)?;
        rows.into_iter().filter(mine).map(|row| event_view(op, caller, &boxes, row)).collect()
    })
}

/// A prescriber reads the names of its own people; of the operator's only whose they are.
fn event_view(
    op: &mut Op<'_>,
    caller: &Caller,
    boxes: &[StockBox],
    row: StockEventRow,
) -> Outcome<StockEventView> {
    let number = |id| boxes.iter().find(|found| found.id == id).map(|found| found.number);
    let name = |op: &mut Op<'_>, id: Option<OrganisationId>| {
        id.map(|id| organisation_name(op, id)).transpose()
    };
    Ok(StockEventView {
        box_number: row.box_id.and_then(number),
        from: name(op, row.from_id)?,
        to: name(op, row.to_id)?,
        passes: row.passes,
        expected: row.expected,
        by: if caller.sees_all() {
            user_name(op, row.by_user)?
        } else {
            who(op, row.by_user, caller.organisation)?
        },
        at: row.at.to_string(),
        event: row.event,
        note: row.note,
    })
}

fn user_name(op: &mut Op<'_>, id: UserId) -> Outcome<String> {
    Ok(store::user::named(op.conn, id)?.name)
}

pub(super) fn organisation_name(op: &mut Op<'_>, id: OrganisationId) -> Outcome<String> {
    let found = store::organisation::by_id(op.conn, id)?;
    Ok(found.ok_or_else(|| Error::failure("stock of an unknown organisation"))?.name)
}

/// The run, when the caller may know it.
pub(super) fn run_of_caller(
    op: &mut Op<'_>,
    caller: &Caller,
    id: PrintRunId,
) -> Outcome<PrintRunRow> {
    let row = store::print_run::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
    if !caller.sees_all() && boxes_of_caller(op, caller, id)?.is_empty() {
        return Err(Refused::not_found().into());
    }
    Ok(row)
}

pub(super) fn boxes_of_caller(
    op: &mut Op<'_>,
    caller: &Caller,
    id: PrintRunId,
) -> Outcome<Vec<StockBox>> {
    let mut boxes = store::stock_box::of_run(op.conn, id)?;
    boxes.retain(|found| caller.sees_all() || found.prescriber == caller.organisation);
    Ok(boxes)
}

pub(super) fn view(op: &mut Op<'_>, caller: &Caller, run: &PrintRunRow) -> Outcome<PrintRunView> {
    let programme = store::programme::by_id(op.conn, run.programme_id)?;
    let programme = programme.ok_or_else(|| Error::failure("a run without its programme"))?;
    let contents = store::stock_box::contents(op.conn, run.id)?;
    let content_of = |id| {
        let found = contents.iter().find(|(found, _)| *found == id);
        found.map(|(_, content)| *content).unwrap_or_default()
    };
    let boxes: Outcome<Vec<StockBoxView>> = boxes_of_caller(op, caller, run.id)?
        .iter()
        .map(|stock_box| box_view(op, content_of(stock_box.id), stock_box))
        .collect();
    let boxes = boxes?;
    let made = store::stock_box::made(op.conn, run.id)?.1;
    let sum = |count: fn(&StockBoxView) -> i64| boxes.iter().map(count).sum();
    Ok(PrintRunView {
        id: run.id.0,
        number: run.number,
        programme_id: programme.id.0,
        programme_name: programme.name,
        prescriber_id: run.prescriber_id.0,
        prescriber_name: organisation_name(op, run.prescriber_id)?,
        units: run.units,
        count: run.count,
        made,
        status: if made < i64::from(run.count) { "preparing" } else { "ready" }.to_owned(),
        box_size: run.box_size,
        layout: run.layout.clone(),
        cards_per_sheet: run.cards_per_sheet,
        large_print: run.large_print,
        language: run.language.clone(),
        commune: run.commune.clone(),
        ordered_at: run.ordered_at.to_string(),
        codes_taken_at: run.codes_taken_at.map(|at| at.to_string()),
        in_stock: sum(|found| found.in_stock),
        handed_over: sum(|found| found.handed_over),
        void: sum(|found| found.void),
        boxes,
    })
}

fn box_view(op: &mut Op<'_>, content: Content, stock_box: &StockBox) -> Outcome<StockBoxView> {
    Ok(StockBoxView {
        id: stock_box.id.0,
        number: stock_box.number,
        size: stock_box.size,
        state: stock_box.state.as_str().to_owned(),
        since: stock_box.moved_at.to_string(),
        prescriber_id: stock_box.prescriber.0,
        prescriber_name: organisation_name(op, stock_box.prescriber)?,
        in_stock: content.in_stock,
        handed_over: content.handed_over,
        void: content.void,
    })
}
