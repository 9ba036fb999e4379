//! Where the HTTP face crosses to a blocking thread: once, around a whole use case.

use std::sync::Arc;

use tokio::sync::oneshot;

use crate::app::App;
use crate::services::{Error, Outcome, Services};

impl App {
    /// Runs a use case on a blocking thread.
    ///
    /// # Errors
    /// What the use case answers, or a failure when its thread panicked.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Services) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let (answer, answered) = oneshot::channel();
        // Nobody waits for the answer when the client has gone.
        block(self, Box::new(move |services| drop(answer.send(work(services))))).await?;
        answered.await.map_err(Error::failure)?
    }
}

/// The crossing itself, without the type of the answer: compiled once, and not once a use case.
async fn block(app: &Arc<App>, work: Box<dyn FnOnce(&Services) + Send>) -> Outcome<()> {
    let app = Arc::clone(app);
    actix_web::web::block(move || work(&app.services)).await.map_err(Error::failure)
}
