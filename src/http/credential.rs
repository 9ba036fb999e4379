//! What a request shows of a sign-in: the session of the pages, or an access token.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;

/// The cookie of the pages' session.
pub const SESSION_COOKIE: &str = "pass_numerique_session";

/// The access token a request came with.
#[must_use]
pub fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}
