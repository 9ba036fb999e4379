//! The store: pools of connections, and the only places where a transaction begins.

use std::time::{Duration, Instant};

use diesel::ConnectionError;
use diesel::connection::TransactionManager;
use diesel::result::{DatabaseErrorKind, Error};
use parking_lot::{FairMutex, FairMutexGuard};

use super::connection::{Conn, DatabaseUrl};
use super::dialect::{self, Again, LOCK_TIMEOUT};
use super::pool::{Manager, Pooled, PooledConn, Transactions, Unavailable, Work, pool};

/// How often a transaction is run when somebody else was faster.
const TRIES: u32 = 8;

/// How often when nobody knows why it failed: its closure has done nothing outside of it, so that
/// once more is harmless, and a deadlock is over by then.
const TRIES_UNKNOWN: u32 = 3;

/// How long before such a try, once more each time: after a deadlock the other one must come first, or
/// both hold again what the other wants.
const PAUSE: Duration = Duration::from_millis(100);

/// How long a server may take to start beside us.
const START_WAIT: Duration = Duration::from_secs(30);

/// The database of one installation.
pub struct Store {
    url: DatabaseUrl,
    readers: r2d2::Pool<Manager>,
    writers: r2d2::Pool<Manager>,
    /// Whose turn it is, where only one may write: in the order they came, so that nobody starves.
    turn: FairMutex<()>,
}

impl Store {
    /// Opens pools of at most `size` connections each, for reading and for writing: a long report
    /// keeps nobody from redeeming. An engine with a single writer gets one to write with.
    ///
    /// # Errors
    /// The engine's reason when it cannot be reached for half a minute: a server may be starting too.
    pub fn open(url: &DatabaseUrl, size: u32) -> Result<Self, ConnectionError> {
        let begun = Instant::now();
        while let Err(error) = url.connect() {
            if url.single_writer() || begun.elapsed() >= START_WAIT {
                return Err(error);
            }
            std::thread::sleep(Duration::from_secs(1));
        }
        let writers = pool(url, if url.single_writer() { 1 } else { size });
        let readers = pool(url, size);
        Ok(Self { url: url.clone(), readers, writers, turn: FairMutex::new(()) })
    }

    /// Where the database is.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Reads; everything read in `work` is of one moment.
    ///
    /// # Errors
    /// What `work` refuses, or the engine's failure.
    pub fn read<T, E>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Error> + From<Unavailable> + Retried,
    {
        let mut pooled = begun(&self.readers, dialect::begin_snapshot)?;
        let outcome = work(&mut pooled.conn);
        pooled.broken |= outcome.as_ref().is_err_and(Retried::lost);
        roll_back(&mut pooled);
        outcome
    }

    /// Writes: commits when `work` succeeds, takes everything back when it does not, and runs it
    /// again when another transaction was faster.
    ///
    /// # Errors
    /// What `work` refuses, or the engine's failure.
    pub fn write<T, E>(&self, work: impl FnMut(&mut Conn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Error> + From<Unavailable> + Retried,
    {
        with_value(work, |work| {
            let _turn = self.turn()?;
            retry(&mut || attempt(&mut *begun(&self.writers, dialect::begin_write)?, work))
        })
    }

    /// Waits until this process may write, where only one may.
    fn turn(&self) -> Result<Option<FairMutexGuard<'_, ()>>, Unavailable> {
        if !self.url.single_writer() {
            return Ok(None);
        }
        self.turn.try_lock_for(LOCK_TIMEOUT).map(Some).ok_or(Unavailable::Turn)
    }

    /// One connection outside any pool, for migrations and locks.
    ///
    /// # Errors
    /// The engine's reason when it cannot be reached.
    pub fn connect(&self) -> Result<Conn, ConnectionError> {
        self.url.connect()
    }
}

/// Gives whoever writes memory to fill a large database with, on engines that have little by
/// themselves.
///
/// # Errors
/// The engine's failure.
pub fn make_room(conn: &mut Conn) -> Result<(), Error> {
    dialect::set_up_for_bulk(conn)
}

/// Moves what was committed into the file, on engines that leave it to whoever writes.
///
/// # Errors
/// The engine's failure.
pub fn checkpoint(conn: &mut Conn) -> Result<(), Error> {
    dialect::checkpoint(conn)
}

/// The value that `work` made when `transaction` last ran it, once that has succeeded.
fn with_value<T, E: From<Error>>(
    mut work: impl FnMut(&mut Conn) -> Result<T, E>,
    transaction: impl FnOnce(&mut Work<'_, E>) -> Result<(), E>,
) -> Result<T, E> {
    let mut value = None;
    transaction(&mut |conn| {
        value = Some(work(conn)?);
        Ok(())
    })?;
    value.ok_or_else(|| Error::RollbackTransaction.into())
}

/// A connection with a transaction begun. After the engine was restarted every connection of the
/// pool is dead: they are thrown away until one begins.
fn begun(
    pool: &r2d2::Pool<Manager>,
    begin: fn(&mut Conn) -> Result<(), Error>,
) -> Result<PooledConn, Unavailable> {
    let mut dead = 0;
    loop {
        let mut pooled = pool.get().map_err(Unavailable::Busy)?;
        let Err(error) = begin(&mut pooled.conn) else { return Ok(pooled) };
        pooled.broken = true;
        dead += 1;
        if !connection_lost(&error) || dead > pool.max_size() {
            return Err(Unavailable::Database(error));
        }
    }
}

fn roll_back(pooled: &mut Pooled) {
    pooled.broken |= Transactions::rollback_transaction(&mut pooled.conn).is_err();
}

/// Tries again what somebody else was faster at. Whoever waited as long as the engine waits for a
/// lock is told that it is busy: most likely that wait is why, and nobody stays for another.
fn retry<E: Retried>(attempt: &mut dyn FnMut() -> Result<(), E>) -> Result<(), E> {
    let mut tries = 0;
    loop {
        tries += 1;
        let begun = Instant::now();
        let Err(error) = attempt() else { return Ok(()) };
        match error.again() {
            Again::LostRace if tries < TRIES => {}
            Again::Perhaps if begun.elapsed() >= LOCK_TIMEOUT => return Err(error.after_a_wait()),
            Again::Perhaps if tries < TRIES_UNKNOWN => std::thread::sleep(PAUSE * tries),
            _ => return Err(error),
        }
    }
}

fn attempt<E: From<Error> + Retried>(pooled: &mut Pooled, work: &mut Work<'_, E>) -> Result<(), E> {
    if let Err(error) = work(&mut pooled.conn) {
        // A server that only reads now may not be the one to write to: the next connection finds it.
        pooled.broken |= error.lost();
        roll_back(pooled);
        return Err(error);
    }
    Transactions::commit_transaction(&mut pooled.conn).map_err(|error| {
        pooled.broken |= dialect::again(&error) != Again::LostRace;
        E::from(error)
    })
}

/// An error that knows whether the same transaction may succeed when run again.
pub trait Retried {
    /// What to do with the transaction.
    fn again(&self) -> Again;

    /// Whether the connection is worth nothing any more.
    fn lost(&self) -> bool;

    /// The same error, when the engine may have given up waiting for a lock.
    #[must_use]
    fn after_a_wait(self) -> Self;
}

/// What SQLite says of its file, in these words on every machine: diesel has no kinds for it.
const FILE_TROUBLE: [&str; 3] =
    ["database or disk is full", "disk I/O error", "unable to open database file"];

/// Whether a failure means that the database could not be reached or may only be read just now, so
/// that the same request may be sent again.
#[must_use]
pub fn connection_lost(error: &Error) -> bool {
    if let Error::DatabaseError(DatabaseErrorKind::Unknown, words) = error
        && FILE_TROUBLE.contains(&words.message())
    {
        return true;
    }
    matches!(
        error,
        Error::DatabaseError(
            DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ReadOnlyTransaction,
            _
        ) | Error::BrokenTransactionManager
    )
}
