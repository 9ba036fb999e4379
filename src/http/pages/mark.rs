//! The mark of who is signed in on a device: in a cookie that scripts read, and in the page that the
//! scanner keeps for days without a network, so that it is never shown to the next person.

use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;

use crate::app::App;
use crate::domain::ids::UserId;

const MARK: &str = "pass_numerique_mark";

/// Longer than a scan may wait on a device.
const KEPT_DAYS: i64 = 90;

/// The mark of a person: it tells two of a device apart and is worth nothing else.
#[must_use]
pub fn mark(app: &App, user: UserId) -> String {
    app.services.keys.device_mark(user)
}

/// The cookie with the mark of who has signed in.
#[must_use]
pub fn mark_cookie(app: &App, user: UserId) -> Cookie<'static> {
    cookie(app, mark(app, user), KEPT_DAYS)
}

/// Takes the mark off.
#[must_use]
pub fn no_mark(app: &App) -> Cookie<'static> {
    cookie(app, String::new(), 0)
}

fn cookie(app: &App, mark: String, days: i64) -> Cookie<'static> {
    Cookie::build(MARK, mark)
        .path("/")
        .secure(app.secure_cookies)
        .max_age(Duration::days(days))
        .finish()
}
