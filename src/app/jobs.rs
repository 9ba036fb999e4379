//! What the service does by itself: give expired passes' money back, and forget what has ended.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::App;
use crate::services::{Error, Outcome, installation, release_expired};

/// How often the jobs run. They may run late, twice, or in several instances at once.
const EVERY: Duration = Duration::from_mins(15);

/// The jobs of one process, on a thread of their own. Dropping them stops them after the piece
/// of work under way.
pub struct Jobs {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Jobs {
    /// Runs the jobs now and then every quarter of an hour.
    #[must_use]
    pub fn start(app: Arc<App>) -> Self {
        let (stop, stopped) = channel();
        let thread = std::thread::spawn(move || {
            loop {
                let released = release_expired::release_expired(&app.services);
                log("release_expired", released);
                log("tidy", installation::tidy(&app.services).map(|()| 0));
                if stopped.recv_timeout(EVERY) != Err(RecvTimeoutError::Timeout) {
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
