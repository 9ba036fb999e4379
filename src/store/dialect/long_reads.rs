//! Ending statements that take too long, or that nobody waits for.
//!
//! Diesel 2.3 keeps the handle of SQLite to itself, so nothing can interrupt it without `unsafe`.
//! There a statement runs to its end.

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::result::QueryResult;
use diesel::sql_types::Integer;

use crate::store::connection::{Conn, Engine};

#[derive(diesel::QueryableByName)]
struct Backend {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

/// Lets no statement of this transaction take more than so many seconds; answers the server's
/// process that works for it.
pub fn limit_statements(conn: &mut Conn, seconds: u32) -> QueryResult<Option<i32>> {
    let Engine::Postgres(postgres) = &mut conn.engine else { return Ok(None) };
    postgres.batch_execute(&format!("SET LOCAL statement_timeout = '{seconds}s'"))?;
    let backend: Backend =
        diesel::sql_query("SELECT pg_backend_pid() AS pid").get_result(postgres)?;
    Ok(Some(backend.pid))
}

/// Ends the statement that a process of the server works on. The role must be that process's own.
pub fn cancel(conn: &mut Conn, backend: i32) -> QueryResult<()> {
    let Engine::Postgres(postgres) = &mut conn.engine else { return Ok(()) };
    postgres.batch_execute(&format!("SELECT pg_cancel_backend({backend})"))
}
