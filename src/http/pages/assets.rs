//! The style sheet, scripts and images of the pages, from the binary: nothing comes from
//! elsewhere.

use std::sync::OnceLock;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::Path;
use rust_embed::Embed;

use crate::domain::refusal::Refused;
use crate::http::answer::Answer;

#[derive(Embed)]
#[folder = "src/http/pages/assets/"]
struct Assets;

/// The address of a file. What all files hold is named in it, so that a browser may keep it for
/// good and still sees a new one at once; and files find each other beside themselves.
#[must_use]
pub fn address(name: &str) -> String {
    format!("/assets/{}/{name}", mark())
}

/// What a file holds.
#[must_use]
pub fn content(name: &str) -> Option<Vec<u8>> {
    Assets::get(name).map(|file| file.data.into_owned())
}

/// `GET /assets/{mark}/{name}`
pub async fn file(path: Path<(String, String)>) -> Answer {
    let (asked, name) = path.into_inner();
    let found = Assets::get(&name).ok_or_else(Refused::not_found)?;
    // During an update a page of one version may ask another version for its files.
    let cache = if mark() == asked { "public, max-age=31536000, immutable" } else { "no-cache" };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type(&name)))
        .insert_header((CACHE_CONTROL, cache))
        .body(found.data.into_owned()))
}

/// What tells this version's files from another's.
fn mark() -> &'static str {
    static MARK: OnceLock<String> = OnceLock::new();
    MARK.get_or_init(|| {
        let mut all = [0_u8; 6];
        for file in Assets::iter().filter_map(|name| Assets::get(&name)) {
            let hash = file.metadata.sha256_hash();
            all.iter_mut().zip(hash).for_each(|(byte, of_file)| *byte ^= of_file);
        }
        let all = all.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{all:012x}")
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "png")) => "image/png",
        Some((_, "svg")) => "image/svg+xml",
        Some((_, "wasm")) => "application/wasm",
        _ => "application/octet-stream",
    }
}
