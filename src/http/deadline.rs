//! The end of every wait: a request is answered in time, or told that the service is busy. What was
//! begun goes on where it cannot be stopped; the same key then tells how it ended.

use std::cell::Cell;
use std::future::Future;
use std::time::Duration;

use tokio::task_local;
use tokio::time::{Instant, timeout_at};

use crate::services::{Error, Outcome};

/// How long most requests may take, from the end of their body to the beginning of their answer.
const USUAL: Duration = Duration::from_secs(15);

/// How long what works through much may take: closing a month, an import, a print run, a report.
const LONG: Duration = Duration::from_mins(2);

/// The routes that work through much, by how they begin.
const LONG_ROUTES: [&str; 12] = [
    "/api/v1/accounting/months/",
    "/api/v1/payment-runs",
    "/api/v1/programmes/{id}/ending",
    "/api/v1/reports/consumption",
    "/api/v1/stock",
    "/api/v1/venues/import",
    "/api/v1/open-data",
    "/gestion/",
    "/mois",
    "/paiements",
    "/rapports/detail",
    "/fin/",
];

struct Deadline {
    length: Duration,
    at: Cell<Instant>,
}

task_local! {
    static DEADLINE: Deadline;
}

/// Answers a request of that route under a deadline.
pub async fn scope<T>(route: &str, work: impl Future<Output = T>) -> T {
    let long = LONG_ROUTES.iter().any(|begin| route.starts_with(begin));
    let length = if long { LONG } else { USUAL };
    DEADLINE.scope(Deadline { length, at: Cell::new(Instant::now() + length) }, work).await
}

/// The body has come: only now the service can work on the answer.
pub fn restart() {
    let restarted = DEADLINE.try_with(|deadline| deadline.at.set(Instant::now() + deadline.length));
    if restarted.is_err() {
        tracing::debug!("a body was read outside of a request");
    }
}

/// What `work` answers before the request's deadline.
///
/// # Errors
/// `busy` when it does not.
pub async fn within<T>(work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    let Ok(at) = DEADLINE.try_with(|deadline| deadline.at.get()) else { return work.await };
    timeout_at(at, work).await.unwrap_or_else(|_| {
        tracing::warn!("no answer in time");
        metrics::counter!("deadlines_missed_total").increment(1);
        Err(Error::busy())
    })
}
