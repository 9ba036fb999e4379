//! What a statement does with the rows of a list, and how it is put to each engine.

use std::sync::OnceLock;

use super::cells::Shape;
use crate::store::connection::{Conn, Engine};

/// What is done with the rows `asked` of a list. Their columns are named `asked.…`.
pub enum Form {
    /// Rows of that table are made of them.
    Insert(&'static str),
    /// They are added to the sums of that table, whose key is what is no sum.
    Add {
        /// The table.
        table: &'static str,
        /// Its sums.
        sums: &'static [&'static str],
    },
    /// Rows of a table are changed.
    Change {
        /// The table.
        table: &'static str,
        /// What becomes of its columns.
        set: &'static str,
        /// Which of its rows.
        only: &'static str,
    },
    /// Rows of other tables are found.
    Find {
        /// What is told of them.
        columns: String,
        /// The other tables, from the first that is looked into.
        from: &'static str,
        /// Which of their rows.
        only: &'static str,
    },
}

/// A statement as the engine takes it: between its parts stands the list, or a column of a row.
pub struct Text {
    pub(super) parts: Vec<String>,
    pub(super) columns: Vec<usize>,
}

impl Text {
    fn of<S: Shape>(conn: &Conn, form: &Form) -> Self {
        let names: Vec<&str> = S::COLUMNS.iter().map(|(name, _)| *name).collect();
        let (names, each) = (names.join(", "), format!("asked.{}", names.join(", asked.")));
        match &conn.engine {
            Engine::Postgres(_) => {
                let (before, after) = match form {
                    Form::Add { table, sums } => {
                        let into = format!("INSERT INTO {table} AS kept ({names}) SELECT {each}");
                        (into, added::<S>(sums))
                    }
                    Form::Insert(table) => {
                        (format!("INSERT INTO {table} ({names}) SELECT {each}"), String::new())
                    }
                    Form::Change { table, set, only } => {
                        (format!("UPDATE {table} SET {set}"), format!(" WHERE {only}"))
                    }
                    Form::Find { columns, from, only } => {
                        let rest = format!(" CROSS JOIN {from} WHERE {only}");
                        (format!("SELECT {columns}"), rest)
                    }
                };
                let parts = vec![format!("{before} FROM unnest("), format!(") AS asked{after}")];
                Self { parts, columns: Vec::new() }
            }
            Engine::Sqlite(_) => Self::of_one_row::<S>(&match form {
                Form::Insert(table) => format!("INSERT INTO {table} ({names}) VALUES ({each})"),
                Form::Add { table, sums } => {
                    let after = added::<S>(sums);
                    format!("INSERT INTO {table} AS kept ({names}) VALUES ({each}){after}")
                }
                Form::Change { table, set, only } => {
                    format!("UPDATE {table} SET {set} WHERE {only}")
                }
                Form::Find { columns, from, only } => {
                    format!("SELECT {columns} FROM {from} WHERE {only}")
                }
            }),
        }
    }

    fn of_one_row<S: Shape>(sql: &str) -> Self {
        let mut pieces = sql.split("asked.");
        let mut text =
            Self { parts: vec![pieces.next().unwrap_or_default().to_owned()], columns: Vec::new() };
        for piece in pieces {
            let word = |letter: char| letter.is_ascii_lowercase() || letter == '_';
            let end = piece.find(|letter| !word(letter)).unwrap_or(piece.len());
            let (name, rest) = piece.split_at(end);
            let place = S::COLUMNS.iter().position(|(column, _)| *column == name);
            text.columns.push(place.unwrap_or(usize::MAX));
            text.parts.push(rest.to_owned());
        }
        text
    }
}

/// What becomes of a row that finds another of its key.
fn added<S: Shape>(sums: &[&str]) -> String {
    let key = S::COLUMNS.iter().map(|(name, _)| *name).filter(|name| !sums.contains(name));
    let key: Vec<&str> = key.collect();
    let set = sums.iter().map(|sum| format!("{sum} = kept.{sum} + excluded.{sum}"));
    let set: Vec<String> = set.collect();
    format!(" ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), set.join(", "))
}

/// A text for each engine, written when it is first needed.
pub struct Texts {
    postgres: OnceLock<Text>,
    sqlite: OnceLock<Text>,
}

impl Texts {
    /// Nothing written yet.
    #[must_use]
    pub const fn unwritten() -> Self {
        Self { postgres: OnceLock::new(), sqlite: OnceLock::new() }
    }

    /// The text of a form over rows of that shape.
    pub fn of<S: Shape>(&self, conn: &Conn, form: impl FnOnce() -> Form) -> &Text {
        let text = match &conn.engine {
            Engine::Postgres(_) => &self.postgres,
            Engine::Sqlite(_) => &self.sqlite,
        };
        text.get_or_init(|| Text::of::<S>(conn, &form()))
    }
}
