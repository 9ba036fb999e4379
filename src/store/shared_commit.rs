//! Brief writers that wait for each other share a commit, where only one may write at a time: each
//! works in a savepoint of its own, and the last of them commits for all. There is no timer: a
//! transaction stays open only while somebody who will work in it is already waiting. Nobody is
//! answered before the commit.

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
        let conn = &mut open.pooled.conn;
        let outcome = catch_unwind(AssertUnwindSafe(|| in_savepoint(conn, work)));
        let end = Arc::clone(&open.end);
        open.works += 1;
        let sound = matches!(outcome, Ok(Ok(_) | Err(Failed::Work(_))));
        // Whoever is coming waits for `place` and will find what is left there.
        let others = self.coming.load(Ordering::SeqCst) > 0 && open.works < TOGETHER;
        if sound && others {
            *place = Some(open);
        } else {
            close(open, &outcome);
        }
        drop(place);
        let ended = end.wait();
        match outcome.unwrap_or_else(|panic| resume_unwind(panic)) {
            Ok(value) => ended.map(|()| value).map_err(E::from),
            Err(Failed::Work(error)) => ended.map_err(E::from).and(Err(error)),
            Err(Failed::Transaction(error)) => Err(E::from(error)),
        }
    }
}

/// Why there is no result.
enum Failed<E> {
    /// The work refused; the transaction stands without it.
    Work(E),
    /// The transaction is lost.
    Transaction(Error),
}

fn in_savepoint<T, E>(
    conn: &mut Conn,
    work: &mut impl FnMut(&mut Conn) -> Result<T, E>,
) -> Result<T, Failed<E>> {
    Transactions::begin_transaction(conn).map_err(Failed::Transaction)?;
    match work(conn) {
        Ok(value) => {
            Transactions::commit_transaction(conn).map_err(Failed::Transaction)?;
            Ok(value)
        }
        Err(error) => {
            Transactions::rollback_transaction(conn).map_err(Failed::Transaction)?;
            Err(Failed::Work(error))
        }
    }
}

/// Commits for all who worked in the transaction, unless it is lost: then for none.
fn close<T, E>(mut open: Open, outcome: &std::thread::Result<Result<T, Failed<E>>>) {
    let conn = &mut open.pooled.conn;
    let ended = match outcome {
        Ok(Ok(_) | Err(Failed::Work(_))) => {
            Transactions::commit_transaction(conn).map_err(|error| error.to_string())
        }
        Ok(Err(Failed::Transaction(error))) => Err(error.to_string()),
        Err(_) => Err("a writer panicked".to_owned()),
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
