//! Rows on their way into tables, in bulk: the columns are named, and written by the engine's own
//! list functions.

use std::collections::HashMap;
use std::fmt::Write;

use uuid::Uuid;

use crate::domain::time::{Day, Instant};
use crate::services::{Error, Outcome, Services};
use crate::store::every_table::TableShape;

/// How many rows are written in one transaction.
const BATCH: usize = 4_000;

/// What a column of a new row holds.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Nothing.
    Null,
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
}

struct Waiting {
    shape: TableShape,
    rows: usize,
    text: String,
}

/// Rows that wait for their table.
pub struct TableRows {
    tables: HashMap<&'static str, Waiting>,
    order: Vec<&'static str>,
}

impl TableRows {
    /// For every table, those that others refer to first.
    pub fn new(tables: Vec<TableShape>) -> Self {
        let order = tables.iter().map(|table| table.name).collect();
        let waiting =
            |shape: TableShape| (shape.name, Waiting { shape, rows: 0, text: String::new() });
        Self { tables: tables.into_iter().map(waiting).collect(), order }
    }

    /// Adds a row; every column is named, in the schema's order.
    ///
    /// # Errors
    /// Names that are not those of the table: a fault of the generator.
    pub fn add(&mut self, table: &str, columns: &[(&str, Value<'_>)]) -> Outcome<()> {
        let unknown = || Error::failure(format!("the columns of {table} are not these"));
        let waiting = self.tables.get_mut(table).ok_or_else(unknown)?;
        let names = waiting.shape.columns.iter().map(|column| column.name);
        if !names.eq(columns.iter().map(|(name, _)| *name)) {
            return Err(unknown());
        }
        waiting.text.push(if waiting.rows == 0 { '[' } else { ',' });
        for (number, (_, value)) in columns.iter().enumerate() {
            waiting.text.push(if number == 0 { '[' } else { ',' });
            push(&mut waiting.text, *value)?;
        }
        waiting.text.push(']');
        waiting.rows += 1;
        Ok(())
    }

    /// Writes what waits, when a table has enough; all of it when `all`.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn write(&mut self, services: &Services, all: bool) -> Outcome<()> {
        let full = self.tables.values().any(|waiting| waiting.rows >= BATCH);
        if !full && !all {
            return Ok(());
        }
        for waiting in self.tables.values_mut().filter(|waiting| waiting.rows > 0) {
            waiting.text.push(']');
        }
        services.write(|op| {
            for name in &self.order {
                if let Some(waiting) = self.tables.get(name).filter(|waiting| waiting.rows > 0) {
                    waiting.shape.write(op.conn, &waiting.text)?;
                }
            }
            Ok(())
        })?;
        for waiting in self.tables.values_mut() {
            (waiting.rows, waiting.text) = (0, String::new());
        }
        Ok(())
    }
}

fn push(text: &mut String, value: Value<'_>) -> Outcome<()> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Id(id) => write!(text, "\"{}\"", id.simple())?,
        Value::Moment(at) => write!(text, "\"{}\"", at.micros())?,
        Value::Day(day) => write!(text, "\"{day}\"")?,
        Value::Bool(yes) => write!(text, "\"{}\"", u8::from(yes))?,
        Value::Whole(number) => write!(text, "\"{number}\"")?,
        Value::Text(words) => text.push_str(&serde_json::to_string(words)?),
        Value::Bytes(bytes) => {
            text.push('"');
            for byte in bytes {
                write!(text, "{byte:02x}")?;
            }
            text.push('"');
        }
    }
    Ok(())
}
