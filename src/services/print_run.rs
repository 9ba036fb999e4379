//! Print runs: passes ordered in advance and made box by box. A box is one transaction, so a run
//! that was cut off is taken up again where it stopped, by whoever asks next.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::idempotency::{Key, Once, once};
use super::{Op, Outcome, Services, commune_code, new_pass};
use crate::adapters::geography;
use crate::domain::caller::Caller;
use crate::domain::ids::{EntryId, OrganisationId, PrintRunId, ProgrammeId, StockBoxId};
use crate::domain::paper::{CardsPerSheet, Style};
use crate::domain::print_run as size;
use crate::domain::programme::{Programme, ProgrammeRefusal};
use crate::domain::refusal::{Check, Code, Refused};
use crate::domain::stock::{BoxState, StockBox};
use crate::store;
use crate::store::print_run::PrintRunRow;
use crate::store::stock_event::StockEventRow;

/// Passes to print in advance.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrintRun {
    /// Whose passes.
    pub programme_id: Uuid,
    /// Who hands them over.
    pub prescriber_id: Uuid,
    /// How many workshops each; one of the programme's sizes.
    #[schema(example = 10, minimum = 5, maximum = 10)]
    pub units: u8,
    /// How many passes, 1 to 20,000.
    #[schema(example = 500, minimum = 1, maximum = 20000)]
    pub count: u32,
    /// How many passes a box holds, 1 to 250; 100 when left out.
    #[schema(example = 100, minimum = 1, maximum = 250)]
    pub box_size: Option<u16>,
    /// `letter` (default) or `card`.
    pub layout: Option<String>,
    /// How many cards an A4 sheet holds: 8 (default) or 10.
    pub cards_per_sheet: Option<u8>,
    /// Letters of at least 18 points, on the letter only.
    #[serde(default)]
    pub large_print: bool,
    /// What stands beside French: `en`, `ar`, `uk`, `tr` or `pt`.
    pub language: Option<String>,
    /// Around which commune (INSEE code) the venues on the paper lie.
    #[schema(example = "16015")]
    #[serde(default, deserialize_with = "commune_code::one")]
    pub commune: Option<String>,
}

/// Which run was ordered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ordered {
    /// The print run.
    pub id: Uuid,
}

/// Orders a print run and makes its passes: they redeem nothing until they are handed over.
///
/// # Errors
/// Wrong values, `not_found`, `size_not_allowed`, `programme_closed`, `prescriber_not_accepted`.
pub fn order(
    services: &Services,
    caller: &Caller,
    request: &NewPrintRun,
    key: Option<&Key>,
) -> Outcome<Once<Ordered>> {
    let style = checked(request)?;
    let ordered = once(services, key, |op| {
        let programme = orderable(op, request)?;
        let row = PrintRunRow {
            id: PrintRunId(op.id()),
            number: store::print_run::next_number(op.conn)?,
            programme_id: programme.id,
            prescriber_id: OrganisationId(request.prescriber_id),
            units: i32::from(request.units),
            count: i32::try_from(request.count).unwrap_or(i32::MAX),
            box_size: i32::from(request.box_size.unwrap_or(size::BOX_SIZE)),
            layout: style.layout.as_str().to_owned(),
            cards_per_sheet: i32::from(
                request.cards_per_sheet.unwrap_or_else(|| CardsPerSheet::default().as_u8()),
            ),
            large_print: style.large_print,
            language: style.language.map(|language| language.as_str().to_owned()),
            commune: request.commune.clone(),
            ordered_by: caller.user,
            ordered_at: op.now,
            codes_taken_at: None,
            codes_taken_by: None,
            codes_key: None,
        };
        store::print_run::insert(op.conn, &row)?;
        store::stock_event::insert(op.conn, &event(op, &row, None, "ordered", row.count))?;
        Ok(Ordered { id: row.id.0 })
    })?;
    fill(services, PrintRunId(ordered.value.id), &mut |_| ())?;
    Ok(ordered)
}

fn checked(request: &NewPrintRun) -> Result<Style, Refused> {
    let mut check = Check::default();
    let fits = (1..=size::MOST_PASSES).contains(&request.count);
    let detail = "Un tirage compte de 1 à 20 000 pass : commandez-en plusieurs.";
    check.that(fits, "/count", "out_of_range", detail);
    let fits = request.box_size.is_none_or(|size| (1..=size::LARGEST_BOX).contains(&size));
    check.that(fits, "/box_size", "out_of_range", "Un carton compte de 1 à 250 pass.");
    let known = request.cards_per_sheet.is_none_or(|cards| CardsPerSheet::from_u8(cards).is_some());
    let detail = "Une feuille compte 8 ou 10 cartes.";
    check.that(known, "/cards_per_sheet", "unknown_value", detail);
    let known = request.commune.as_ref().is_none_or(|code| geography::commune(code).is_some());
    let detail = "Cette commune n'existe pas : donnez son code INSEE à cinq signes.";
    check.that(known, "/commune", "unknown_value", detail);
    let style = Style::from_names(
        request.layout.as_deref(),
        request.large_print,
        request.language.as_deref(),
    );
    match style {
        Ok(style) => check.done().map(|()| style),
        Err(refusal) => {
            check.that(false, refusal.pointer(), "unknown_value", &Refused::from(refusal).sentence);
            Err(check.done().err().unwrap_or_else(|| refusal.into()))
        }
    }
}

/// The programme, when such a run may be printed for that prescriber: also before its first day.
fn orderable(op: &mut Op<'_>, request: &NewPrintRun) -> Outcome<Programme> {
    let id = ProgrammeId(request.programme_id);
    let programme = store::programme::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
    let prescriber = OrganisationId(request.prescriber_id);
    store::organisation::by_id(op.conn, prescriber)?.ok_or_else(Refused::not_found)?;
    if !store::programme_member::accepts_prescriber(op.conn, id, prescriber)? {
        let sentence = "Ce prescripteur ne remet pas de pass de ce dispositif : ajoutez-le d'abord \
            aux prescripteurs du dispositif.";
        return Err(Refused::new(Code::PrescriberNotAccepted, sentence).into());
    }
    if !programme.sizes.contains(&request.units) {
        return Err(ProgrammeRefusal::Size { allowed: programme.sizes }.into());
    }
    if op.now.day_in(programme.zone) > programme.last_day {
        return Err(ProgrammeRefusal::Closed(programme.last_day).into());
    }
    Ok(programme)
}

/// Makes the boxes of a run that are not made yet, and tells after each how many passes there are.
///
/// # Errors
/// `not_found`, or a failure of the database.
pub fn fill(services: &Services, id: PrintRunId, tell: &mut dyn FnMut(u32)) -> Outcome<()> {
    while let Some(made) = services.write(|op| next_box(op, id))? {
        tell(made);
    }
    Ok(())
}

/// Makes what is missing of every run that was cut off. Answers how many runs.
///
/// # Errors
/// A failure of the database.
pub fn fill_all(services: &Services) -> Outcome<usize> {
    let unfinished = services.read(|op| Ok(store::print_run::unfinished(op.conn)?))?;
    for run in &unfinished {
        fill(services, *run, &mut |_| ())?;
    }
    Ok(unfinished.len())
}

/// Makes the next box and answers how many passes there are now; `None` when the run is whole.
fn next_box(op: &mut Op<'_>, id: PrintRunId) -> Outcome<Option<u32>> {
    let run = store::print_run::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
    if store::stock_box::made(op.conn, id)?.1 >= i64::from(run.count) {
        return Ok(None);
    }
    store::print_run::lock(op.conn, id)?;
    // Counted again behind the lock: another instance may be making the same run.
    let (boxes, passes) = store::stock_box::made(op.conn, id)?;
    let next = (1..).zip(run.boxes()?).find(|(number, _)| i64::from(*number) > boxes);
    let Some((number, size)) = next else { return Ok(None) };
    print_box(op, &run, number, size)?;
    Ok(Some(u32::try_from(passes).unwrap_or(u32::MAX).saturating_add(size)))
}

fn print_box(op: &mut Op<'_>, run: &PrintRunRow, number: u32, size: u32) -> Outcome<()> {
    let programme = store::programme::by_id(op.conn, run.programme_id)?;
    let programme = programme.ok_or_else(Refused::not_found)?;
    let stock_box = StockBox {
        id: StockBoxId(op.id()),
        run: run.id,
        number,
        size,
        prescriber: run.prescriber_id,
        state: BoxState::Printed,
        moved_at: op.now,
    };
    store::stock_box::insert(op.conn, &stock_box)?;
    let units = run.units()?;
    for _ in 0..size {
        let row = new_pass::printed(op, &programme, run.prescriber_id, units, Some(stock_box.id))?;
        store::pass::insert(op.conn, &row)?;
    }
    let passes = i32::try_from(size).unwrap_or(i32::MAX);
    let event = event(op, run, Some(stock_box.id), "printed", passes);
    Ok(store::stock_event::insert(op.conn, &event)?)
}

fn event(
    op: &Op<'_>,
    run: &PrintRunRow,
    stock_box: Option<StockBoxId>,
    event: &str,
    passes: i32,
) -> StockEventRow {
    StockEventRow {
        id: EntryId(op.id()),
        run_id: run.id,
        box_id: stock_box,
        event: event.to_owned(),
        from_id: None,
        to_id: Some(run.prescriber_id),
        passes,
        expected: None,
        note: None,
        by_user: run.ordered_by,
        at: op.now,
    }
}
