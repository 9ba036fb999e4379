//! How an engine says what state the database is in: empty, whole, and what time it is there.

use diesel::RunQueryDsl;
use diesel::result::QueryResult;

use crate::domain::time::Instant;
use crate::store::connection::{Conn, Engine};
use crate::store::sql_types::Moment;

/// The time on the database's server, where that may be another machine than this one.
pub fn clock_of_server(conn: &mut Conn) -> QueryResult<Option<Instant>> {
    match &mut conn.engine {
        Engine::Sqlite(_) => Ok(None),
        Engine::Postgres(_) => diesel::select(diesel::dsl::sql::<Moment>("clock_timestamp()"))
            .get_result(conn)
            .map(Some),
    }
}

/// Whether the database holds no table at all.
pub fn is_bare(conn: &mut Conn) -> QueryResult<bool> {
    let tables = match &conn.engine {
        Engine::Sqlite(_) => "SELECT count(*) FROM sqlite_schema",
        Engine::Postgres(_) => {
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        }
    };
    let bare = format!("({tables}) = 0");
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(&bare)).get_result(conn)
}

/// Looks through the whole file, where the engine leaves that to whoever uses it; what is wrong.
pub fn look_through(conn: &mut Conn) -> QueryResult<Vec<String>> {
    #[derive(diesel::QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::Text)]
        quick_check: String,
    }
    match &mut conn.engine {
        Engine::Postgres(_) => Ok(Vec::new()),
        Engine::Sqlite(sqlite) => {
            let found: Vec<Found> = diesel::sql_query("PRAGMA quick_check(10)").load(sqlite)?;
            let said = found.into_iter().map(|one| one.quick_check);
            Ok(said.filter(|said| said != "ok").collect())
        }
    }
}
