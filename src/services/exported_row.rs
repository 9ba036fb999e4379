//! A row of a table as a line of an export: a JSON object that can be read without this program.
//!
//! Ids stand as UUIDs, instants in RFC 3339 and UTC, days as `2026-03-31`, bytes in hexadecimal,
//! cents as whole numbers.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;
use uuid::Uuid;

use super::{Error, Outcome};
use crate::domain::time::{Day, Instant};
use crate::store::every_table::TableShape;
use crate::store::sql_types::Kind;

/// The line of a row that the database hands out as a JSON list of texts.
///
/// # Errors
/// A text that its column cannot hold.
pub fn line_of(table: &TableShape, row: &str) -> Outcome<String> {
    let texts: Vec<Option<String>> = serde_json::from_str(row).map_err(Error::failure)?;
    let mut line = String::with_capacity(row.len() * 2);
    for (column, text) in table.columns.iter().zip(texts) {
        let value = match text {
            None => Some(Value::Null),
            Some(text) => value_of(column.kind, text),
        };
        let value = value.ok_or_else(|| unreadable(table, column.name))?;
        line.push(if line.is_empty() { '{' } else { ',' });
        write!(line, "\"{}\":{value}", column.name).map_err(Error::failure)?;
    }
    line.push_str("}\n");
    Ok(line)
}

fn unreadable(table: &TableShape, column: &str) -> Error {
    Error::failure(format!("unreadable {column} in table {}", table.name))
}

fn value_of(kind: Kind, text: String) -> Option<Value> {
    Some(match kind {
        Kind::Text | Kind::Day | Kind::Bytes => Value::String(text),
        Kind::Id => Value::String(Uuid::parse_str(&text).ok()?.to_string()),
        Kind::Moment => Value::String(Instant::from_micros(text.parse().ok()?)?.to_string()),
        Kind::Bool => Value::Bool(text == "1"),
        Kind::Whole => Value::from(text.parse::<i64>().ok()?),
        Kind::Real => Value::from(text.parse::<f64>().ok()?),
    })
}

/// The texts of a line's columns, as the database takes them.
///
/// # Errors
/// The name of the column that is missing, unknown or cannot be read; `None` for the whole line.
pub fn texts_of(table: &TableShape, line: &str) -> Result<Vec<Option<String>>, Option<String>> {
    let mut values: BTreeMap<String, Value> = serde_json::from_str(line).map_err(|_| None)?;
    let mut texts = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let text = match values.remove(column.name) {
            Some(Value::Null) => Some(None),
            Some(value) => text_of(column.kind, &value).map(Some),
            None => None,
        };
        texts.push(text.ok_or_else(|| Some(column.name.to_owned()))?);
    }
    values.into_keys().next().map_or(Ok(texts), |unknown| Err(Some(unknown)))
}

fn text_of(kind: Kind, value: &Value) -> Option<String> {
    match kind {
        Kind::Text => value.as_str().map(str::to_owned),
        Kind::Day => value.as_str()?.parse::<Day>().ok().map(|day| day.to_string()),
        Kind::Bytes => {
            let text = value.as_str()?;
            let whole = text.len() % 2 == 0 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            whole.then(|| text.to_owned())
        }
        Kind::Id => Some(Uuid::parse_str(value.as_str()?).ok()?.simple().to_string()),
        Kind::Moment => {
            let at = chrono::DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
            Some(Instant::from_utc(at.to_utc()).micros().to_string())
        }
        Kind::Bool => Some(if value.as_bool()? { "1" } else { "0" }.to_owned()),
        Kind::Whole => Some(value.as_i64()?.to_string()),
        Kind::Real => Some(value.as_f64()?.to_string()),
    }
}
