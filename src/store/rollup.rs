//! The rollup: postings summed once by what reports ask, so that a report reads thousands of sums
//! where the journal has millions of lines. What was posted since is added from the journal in the
//! same statement: a report is exact at every instant, and a posting pays nothing for it.

mod fold;
mod marks;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};

pub use self::fold::{Added, Piece};
pub use self::marks::{differences, folded_at, lock, mark, settled};
use super::connection::Conn;
use super::dialect;
use super::sql_types::Moment;
use crate::domain::report::Group;
use crate::domain::time::Instant;

/// What each family tells apart, beside months, agreements and kinds of postings. A report is read
/// from the smallest that has all it asks; from the journal when none has. A migration gives each a
/// place of its own.
pub const FAMILIES: [&[Group]; 8] = [
    &[],
    &[Group::Theme],
    &[Group::AgeBand],
    &[Group::Public],
    &[Group::Prescriber],
    &[Group::Venue],
    &[Group::HomeCommune, Group::Departement],
    &[Group::Departement],
];

/// A clock of another instance may be ahead by less than this.
const CLOCKS_AGREE_SECONDS: i64 = 600;

/// A column of the rollup that a family may tell apart.
struct Dimension {
    group: Group,
    column: &'static str,
    source: Source,
    journal: &'static str,
    id: bool,
}

/// Where the journal's side of a dimension is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Posting,
    Redemption,
    Pass,
}

const DIMENSIONS: [Dimension; 7] = [
    Dimension::new(Group::Venue, "venue_id", Source::Posting, "p.venue_id"),
    Dimension::new(Group::Theme, "theme", Source::Redemption, "r.theme"),
    Dimension::new(Group::Prescriber, "prescriber_id", Source::Pass, "s.prescriber_id"),
    Dimension::new(Group::HomeCommune, "home_commune", Source::Pass, "s.home_commune"),
    Dimension::new(
        Group::Departement,
        "departement",
        Source::Pass,
        "CASE WHEN s.home_commune LIKE '97%' OR s.home_commune LIKE '98%' \
         THEN substr(s.home_commune, 1, 3) ELSE substr(s.home_commune, 1, 2) END",
    ),
    Dimension::new(Group::AgeBand, "age_band", Source::Pass, "s.age_band"),
    Dimension::new(Group::Public, "publics", Source::Pass, "s.publics"),
];

impl Dimension {
    const fn new(
        group: Group,
        column: &'static str,
        source: Source,
        journal: &'static str,
    ) -> Self {
        let id = matches!(group, Group::Venue | Group::Prescriber);
        Self { group, column, source, journal, id }
    }

    fn nothing(&self, conn: &Conn) -> String {
        if self.id {
            dialect::nil_id(conn).to_owned()
        } else {
            format!("CAST('{NOTHING}' AS TEXT)")
        }
    }
}

/// The dimension a group is told by, when months and agreements do not tell it.
fn told_by(group: Group) -> Option<Group> {
    match group {
        Group::Month | Group::Programme | Group::Agreement => None,
        Group::Venue | Group::VenueCommune | Group::VenueDepartement => Some(Group::Venue),
        Group::Theme
        | Group::Prescriber
        | Group::HomeCommune
        | Group::Departement
        | Group::AgeBand
        | Group::Public => Some(group),
    }
}

fn dimensions(groups: &[Group]) -> Vec<&'static Dimension> {
    let told: Vec<Group> = groups.iter().filter_map(|group| told_by(*group)).collect();
    DIMENSIONS.iter().filter(|dimension| told.contains(&dimension.group)).collect()
}

fn family_of(dimensions: &[&Dimension]) -> Option<usize> {
    let has_all = |family: &[Group]| dimensions.iter().all(|one| family.contains(&one.group));
    let all = FAMILIES.iter().enumerate().filter(|(_, family)| has_all(family));
    all.min_by_key(|(_, family)| family.len()).map(|(number, _)| number)
}

/// Joins that a dimension of the journal needs.
fn joins(dimensions: &[&Dimension]) -> String {
    let reads = |table: Source| dimensions.iter().any(|one| one.source == table);
    let mut joins = String::new();
    if reads(Source::Pass) {
        joins.push_str(" LEFT JOIN passes s ON s.id = p.origin_id");
    }
    if reads(Source::Redemption) {
        joins.push_str(" LEFT JOIN redemptions r ON r.id = p.redemption_id");
    }
    joins
}

/// Stands for the words that a family does not tell apart, or nobody knows.
const NOTHING: &str = "-";

const SHARED: &str = "p.month, p.workshop_month, p.agreement_id, p.kind, p.lead";
/// What is summed, in the order a row of sums is read in.
pub(super) const SUMS: [&str; 4] = ["postings", "workshops", "starts", "amount_cents"];

/// What is asked of the journal.
pub struct Asked<'a> {
    /// What rows are grouped by.
    pub groups: &'a [Group],
    /// A condition on what rollup and journal both have of `p`: months, agreement, kind.
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
        Self { groups: &[], only: "1 = 1", as_of: None, recorded: "1 = 1" }
    }
}

/// The relation `p` a report sums: rollup and journal, with the columns `month`,
/// `workshop_month`, `agreement_id`, `kind`, `lead`, those of the groups, and the sums `postings`,
/// `workshops`, `starts` and `amount_cents`.
pub fn sums(conn: &mut Conn, asked: &Asked<'_>) -> QueryResult<String> {
    let dimensions = dimensions(asked.groups);
    let unfolded = || {
        let journal = journal(&dimensions, "", asked.only);
        Ok(format!("({journal} AND {}) p", asked.recorded))
    };
    let Some(family) = family_of(&dimensions) else { return unfolded() };
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
    let by_number = dialect::not_by_month(conn, asked.only);
    let told = dimensions
        .iter()
        .map(|one| format!("nullif(p.{0}, {1}) AS {0}", one.column, one.nothing(conn)));
    let told = listed(told);
    let sums = format!(
        "(SELECT {told}, p.postings, p.workshops, p.starts, p.amount_cents \
         FROM rollup_sums p WHERE p.family = {family} AND {} UNION ALL {} \
         AND p.number > {up_to} AND p.number > {last} AND {}",
        asked.only,
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
