//! Rows on their way to a statement: PostgreSQL takes them all as one array of a composite type,
//! SQLite one after the other.

use std::fmt;
use std::io::Write;
use std::marker::PhantomData;

use chrono::NaiveDate;
use diesel::pg::{Pg, PgMetadataLookup, PgTypeMetadata};
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{
    Array, BigInt, Binary, Bool, Date, HasSqlType, Nullable, SingleValue, SqlType, Text,
};
use diesel::sqlite::Sqlite;
use uuid::Uuid;

use crate::domain::time::{Day, Instant};
use crate::store::sql_types::{Kind, Moment, POSTGRES_EPOCH_MICROS};

/// What the rows of a list hold.
pub trait Shape: 'static {
    /// The composite type that PostgreSQL reads them as: a migration makes it, of the same columns
    /// in the same order.
    const NAME: &'static str;
    /// The columns.
    const COLUMNS: &'static [(&'static str, Kind)];
}

/// A value of a row on its way to a statement.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
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
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Nothing.
    Null,
}

/// Rows of one shape.
pub struct List<'a, S> {
    cells: Vec<Cell<'a>>,
    shape: PhantomData<S>,
}

impl<'a, S: Shape> List<'a, S> {
    /// Rows, each with a cell for each column of the shape.
    pub fn of<const N: usize>(rows: impl IntoIterator<Item = [Cell<'a>; N]>) -> Self {
        const { assert!(N == S::COLUMNS.len(), "a cell for each column") }
        Self { cells: rows.into_iter().flatten().collect(), shape: PhantomData }
    }

    pub(super) fn rows(&self) -> impl ExactSizeIterator<Item = &[Cell<'a>]> {
        self.cells.chunks_exact(S::COLUMNS.len())
    }
}

impl<S> fmt::Debug for List<'_, S> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cells.fmt(out)
    }
}

/// What PostgreSQL calls a row of that shape.
pub(super) struct Composite<S>(PhantomData<S>);

impl<S: Shape> SqlType for Composite<S> {
    type IsNull = diesel::sql_types::is_nullable::NotNull;
}

impl<S: Shape> SingleValue for Composite<S> {}

impl<S: Shape> HasSqlType<Composite<S>> for Pg {
    fn metadata(lookup: &mut Self::MetadataLookup) -> PgTypeMetadata {
        PgMetadataLookup::lookup_type(lookup, S::NAME, None)
    }
}

/// The binary form of an array of rows, as `array_recv` and `record_recv` read it.
impl<S: Shape> ToSql<Array<Composite<S>>, Pg> for List<'_, S> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let row = <Pg as HasSqlType<Composite<S>>>::metadata(out.metadata_lookup()).oid()?;
        let rows = self.rows();
        let (dimensions, nulls, first) = (i32::from(rows.len() > 0), 0_i32, 1_i32);
        out.write_all(&dimensions.to_be_bytes())?;
        out.write_all(&nulls.to_be_bytes())?;
        out.write_all(&row.to_be_bytes())?;
        if rows.len() > 0 {
            out.write_all(&i32::try_from(rows.len())?.to_be_bytes())?;
            out.write_all(&first.to_be_bytes())?;
        }
        let mut bytes = Vec::with_capacity(512);
        for cells in rows {
            bytes.clear();
            bytes.extend(i32::try_from(cells.len())?.to_be_bytes());
            for (cell, (name, kind)) in cells.iter().zip(S::COLUMNS) {
                bytes.extend(oid(*kind).to_be_bytes());
                if !cell.write(*kind, &mut bytes)? {
                    return Err(format!("{cell:?} cannot stand in {name}").into());
                }
            }
            out.write_all(&i32::try_from(bytes.len())?.to_be_bytes())?;
            out.write_all(&bytes)?;
        }
        Ok(IsNull::No)
    }
}

impl Cell<'_> {
    /// Its length and itself, as PostgreSQL reads it; `false` when it is of another kind.
    fn write(&self, kind: Kind, bytes: &mut Vec<u8>) -> Result<bool, std::num::TryFromIntError> {
        let mut put = |value: &[u8]| {
            bytes.extend(i32::try_from(value.len())?.to_be_bytes());
            bytes.extend(value);
            Ok(true)
        };
        match (self, kind) {
            (Self::Id(id), Kind::Id) => put(id.as_bytes()),
            (Self::Moment(at), Kind::Moment) => {
                put(&(at.micros() - POSTGRES_EPOCH_MICROS).to_be_bytes())
            }
            (Self::Day(day), Kind::Day) => {
                let days = day.signed_duration_since(POSTGRES_EPOCH_DAY).num_days();
                put(&i32::try_from(days)?.to_be_bytes())
            }
            (Self::Bool(yes), Kind::Bool) => put(&[u8::from(*yes)]),
            (Self::Whole(number), Kind::Whole) => put(&number.to_be_bytes()),
            (Self::Text(words), Kind::Text) => put(words.as_bytes()),
            (Self::Bytes(value), Kind::Bytes) => put(value),
            (Self::Null, _) => {
                bytes.extend((-1_i32).to_be_bytes());
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// As the next parameter of a statement.
    pub(super) fn bind<'b>(&'b self, out: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        match self {
            Self::Id(id) => out.push_bind_param::<Binary, _>(id.as_bytes()),
            Self::Moment(at) => out.push_bind_param::<Moment, _>(at),
            Self::Day(day) => out.push_bind_param::<Date, _>(day),
            Self::Bool(yes) => out.push_bind_param::<Bool, _>(yes),
            Self::Whole(number) => out.push_bind_param::<BigInt, _>(number),
            Self::Text(words) => out.push_bind_param::<Text, _>(*words),
            Self::Bytes(bytes) => out.push_bind_param::<Binary, _>(*bytes),
            Self::Null => out.push_bind_param::<Nullable<Text>, _>(&None::<&str>),
        }
    }
}

/// PostgreSQL counts days from the year 2000.
const POSTGRES_EPOCH_DAY: Day = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// What PostgreSQL calls the kind: these numbers are part of its protocol.
fn oid(kind: Kind) -> u32 {
    match kind {
        Kind::Id => 2950,
        Kind::Moment => 1184,
        Kind::Day => 1082,
        Kind::Bool => 16,
        Kind::Whole => 20,
        Kind::Real => 701,
        Kind::Text => 25,
        Kind::Bytes => 17,
    }
}
