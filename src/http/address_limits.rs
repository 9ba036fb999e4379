//! How many requests come from one address: of those that show no valid sign-in, and of sign-ins.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::HttpRequest;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::client_address;
use super::credential::{SESSION_COOKIE, bearer};
use super::problem::Problem;
use crate::app::App;
use crate::domain::refusal::{Code, Fact, Refused};
use crate::services::sign_in;

/// So many seconds' worth of requests may come at once.
const BURST_SECONDS: u32 = 10;

/// Sign-ins a second from one address …
const SIGN_INS: u32 = 5;
/// … and so many at once: a large house behind one address begins its day.
const SIGN_INS_AT_ONCE: u32 = 300;

/// The limits of one process.
pub struct AddressLimits {
    open: Option<DefaultKeyedRateLimiter<IpAddr>>,
    sign_ins: DefaultKeyedRateLimiter<IpAddr>,
}

impl AddressLimits {
    /// Lets so many requests a second through for each address; all of them when it is none.
    #[must_use]
    pub fn new(requests_per_second: u32) -> Self {
        let open = NonZeroU32::new(requests_per_second).map(|rate| {
            let burst = rate.saturating_mul(NonZeroU32::MIN.saturating_add(BURST_SECONDS - 1));
            RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst))
        });
        let [rate, burst] = [SIGN_INS, SIGN_INS_AT_ONCE]
            .map(|number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN));
        let sign_ins = RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst));
        Self { open, sign_ins }
    }

    /// Whether a request may go on.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn check(&self, app: &App, request: &HttpRequest) -> Result<(), Problem> {
        let Some(address) = client_address::of(request, &app.proxies) else { return Ok(()) };
        let address = client_address::network(address);
        if signs_in(request) {
            allow(&self.sign_ins, address)?;
        }
        match &self.open {
            Some(open) if !shows_a_sign_in(app, request) => allow(open, address),
            _ => Ok(()),
        }
    }

    /// Counts a request that showed a sign-in which has ended.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn count_open(&self, app: &App, request: &HttpRequest) -> Result<(), Problem> {
        match (&self.open, client_address::of(request, &app.proxies)) {
            (Some(open), Some(address)) => allow(open, client_address::network(address)),
            _ => Ok(()),
        }
    }

    /// Forgets the addresses that have not come for a while.
    pub fn tidy(&self) {
        for limiter in self.open.iter().chain([&self.sign_ins]) {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

fn signs_in(request: &HttpRequest) -> bool {
    let path = request.path();
    let ways = ["/connexion", "/api/v1/auth/", "/invitation/"];
    !request.method().is_safe() && ways.iter().any(|way| path.starts_with(way))
}

/// What needs no look at the database: a signed token, or the mark on a session's secret. Files of our
/// own lie in memory.
fn shows_a_sign_in(app: &App, request: &HttpRequest) -> bool {
    if request.path().starts_with("/assets/") {
        return true;
    }
    match bearer(request) {
        Some(token) => sign_in::user_of_token(&app.services, &token).is_some(),
        None => request
            .cookie(SESSION_COOKIE)
            .is_some_and(|cookie| sign_in::is_marked(&app.services, cookie.value())),
    }
}

fn allow(limiter: &DefaultKeyedRateLimiter<IpAddr>, address: IpAddr) -> Result<(), Problem> {
    let Err(until) = limiter.check_key(&address) else { return Ok(()) };
    let wait: Duration = until.wait_time_from(DefaultClock::default().now());
    let sentence = "Trop de demandes viennent de votre réseau en même temps : attendez quelques \
        secondes et recommencez.";
    let mut refused = Refused::new(Code::TooManyRequests, sentence);
    let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX).saturating_add(1);
    refused.facts.push(("retry_after".to_owned(), Fact::Number(seconds)));
    Err(refused.into())
}
