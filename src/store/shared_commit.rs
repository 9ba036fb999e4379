//! Brief writers that would wait for each other anyway share a commit: each after the first works
//! in a savepoint of its own, and the last of them commits for all. There is no timer: a
//! transaction stays open only while somebody who will work in it is already waiting. Nobody is
//! answered before the commit.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use diesel::connection::TransactionManager;
use diesel::result::{DatabaseErrorKind, Error};

use super::connection::Conn;
use super::pool::{PooledConn, Transactions, Unavailable, Work};

/// So many share a commit: few enough that the first of them does not wait long.
const TOGETHER: usize = 64;

/// The open transaction and who comes to work in it.
#[derive(Default)]
pub(super) struct SharedCommit {
    open: Mutex<Option<Open>>,
    coming: AtomicUsize,
}

struct Open {
    pooled: PooledConn,
    end: Arc<End>,
    works: usize,
}

/// How the transaction ended, for those who worked in it.
#[derive(Default)]
struct End {
    ended: Mutex<Option<Result<(), Lost>>>,
    bell: Condvar,
}

impl SharedCommit {
    /// Does `work` in the open transaction, or in one that `begin` opens.
    ///
    /// # Errors
    /// What `work` refuses, which was taken back alone; the engine's failure, with which all that
    /// was done in the transaction was taken back.
    pub(super) fn write<E>(
        &self,
        begin: impl FnOnce() -> Result<PooledConn, Unavailable>,
        work: &mut Work<'_, E>,
    ) -> Result<(), E>
    where
        E: From<Error> + From<Unavailable>,
    {
        self.coming.fetch_add(1, Ordering::SeqCst);
        let mut place = held(&self.open);
        self.coming.fetch_sub(1, Ordering::SeqCst);
        let mut open = match place.take() {
            Some(open) => open,
            None => Open { pooled: begin()?, end: Arc::default(), works: 0 },
        };
        let (outcome, lost) = if open.works == 0 {
            let tried = tried(&mut open.pooled.conn, work);
            if tried.is_err() {
                // Nothing else was done in it yet: no savepoint was needed.
                let taken_back = Transactions::rollback_transaction(&mut open.pooled.conn);
                open.pooled.broken |= taken_back.is_err();
                drop(open);
                drop(place);
                return tried.or_else(Failed::said);
            }
            (tried, None)
        } else {
            in_savepoint(&mut open.pooled.conn, work)
        };
        let lost_here = lost.is_some();
        let end = Arc::clone(&open.end);
        open.works += 1;
        // Whoever is coming waits for `place` and will find what is left there.
        let others = self.coming.load(Ordering::SeqCst) > 0 && open.works < TOGETHER;
        if others && !lost_here {
            *place = Some(open);
        } else {
            close(open, lost);
        }
        drop(place);
        let ended = end.wait().map_err(E::from);
        match outcome {
            Ok(()) => ended,
            Err(Failed::Work(error)) if !lost_here => ended.and(Err(error)),
            Err(failed) => failed.said(),
        }
    }
}

/// Why there is no result.
enum Failed<E> {
    /// The work refused.
    Work(E),
    /// The work panicked.
    Panic(Box<dyn Any + Send>),
    /// The engine refused the savepoint.
    Savepoint(Error),
}

impl<E: From<Error>> Failed<E> {
    /// What the writer is told, or its panic.
    fn said(self) -> Result<(), E> {
        match self {
            Self::Work(error) => Err(error),
            Self::Savepoint(error) => Err(E::from(error)),
            Self::Panic(panic) => resume_unwind(panic),
        }
    }
}

/// Why a transaction is lost, for everybody who worked in it.
struct Lost {
    kind: DatabaseErrorKind,
    why: String,
}

impl Lost {
    fn by(error: &Error) -> Self {
        let kind = match error {
            Error::DatabaseError(kind, _) => *kind,
            Error::BrokenTransactionManager => DatabaseErrorKind::ClosedConnection,
            _ => DatabaseErrorKind::Unknown,
        };
        Self { kind, why: error.to_string() }
    }

    fn error(&self) -> Error {
        let why = format!("the shared transaction was lost: {}", self.why);
        Error::DatabaseError(self.kind, Box::new(why))
    }
}

/// Works; a panic is caught.
fn tried<E>(conn: &mut Conn, work: &mut Work<'_, E>) -> Result<(), Failed<E>> {
    match catch_unwind(AssertUnwindSafe(|| work(conn))) {
        Ok(outcome) => outcome.map_err(Failed::Work),
        Err(panic) => Err(Failed::Panic(panic)),
    }
}

/// Works; what fails is taken back alone, and when even that fails the transaction is lost.
fn in_savepoint<E>(
    conn: &mut Conn,
    work: &mut Work<'_, E>,
) -> (Result<(), Failed<E>>, Option<Lost>) {
    let refused = |error: Error| {
        let lost = Lost::by(&error);
        (Err(Failed::Savepoint(error)), Some(lost))
    };
    if let Err(error) = Transactions::begin_transaction(conn) {
        return refused(error);
    }
    let failed = match tried(conn, work) {
        Ok(()) => {
            let released = Transactions::commit_transaction(conn);
            return released.map_or_else(refused, |()| (Ok(()), None));
        }
        Err(failed) => failed,
    };
    let taken_back = Transactions::rollback_transaction(conn);
    (Err(failed), taken_back.err().map(|error| Lost::by(&error)))
}

/// Commits for all who worked in the transaction, unless it is lost: then for none.
fn close(mut open: Open, lost: Option<Lost>) {
    let conn = &mut open.pooled.conn;
    let ended = match lost {
        None => Transactions::commit_transaction(conn).map_err(|error| Lost::by(&error)),
        Some(lost) => Err(lost),
    };
    // Thrown away with whatever is still open in it.
    open.pooled.broken |= ended.is_err();
    drop(open.pooled);
    *held(&open.end.ended) = Some(ended);
    open.end.bell.notify_all();
}

impl End {
    fn wait(&self) -> Result<(), Error> {
        let mut ended = held(&self.ended);
        loop {
            match &*ended {
                Some(Ok(())) => return Ok(()),
                Some(Err(lost)) => return Err(lost.error()),
                None => ended = self.bell.wait(ended).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
