//! A statement whose one parameter is a JSON list, prepared once a connection: a whole batch of
//! rows is asked for, or written, by one of them.

use std::marker::PhantomData;

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Text, Untyped};

use super::connection::{Conn, MultiBackend};
use super::dialect;

/// One statement. `Q` is a type of its own for each text: what is prepared is found by it.
pub struct Listed<'a, Q> {
    before: String,
    list: &'a str,
    after: String,
    which: PhantomData<Q>,
}

impl<'a, Q> Listed<'a, Q> {
    /// `select` FROM the rows `asked (line)` of `list`, then `rest`.
    #[must_use]
    pub fn new(conn: &Conn, select: &str, list: &'a str, rest: &str) -> Self {
        let (open, close) = dialect::around_list(conn);
        let before = format!("{select} FROM {open}");
        Self { before, list, after: format!("{close} {rest}"), which: PhantomData }
    }
}

impl<Q: 'static> QueryId for Listed<'_, Q> {
    type QueryId = Q;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Q> QueryFragment<MultiBackend> for Listed<'_, Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(&self.before);
        out.push_bind_param::<Text, _>(self.list)?;
        out.push_sql(&self.after);
        Ok(())
    }
}

impl<Q> Query for Listed<'_, Q> {
    type SqlType = Untyped;
}

impl<Q> RunQueryDsl<Conn> for Listed<'_, Q> {}

/// The text and list of a statement that becomes part of another.
pub struct Part<'a> {
    before: String,
    list: &'a str,
    after: String,
}

impl<'a, Q> Listed<'a, Q> {
    /// The statement as a part of another.
    #[must_use]
    pub fn part(self) -> Part<'a> {
        Part { before: self.before, list: self.list, after: self.after }
    }
}

impl Part<'_> {
    fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(&self.before);
        out.push_bind_param::<Text, _>(self.list)?;
        out.push_sql(&self.after);
        Ok(())
    }
}

/// Several writing statements in one, on an engine that can: one round trip.
pub struct Together<'a, Q> {
    first: Vec<Part<'a>>,
    last: Part<'a>,
    which: PhantomData<Q>,
}

impl<'a, Q> Together<'a, Q> {
    /// Those, and then the last.
    #[must_use]
    pub fn new(first: Vec<Part<'a>>, last: Part<'a>) -> Self {
        Self { first, last, which: PhantomData }
    }
}

impl<Q: 'static> QueryId for Together<'_, Q> {
    type QueryId = Q;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Q> QueryFragment<MultiBackend> for Together<'_, Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        for (number, part) in self.first.iter().enumerate() {
            out.push_sql(if number == 0 { "WITH " } else { ", " });
            out.push_sql(NAMES.get(number).copied().unwrap_or("more"));
            out.push_sql(" AS (");
            part.walk(&mut out)?;
            out.push_sql(")");
        }
        out.push_sql(" ");
        self.last.walk(&mut out)
    }
}

const NAMES: [&str; 4] = ["first", "second", "third", "fourth"];

impl<Q> Query for Together<'_, Q> {
    type SqlType = Untyped;
}

impl<Q> RunQueryDsl<Conn> for Together<'_, Q> {}

/// A row that is one JSON list of texts.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The texts of each row a statement finds; it gives each as the column `line`.
pub fn texts<Q: 'static>(
    conn: &mut Conn,
    statement: Listed<'_, Q>,
) -> QueryResult<Vec<Vec<Option<String>>>> {
    let rows: Vec<Line> = statement.load(conn)?;
    rows.iter()
        .map(|row| serde_json::from_str(&row.line).map_err(|_| super::unreadable("list")))
        .collect()
}
