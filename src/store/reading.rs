//! Reading the cells of a row into the domain's own types. What does not fit is a loud error that names
//! the table, the row and the column: never a default.

use std::fmt::Display;

use diesel::result::{Error, QueryResult};

use crate::domain::territory::{PUBLICS, Territory, known};
use crate::domain::time::Month;

/// A row that is being read. Its name is written only when something is wrong.
pub struct Reading<I> {
    table: &'static str,
    id: I,
}

impl<I: Display> Reading<I> {
    /// The row of that id in that table.
    #[must_use]
    pub fn of(table: &'static str, id: I) -> Self {
        Self { table, id }
    }

    /// The row itself.
    pub fn there<T>(&self, found: Option<T>) -> QueryResult<T> {
        let Self { table, id } = self;
        found
            .ok_or_else(|| Error::DeserializationError(format!("{table} {id} is not there").into()))
    }

    /// Another row that this one refers to.
    pub fn refers_to<T>(&self, column: &str, found: Option<T>) -> QueryResult<T> {
        found.ok_or_else(|| self.unreadable(column, "of a row that is not there"))
    }

    /// A number that a smaller type of the domain holds.
    pub fn number<T: TryFrom<i32>>(&self, column: &str, value: i32) -> QueryResult<T> {
        T::try_from(value).map_err(|_| self.unreadable(column, value))
    }

    /// A word of a closed list, read by the list's own `from_name`.
    pub fn word<T>(&self, column: &str, word: &str, read: Option<T>) -> QueryResult<T> {
        read.ok_or_else(|| self.unreadable(column, word))
    }

    /// Where people must live.
    pub fn territory(&self, text: &str) -> QueryResult<Territory> {
        let codes = super::words(Some(text));
        match codes.iter().find(|code| !Territory::well_formed(code)) {
            Some(code) => Err(self.unreadable("territory", code)),
            None => Ok(Territory(codes)),
        }
    }

    /// The publics people must belong to one of; none when it says nothing.
    pub fn publics(&self, text: Option<&str>) -> QueryResult<Vec<String>> {
        let publics = super::words(text);
        match publics.iter().find(|public| !known(PUBLICS, public)) {
            Some(public) => Err(self.unreadable("publics", public)),
            None => Ok(publics),
        }
    }

    /// A text that is read by a parser.
    pub fn parsed<T, E>(&self, column: &str, text: &str, read: Result<T, E>) -> QueryResult<T> {
        read.map_err(|_| self.unreadable(column, text))
    }

    /// A month, kept as a number.
    pub fn month(&self, column: &str, number: i32) -> QueryResult<Month> {
        Month::from_number(number).ok_or_else(|| self.unreadable(column, number))
    }

    /// What is wrong with a cell.
    #[must_use]
    pub fn unreadable(&self, column: &str, value: impl Display) -> Error {
        let Self { table, id } = self;
        let value = value.to_string();
        Error::DeserializationError(format!("{table} {id}: {column} cannot be {value:?}").into())
    }
}
