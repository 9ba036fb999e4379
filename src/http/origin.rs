//! Where somebody signs in: the network, and the device when its owner has signed in on it before.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;

use super::{audit, client_address};
use crate::app::App;
use crate::services::sign_in_limits::{Device, Origin};

/// The cookie of a device on which somebody has signed in.
const DEVICE_COOKIE: &str = "pass_numerique_device";

/// How long a device is known.
const DEVICE_DAYS: i64 = 365;

/// Where a request to sign in came from.
#[must_use]
pub fn origin(app: &App, request: &HttpRequest) -> Origin {
    let address = client_address::of(request, &app.proxies).map(client_address::network);
    let device = request.cookie(DEVICE_COOKIE).and_then(|cookie| Device::read(cookie.value()));
    let address = address.map(|address| address.to_string()).unwrap_or_default();
    Origin { address, network: audit::network(app, request), device }
}

/// The cookie that a device is known by.
#[must_use]
pub fn device_cookie(app: &App, device: &Device) -> Cookie<'static> {
    Cookie::build(DEVICE_COOKIE, device.text())
        .path("/connexion")
        .http_only(true)
        .secure(app.secure_cookies)
        .max_age(Duration::days(DEVICE_DAYS))
        .finish()
}
