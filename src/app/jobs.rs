//! What the service does by itself: give expired passes' money back, and forget what has ended.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::App;
use crate::services::{
    Error, Outcome, Services, audit_desk, clock_mark, print_run, release_expired, tidy,
    update_reports,
};

/// How often most jobs run. They may run late, twice, or in several instances at once.
const EVERY: Duration = Duration::from_mins(15);

/// How often postings are added to the sums and facts of reports. What was posted since is read one
/// by one.
const UPDATE_EVERY: Duration = Duration::from_secs(5);

/// The jobs of one process, on a thread of their own. Dropping them stops them after the piece
/// of work under way.
pub struct Jobs {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Jobs {
    /// Runs the jobs now and then, those of reports more often.
    #[must_use]
    pub fn start(app: Arc<App>) -> Self {
        let (stop, stopped) = channel();
        let thread = std::thread::spawn(move || {
            let mut due = Instant::now();
            loop {
                if Instant::now() >= due {
                    due = Instant::now() + EVERY;
                    run_due(&app.services);
                }
                run("audit", || audit_desk::write_gathered(&app.services, false).map(|()| 0));
                run("update_reports", || update_reports::update_reports(&app.services).map(|_| 0));
                if stopped.recv_timeout(UPDATE_EVERY) != Err(RecvTimeoutError::Timeout) {
                    run("audit", || audit_desk::write_gathered(&app.services, true).map(|()| 0));
                    return;
                }
            }
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().map(JoinHandle::join);
        if let Some(Err(_)) = ended {
            tracing::error!("the thread of the jobs panicked");
        }
    }
}

/// Releases and forgets what is over, unless the clock is not to be believed: neither can be taken
/// back by the same way.
pub fn run_due(services: &Services) {
    run("fill_print_runs", || print_run::fill_all(services));
    run("clock_mark", || {
        let fault = clock_mark::advance(services)?;
        metrics::gauge!("clock_not_believed").set(i32::from(fault.is_some()));
        if let Some(fault) = fault {
            tracing::error!(%fault, "jobs wait");
            return Ok(0);
        }
        run("release_expired", || release_expired::release_expired(services));
        run("tidy", || tidy::tidy(services).map(|()| 0));
        Ok(0)
    });
}

/// Runs a job. Whatever breaks off, the others run, and it runs again.
fn run(job: &str, work: impl FnOnce() -> Outcome<usize>) {
    let Ok(outcome) = catch_unwind(AssertUnwindSafe(work)) else {
        tracing::error!(job, "broke off; will run again");
        return;
    };
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
