//! Statements over a list of rows: a whole batch is asked for, or written, by one of them, which
//! is prepared once a connection. Where no server is to be reached, the same statement runs once
//! for each row.

use std::marker::PhantomData;

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::LoadQuery;
use diesel::result::{Error, QueryResult};
use diesel::sql_types::Array;
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, RunQueryDsl, SqliteConnection};

use super::cells::{Cell, Composite, List, Shape};
use super::form::Text;
use crate::store::connection::{Conn, Engine};

/// One statement. `Q` is a type of its own for each text: what is prepared is found by it.
pub struct Listed<'a, S, Q> {
    text: &'a Text,
    list: &'a List<'a, S>,
    which: PhantomData<Q>,
}

/// What the rows hold that a statement finds.
pub trait Finds: 'static {
    /// The types of the columns.
    type Columns;
}

impl<'a, S: Shape, Q> Listed<'a, S, Q> {
    /// The statement of that text over those rows.
    #[must_use]
    pub fn new(text: &'a Text, list: &'a List<'a, S>) -> Self {
        Self { text, list, which: PhantomData }
    }

    fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let [before, after] = self.text.parts.as_slice() else {
            return Err(Error::QueryBuilderError("a text of another engine".into()));
        };
        out.push_sql(before);
        out.push_bind_param::<Array<Composite<S>>, _>(self.list)?;
        out.push_sql(after);
        Ok(())
    }

    fn each(&self) -> impl Iterator<Item = One<'a, Q>> {
        let text = self.text;
        self.list.rows().map(move |cells| One { text, cells, which: PhantomData })
    }
}

impl<S: 'static, Q: 'static> QueryId for Listed<'_, S, Q> {
    type QueryId = Q;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<S: Shape, Q> QueryFragment<Pg> for Listed<'_, S, Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(&mut out)
    }
}

impl<S, Q: Finds> Query for Listed<'_, S, Q> {
    type SqlType = Q::Columns;
}

impl<S, Q> RunQueryDsl<PgConnection> for Listed<'_, S, Q> {}

/// The statement for one row.
pub struct One<'a, Q> {
    text: &'a Text,
    cells: &'a [Cell<'a>],
    which: PhantomData<Q>,
}

impl<Q: 'static> QueryId for One<'_, Q> {
    type QueryId = Q;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Q> QueryFragment<Sqlite> for One<'_, Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let mut columns = self.text.columns.iter();
        for part in &self.text.parts {
            out.push_sql(part);
            if let Some(place) = columns.next() {
                let none = || Error::QueryBuilderError("a column that no row has".into());
                self.cells.get(*place).ok_or_else(none)?.bind(&mut out)?;
            }
        }
        Ok(())
    }
}

impl<Q: Finds> Query for One<'_, Q> {
    type SqlType = Q::Columns;
}

impl<Q> RunQueryDsl<SqliteConnection> for One<'_, Q> {}

/// The rows a statement finds.
///
/// # Errors
/// A failure of the engine.
pub fn found<'a, S: Shape, Q, R>(
    conn: &mut Conn,
    statement: Listed<'a, S, Q>,
) -> QueryResult<Vec<R>>
where
    Listed<'a, S, Q>: LoadQuery<'a, PgConnection, R>,
    One<'a, Q>: LoadQuery<'a, SqliteConnection, R>,
{
    match &mut conn.engine {
        Engine::Postgres(postgres) => RunQueryDsl::load(statement, postgres),
        Engine::Sqlite(sqlite) => {
            let mut rows = Vec::new();
            for one in statement.each() {
                rows.extend(RunQueryDsl::load(one, sqlite)?);
            }
            Ok(rows)
        }
    }
}

/// Writes a list, and nothing else.
///
/// # Errors
/// A failure of the engine.
pub fn write<S: Shape, Q: 'static>(
    conn: &mut Conn,
    statement: Listed<'_, S, Q>,
) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Postgres(postgres) => RunQueryDsl::execute(statement, postgres).map(drop),
        Engine::Sqlite(sqlite) => statement.alone(sqlite),
    }
}

/// A statement that writes a list.
pub trait Writes {
    /// As a part of a larger statement.
    fn part<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()>;

    /// By itself.
    fn alone(&self, sqlite: &mut SqliteConnection) -> QueryResult<()>;
}

impl<S: Shape, Q: 'static> Writes for Listed<'_, S, Q> {
    fn part<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(out)
    }

    fn alone(&self, sqlite: &mut SqliteConnection) -> QueryResult<()> {
        self.each().try_for_each(|one| RunQueryDsl::execute(one, sqlite).map(drop))
    }
}

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
    then: [&dyn Writes; 3],
) -> QueryResult<()> {
    match &mut conn.engine {
        Engine::Postgres(postgres) => {
            let whole = Guarded::<Q> { change, then, which: PhantomData };
            RunQueryDsl::execute(whole, postgres).map(drop)
        }
        Engine::Sqlite(sqlite) => {
            change.alone(sqlite)?;
            then.into_iter().try_for_each(|one| one.alone(sqlite))
        }
    }
}

/// What [`change_and_write`] says to PostgreSQL.
struct Guarded<'a, Q> {
    change: &'a dyn Writes,
    then: [&'a dyn Writes; 3],
    which: PhantomData<Q>,
}

impl<Q: 'static> QueryId for Guarded<'_, Q> {
    type QueryId = Q;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Q> QueryFragment<Pg> for Guarded<'_, Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        const WRITTEN: [&str; 3] = ["written0", "written1", "written2"];
        out.push_sql("WITH changed AS (");
        self.change.part(&mut out)?;
        out.push_sql(" RETURNING 1)");
        for (name, part) in WRITTEN.into_iter().zip(self.then) {
            out.push_sql(", ");
            out.push_sql(name);
            out.push_sql(" AS (");
            part.part(&mut out)?;
            out.push_sql(")");
        }
        // The first parameter is what is to be changed.
        out.push_sql(" SELECT all_changed((SELECT count(*) FROM changed), cardinality($1))");
        Ok(())
    }
}

impl<Q> RunQueryDsl<PgConnection> for Guarded<'_, Q> {}
