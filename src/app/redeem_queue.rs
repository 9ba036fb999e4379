//! The queue before redeeming: what came while the last batch was being committed is the next one.
//!
//! There is no timer: a batch is what waits. A full queue is refused at once, so that a client tries
//! again instead of waiting for nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use super::App;
use super::fair_queue::{FairQueue, Limits};
use crate::services::idempotency::Once;
use crate::services::redeem_pass::redeem;
use crate::services::redeem_request::{Credential, Redeemed, Request};
use crate::services::{Error, Outcome};

/// So many requests are a batch.
const BATCH: usize = 64;

/// So many wait at most, in all and of one person.
const LIMITS: Limits = Limits { total: 2_048, each: 256 };

/// So many batches are under way at once, where several may write: one is computed here while the
/// other is computed by the server.
const BATCHES: usize = 2;

/// What waits longer than this waits for nobody.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

type Answers = Vec<Outcome<Once<Redeemed>>>;

/// Requests of one sender, and where their answers go.
struct Waiting {
    requests: Vec<Request>,
    answers: oneshot::Sender<Answers>,
}

impl Waiting {
    fn is_awaited(&self) -> bool {
        !self.answers.is_closed()
    }
}

/// Who waits for the next `count` answers of a batch.
struct Sender {
    count: usize,
    answers: oneshot::Sender<Answers>,
}

type Queue = FairQueue<Credential, Waiting>;

/// The queue of one process, and the threads that take from it. Dropping it ends them after what
/// waits.
pub struct RedeemQueue {
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<()>>,
}

impl RedeemQueue {
    /// Starts the threads.
    #[must_use]
    pub fn start(app: &Arc<App>) -> Self {
        let queue = Arc::new(Queue::new(LIMITS));
        let batches = if app.services.store.url().single_writer() { 1 } else { BATCHES };
        let threads = (0..batches)
            .map(|_| {
                let (app, queue) = (Arc::clone(app), Arc::clone(&queue));
                std::thread::spawn(move || work(&app, &queue))
            })
            .collect();
        Self { queue, threads }
    }

    /// Waits for a batch to take the request.
    ///
    /// # Errors
    /// `busy` when the queue is full, and what [`redeem`] answers.
    pub async fn redeem(&self, request: Request) -> Outcome<Once<Redeemed>> {
        // Nobody answers when the batch broke off: the same key may be sent again.
        let answers = self.push(vec![request])?.await.map_err(|_| Error::busy())?;
        answers.into_iter().next().unwrap_or_else(|| Err(Error::busy()))
    }

    /// Waits, on a blocking thread, for a batch to take the requests of one sender in their order.
    #[must_use]
    pub fn redeem_together(&self, requests: Vec<Request>) -> Answers {
        let count = requests.len();
        if count == 0 {
            return Vec::new();
        }
        let answers = self.push(requests);
        let answers = answers.and_then(|answers| answers.blocking_recv().map_err(Error::failure));
        answers.unwrap_or_else(|_| (0..count).map(|_| Err(Error::busy())).collect())
    }

    /// Whether somebody takes what waits.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        let working = self.threads.iter().any(|thread| !thread.is_finished());
        working && self.queue.longest_wait() < LONGEST_WAIT
    }

    fn push(&self, requests: Vec<Request>) -> Outcome<oneshot::Receiver<Answers>> {
        let (answers, answered) = oneshot::channel();
        let Some(sender) = requests.first().map(|request| request.by.clone()) else {
            return Err(Error::failure("no request"));
        };
        let size = requests.len();
        let pushed = self.queue.push(sender, Waiting { requests, answers }, size);
        pushed.map(|()| answered).map_err(|_| Error::busy())
    }
}

impl Drop for RedeemQueue {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread that redeems panicked");
            }
        }
    }
}

fn work(app: &App, queue: &Queue) {
    loop {
        let waiting = queue.take(BATCH);
        if waiting.is_empty() {
            return;
        }
        // Whatever breaks off, the next batch is taken: a thread that ends would end redeeming.
        if catch_unwind(AssertUnwindSafe(|| answer(app, waiting))).is_err() {
            tracing::error!("a batch broke off");
        }
    }
}

fn answer(app: &App, waiting: Vec<Waiting>) {
    let mut batch = Vec::new();
    let mut senders = Vec::new();
    // Whoever was told in the meantime that the service is busy will come again.
    for Waiting { requests, answers } in waiting.into_iter().filter(Waiting::is_awaited) {
        senders.push(Sender { count: requests.len(), answers });
        batch.extend(requests);
    }
    if batch.is_empty() {
        return;
    }
    metrics::histogram!("redeem_batch_size").record(length(batch.len()));
    let mut answers = redeem(&app.services, &batch).into_iter();
    for sender in senders {
        // Whoever asked may have gone away: the redemption stands, and its key tells.
        drop(sender.answers.send(answers.by_ref().take(sender.count).collect()));
    }
}

fn length(batch: usize) -> f64 {
    f64::from(u32::try_from(batch).unwrap_or(u32::MAX))
}
