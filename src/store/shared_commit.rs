//! Brief writers that would wait for each other anyway share a commit: each works in a savepoint
//! of its own, and the last of them commits for all. There is no timer: a
//! transaction stays open only while somebody who will work in it is already waiting. Nobody is
//! answered before the commit.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use diesel::connection::TransactionManager;
use diesel::result::{DatabaseErrorKind, Error};

use super::connection::Conn;
use super::unit_of_work::{PooledConn, Transactions, Unavailable};

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
    ended: Mutex<Option<Result<(), String>>>,
    bell: Condvar,
}

impl SharedCommit {
    /// Does `work` in the open transaction, or in one that `begin` opens.
    ///
    /// # Errors
    /// What `work` refuses, which was taken back alone; the engine's failure, with which all that
    /// was done in the transaction was taken back.
    pub(super) fn write<T, E>(
        &self,
        begin: impl FnOnce() -> Result<PooledConn, Unavailable>,
        work: &mut impl FnMut(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E>
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
        let outcome = in_savepoint(&mut open.pooled.conn, work);
        let end = Arc::clone(&open.end);
        open.works += 1;
        let lost = match &outcome {
            Err(Failed::Transaction(error)) => Some(error.to_string()),
            _ => None,
        };
        // Whoever is coming waits for `place` and will find what is left there.
        let others = self.coming.load(Ordering::SeqCst) > 0 && open.works < TOGETHER;
        if lost.is_none() && others {
            *place = Some(open);
        } else {
            close(open, lost);
        }
        drop(place);
        let ended = end.wait().map_err(E::from);
        match outcome {
            Ok(value) => ended.map(|()| value),
            Err(Failed::Work(error)) => ended.and(Err(error)),
            Err(Failed::Panic(panic)) => resume_unwind(panic),
            Err(Failed::Transaction(error)) => Err(E::from(error)),
        }
    }
}

/// Why there is no result.
enum Failed<E> {
    /// The work refused; the transaction stands without it.
    Work(E),
    /// The work panicked; the transaction stands without it.
    Panic(Box<dyn Any + Send>),
    /// The transaction is lost.
    Transaction(Error),
}

fn in_savepoint<T, E>(
    conn: &mut Conn,
    work: &mut impl FnMut(&mut Conn) -> Result<T, E>,
) -> Result<T, Failed<E>> {
    Transactions::begin_transaction(conn).map_err(Failed::Transaction)?;
    let failed = match catch_unwind(AssertUnwindSafe(|| work(conn))) {
        Ok(Ok(value)) => {
            Transactions::commit_transaction(conn).map_err(Failed::Transaction)?;
            return Ok(value);
        }
        Ok(Err(error)) => Failed::Work(error),
        Err(panic) => Failed::Panic(panic),
    };
    Transactions::rollback_transaction(conn).map_err(Failed::Transaction)?;
    Err(failed)
}

/// Commits for all who worked in the transaction, unless it is lost: then for none.
fn close(mut open: Open, lost: Option<String>) {
    let conn = &mut open.pooled.conn;
    let ended = match lost {
        None => Transactions::commit_transaction(conn).map_err(|error| error.to_string()),
        Some(why) => Err(why),
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
                Some(Err(why)) => {
                    let why = format!("the shared commit failed: {why}");
                    return Err(Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(why)));
                }
                None => ended = self.bell.wait(ended).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
