//! The style sheet and the mark of the service, from the binary: nothing comes from elsewhere.

use std::fmt::Write;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::Path;
use rust_embed::Embed;

use crate::domain::refusal::Refused;
use crate::http::answer::Answer;

#[derive(Embed)]
#[folder = "src/http/pages/assets/"]
struct Assets;

/// The address of a file. Its content is named in it, so that a browser may keep it for good and
/// still sees a new one at once.
#[must_use]
pub fn address(name: &str) -> String {
    format!("/assets/{}/{name}", mark(name).unwrap_or_default())
}

/// `GET /assets/{mark}/{name}`
pub async fn file(path: Path<(String, String)>) -> Answer {
    let (asked, name) = path.into_inner();
    let found = Assets::get(&name).ok_or_else(Refused::not_found)?;
    // During an update a page of one version may ask another version for its files.
    let cache = if mark(&name).as_deref() == Some(asked.as_str()) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type(&name)))
        .insert_header((CACHE_CONTROL, cache))
        .body(found.data.into_owned()))
}

fn mark(name: &str) -> Option<String> {
    let file = Assets::get(name)?;
    let mut text = String::new();
    for byte in file.metadata.sha256_hash().iter().take(6) {
        // Writing to a string cannot fail.
        write!(text, "{byte:02x}").ok()?;
    }
    Some(text)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
