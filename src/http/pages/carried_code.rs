//! A code on its way from one page to the next: in a cookie of some minutes. In an address it would
//! stand in histories and in the logs of proxies.

use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use actix_web::{HttpRequest, HttpResponse};

use super::fields::Fields;
use super::frame::{see_other, set_cookie};
use crate::app::App;
use crate::domain::code::Code;

/// Where a code is carried to.
const PATHS: [&str; 2] = ["/scanner", "/remise"];

const CARRIED: &str = "pass_numerique_code";

/// What the address says when a code comes with it.
const COMES: &str = "lu";

/// On to the page at `path`, with a code that only that page is sent.
#[must_use]
pub fn carry(app: &App, code: &Code, path: &'static str, query: &str) -> HttpResponse {
    let mut answer = see_other(&format!("{path}?{query}{COMES}=oui"));
    let cookie = Cookie::build(CARRIED, code.as_str().to_owned())
        .path(path)
        .http_only(true)
        .secure(app.secure_cookies)
        .max_age(Duration::minutes(5))
        .finish();
    set_cookie(&mut answer, &cookie);
    answer
}

/// Takes a code that was carried away: the device goes on to somebody else.
pub fn forget(answer: &mut HttpResponse) {
    for path in PATHS {
        let cookie = Cookie::build(CARRIED, "").path(path).max_age(Duration::ZERO).finish();
        set_cookie(answer, &cookie);
    }
}

/// The code that came with a request, if its address says so.
#[must_use]
pub fn carried(request: &HttpRequest, asked: &Fields) -> Option<String> {
    asked.some(COMES)?;
    request.cookie(CARRIED).map(|cookie| cookie.value().to_owned())
}
