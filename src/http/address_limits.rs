//! How many requests come from one address: of those that show no valid sign-in, and of sign-ins.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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

/// So long counts what was looked up of a sign-in.
const LOOKED_UP_FOR: Duration = Duration::from_mins(1);

/// The limits of one process.
pub struct AddressLimits {
    open: Option<DefaultKeyedRateLimiter<IpAddr>>,
    sign_ins: DefaultKeyedRateLimiter<IpAddr>,
    /// What was looked up of tokens and sessions, by their hash.
    credentials: Mutex<HashMap<Vec<u8>, LookedUp>>,
}

/// What the database said of a token or a session.
#[derive(Clone, Copy)]
struct LookedUp {
    at: Instant,
    signed_in: bool,
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
        Self { open, sign_ins, credentials: Mutex::default() }
    }

    /// Whether a request may go on.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub async fn check(&self, app: &Arc<App>, request: &HttpRequest) -> Result<(), Problem> {
        let Some(address) = client_address::of(request, &app.proxies) else { return Ok(()) };
        let address = client_address::network(address);
        if signs_in(request) {
            allow(&self.sign_ins, address)?;
        }
        match &self.open {
            Some(open) if !self.is_signed_in(app, request).await => allow(open, address),
            _ => Ok(()),
        }
    }

    /// Whether a request shows a sign-in that is good now: its signature is looked at first, and the
    /// database once a minute, so that one that has ended is nobody's again.
    async fn is_signed_in(&self, app: &Arc<App>, request: &HttpRequest) -> bool {
        // Files of our own lie in memory.
        if request.path().starts_with("/assets/") {
            return true;
        }
        let Some(shown) = Shown::by(app, request) else { return false };
        let key = sign_in::digest_of(shown.text());
        if let Some(known) = self.looked_up(&key) {
            return known;
        }
        let outcome = app
            .run(move |services| match &shown {
                Shown::Token(token) => sign_in::caller_of_token(services, token),
                Shown::Session(secret) => sign_in::caller_of_session(services, secret),
            })
            .await;
        // Whoever the database cannot name now is not held up for that.
        let Ok(caller) = outcome else { return true };
        let known = LookedUp { at: Instant::now(), signed_in: caller.is_some() };
        self.lock().insert(key, known);
        known.signed_in
    }

    fn looked_up(&self, key: &[u8]) -> Option<bool> {
        let known = self.lock().get(key).copied()?;
        (known.at.elapsed() < LOOKED_UP_FOR).then_some(known.signed_in)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Vec<u8>, LookedUp>> {
        self.credentials.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks a session up again at its next request: it was signed out.
    pub fn forget(&self, session: &str) {
        self.lock().remove(&sign_in::digest_of(session));
    }

    /// Forgets the addresses that have not come for a while.
    pub fn tidy(&self) {
        for limiter in self.open.iter().chain([&self.sign_ins]) {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        self.lock().retain(|_, known| known.at.elapsed() < LOOKED_UP_FOR);
    }
}

fn signs_in(request: &HttpRequest) -> bool {
    let path = request.path();
    let ways = ["/connexion", "/api/v1/auth/", "/invitation/"];
    !request.method().is_safe() && ways.iter().any(|way| path.starts_with(way))
}

/// What a request shows of a sign-in, made here by its signature or mark.
enum Shown {
    Token(String),
    Session(String),
}

impl Shown {
    fn by(app: &App, request: &HttpRequest) -> Option<Self> {
        if let Some(token) = bearer(request) {
            let signed = sign_in::user_of_token(&app.services, &token).is_some();
            return signed.then_some(Self::Token(token));
        }
        let secret = request.cookie(SESSION_COOKIE)?.value().to_owned();
        sign_in::is_marked(&app.services, &secret).then_some(Self::Session(secret))
    }

    fn text(&self) -> &str {
        let (Self::Token(text) | Self::Session(text)) = self;
        text
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
