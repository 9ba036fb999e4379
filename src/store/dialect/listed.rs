//! Statements over a list of rows: a whole batch is asked for, or written, by one of them, which
//! is prepared once a connection. PostgreSQL takes an array for each column, SQLite one JSON text:
//! each reads its own fastest.

use std::borrow::Cow;
use std::marker::PhantomData;

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::LoadQuery;
use diesel::result::{Error, QueryResult};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Date, Nullable, Text};
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, RunQueryDsl, SqliteConnection};
use serde::Serialize;
use uuid::Uuid;

use super::lists::from_text;
use crate::domain::ids::EntryId;
use crate::domain::time::{Day, Instant};
use crate::store::connection::Conn;
use crate::store::sql_types::{Id, Kind, Moment};

/// A value of a row on its way to a statement.
#[derive(Clone, Debug)]
pub enum Cell {
    /// An id.
    Id(Uuid),
    /// An instant.
    Moment(Instant),
    /// A day.
    Day(Day),
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Whole(i64),
    /// Words.
    Text(Cow<'static, str>),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Nothing.
    Null,
}

/// Rows as the engine takes them.
pub enum List {
    /// Column by column.
    Arrays(Vec<Column>),
    /// Row by row, in JSON.
    Json(String),
}

/// A column of a list.
pub enum Column {
    /// Of ids.
    Id(Vec<Option<EntryId>>),
    /// Of instants.
    Moment(Vec<Option<Instant>>),
    /// Of days.
    Day(Vec<Option<Day>>),
    /// Of yes and no.
    Bool(Vec<Option<bool>>),
    /// Of whole numbers.
    Whole(Vec<Option<i64>>),
    /// Of words.
    Text(Vec<Option<Cow<'static, str>>>),
    /// Of bytes.
    Bytes(Vec<Option<Vec<u8>>>),
}

impl List {
    /// Rows whose cells are of those kinds, from the left.
    ///
    /// # Errors
    /// A cell of another kind than its column.
    pub fn of(conn: &Conn, kinds: &[Kind], rows: Vec<Vec<Cell>>) -> QueryResult<Self> {
        match conn {
            Conn::Postgres(_) => {
                let mut columns: Vec<Column> =
                    kinds.iter().map(|kind| Column::new(*kind, rows.len())).collect();
                for row in rows {
                    for (column, cell) in columns.iter_mut().zip(row) {
                        column.push(cell)?;
                    }
                }
                Ok(Self::Arrays(columns))
            }
            Conn::Sqlite(_) => {
                let rows: Vec<Vec<Word>> =
                    rows.into_iter().map(|row| row.into_iter().map(Word::of).collect()).collect();
                let json = serde_json::to_string(&rows);
                json.map(Self::Json).map_err(|error| Error::SerializationError(Box::new(error)))
            }
        }
    }
}

impl Column {
    fn new(kind: Kind, rows: usize) -> Self {
        match kind {
            Kind::Id => Self::Id(Vec::with_capacity(rows)),
            Kind::Moment => Self::Moment(Vec::with_capacity(rows)),
            Kind::Day => Self::Day(Vec::with_capacity(rows)),
            Kind::Bool => Self::Bool(Vec::with_capacity(rows)),
            Kind::Whole => Self::Whole(Vec::with_capacity(rows)),
            Kind::Text | Kind::Real => Self::Text(Vec::with_capacity(rows)),
            Kind::Bytes => Self::Bytes(Vec::with_capacity(rows)),
        }
    }

    fn push(&mut self, cell: Cell) -> QueryResult<()> {
        match (self, cell) {
            (Self::Id(column), Cell::Id(id)) => column.push(Some(EntryId(id))),
            (Self::Moment(column), Cell::Moment(at)) => column.push(Some(at)),
            (Self::Day(column), Cell::Day(day)) => column.push(Some(day)),
            (Self::Bool(column), Cell::Bool(yes)) => column.push(Some(yes)),
            (Self::Whole(column), Cell::Whole(number)) => column.push(Some(number)),
            (Self::Text(column), Cell::Text(words)) => column.push(Some(words)),
            (Self::Bytes(column), Cell::Bytes(bytes)) => column.push(Some(bytes)),
            (column, Cell::Null) => column.push_nothing(),
            (_, cell) => {
                let why = format!("{cell:?} is of another kind than its column");
                return Err(Error::SerializationError(why.into()));
            }
        }
        Ok(())
    }

    fn push_nothing(&mut self) {
        match self {
            Self::Id(column) => column.push(None),
            Self::Moment(column) => column.push(None),
            Self::Day(column) => column.push(None),
            Self::Bool(column) => column.push(None),
            Self::Whole(column) => column.push(None),
            Self::Text(column) => column.push(None),
            Self::Bytes(column) => column.push(None),
        }
    }

    fn bind<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        match self {
            Self::Id(column) => out.push_bind_param::<Array<Nullable<Id>>, _>(column),
            Self::Moment(column) => out.push_bind_param::<Array<Nullable<Moment>>, _>(column),
            Self::Day(column) => out.push_bind_param::<Array<Nullable<Date>>, _>(column),
            Self::Bool(column) => out.push_bind_param::<Array<Nullable<Bool>>, _>(column),
            Self::Whole(column) => out.push_bind_param::<Array<Nullable<BigInt>>, _>(column),
            Self::Text(column) => out.push_bind_param::<Array<Nullable<Text>>, _>(column),
            Self::Bytes(column) => out.push_bind_param::<Array<Nullable<Binary>>, _>(column),
        }
    }
}

/// A cell as JSON holds it: what [`from_text`] reads back.
#[derive(Serialize)]
#[serde(untagged)]
enum Word {
    Whole(i64),
    Text(Cow<'static, str>),
    Nothing,
}

impl Word {
    fn of(cell: Cell) -> Self {
        match cell {
            Cell::Id(id) => Self::Text(id.simple().to_string().into()),
            Cell::Moment(at) => Self::Whole(at.micros()),
            Cell::Day(day) => Self::Text(day.to_string().into()),
            Cell::Bool(yes) => Self::Whole(i64::from(yes)),
            Cell::Whole(number) => Self::Whole(number),
            Cell::Text(words) => Self::Text(words),
            Cell::Bytes(bytes) => Self::Text(hex(&bytes).into()),
            Cell::Null => Self::Nothing,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let half = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [half(byte >> 4), half(byte & 15)]).collect()
}

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
