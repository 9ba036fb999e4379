//! How each engine reads rows as lists of texts, and lists of texts as rows.

use diesel::result::Error;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};

use crate::store::connection::{Conn, Engine};
use crate::store::sql_types::Kind;

/// The expression that gives a column as text: bytes in hexadecimal, instants in microseconds.
#[must_use]
pub fn text_of(conn: &Conn, kind: Kind, column: &str) -> String {
    match (&conn.engine, kind) {
        (_, Kind::Text) | (Engine::Sqlite(_), Kind::Day) => column.to_owned(),
        (Engine::Sqlite(_), Kind::Id | Kind::Bytes) => {
            format!("CASE WHEN {column} IS NOT NULL THEN lower(hex({column})) END")
        }
        (Engine::Sqlite(_), Kind::Real) => {
            format!("CASE WHEN {column} IS NOT NULL THEN printf('%!.17g', {column}) END")
        }
        (Engine::Sqlite(_), Kind::Moment | Kind::Bool | Kind::Whole) => {
            format!("CAST({column} AS TEXT)")
        }
        (Engine::Postgres(_), Kind::Id) => format!("replace({column}::text, '-', '')"),
        (Engine::Postgres(_), Kind::Bytes) => format!("encode({column}, 'hex')"),
        (Engine::Postgres(_), Kind::Moment) => {
            format!("(extract(epoch FROM {column}) * 1000000)::bigint::text")
        }
        (Engine::Postgres(_), Kind::Day) => format!("to_char({column}, 'YYYY-MM-DD')"),
        (Engine::Postgres(_), Kind::Bool) => format!("{column}::integer::text"),
        (Engine::Postgres(_), Kind::Whole | Kind::Real) => format!("{column}::text"),
    }
}

/// The expression that reads the text at a place of a row back into a column.
#[must_use]
pub fn from_text(conn: &Conn, kind: Kind, place: usize) -> String {
    let text = format!("line ->> {place}");
    match (&conn.engine, kind) {
        (_, Kind::Text) | (Engine::Sqlite(_), Kind::Day) => text,
        (Engine::Sqlite(_), Kind::Id | Kind::Bytes) => format!("unhex({text})"),
        (Engine::Sqlite(_), Kind::Real) => format!("CAST({text} AS REAL)"),
        (Engine::Sqlite(_), Kind::Moment | Kind::Bool | Kind::Whole) => {
            format!("CAST({text} AS INTEGER)")
        }
        (Engine::Postgres(_), Kind::Id) => format!("({text})::uuid"),
        (Engine::Postgres(_), Kind::Bytes) => format!("decode({text}, 'hex')"),
        (Engine::Postgres(_), Kind::Moment) => {
            format!("timestamptz 'epoch' + ({text})::bigint * interval '1 microsecond'")
        }
        (Engine::Postgres(_), Kind::Day) => format!("({text})::date"),
        (Engine::Postgres(_), Kind::Bool) => format!("({text})::integer::boolean"),
        (Engine::Postgres(_), Kind::Whole) => format!("({text})::bigint"),
        (Engine::Postgres(_), Kind::Real) => format!("({text})::double precision"),
    }
}

/// The expression that makes one JSON list of texts.
#[must_use]
pub fn list_of_texts(conn: &Conn, texts: &[String]) -> String {
    let texts = texts.join(", ");
    match &conn.engine {
        Engine::Sqlite(_) => format!("json_array({texts})"),
        Engine::Postgres(_) => format!("json_build_array({texts})::text"),
    }
}

/// Words in the order of their bytes, whatever the language of the server.
#[must_use]
pub fn by_bytes(conn: &Conn, column: &str) -> String {
    match &conn.engine {
        Engine::Sqlite(_) => column.to_owned(),
        Engine::Postgres(_) => format!("{column} COLLATE \"C\""),
    }
}

/// The statement that writes a JSON list of lists of texts, its first parameter, as rows.
#[must_use]
pub fn insert_of_texts(conn: &Conn, table: &str, columns: &str, values: &str) -> String {
    match &conn.engine {
        Engine::Sqlite(_) => format!(
            "INSERT INTO {table} ({columns}) SELECT {values} \
             FROM (SELECT value AS line FROM json_each(?1))"
        ),
        Engine::Postgres(_) => format!(
            "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {values} \
             FROM jsonb_array_elements($1::jsonb) AS rows (line)"
        ),
    }
}

/// Hands out the column `line` of each row, one at a time: memory does not grow with the table.
///
/// # Errors
/// A failure of the engine, or what `each` refuses.
pub fn each_line<E: From<Error>>(
    conn: &mut Conn,
    sql: &str,
    mut each: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        line: String,
    }
    match &mut conn.engine {
        Engine::Sqlite(sqlite) => {
            let rows = diesel::sql_query(sql)
                .load_iter::<Line, diesel::connection::DefaultLoadingMode>(sqlite)?;
            rows.into_iter().try_for_each(|row| each(&row?.line))
        }
        Engine::Postgres(postgres) => {
            let rows = diesel::sql_query(sql)
                .load_iter::<Line, diesel::pg::PgRowByRowLoadingMode>(postgres)?;
            rows.into_iter().try_for_each(|row| each(&row?.line))
        }
    }
}
