//! Answers that are paper: PDF files, whole or as they are set.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;

use super::answer::Answer;
use super::stream;
use crate::app::{App, papers};
use crate::domain::caller::Caller;
use crate::domain::ids::PrintRunId;
use crate::services::stock_papers::{self, Printout};

/// A PDF that opens in the browser.
#[must_use]
pub fn answer(pdf: Vec<u8>) -> HttpResponse {
    named(pdf, "pass-numerique.pdf")
}

/// A PDF that opens in the browser, to be saved under that name.
#[must_use]
pub fn named(pdf: Vec<u8>, name: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")))
        .body(pdf)
}

/// The codes of a print run, to be saved.
#[must_use]
pub fn codes(csv: Vec<u8>) -> HttpResponse {
    sheet(csv, "codes.csv")
}

/// A CSV to be saved under that name.
#[must_use]
pub fn sheet(csv: Vec<u8>, name: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(csv)
}

/// A bank file, to be saved under that name.
#[must_use]
pub fn bank_file(xml: Vec<u8>, name: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/xml; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(xml)
}

/// A print run, or one box of it: set and sent box by box.
///
/// # Errors
/// `not_found`, `nothing_left`, or `invalid_query`.
pub async fn print_run(
    app: &Arc<App>,
    caller: Caller,
    run: PrintRunId,
    printout: Printout,
) -> Answer {
    let only = printout.only;
    let ready =
        app.run(move |services| stock_papers::start(services, &caller, run, &printout)).await?;
    let name = match only {
        Some(number) => format!("carton-{number}.pdf"),
        None => "tirage.pdf".to_owned(),
    };
    stream::pdf(app, &name, move |app, outlet| papers::print_run(app, run, &ready, outlet))
}
