//! The rollup: postings summed once by what reports ask, so that a report reads thousands of sums
//! where the journal has millions of lines. What was posted since is added from the journal in the
//! same statement: a report is exact at every instant, and a posting pays nothing for it.

mod family;
mod fold;
mod marks;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable};

use self::family::{Dimension, Kept, dimensions, joins};
pub use self::family::{FAMILIES, Months, Pace, month};
pub use self::fold::{Added, Piece};
pub use self::marks::{differences, folded_at, lock, mark, settled};
use super::connection::Conn;
use super::dialect;
use super::sql_types::Moment;
use crate::domain::report::{By, Group};
use crate::domain::time::{Instant, Month};

/// A clock of another instance may be ahead by less than this.
const CLOCKS_AGREE_SECONDS: i64 = 600;

const SHARED: &str = "p.month, p.workshop_month, p.agreement_id, p.kind, p.lead";
/// What is summed, in the order a row of sums is read in.
pub(super) const SUMS: [&str; 4] = ["postings", "workshops", "starts", "amount_cents"];

/// What is asked of the journal.
pub struct Asked<'a> {
    /// What rows are grouped by.
    pub groups: &'a [Group],
    /// Which months; all of them when `None`.
    pub months: Option<Months>,
    /// A condition on what rollup and journal both have of `p`: agreement, kind.
    pub only: &'a str,
    /// Only what the journal held then; all of it when `None`.
    pub as_of: Option<Instant>,
    /// The condition that says so of the journal's `p`; the parameter stands in it in any case.
    pub recorded: &'a str,
}

impl Asked<'_> {
    /// Everything up to now, by months, agreement and kind.
    #[must_use]
    pub fn everything() -> Self {
        Self { groups: &[], months: None, only: "1 = 1", as_of: None, recorded: "1 = 1" }
    }
}

/// The relation `p` a report sums: rollup and journal, with the columns `agreement_id`, `kind`,
/// `lead`, those of the groups, and the sums `postings`, `workshops`, `starts` and `amount_cents`;
/// and `month` and `workshop_month`, which are those of a longer span where no group is a month.
pub fn sums(conn: &mut Conn, asked: &Asked<'_>) -> QueryResult<String> {
    let dimensions = dimensions(asked.groups);
    let only = match &asked.months {
        Some(months) => format!("{} AND {}", months.hold(), asked.only),
        None => asked.only.to_owned(),
    };
    let unfolded = || {
        let journal = journal(&dimensions, "", &only);
        Ok(format!("({journal} AND {}) p", asked.recorded))
    };
    let Some(kept) = Kept::of(&dimensions) else { return unfolded() };
    let family = kept.by_month();
    let (up_to, one_moment) = folded(conn, family, None)?;
    let before = match asked.as_of {
        Some(as_of) => folded(conn, family, Some(as_of.plus_seconds(-CLOCKS_AGREE_SECONDS)))?.0,
        None => up_to,
    };
    if before == 0 {
        return unfolded();
    }
    // Postings may be folded between two statements, but not where all read one moment; a number
    // there lets PostgreSQL add up on several cores, a question does not.
    let last = if one_moment { up_to.to_string() } else { last(family) };
    let by_number = dialect::not_by_month(conn, &only);
    let told = listed(
        dimensions
            .iter()
            .map(|one| format!("nullif(p.{0}, {1}) AS {0}", one.column, one.nothing(conn))),
    );
    let summed =
        summed(conn, &kept, asked, one_moment.then_some(up_to))?.into_iter().map(|of_it| {
            format!(
                "SELECT {told}, p.postings, p.workshops, p.starts, p.amount_cents \
             FROM rollup_sums p WHERE {of_it} AND {}",
                asked.only
            )
        });
    let sums = format!(
        "({} UNION ALL {} AND p.number > {up_to} AND p.number > {last} AND {}",
        summed.collect::<Vec<_>>().join(" UNION ALL "),
        journal(&dimensions, "", &by_number),
        asked.recorded
    );
    if asked.as_of.is_none() {
        return Ok(format!("{sums}) p"));
    }
    // What was folded and recorded after that instant is taken off again.
    Ok(format!(
        "{sums} UNION ALL {} AND p.number > {before} AND p.number <= {last} AND NOT ({})) p",
        journal(&dimensions, "-", &by_number),
        asked.recorded
    ))
}

/// Which sums of the rollup are those of the months that are asked for, as conditions on its `p`.
/// Those of longer spans only where all that is read is of one moment, in which they go as far as
/// the months do.
fn summed(
    conn: &mut Conn,
    kept: &Kept,
    asked: &Asked<'_>,
    up_to: Option<i64>,
) -> QueryResult<Vec<String>> {
    let family = kept.by_month();
    let Some(months) = &asked.months else { return Ok(vec![format!("p.family = {family}")]) };
    let by_month = vec![format!("p.family = {family} AND {}", months.hold())];
    if asked.groups.contains(&Group::Month) || kept.longer().next().is_none() {
        return Ok(by_month);
    }
    for longer in kept.longer() {
        // A program that knew less of them may have folded the months alone.
        if up_to != Some(folded(conn, longer, None)?.0) {
            return Ok(by_month);
        }
    }
    let now = asked.as_of.is_none() && months.by == By::AccountingMonth;
    let last = if now { last_month(conn, family)? } else { None };
    let longer = kept.covering(months, last);
    Ok(if longer.is_empty() { by_month } else { longer })
}

/// The last accounting month that a family has sums of.
fn last_month(conn: &mut Conn, family: usize) -> QueryResult<Option<Month>> {
    #[derive(QueryableByName)]
    struct Last {
        #[diesel(sql_type = Nullable<Integer>)]
        month: Option<i32>,
    }
    let sql = format!("SELECT max(month) AS month FROM rollup_sums WHERE family = {family}");
    let last: Last = diesel::sql_query(sql).get_result(conn)?;
    Ok(last.month.and_then(Month::from_number))
}

/// The number of the last posting that is folded into a family, as an expression.
fn last(family: usize) -> String {
    format!("(SELECT coalesce(max(up_to), 0) FROM rollup_marks WHERE family = {family})")
}

fn listed(told: impl Iterator<Item = String>) -> String {
    let columns: Vec<String> = std::iter::once(SHARED.to_owned()).chain(told).collect();
    columns.join(", ")
}

/// The relation `p` of everything up to now, by agreement and kind.
pub fn whole(conn: &mut Conn) -> QueryResult<String> {
    sums(conn, &Asked::everything())
}

fn journal(dimensions: &[&Dimension], sign: &str, only: &str) -> String {
    let told = listed(dimensions.iter().map(|one| format!("{} AS {}", one.journal, one.column)));
    let whole = |column: &str| format!("CAST({sign}{column} AS BIGINT)");
    format!(
        "SELECT {told}, {} AS postings, {} AS workshops, {} AS starts, {} AS amount_cents \
         FROM postings p{} WHERE {only}",
        whole("1"),
        whole("p.workshops"),
        whole("p.starts"),
        whole("p.amount_cents"),
        joins(dimensions)
    )
}

/// The number of the last posting that is folded into a family, as of a moment; 0 when none was.
/// And whether what is read next is of the same moment.
pub fn folded(conn: &mut Conn, family: usize, at: Option<Instant>) -> QueryResult<(i64, bool)> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        up_to: i64,
        #[diesel(sql_type = Bool)]
        one_moment: bool,
    }
    let parameter = dialect::parameter(conn, 1);
    let when = if at.is_some() {
        format!("folded_at <= {parameter}")
    } else {
        format!("{parameter} IS NULL")
    };
    let sql = format!(
        "SELECT coalesce(max(up_to), 0) AS up_to, {} AS one_moment FROM rollup_marks \
         WHERE family = {family} AND {when}",
        dialect::of_one_moment(conn)
    );
    let row: Row = diesel::sql_query(sql).bind::<Nullable<Moment>, _>(at).get_result(conn)?;
    Ok((row.up_to, row.one_moment))
}
