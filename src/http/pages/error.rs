//! The page that says what went wrong.

use actix_web::{HttpResponse, HttpResponseBuilder};

use crate::domain::refusal::Refused;

/// Renders a refusal as a page.
pub fn page(builder: &mut HttpResponseBuilder, refused: &Refused, id: &str) -> HttpResponse {
    let _ = id;
    builder.content_type("text/html; charset=utf-8").body(refused.sentence.clone())
}
