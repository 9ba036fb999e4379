//! An embedded database keeps what was committed in a log until somebody moves it into the file. A
//! thread does it all the time, so that it is never a redemption that waits for it.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::App;
use crate::store::unit_of_work::checkpoint;

const EVERY: Duration = Duration::from_millis(250);

/// The thread of one process, on engines that need one. Dropping it ends it.
pub struct Checkpoints {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Begins.
    #[must_use]
    pub fn start(app: Arc<App>) -> Self {
        if !app.services.store.url().single_writer() {
            return Self { stop: None, thread: None };
        }
        let (stop, stopped) = channel();
        let thread = std::thread::spawn(move || {
            let mut conn = match app.services.store.connect() {
                Ok(conn) => conn,
                Err(error) => {
                    tracing::warn!(%error, "no checkpoints beside the work: writers make them");
                    return;
                }
            };
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                if let Err(error) = checkpoint(&mut conn) {
                    tracing::debug!(%error, "no checkpoint this time");
                }
            }
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().map(JoinHandle::join);
        if let Some(Err(_)) = ended {
            tracing::error!("the thread of checkpoints panicked");
        }
    }
}
