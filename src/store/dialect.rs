//! Everything the two engines say differently. Nowhere else is an engine named.

mod arrays;
mod journal;
mod lists;
mod long_reads;
mod state;

use std::time::Duration;

use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::migration::MigrationSource;
use diesel::result::{DatabaseErrorKind, Error, QueryResult};
use diesel::{Connection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

pub use self::arrays::Arrays;
pub(super) use self::arrays::{array_of, insert_rows, update_rows};
pub use self::journal::{
    half_hour, lock_audit, lock_journal, lock_watermarks, month_of_day, numbers_go_on,
    settled_posting,
};
pub use self::lists::{by_bytes, each_line, from_text, insert_of_texts, list_of_texts, text_of};
pub use self::long_reads::{cancel, limit_statements};
pub use self::state::{clock_of_server, is_bare, look_through};
use super::connection::{Conn, Engine};

/// What to do with a transaction that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// Nothing: it would fail again.
    Never,
    /// Run it again: somebody else was faster.
    LostRace,
    /// Run it again a few times: the engine's reason has no kind.
    Perhaps,
}

/// Runs one query on whichever engine it is, on the engine's own connection: PostgreSQL then gets a
/// list as one array, and keeps the plan of the statement whatever its length.
macro_rules! on_engine {
    ($conn:expr, |$raw:ident| $query:expr) => {
        match &mut $conn.engine {
            $crate::store::connection::Engine::Postgres($raw) => $query,
            $crate::store::connection::Engine::Sqlite($raw) => $query,
        }
    };
}
pub(super) use on_engine;

/// Locks rows of a table until the end of the transaction, in the order of their ids, against
/// everybody who would change or lock them. An engine with a single writer has no need to.
macro_rules! lock_rows {
    ($conn:expr, $table:ident, $ids:expr) => {
        match &mut $conn.engine {
            $crate::store::connection::Engine::Sqlite(_) => diesel::QueryResult::Ok(()),
            $crate::store::connection::Engine::Postgres(postgres) => $table::table
                .filter($table::id.eq_any($ids))
                .order($table::id)
                .select($table::id)
                .for_no_key_update()
                .execute(postgres)
                .map(drop),
        }
    };
}
pub(super) use lock_rows;

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Any number, the same for all who migrate this service's database.
const MIGRATION_LOCK: i64 = 0x7061_7373;

/// How long an engine waits for somebody else's lock before it gives up.
pub const LOCK_TIMEOUT: Duration = Duration::from_secs(6);

/// How long one that migrates waits for another that migrates.
const MIGRATION_WAIT: Duration = Duration::from_secs(30);

/// How large the log of an embedded database stays after it was large once.
const JOURNAL_BYTES: u32 = 64 * 1024 * 1024;

/// Sets a fresh connection up: durable commits, foreign keys, a patient wait for the writer. On
/// PostgreSQL nothing that a role which merely owns its database may not set.
pub fn set_up(conn: &mut Conn) -> QueryResult<()> {
    let wait = LOCK_TIMEOUT.as_millis();
    let settings = match &conn.engine {
        Engine::Sqlite(_) => format!(
            "PRAGMA busy_timeout = {wait}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; \
             PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 16384; \
             PRAGMA journal_size_limit = {JOURNAL_BYTES};"
        ),
        // A report by commune adds up in memory. Compiling its expressions takes longer than they
        // gain. A process that was frozen in a transaction must not hold its locks for ever.
        Engine::Postgres(_) => format!(
            "SET TIME ZONE 'UTC'; SET lock_timeout = {wait}; SET work_mem = '32MB'; SET jit = off; \
             SET idle_in_transaction_session_timeout = '60s';"
        ),
    };
    conn.batch_execute(&settings)
}

/// Sets a connection up further, to fill a database that is larger than what an engine keeps in
/// memory by itself: every page of an index that has no room would be written again and again.
pub fn set_up_for_bulk(conn: &mut Conn) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Sqlite(sqlite) => sqlite.batch_execute("PRAGMA cache_size = -2097152"),
        Engine::Postgres(_) => Ok(()),
    }
}

/// Begins a transaction that will write.
///
/// On SQLite the write lock is taken at once: a deferred transaction that reads and then writes
/// fails with "database is locked" whatever the timeout.
pub fn begin_write(conn: &mut Conn) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Sqlite(sqlite) => {
            diesel::connection::AnsiTransactionManager::begin_transaction_sql(
                sqlite,
                "BEGIN IMMEDIATE",
            )
        }
        Engine::Postgres(postgres) => {
            <diesel::PgConnection as Connection>::TransactionManager::begin_transaction(postgres)
        }
    }
}

/// Begins a transaction whose reads all see one moment.
pub fn begin_snapshot(conn: &mut Conn) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Sqlite(sqlite) => {
            diesel::connection::AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN")
        }
        Engine::Postgres(postgres) => {
            diesel::connection::AnsiTransactionManager::begin_transaction_sql(
                postgres,
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            )
        }
    }
}

/// The function that adds whole numbers up to a whole number.
#[must_use]
pub fn whole_sum(conn: &Conn) -> &'static str {
    match &conn.engine {
        Engine::Sqlite(_) => "sum",
        Engine::Postgres(_) => "whole_sum",
    }
}

/// Whether running the same transaction again may succeed, by the kind of the failure alone: its
/// words are in the language of the server.
#[must_use]
pub fn again(error: &Error) -> Again {
    match error {
        Error::DatabaseError(
            DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::SerializationFailure,
            _,
        ) => Again::LostRace,
        // diesel keeps neither SQLSTATE nor extended result code where it has no kind of its own for
        // it. A deadlock (40P01), a lock timeout (55P03), a busy file and a month that was closed
        // under a posting of SQLite are among these, and so are a full disk and our own mistakes.
        Error::DatabaseError(DatabaseErrorKind::Unknown, _) => Again::Perhaps,
        _ => Again::Never,
    }
}

/// Moves what was committed from the log into the file, where the engine leaves that to whoever
/// writes: nobody waits for it.
pub fn checkpoint(conn: &mut Conn) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Sqlite(sqlite) => sqlite.batch_execute("PRAGMA wal_checkpoint(PASSIVE)"),
        Engine::Postgres(_) => Ok(()),
    }
}

/// Makes the statements of this transaction look rows up by an index, and keep their plans: a plan
/// made while a table was empty would read all of it, again and again, until somebody counts it.
pub fn look_up_by_index(conn: &mut Conn) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Sqlite(_) => Ok(()),
        Engine::Postgres(postgres) => postgres.batch_execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan",
        ),
    }
}

/// The id that no row has, as an expression.
#[must_use]
pub fn nil_id(conn: &Conn) -> &'static str {
    match &conn.engine {
        Engine::Sqlite(_) => "zeroblob(16)",
        Engine::Postgres(_) => "CAST('00000000-0000-0000-0000-000000000000' AS uuid)",
    }
}

/// The `number`th parameter of a statement written by hand.
#[must_use]
pub fn parameter(conn: &Conn, number: usize) -> String {
    match &conn.engine {
        Engine::Sqlite(_) => format!("?{number}"),
        Engine::Postgres(_) => format!("${number}"),
    }
}

fn is_standby(conn: &mut diesel::PgConnection) -> QueryResult<bool> {
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>("pg_is_in_recovery()"))
        .get_result(conn)
}

/// Runs every migration that has not run, under a lock that other instances wait for.
///
/// # Errors
/// The engine's or a migration's own reason.
pub fn migrate(conn: &mut Conn) -> diesel::migration::Result<Vec<String>> {
    match &mut conn.engine {
        Engine::Postgres(postgres) => {
            // A standby has the schema of its primary, and reports can be read from it.
            if is_standby(postgres)? {
                return Ok(Vec::new());
            }
            postgres
                .batch_execute(&format!("SET lock_timeout = {}", MIGRATION_WAIT.as_millis()))?;
            diesel::sql_query(format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))
                .execute(postgres)?;
            let outcome = run(postgres, POSTGRES);
            diesel::sql_query(format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))
                .execute(postgres)?;
            outcome
        }
        Engine::Sqlite(sqlite) => {
            // Held by one process for as long as it migrates; another waits for busy_timeout,
            // then finds the table of versions complete.
            let wait = MIGRATION_WAIT.as_millis();
            sqlite.batch_execute(&format!("PRAGMA busy_timeout = {wait}"))?;
            sqlite.immediate_transaction(|sqlite| run(sqlite, SQLITE))
        }
    }
}

fn run<C, DB>(
    conn: &mut C,
    migrations: EmbeddedMigrations,
) -> diesel::migration::Result<Vec<String>>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<DB>,
{
    Ok(conn.run_pending_migrations(migrations)?.iter().map(ToString::to_string).collect())
}

/// Whether the schema is that of this program.
///
/// # Errors
/// The engine's reason.
pub fn schema_is_current(conn: &mut Conn) -> diesel::migration::Result<bool> {
    Ok(match &mut conn.engine {
        Engine::Postgres(postgres) => !postgres.has_pending_migration(POSTGRES)?,
        Engine::Sqlite(sqlite) => !sqlite.has_pending_migration(SQLITE)?,
    })
}

/// Undoes every migration: only for a database that may be thrown away.
///
/// # Errors
/// The engine's reason.
pub fn revert(conn: &mut Conn) -> diesel::migration::Result<()> {
    match &mut conn.engine {
        Engine::Postgres(postgres) => postgres.revert_all_migrations(POSTGRES)?.len(),
        Engine::Sqlite(sqlite) => sqlite.revert_all_migrations(SQLITE)?.len(),
    };
    Ok(())
}
