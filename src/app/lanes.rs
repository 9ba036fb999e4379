//! Lanes: redemptions that came while the last ones were being committed are committed together.
//!
//! A lane is a thread that takes from a bounded queue, which takes turns between people. There is
//! no timer: a batch is what has queued. A full queue is told at once, so that a client tries again
//! instead of waiting for nothing.
//!
//! Where several may write, there is a second lane, which helps when half as many wait as were taken
//! last: a batch of its own is then worth what it costs. Two scans of one pass may then be decided at the same time: the
//! second finds the pass changed when it writes, and is decided again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::App;
use super::fair_queue::FairQueue;
use crate::domain::ids::UserId;
use crate::services::Error;
use crate::services::redeem_batch::{Answered, Asked, redeem_batch};
use crate::store::redeem_batch::Circumstances;

/// The most a batch holds.
const BATCH: usize = 128;

/// The most that wait.
const QUEUE: usize = 2_048;

/// The most of one person that wait.
const QUEUE_EACH: usize = QUEUE / 4;

/// A lane never helps with fewer: a batch has costs of its own, which few would share.
const HELP_FROM: usize = 4;

type Queue = FairQueue<UserId, Waiting>;

/// How a lane waits for its next batch.
type Next = fn(&Queue) -> Vec<Waiting>;

struct Waiting {
    asked: Asked,
    answer: oneshot::Sender<Answered>,
}

/// The lanes of one process. Dropping them ends them after what has queued.
pub struct Lanes {
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<()>>,
}

impl Lanes {
    /// Starts the lanes; an engine with a single writer has one.
    #[must_use]
    pub fn start(app: &Arc<App>) -> Self {
        let queue = Arc::new(Queue::new(QUEUE, QUEUE_EACH, HELP_FROM));
        let (first, second): (Next, Next) = (|queue| queue.take(BATCH), |queue| queue.help(BATCH));
        let single = app.services.store.url().single_writer();
        let ways = if single { vec![first] } else { vec![first, second] };
        let thread = |next: Next| {
            let (app, queue) = (Arc::clone(app), Arc::clone(&queue));
            std::thread::spawn(move || work(&app, || next(&queue)))
        };
        let threads = ways.into_iter().map(thread).collect();
        Self { queue, threads }
    }

    /// Waits for a batch to take the request.
    ///
    /// # Errors
    /// `busy` when the queue is full.
    pub async fn redeem(&self, asked: Asked) -> Result<Answered, Error> {
        let (answer, answered) = oneshot::channel();
        self.queue.push(asked.user, Waiting { asked, answer }).map_err(|_| Error::busy())?;
        // A lane that ended without an answer may have done it: asked alone, the key tells.
        Ok(answered.await.unwrap_or(Answered::Alone))
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("the thread of a lane panicked");
            }
        }
    }
}

fn work(app: &App, next: impl Fn() -> Vec<Waiting>) {
    let mut known = Circumstances::default();
    loop {
        let batch = next();
        if batch.is_empty() {
            return;
        }
        metrics::histogram!("lane_batch_redemptions").record(length(batch.len()));
        let (asked, answers): (Vec<Asked>, Vec<_>) =
            batch.into_iter().map(|one| (one.asked, one.answer)).unzip();
        // A panic is that of one batch: the lane goes on for the others.
        let batch = AssertUnwindSafe(|| redeem_batch(&app.services, &mut known, &asked));
        let outcomes = catch_unwind(batch).unwrap_or_else(|_| {
            known = Circumstances::default();
            Err(Error::failure("a batch panicked"))
        });
        let outcomes = outcomes.unwrap_or_else(|error| {
            let cause = match error {
                Error::Failure(failure) => failure.for_the_log(),
                Error::Refused { refused, .. } => refused.code.as_str().to_owned(),
            };
            tracing::warn!(cause, "a batch failed; its requests are asked one by one");
            vec![Answered::Alone; asked.len()]
        });
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // Whoever asked may have gone away; the redemption stands, and its key tells.
            drop(answer.send(outcome));
        }
    }
}

fn length(batch: usize) -> f64 {
    f64::from(u32::try_from(batch).unwrap_or(u32::MAX))
}
