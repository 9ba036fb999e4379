//! Everything the two engines say differently. Nowhere else is an engine named.

mod cells;
mod listed;
mod lists;

use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::migration::MigrationSource;
use diesel::result::{DatabaseErrorKind, Error, QueryResult};
use diesel::{Connection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

pub use self::cells::{Cell, List, Shape};
pub use self::listed::{Finds, Form, Listed, Text, Texts, Writes, change_and_write, found};
pub use self::lists::{by_bytes, each_line, from_text, insert_of_texts, list_of_texts, text_of};
use super::connection::Conn;

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Any number, the same for all who migrate this service's database.
const MIGRATION_LOCK: i64 = 0x7061_7373;

/// Sets a fresh connection up: durable commits, foreign keys, a patient wait for the writer.
pub fn set_up(conn: &mut Conn) -> QueryResult<()> {
    conn.batch_execute(match conn {
        Conn::Sqlite(_) => {
            "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; \
             PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 16384;"
        }
        Conn::Postgres(_) => {
            // A report by commune adds up in memory: 24,000 rows of sums.
            "SET TIME ZONE 'UTC'; SET lc_messages = 'C'; SET lock_timeout = '30s'; \
             SET work_mem = '32MB';"
        }
    })
}

/// Begins a transaction that will write.
///
/// On SQLite the write lock is taken at once: a deferred transaction that reads and then writes
/// fails with "database is locked" whatever the timeout.
pub fn begin_write(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(sqlite) => diesel::connection::AnsiTransactionManager::begin_transaction_sql(
            sqlite,
            "BEGIN IMMEDIATE",
        ),
        Conn::Postgres(postgres) => {
            <diesel::PgConnection as Connection>::TransactionManager::begin_transaction(postgres)
        }
    }
}

/// Begins a transaction whose reads all see one moment.
pub fn begin_snapshot(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(sqlite) => {
            diesel::connection::AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN")
        }
        Conn::Postgres(postgres) => {
            diesel::connection::AnsiTransactionManager::begin_transaction_sql(
                postgres,
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            )
        }
    }
}

/// Whether running the same transaction again may succeed: somebody else was faster.
#[must_use]
pub fn worth_another_try(error: &Error) -> bool {
    match error {
        Error::DatabaseError(
            DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::SerializationFailure,
            _,
        ) => true,
        Error::DatabaseError(_, information) => {
            let message = information.message();
            message.contains("deadlock detected")
                || message.contains("database is locked")
                || message.contains("the month of this posting is closed")
        }
        _ => false,
    }
}

/// Moves what was committed from the log into the file, where the engine leaves that to whoever
/// writes: nobody waits for it.
pub fn checkpoint(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(sqlite) => sqlite.batch_execute("PRAGMA wal_checkpoint(PASSIVE)"),
        Conn::Postgres(_) => Ok(()),
    }
}

/// Sets a connection up further, for statements of short lists against large tables: what a lane asks is
/// always that, and the planner guesses otherwise while a table is small.
pub fn set_up_for_lists(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(postgres) => postgres.batch_execute(
            "SET datestyle = 'ISO'; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; \
             SET join_collapse_limit = 1; SET plan_cache_mode = force_generic_plan; SET jit = off",
        ),
    }
}

/// Waits until nobody else has postings under way, and lets nobody write one until the end of the
/// transaction. An engine with a single writer is there already.
pub fn lock_journal(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(postgres) => {
            postgres.batch_execute("LOCK TABLE postings IN SHARE ROW EXCLUSIVE MODE")
        }
    }
}

/// The number below which no posting is still to come: numbers are given before they are
/// committed. `None` when somebody who was writing then is not done after that many looks, five
/// milliseconds apart. Nobody waits for this.
///
/// Whoever writes postings holds a lock on their table from before the first number is given to
/// them: those who hold one after the last number was read are waited for, as PostgreSQL itself
/// does to build an index beside work.
pub fn settled_posting(conn: &mut Conn, looks: usize) -> QueryResult<Option<i64>> {
    #[derive(diesel::QueryableByName)]
    struct Last {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        number: i64,
    }
    let last = match conn {
        Conn::Sqlite(_) => "SELECT coalesce(max(number), 0) AS number FROM postings",
        Conn::Postgres(_) => {
            "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('postings', 'number')\
             ::regclass), 0) AS number"
        }
    };
    let last: Last = diesel::sql_query(last).get_result(conn)?;
    let Conn::Postgres(postgres) = conn else { return Ok(Some(last.number)) };
    let mut waited_for = writers_of_postings(postgres)?;
    for _ in 0..looks {
        if waited_for.is_empty() {
            return Ok(Some(last.number));
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
        let still = writers_of_postings(postgres)?;
        waited_for.retain(|writer| still.contains(writer));
    }
    Ok(None)
}

fn writers_of_postings(postgres: &mut diesel::PgConnection) -> QueryResult<Vec<String>> {
    #[derive(diesel::QueryableByName)]
    struct Writer {
        #[diesel(sql_type = diesel::sql_types::Text)]
        writer: String,
    }
    let writers: Vec<Writer> = diesel::sql_query(
        "SELECT virtualtransaction AS writer FROM pg_locks WHERE relation = 'postings'::regclass \
         AND mode = 'RowExclusiveLock' AND granted AND database = \
         (SELECT oid FROM pg_database WHERE datname = current_database())",
    )
    .load(postgres)?;
    Ok(writers.into_iter().map(|one| one.writer).collect())
}

/// Lets one transaction at a time add to the rollup, until its end.
pub fn lock_rollup(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(postgres) => {
            postgres.batch_execute("LOCK TABLE rollup_marks IN SHARE ROW EXCLUSIVE MODE")
        }
    }
}

/// The id that no row has, as an expression.
#[must_use]
pub fn nil_id(conn: &Conn) -> &'static str {
    match conn {
        Conn::Sqlite(_) => "zeroblob(16)",
        Conn::Postgres(_) => "CAST('00000000-0000-0000-0000-000000000000' AS uuid)",
    }
}

/// Lets one transaction at a time add to the audit journal, until its end: each entry holds the
/// digest of the one before.
pub fn lock_audit(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(postgres) => {
            postgres.batch_execute("LOCK TABLE audit_entries IN SHARE ROW EXCLUSIVE MODE")
        }
    }
}

/// Whether the engine gave up waiting for somebody else's lock.
#[must_use]
pub fn waited_too_long(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(_, information)
        if information.message().contains("lock timeout")
            || information.message().contains("database is locked"))
}

/// The `number`th parameter of a statement written by hand.
#[must_use]
pub fn parameter(conn: &Conn, number: usize) -> String {
    match conn {
        Conn::Sqlite(_) => format!("?{number}"),
        Conn::Postgres(_) => format!("${number}"),
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
    match conn {
        Conn::Postgres(postgres) => {
            // A standby has the schema of its primary, and reports can be read from it.
            if is_standby(postgres)? {
                return Ok(Vec::new());
            }
            diesel::sql_query(format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))
                .execute(postgres)?;
            let outcome = run(postgres, POSTGRES);
            diesel::sql_query(format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))
                .execute(postgres)?;
            outcome
        }
        Conn::Sqlite(sqlite) => {
            // Held by one process for as long as it migrates; another waits for busy_timeout,
            // then finds the table of versions complete.
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
    Ok(match conn {
        Conn::Postgres(postgres) => !postgres.has_pending_migration(POSTGRES)?,
        Conn::Sqlite(sqlite) => !sqlite.has_pending_migration(SQLITE)?,
    })
}

/// Undoes every migration: only for a database that may be thrown away.
///
/// # Errors
/// The engine's reason.
pub fn revert(conn: &mut Conn) -> diesel::migration::Result<()> {
    match conn {
        Conn::Postgres(postgres) => postgres.revert_all_migrations(POSTGRES)?.len(),
        Conn::Sqlite(sqlite) => sqlite.revert_all_migrations(SQLITE)?.len(),
    };
    Ok(())
}

/// Makes the numbers of the journal go on after the last one that was brought in.
///
/// # Errors
/// The engine's reason.
pub fn numbers_go_on(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(postgres) => postgres.batch_execute(
            "SELECT setval(pg_get_serial_sequence('postings', 'number'), max(number)) \
             FROM postings HAVING max(number) IS NOT NULL",
        ),
    }
}
