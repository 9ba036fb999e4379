//! Pools of connections.

use std::time::Duration;

use diesel::connection::TransactionManager;
use diesel::result::Error;
use diesel::{Connection, ConnectionError, ConnectionResult};

use super::connection::{Conn, DatabaseUrl};
use super::dialect;

/// Why the store could not even begin.
#[derive(Debug)]
pub enum Unavailable {
    /// No connection became free in time: too many requests at once.
    Busy(r2d2::Error),
    /// Somebody else has been writing all the time.
    Turn,
    /// The engine refused.
    Database(Error),
}

pub(super) struct Manager {
    url: DatabaseUrl,
}

/// A connection of the pool, and whether it must not go back there.
pub(super) struct Pooled {
    pub(super) conn: Conn,
    pub(super) broken: bool,
}

/// A connection that goes back to its pool.
pub(super) type PooledConn = r2d2::PooledConnection<Manager>;

impl r2d2::ManageConnection for Manager {
    type Connection = Pooled;
    type Error = ConnectionError;

    fn connect(&self) -> Result<Pooled, ConnectionError> {
        Ok(Pooled { conn: self.url.connect()?, broken: false })
    }

    fn is_valid(&self, _: &mut Pooled) -> Result<(), ConnectionError> {
        Ok(())
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.broken || Transactions::is_broken_transaction_manager(&mut pooled.conn)
    }
}

impl DatabaseUrl {
    /// Opens one connection and sets it up as the service wants it.
    ///
    /// # Errors
    /// The engine's reason when it cannot be reached.
    pub fn connect(&self) -> ConnectionResult<Conn> {
        let mut conn = self.establish()?;
        dialect::set_up(&mut conn).map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }
}

/// Work in a transaction, without its result's type: what begins, retries and ends a transaction
/// is compiled once for each type of error, and not once for each use case.
pub(super) type Work<'a, E> = dyn FnMut(&mut Conn) -> Result<(), E> + 'a;

/// How transactions of a connection begin and end.
pub(super) type Transactions = <Conn as Connection>::TransactionManager;

/// How long somebody waits for a connection: then the service is busy, or the server is away.
const CONNECTION_WAIT: Duration = Duration::from_secs(3);

/// At most `most` connections, opened when they are needed.
pub(super) fn pool(url: &DatabaseUrl, most: u32) -> r2d2::Pool<Manager> {
    r2d2::Pool::builder()
        .max_size(most)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(CONNECTION_WAIT)
        .build_unchecked(Manager { url: url.clone() })
}
