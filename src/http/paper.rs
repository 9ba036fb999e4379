//! Answers that are paper: PDF files, whole or as they are set.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;

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
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"codes.csv\""))
        .body(csv)
}
