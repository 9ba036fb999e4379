//! What stands on the paper of a print run: box by box for the typesetter, or as a list of codes
//! for a print shop with a layout of its own. Codes are derived on the way and kept nowhere.

use chrono::NaiveDate;
use uuid::Uuid;

use super::handed_over::qr_content;
use super::idempotency::Key;
use super::letterheads::{self, OnPaper};
use super::nearest_venues::{NearVenue, near_home};
use super::printed_code::code_of;
use super::read_stock::organisation_name;
use super::{Error, Op, Outcome, Services, print_run};
use crate::domain::caller::Caller;
use crate::domain::ids::{EntryId, PrintRunId, StockBoxId};
use crate::domain::paper::{SheetChoice, Sheets};
use crate::domain::refusal::{Code, Refused};
use crate::domain::stock::StockBox;
use crate::domain::time::{Instant, in_letters};
use crate::store;
use crate::store::pass::PassRow;
use crate::store::print_run::PrintRunRow;
use crate::store::reading::Reading;
use crate::store::stock_event::StockEventRow;

/// What all passes of a print run have in common on paper.
#[derive(Clone, Debug)]
pub struct RunPaper {
    /// The print run.
    pub id: Uuid,
    /// Its number, for people.
    pub number: i32,
    /// How many boxes it has.
    pub boxes: u32,
    /// The day it was ordered.
    pub printed_on: NaiveDate,
    /// Workshops of each pass.
    pub units: u8,
    /// The last day to use them.
    pub last_day: NaiveDate,
    /// Name of the programme.
    pub programme: String,
    /// A rehearsal: counts nowhere.
    pub training: bool,
    /// Name of who holds the box.
    pub prescriber: String,
    /// Names of those who may pay.
    pub funders: Vec<String>,
    /// Venues, nearest first.
    pub venues: Vec<NearVenue>,
    /// What the prescriber prints of itself.
    pub letterhead: OnPaper,
    /// How the paper is set.
    pub sheets: Sheets,
}

/// What is asked for of a print run: one box or all, as it was ordered or otherwise.
#[derive(Clone, Debug, Default)]
pub struct Printout {
    /// The number of the only box; all of them when left out.
    pub only: Option<u32>,
    /// How to print it.
    pub choice: SheetChoice,
}

/// A print run about to be printed.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Numbers of the boxes that have passes left.
    pub boxes: Vec<u32>,
    /// How the paper is set.
    pub sheets: Sheets,
}

/// A box on paper.
#[derive(Clone, Debug)]
pub struct BoxPaper {
    /// What its passes have in common.
    pub run: RunPaper,
    /// Its number in the run.
    pub number: u32,
    /// The passes that are left in it, in order.
    pub passes: Vec<PrintedPass>,
}

/// What differs from one printed pass to the next.
#[derive(Clone, Debug)]
pub struct PrintedPass {
    /// The number of its box.
    pub box_number: u32,
    /// The code in groups.
    pub code: String,
    /// What the QR holds.
    pub qr: String,
    /// The number on the stub.
    pub serial: String,
    /// How many workshops.
    pub units: u8,
    /// The last day to use it.
    pub last_day: NaiveDate,
}

/// Makes the boxes of a run ready to print, and writes a line in the history of the run: paper is
/// where codes can be read.
///
/// # Errors
/// `not_found`, `nothing_left`, `busy` while passes are missing, or `invalid_query` for paper that
/// cannot be.
pub fn start(
    services: &Services,
    caller: &Caller,
    run: PrintRunId,
    printout: &Printout,
) -> Outcome<Ready> {
    let only = printout.only;
    services.write(|op| {
        let row = store::print_run::by_id(op.conn, run)?.ok_or_else(Refused::not_found)?;
        if store::stock_box::made(op.conn, run)?.1 < i64::from(row.count) {
            let sentence = "Les pass de ce tirage ne sont pas encore tous faits : réessayez dans \
                quelques minutes.";
            return Err(Refused::new(Code::Busy, sentence).into());
        }
        let sheets = printout.choice.of(row.sheets()?)?;
        let mut boxes = store::stock_box::of_run(op.conn, run)?;
        boxes.retain(|found| only.is_none_or(|number| number == found.number));
        if boxes.is_empty() {
            return Err(Refused::not_found().into());
        }
        let mut left = 0;
        let mut numbers = Vec::new();
        for found in &boxes {
            let content = store::stock_box::content(op.conn, found.id)?;
            if let Some(pass) = store::stock_box::first_left(op.conn, found.id)? {
                code_of(op.services, &pass)?;
                numbers.push(found.number);
            }
            left += content.in_stock;
        }
        if left == 0 {
            let sentence = "Il ne reste rien à imprimer : ces pass sont remis ou annulés.";
            return Err(Refused::new(Code::NothingLeft, sentence).into());
        }
        let about = only.and(boxes.first()).map(|found| found.id);
        let event = PaperEvent { event: "paper_made", stock_box: about, passes: left };
        note(op, caller, &row, &event)?;
        Ok(Ready { boxes: numbers, sheets })
    })
}

/// Everything the paper of a box says.
///
/// # Errors
/// `not_found`.
pub fn box_paper(
    services: &Services,
    run: PrintRunId,
    number: u32,
    sheets: Sheets,
) -> Outcome<BoxPaper> {
    services.read(|op| {
        let row = store::print_run::by_id(op.conn, run)?.ok_or_else(Refused::not_found)?;
        let boxes = store::stock_box::of_run(op.conn, run)?;
        let found = boxes.iter().find(|found| found.number == number);
        let found = found.ok_or_else(Refused::not_found)?;
        let passes = store::stock_box::left(op.conn, found.id)?;
        let last_day = passes.first().map(|pass| pass.last_day);
        let mut run = run_paper(op, &row, found, last_day, sheets)?;
        run.boxes = u32::try_from(boxes.len()).unwrap_or(u32::MAX);
        let passes: Outcome<Vec<_>> =
            passes.iter().map(|pass| printed(op, found.number, pass)).collect();
        Ok(BoxPaper { run, number, passes: passes? })
    })
}

fn run_paper(
    op: &mut Op<'_>,
    row: &PrintRunRow,
    found: &StockBox,
    last_day: Option<NaiveDate>,
    sheets: Sheets,
) -> Outcome<RunPaper> {
    let programme = store::programme::by_id(op.conn, row.programme_id)?
        .ok_or_else(|| Error::failure("a run without its programme"))?;
    let today = op.now.day_in(programme.zone);
    let mut funders: Vec<String> = Vec::new();
    for line in store::agreement::plan(op.conn, programme.id)? {
        if !funders.contains(&line.funder_name) {
            funders.push(line.funder_name);
        }
    }
    Ok(RunPaper {
        id: row.id.0,
        number: row.number,
        boxes: 0,
        printed_on: row.ordered_at.day_in(programme.zone),
        units: row.units()?,
        last_day: last_day.unwrap_or(programme.last_day),
        training: programme.training,
        prescriber: organisation_name(op, found.prescriber)?,
        funders,
        venues: near_home(op, programme.id, row.commune.as_deref(), today)?,
        letterhead: letterheads::on_paper(op, found.prescriber)?,
        sheets,
        programme: programme.name,
    })
}

fn printed(op: &Op<'_>, box_number: u32, pass: &PassRow) -> Outcome<PrintedPass> {
    let code = code_of(op.services, pass)?;
    Ok(PrintedPass {
        box_number,
        code: code.grouped(),
        qr: qr_content(&op.services.public_url, &code),
        serial: pass.serial.clone(),
        units: pass.units()?,
        last_day: pass.last_day,
    })
}

/// The codes of a run for a print shop: handed out once, and noted. The same key may ask again,
/// for a download that was cut off.
///
/// # Errors
/// `not_found`, `nothing_left`, or `codes_already_taken`, which says when and by whom.
pub fn take_codes(
    services: &Services,
    caller: &Caller,
    run: PrintRunId,
    key: &Key,
) -> Outcome<Vec<PrintedPass>> {
    print_run::fill(services, run, &mut |_| ())?;
    services.write(|op| {
        store::print_run::by_id(op.conn, run)?.ok_or_else(Refused::not_found)?;
        store::print_run::lock(op.conn, run)?;
        let row = store::print_run::by_id(op.conn, run)?.ok_or_else(Refused::not_found)?;
        let again = row.codes_key == Some(EntryId(key.key));
        if let Some(at) = row.codes_taken_at.filter(|_| !again) {
            return Err(taken(op, &row, at)?.into());
        }
        let mut passes = Vec::new();
        for found in store::stock_box::of_run(op.conn, run)? {
            for pass in store::stock_box::left(op.conn, found.id)? {
                passes.push(printed(op, found.number, &pass)?);
            }
        }
        if passes.is_empty() {
            let sentence = "Il ne reste rien à imprimer : ces pass sont remis ou annulés.";
            return Err(Refused::new(Code::NothingLeft, sentence).into());
        }
        if !again {
            store::print_run::take_codes(op.conn, run, caller.user, EntryId(key.key), op.now)?;
            let count = i64::try_from(passes.len()).unwrap_or(i64::MAX);
            let event = PaperEvent { event: "codes_taken", stock_box: None, passes: count };
            note(op, caller, &row, &event)?;
        }
        Ok(passes)
    })
}

fn taken(op: &mut Op<'_>, row: &PrintRunRow, at: Instant) -> Outcome<Refused> {
    let reading = Reading::of("print_runs", row.id);
    let programme = store::programme::by_id(op.conn, row.programme_id)?;
    let zone = reading.refers_to("programme_id", programme)?.zone;
    let user = row.codes_taken_by.map(|id| store::user::by_id(op.conn, id)).transpose()?.flatten();
    let by = reading.refers_to("codes_taken_by", user)?.name;
    let sentence = format!(
        "Le fichier des codes a déjà été remis le {} à {by} : il ne l'est qu'une fois. Commandez \
         un autre tirage, ou imprimez les PDF.",
        in_letters(at.day_in(zone))
    );
    Ok(Refused::new(Code::CodesAlreadyTaken, sentence))
}

/// What was made of a run, or of one of its boxes.
struct PaperEvent {
    event: &'static str,
    stock_box: Option<StockBoxId>,
    passes: i64,
}

fn note(op: &mut Op<'_>, caller: &Caller, run: &PrintRunRow, made: &PaperEvent) -> Outcome<()> {
    let event = StockEventRow {
        id: EntryId(op.id()),
        run_id: run.id,
        box_id: made.stock_box,
        event: made.event.to_owned(),
        from_id: None,
        to_id: None,
        passes: i32::try_from(made.passes).unwrap_or(i32::MAX),
        expected: None,
        note: None,
        by_user: caller.user,
        at: op.now,
    };
    Ok(store::stock_event::insert(op.conn, &event)?)
}
