//! Where the HTTP face crosses to a blocking thread: once, around a whole use case.

use std::sync::Arc;

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
        let app = Arc::clone(self);
        let done = actix_web::web::block(move || work(&app.services)).await;
        done.map_err(Error::failure)?
    }
}
