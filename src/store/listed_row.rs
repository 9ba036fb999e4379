//! Rows that a statement over a list hands back, read from their texts.

use diesel::prelude::*;
use uuid::Uuid;

use super::connection::Conn;
use super::dialect::{list_of_texts, text_of};
use super::sql_types::Kind;
use super::unreadable;

/// The texts of a row, from the left.
pub(super) type Texts = Vec<Option<String>>;

/// Reads the texts of a row from the left.
pub(super) struct Row(std::vec::IntoIter<Option<String>>);

impl Row {
    pub(super) fn maybe(&mut self) -> QueryResult<Option<String>> {
        self.0.next().ok_or_else(|| unreadable("row"))
    }

    pub(super) fn text(&mut self) -> QueryResult<String> {
        self.maybe()?.ok_or_else(|| unreadable("row"))
    }

    pub(super) fn id(&mut self) -> QueryResult<Uuid> {
        Uuid::parse_str(&self.text()?).map_err(|_| unreadable("id"))
    }

    pub(super) fn parsed<T: std::str::FromStr>(&mut self) -> QueryResult<T> {
        self.text()?.parse().map_err(|_| unreadable("number"))
    }

    pub(super) fn yes(&mut self) -> QueryResult<bool> {
        Ok(self.text()? == "1")
    }
}

/// The columns of a statement as one line of texts.
pub(super) fn list(conn: &Conn, columns: &[(Kind, &str)]) -> String {
    let texts: Vec<String> =
        columns.iter().map(|(kind, column)| text_of(conn, *kind, column)).collect();
    format!("SELECT {} AS line", list_of_texts(conn, &texts))
}

/// The rows a statement found.
pub(super) fn rows(found: Vec<Texts>) -> impl Iterator<Item = Row> {
    found.into_iter().map(|texts| Row(texts.into_iter()))
}

/// Bytes from their hexadecimal digits.
pub(super) fn bytes(text: &str) -> QueryResult<Vec<u8>> {
    let two = |at: usize| {
        let digits = text.get(at..at + 2).ok_or_else(|| unreadable("bytes"))?;
        u8::from_str_radix(digits, 16).map_err(|_| unreadable("bytes"))
    };
    (0..text.len()).step_by(2).map(two).collect()
}
