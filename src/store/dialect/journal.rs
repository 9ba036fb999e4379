//! Locks and numbers of journals: postings, watermarks of reports, the audit.

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::result::QueryResult;

use crate::store::connection::{Conn, Engine};

/// Waits until nobody else has postings under way, and lets nobody write one until the end of the
/// transaction. An engine with a single writer is there already.
pub fn lock_journal(conn: &mut Conn) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Sqlite(_) => Ok(()),
        Engine::Postgres(postgres) => {
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
    let last = match &mut conn.engine {
        Engine::Sqlite(_) => "SELECT coalesce(max(number), 0) AS number FROM postings",
        Engine::Postgres(_) => {
            "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('postings', 'number')\
             ::regclass), 0) AS number"
        }
    };
    let last: Last = diesel::sql_query(last).get_result(conn)?;
    let Engine::Postgres(postgres) = &mut conn.engine else { return Ok(Some(last.number)) };
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

/// Lets one transaction at a time move the watermarks of reports, until its end.
pub fn lock_watermarks(conn: &mut Conn) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Sqlite(_) => Ok(()),
        Engine::Postgres(postgres) => {
            postgres.batch_execute("LOCK TABLE report_watermarks IN SHARE ROW EXCLUSIVE MODE")
        }
    }
}

/// Lets one transaction at a time add to the audit journal, until its end: each entry holds the
/// digest of the one before.
pub fn lock_audit(conn: &mut Conn) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Sqlite(_) => Ok(()),
        Engine::Postgres(postgres) => {
            postgres.batch_execute("LOCK TABLE audit_entries IN SHARE ROW EXCLUSIVE MODE")
        }
    }
}

/// Makes the numbers of the journal go on after the last one that was brought in.
///
/// # Errors
/// The engine's reason.
pub fn numbers_go_on(conn: &mut Conn) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Sqlite(_) => Ok(()),
        Engine::Postgres(postgres) => postgres.batch_execute(
            "SELECT setval(pg_get_serial_sequence('postings', 'number'), max(number)) \
             FROM postings HAVING max(number) IS NOT NULL",
        ),
    }
}

/// The number of the month of a day, as an expression.
#[must_use]
pub fn month_of_day(conn: &Conn, column: &str) -> String {
    match &conn.engine {
        Engine::Sqlite(_) => {
            format!("CAST(substr({column}, 1, 4) || substr({column}, 6, 2) AS INTEGER)")
        }
        Engine::Postgres(_) => {
            format!("(extract(year FROM {column}) * 100 + extract(month FROM {column}))")
        }
    }
}

/// How many half-hours lie between 1970 and an instant, as an expression.
#[must_use]
pub fn half_hour(conn: &Conn, column: &str) -> String {
    match &conn.engine {
        Engine::Sqlite(_) => format!("({column} / 1800000000)"),
        Engine::Postgres(_) => {
            format!("CAST(floor(extract(epoch FROM {column}) / 1800) AS bigint)")
        }
    }
}
