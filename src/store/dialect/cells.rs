//! Rows on their way to a statement: PostgreSQL takes an array for each column, SQLite one JSON
//! text; each reads its own fastest.

use std::borrow::Cow;

use diesel::pg::Pg;
use diesel::query_builder::AstPass;
use diesel::result::{Error, QueryResult};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Date, Nullable, Text};
use serde::Serialize;
use uuid::Uuid;

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

    pub(super) fn bind<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
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

/// A cell as JSON holds it: what `from_text` reads back.
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
