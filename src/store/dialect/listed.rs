//! Statements over a list of rows: a whole batch is asked for, or written, by one of them, which
//! is prepared once a connection.

use std::marker::PhantomData;

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::LoadQuery;
use diesel::result::{Error, QueryResult};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, RunQueryDsl, SqliteConnection};

use super::cells::List;
use super::lists::from_text;
use crate::store::connection::Conn;
use crate::store::sql_types::Kind;

/// The expression that reads a place of a list's row.
#[must_use]
pub fn from_list(conn: &Conn, kind: Kind, place: usize) -> String {
    match conn {
        Conn::Sqlite(_) => from_text(conn, kind, place),
        Conn::Postgres(_) => format!("c{place}"),
    }
}

/// One statement. `Q` is a type of its own for each text: what is prepared is found by it.
pub struct Listed<'a, Q> {
    before: String,
    list: &'a List,
    after: String,
    which: PhantomData<Q>,
}

/// What the rows hold that a statement finds.
pub trait Finds: 'static {
    /// The types of the columns.
    type Columns;
}

impl<'a, Q> Listed<'a, Q> {
    /// `select` FROM the rows `asked` of `list`, then `rest`.
    #[must_use]
    pub fn new(select: &str, list: &'a List, rest: &str) -> Self {
        let (before, after) = (format!("{select} FROM "), format!(" {rest}"));
        Self { before, list, after, which: PhantomData }
    }

    fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let List::Arrays(columns) = self.list else {
            return Err(Error::QueryBuilderError("a list of another engine".into()));
        };
        out.push_sql(&self.before);
        out.push_sql("unnest(");
        for (place, column) in columns.iter().enumerate() {
            if place > 0 {
                out.push_sql(", ");
            }
            column.bind(out)?;
        }
        let names: Vec<String> = (0..columns.len()).map(|place| format!("c{place}")).collect();
        out.push_sql(&format!(") AS asked ({})", names.join(", ")));
        out.push_sql(&self.after);
        Ok(())
    }
}

impl<Q: 'static> QueryId for Listed<'_, Q> {
    type QueryId = Q;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Q> QueryFragment<Pg> for Listed<'_, Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(&mut out)
    }
}

impl<Q> QueryFragment<Sqlite> for Listed<'_, Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let List::Json(json) = self.list else {
            return Err(Error::QueryBuilderError("a list of another engine".into()));
        };
        out.push_sql(&self.before);
        out.push_sql("(SELECT value AS line FROM json_each(");
        out.push_bind_param::<Text, _>(json)?;
        out.push_sql(")) asked");
        out.push_sql(&self.after);
        Ok(())
    }
}

impl<Q: Finds> Query for Listed<'_, Q> {
    type SqlType = Q::Columns;
}

impl<Q> RunQueryDsl<PgConnection> for Listed<'_, Q> {}
impl<Q> RunQueryDsl<SqliteConnection> for Listed<'_, Q> {}

/// The rows a statement finds.
///
/// # Errors
/// A failure of the engine.
pub fn found<'a, Q, R>(conn: &mut Conn, statement: Listed<'a, Q>) -> QueryResult<Vec<R>>
where
    Listed<'a, Q>: LoadQuery<'a, PgConnection, R> + LoadQuery<'a, SqliteConnection, R>,
{
    match conn {
        Conn::Postgres(postgres) => RunQueryDsl::load(statement, postgres),
        Conn::Sqlite(sqlite) => RunQueryDsl::load(statement, sqlite),
    }
}

/// A statement that writes a list.
pub trait Writes {
    /// As a part of a larger statement.
    fn part<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()>;

    /// By itself; answers how many rows it wrote.
    fn alone(&self, sqlite: &mut SqliteConnection) -> QueryResult<usize>;
}

impl<Q: 'static> Writes for Listed<'_, Q> {
    fn part<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(out)
    }

    fn alone(&self, sqlite: &mut SqliteConnection) -> QueryResult<usize> {
        RunQueryDsl::execute(self, sqlite)
    }
}

impl<Q> RunQueryDsl<SqliteConnection> for &Listed<'_, Q> {}

/// Changes rows, and writes what follows from it: all of it or nothing. `Q` is a type of its own
/// for each text, as for [`Listed`].
///
/// Where several may write, it is one statement, which fails unless `change` finds every row that
/// its list names: somebody else was faster. No transaction need be open for it. Where one writes
/// at a time nobody was, and the statements run one after the other.
///
/// # Errors
/// A failure of the engine; a serialization failure when somebody else was faster.
pub fn change_and_write<Q: 'static>(
    conn: &mut Conn,
    change: &dyn Writes,
    then: &[&dyn Writes],
) -> QueryResult<()> {
    match conn {
        Conn::Postgres(postgres) => {
            let whole = Guarded::<Q> { change, then, which: PhantomData };
            RunQueryDsl::execute(whole, postgres).map(drop)
        }
        Conn::Sqlite(sqlite) => {
            change.alone(sqlite)?;
            then.iter().try_for_each(|one| one.alone(sqlite).map(drop))
        }
    }
}

/// What [`change_and_write`] says to PostgreSQL.
struct Guarded<'a, Q> {
    change: &'a dyn Writes,
    then: &'a [&'a dyn Writes],
    which: PhantomData<Q>,
}

impl<Q: 'static> QueryId for Guarded<'_, Q> {
    type QueryId = Q;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Q> QueryFragment<Pg> for Guarded<'_, Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH changed AS (");
        self.change.part(&mut out)?;
        out.push_sql(" RETURNING 1)");
        for (number, part) in self.then.iter().enumerate() {
            out.push_sql(&format!(", written{number} AS ("));
            part.part(&mut out)?;
            out.push_sql(")");
        }
        // The first parameter is a column of what is to be changed.
        out.push_sql(" SELECT all_changed((SELECT count(*) FROM changed), cardinality($1))");
        Ok(())
    }
}

impl<Q> RunQueryDsl<PgConnection> for Guarded<'_, Q> {}
