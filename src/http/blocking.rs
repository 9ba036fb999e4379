//! Where the HTTP face crosses to a blocking thread: once, around a whole use case.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::deadline;
use crate::app::App;
use crate::app::gates::Gate;
use crate::domain::caller::Caller;
use crate::services::report_limits::Asker;
use crate::services::{Error, Outcome, Services};

impl App {
    /// Runs a use case on a blocking thread.
    ///
    /// # Errors
    /// What the use case answers, `busy` when the request's deadline comes before, or a failure when
    /// its thread panicked.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Services) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let (answer, answered) = oneshot::channel();
        let work = move |services: &Services| {
            // Whoever asked has gone, or was told that the service is busy: nothing was begun yet.
            if !answer.is_closed() {
                drop(answer.send(work(services)));
            }
        };
        let blocked = block(self, Box::new(work));
        deadline::within(async {
            blocked.await?;
            answered.await.map_err(Error::failure)?
        })
        .await
    }

    /// Runs a use case once there is a place at a gate, which it holds until it ends.
    ///
    /// # Errors
    /// As [`App::run`]; `busy` when there is no place.
    pub async fn run_behind<T: Send + 'static>(
        self: &Arc<Self>,
        gate: &Gate,
        work: impl FnOnce(&Services) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let place = gate.enter().await?;
        self.run(move |services| {
            let outcome = work(services);
            drop(place);
            outcome
        })
        .await
    }

    /// Runs a use case of somebody who may have no account.
    ///
    /// # Errors
    /// As [`App::run_behind`].
    pub async fn run_public<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Services) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        self.run_behind(&self.gates.public, work).await
    }

    /// Runs a use case that makes a report. When the client goes, the report ends.
    ///
    /// # Errors
    /// As [`App::run`].
    pub async fn run_report<T: Send + 'static>(
        self: &Arc<Self>,
        caller: Caller,
        work: impl FnOnce(&Services, &Asker) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let asker = Arc::new(Asker::new(caller));
        let mut waiting =
            Waiting { app: Arc::clone(self), asker: Arc::clone(&asker), answered: false };
        let outcome = self.run(move |services| work(services, &asker)).await;
        waiting.answered = true;
        outcome
    }
}

/// A client that waits for a report. Dropped before the answer, it has gone.
struct Waiting {
    app: Arc<App>,
    asker: Arc<Asker>,
    answered: bool,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.answered {
            return;
        }
        let (app, asker) = (Arc::clone(&self.app), Arc::clone(&self.asker));
        drop(actix_web::rt::task::spawn_blocking(move || {
            if let Err(Error::Failure(failure)) = asker.leave(&app.services) {
                tracing::warn!(cause = failure.for_the_log(), "a report runs on without a reader");
            }
        }));
    }
}

/// The crossing itself, without the type of the answer: compiled once, and not once a use case.
async fn block(app: &Arc<App>, work: Box<dyn FnOnce(&Services) + Send>) -> Outcome<()> {
    let app = Arc::clone(app);
    actix_web::web::block(move || work(&app.services)).await.map_err(Error::failure)
}
