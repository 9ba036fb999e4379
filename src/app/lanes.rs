//! Lanes: redemptions that came while the last ones were being committed are committed together.
//!
//! A lane is a thread with a bounded queue that takes turns between people. There is no timer: a
//! batch is what has queued. Two scans of one pass go to the same lane. A full queue is told at
//! once, so that a client tries again instead of waiting for nothing.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::App;
use super::fair_queue::FairQueue;
use crate::domain::ids::UserId;
use crate::services::Error;
use crate::services::redeem_batch::{Answered, Asked, redeem_batch};

/// The most a batch holds.
const BATCH: usize = 128;

/// The most that wait for one lane.
const QUEUE: usize = 1_024;

/// The most of one person that wait for one lane.
const QUEUE_EACH: usize = QUEUE / 4;

/// How many lanes a server with many writers gets: one works while another one's commit waits.
const LANES: usize = 2;

type Queue = FairQueue<UserId, Waiting>;

struct Waiting {
    asked: Asked,
    answer: oneshot::Sender<Answered>,
}

/// The lanes of one process. Dropping them ends them after what has queued.
pub struct Lanes {
    queues: Vec<Arc<Queue>>,
    threads: Vec<JoinHandle<()>>,
}

impl Lanes {
    /// Starts the lanes; an engine with a single writer has one.
    #[must_use]
    pub fn start(app: &Arc<App>) -> Self {
        let count = if app.services.store.url().single_writer() { 1 } else { LANES };
        let (mut queues, mut threads) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let queue = Arc::new(Queue::new(QUEUE, QUEUE_EACH));
            let app = Arc::clone(app);
            queues.push(Arc::clone(&queue));
            threads.push(std::thread::spawn(move || work(&app, &queue)));
        }
        Self { queues, threads }
    }

    /// Waits for a batch to take the request.
    ///
    /// # Errors
    /// `busy` when the queue is full.
    pub async fn redeem(&self, asked: Asked) -> Result<Answered, Error> {
        let mut hash = DefaultHasher::new();
        asked.request.code.hash(&mut hash);
        let lanes = u64::try_from(self.queues.len().max(1)).unwrap_or(1);
        let lane = usize::try_from(hash.finish() % lanes).unwrap_or_default();
        let queue = self.queues.get(lane).ok_or_else(Error::busy)?;
        let (answer, answered) = oneshot::channel();
        queue.push(asked.user, Waiting { asked, answer }).map_err(|_| Error::busy())?;
        // A lane that ended without an answer may have done it: asked alone, the key tells.
        Ok(answered.await.unwrap_or(Answered::Alone))
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        for queue in &self.queues {
            queue.close();
        }
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("the thread of a lane panicked");
            }
        }
    }
}

fn work(app: &App, queue: &Queue) {
    loop {
        let batch = queue.take(BATCH);
        if batch.is_empty() {
            return;
        }
        metrics::histogram!("lane_batch_redemptions").record(length(batch.len()));
        let (asked, answers): (Vec<Asked>, Vec<_>) =
            batch.into_iter().map(|one| (one.asked, one.answer)).unzip();
        let outcomes = redeem_batch(&app.services, &asked).unwrap_or_else(|error| {
            if let Error::Failure(failure) = error {
                let cause = failure.for_the_log();
                tracing::warn!(cause, "a batch failed; its requests are asked one by one");
            }
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
