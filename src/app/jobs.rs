//! What the service does by itself: give expired passes' money back, and forget what has ended.

use std::sync::Arc;
use std::time::Duration;

use super::App;
use crate::services::{Error, Outcome, installation, release_expired};

/// How often the jobs run. They may run late, twice, or in several instances at once.
const EVERY: Duration = Duration::from_mins(15);

/// Runs the jobs now and then every quarter of an hour, until the task is dropped.
pub async fn run(app: Arc<App>) {
    let mut ticks = actix_web::rt::time::interval(EVERY);
    loop {
        ticks.tick().await;
        log("release_expired", app.run(release_expired::release_expired).await);
        log("tidy", app.run(installation::tidy).await.map(|()| 0));
    }
}

fn log(job: &str, outcome: Outcome<usize>) {
    match outcome {
        Ok(0) => {}
        Ok(count) => tracing::info!(job, count, "done"),
        Err(Error::Failure(failure)) => {
            tracing::error!(job, cause = failure.for_the_log(), "failed; will run again");
        }
        Err(Error::Refused { refused, .. }) => {
            tracing::warn!(job, code = refused.code.as_str(), "refused; will run again");
        }
    }
}
