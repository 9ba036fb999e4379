//! Whether a request that changes something comes from our own pages.

use actix_web::HttpRequest;
use actix_web::http::header::{HOST, ORIGIN};
use actix_web::web::Data;

use super::problem::Problem;
use crate::app::App;
use crate::domain::refusal::{Code, Refused};

/// A browser sends the session's cookie by itself, so what changes something must come from our
/// own pages.
///
/// # Errors
/// `form_expired` when it comes from elsewhere.
pub fn must_be_same_origin(request: &HttpRequest) -> Result<(), Problem> {
    if request.method().is_safe() {
        return Ok(());
    }
    let header = |name: &str| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let fetched_here =
        header("sec-fetch-site").is_none_or(|site| matches!(site.as_str(), "same-origin" | "none"));
    let origin = header(ORIGIN.as_str());
    // Never what a header says that a proxy may or may not have set: the address people know, or the
    // one this request was sent to.
    let host = header(HOST.as_str()).or_else(|| request.uri().host().map(str::to_owned));
    let app = request.app_data::<Data<App>>();
    let public = app.and_then(|app| app.services.public_url.split_once("://"));
    let ours = [host.as_deref(), public.map(|(_, name)| name)];
    let from_here = origin.is_none_or(|origin| {
        let name = origin.split_once("://").map(|(_, name)| name);
        name.is_some_and(|name| ours.iter().flatten().any(|own| name.eq_ignore_ascii_case(own)))
    });
    if fetched_here && from_here {
        return Ok(());
    }
    let sentence = "Cette demande ne vient pas de nos pages : ouvrez le service et recommencez.";
    Err(Refused::new(Code::FormExpired, sentence).into())
}
