//! Who waits for a report. A report that takes too long ends, and so does one that nobody waits
//! for any more.

use std::sync::{Mutex, PoisonError};

use diesel::result::QueryResult;

use super::connection::Conn;
use super::dialect;

/// How long one statement of a report may take, in seconds.
pub const LONGEST_SECONDS: u32 = 60;

/// Who waits for a report.
#[derive(Debug, Default)]
pub struct Reader(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The server's process that works on the report; `None` when there is none, and on an engine
    /// that cannot be told to stop.
    backend: Option<i32>,
    /// Whether nobody waits any more.
    left: bool,
}

/// A transaction that works on a report, until this is dropped.
pub struct Watched<'a>(&'a Reader);

impl Reader {
    /// Limits the time of the statements of this transaction, and remembers whose they are.
    ///
    /// # Errors
    /// `RollbackTransaction` when the reader has left, or a failure of the database.
    pub fn watch(&self, conn: &mut Conn) -> QueryResult<Watched<'_>> {
        let backend = dialect::limit_statements(conn, LONGEST_SECONDS)?;
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.left {
            return Err(diesel::result::Error::RollbackTransaction);
        }
        state.backend = backend;
        Ok(Watched(self))
    }

    /// The reader has gone: what is under way is cancelled, by a connection of `connect`.
    ///
    /// # Errors
    /// A failure of the database or of `connect`; the report then runs to its end.
    pub fn leave<E: From<diesel::result::Error>>(
        &self,
        connect: impl FnOnce() -> Result<Conn, E>,
    ) -> Result<(), E> {
        // While the lock is held the connection cannot go back and serve somebody else.
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.left = true;
        match state.backend {
            Some(backend) => Ok(dialect::cancel(&mut connect()?, backend)?),
            None => Ok(()),
        }
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).backend = None;
    }
}
