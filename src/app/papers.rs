//! From passes to their paper: the facts of the services, set by the documents.

use std::io::Write;

use super::App;
use super::in_order::in_order;
use crate::documents::DocumentError;
use crate::documents::bound_pdf::{BoundPdf, Title};
use crate::documents::letter::{self, LetterFacts, Letterhead, NearVenue};
use crate::documents::print_run::{self, BoxFacts, Cover, RunPass};
use crate::documents::print_shop_csv::{self, PrintShopLine};
use crate::domain::ids::PrintRunId;
use crate::domain::paper::{Sheets, Style};
use crate::domain::refusal::{FieldError, Refused};
use crate::services::letterheads::OnPaper;
use crate::services::nearest_venues;
use crate::services::read_pass::Paper;
use crate::services::stock_papers::{self, BoxPaper, PrintedPass, Ready, RunPaper};
use crate::services::{Error, Outcome};

/// Sets the paper of a pass. The name, when there is one, goes from here to the PDF and is gone.
///
/// # Errors
/// A failure of the typesetter.
pub fn pass(paper: &Paper, style: Style, beneficiary: Option<String>) -> Outcome<Vec<u8>> {
    let facts = LetterFacts {
        code_grouped: paper.code.clone(),
        qr: paper.qr.clone(),
        serial: paper.pass.serial.clone(),
        units: paper.pass.units,
        used: paper.pass.used,
        last_day: paper.pass.last_day,
        programme: paper.programme.clone(),
        beneficiary,
        funders: paper.pass.funding.iter().map(|part| part.funder_name.clone()).collect(),
        venues: venues(&paper.venues),
        training: paper.pass.training,
        prescriber: paper.prescriber.clone(),
        letterhead: letterhead(&paper.letterhead),
    };
    letter::pdf(&facts, style).map_err(Error::failure)
}

/// Sets a box of a print run, with its cover. `contact` is whom to ask when it came open or short.
///
/// # Errors
/// A failure of the typesetter.
pub fn stock_box(paper: &BoxPaper, contact: Option<&str>) -> Outcome<Vec<u8>> {
    let run = &paper.run;
    let shared = LetterFacts {
        code_grouped: String::new(),
        qr: String::new(),
        serial: String::new(),
        units: run.units,
        used: 0,
        last_day: run.last_day,
        programme: run.programme.clone(),
        beneficiary: None,
        funders: run.funders.clone(),
        venues: venues(&run.venues),
        training: run.training,
        prescriber: run.prescriber.clone(),
        letterhead: letterhead(&run.letterhead),
    };
    let cover = Cover {
        run: format!("tirage {}", run.number),
        box_number: paper.number,
        boxes: run.boxes,
        printed_on: run.printed_on,
        contact: contact.map(str::to_owned),
    };
    let passes = paper.passes.iter().map(|pass| RunPass {
        code_grouped: pass.code.clone(),
        qr: pass.qr.clone(),
        serial: pass.serial.clone(),
    });
    let facts = BoxFacts { shared, passes: passes.collect(), cover: Some(cover) };
    print_run::pdf(&facts, run.sheets.style, run.sheets.cards).map_err(Error::failure)
}

/// A box as its PDF, with what its run says.
struct PrintedBox {
    run: RunPaper,
    pdf: Vec<u8>,
}

/// Sets a print run box by box into one file, or the one box that is asked for.
///
/// # Errors
/// A failure of the database, the typesetter or the writer.
pub fn print_run(app: &App, run: PrintRunId, ready: &Ready, out: &mut impl Write) -> Outcome<()> {
    if let [only] = ready.boxes.as_slice() {
        let only = printed_box(app, run, *only, ready.sheets)?;
        return out.write_all(&only.pdf).map_err(Error::failure);
    }
    let mut out = Some(out);
    let mut bound = None;
    in_order(
        &ready.boxes,
        |number| printed_box(app, run, number, ready.sheets),
        |number, printed| {
            if let Some(out) = out.take() {
                bound = Some(bind(out, printed.run.number, &printed.run.prescriber)?);
            }
            let added = bound.as_mut().map(|bound| bound.add(&bookmark(number), &printed.pdf));
            added.unwrap_or(Ok(())).map_err(Error::failure)
        },
    )?;
    if let Some(binding) = bound {
        binding.finish().map_err(Error::failure)?;
    }
    Ok(())
}

fn printed_box(app: &App, run: PrintRunId, number: u32, sheets: Sheets) -> Outcome<PrintedBox> {
    let paper = stock_papers::box_paper(&app.services, run, number, sheets)?;
    let pdf = stock_box(&paper, app.contact_email.as_deref())?;
    Ok(PrintedBox { run: paper.run, pdf })
}

/// Begins the one file of a print run.
///
/// # Errors
/// A failure of the writer.
pub fn bind<W: Write>(out: W, run: i32, prescriber: &str) -> Outcome<BoundPdf<W>> {
    let title = Title {
        title: format!("Pass numériques, tirage {run}"),
        language: "fr-FR".to_owned(),
        author: prescriber.to_owned(),
        creator: "Pass numérique".to_owned(),
    };
    BoundPdf::new(out, title).map_err(Error::failure)
}

/// What the one file of a print run calls a box.
#[must_use]
pub fn bookmark(number: u32) -> String {
    format!("Carton {number}")
}

/// The codes of a print run as a file for a print shop.
///
/// # Errors
/// A failure of the writer.
pub fn codes(passes: &[PrintedPass]) -> Outcome<Vec<u8>> {
    let lines: Vec<PrintShopLine> = passes
        .iter()
        .map(|pass| PrintShopLine {
            box_number: pass.box_number,
            serial: pass.serial.clone(),
            code: pass.code.clone(),
            qr: pass.qr.clone(),
            units: pass.units,
            last_day: pass.last_day,
        })
        .collect();
    print_shop_csv::csv(&lines).map_err(Error::failure)
}

/// Makes a logo that is sure to print from the picture somebody sent.
///
/// # Errors
/// What is wrong with the picture, in one sentence.
pub fn logo(bytes: &[u8]) -> Outcome<Vec<u8>> {
    letter::logo(bytes).map_err(|error| match error {
        DocumentError::Logo(fault) => {
            let detail = fault.sentence().to_owned();
            let pointer = "/logo".to_owned();
            Refused::invalid(vec![FieldError { pointer, code: "unreadable", detail }]).into()
        }
        error => Error::failure(error),
    })
}

fn venues(venues: &[nearest_venues::NearVenue]) -> Vec<NearVenue> {
    let on_paper = |venue: &nearest_venues::NearVenue| NearVenue {
        name: venue.name.clone(),
        address: venue.address.clone(),
        commune: venue.commune.clone(),
        phone: venue.phone.clone(),
    };
    venues.iter().map(on_paper).collect()
}

fn letterhead(head: &OnPaper) -> Option<Letterhead> {
    let some = head.logo.is_some() || !head.lines.is_empty();
    some.then(|| Letterhead { logo_png: head.logo.clone(), lines: head.lines.clone() })
}
