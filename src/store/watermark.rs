//! How far the sums and the facts of reports go: up to a number of the journal. What was posted
//! after it is read from the journal itself.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::connection::Conn;
use super::dialect;
use super::sql_types::Moment;
use crate::domain::time::Instant;

/// What is kept beside the journal for reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Sums by month, agreement and kind.
    Sums,
    /// One narrow row a posting.
    Facts,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Sums => "sums",
            Self::Facts => "facts",
        }
    }

    /// The number up to which it goes, as an expression.
    #[must_use]
    pub fn up_to(self) -> String {
        format!("(SELECT up_to FROM report_watermarks WHERE name = '{}')", self.name())
    }
}

/// How far a part goes.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Watermark {
    /// The number of the last posting that it holds; 0 when it is empty.
    #[diesel(sql_type = BigInt)]
    pub up_to: i64,
    /// None of its postings was recorded later.
    #[diesel(sql_type = Moment)]
    recorded_up_to: Instant,
}

impl Watermark {
    /// Whether the journal held all of the part's postings at that instant.
    #[must_use]
    pub fn is_before(&self, as_of: Option<Instant>) -> bool {
        as_of.is_none_or(|as_of| self.recorded_up_to <= as_of)
    }
}

/// How far a part goes.
pub fn watermark(conn: &mut Conn, part: Part) -> QueryResult<Watermark> {
    let name = part.name();
    let sql = format!("SELECT up_to, recorded_up_to FROM report_watermarks WHERE name = '{name}'");
    diesel::sql_query(sql).get_result(conn)
}

/// Notes that a part holds the postings up to a number.
pub fn advance(conn: &mut Conn, part: Part, after: i64, up_to: i64) -> QueryResult<()> {
    let name = part.name();
    let sql = format!(
        "UPDATE report_watermarks SET up_to = {up_to}, recorded_up_to = (SELECT max(m.at) FROM (\
         SELECT w.recorded_up_to AS at FROM report_watermarks w WHERE w.name = '{name}' UNION ALL \
         SELECT p.recorded_at FROM postings p WHERE p.number > {after} AND p.number <= {up_to}) m) \
         WHERE name = '{name}'"
    );
    super::exactly_one(diesel::sql_query(sql).execute(conn)?)
}

/// Lets one transaction at a time move a watermark, until its end.
pub fn lock(conn: &mut Conn) -> QueryResult<()> {
    dialect::lock_watermarks(conn)
}

/// The number below which no posting is still to come; `None` when somebody takes longer to write
/// some than that many looks, five milliseconds apart.
pub fn settled(conn: &mut Conn, looks: usize) -> QueryResult<Option<i64>> {
    dialect::settled_posting(conn, looks)
}
