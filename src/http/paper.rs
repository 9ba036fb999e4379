//! From a pass to its paper: the facts of the services, set by the documents.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;

use crate::documents::letter::{self, LetterFacts, NearVenue};
use crate::documents::print_shop_csv::{self, PrintShopLine};
use crate::domain::paper::Style;
use crate::services::read_pass::Paper;
use crate::services::stock_papers::PrintedPass;
use crate::services::{Error, Outcome};

/// Sets the paper of a pass. The name, when there is one, goes from here to the PDF and is gone.
///
/// # Errors
/// A failure of the typesetter.
pub fn pdf(paper: &Paper, style: Style, beneficiary: Option<String>) -> Outcome<Vec<u8>> {
    let venues = paper.venues.iter().map(|venue| NearVenue {
        name: venue.name.clone(),
        address: venue.address.clone(),
        commune: venue.commune.clone(),
        phone: venue.phone.clone(),
    });
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
        venues: venues.collect(),
        training: paper.pass.training,
        prescriber: paper.prescriber.clone(),
        letterhead: None,
    };
    letter::pdf(&facts, style).map_err(Error::failure)
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

/// A PDF that opens in the browser.
#[must_use]
pub fn answer(pdf: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((CONTENT_DISPOSITION, "inline; filename=\"pass-numerique.pdf\""))
        .body(pdf)
}
