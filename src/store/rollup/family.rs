//! Which sums are kept: what each family of them tells apart.

use crate::domain::report::{By, Group};
use crate::domain::span::{Span, cover};
use crate::domain::time::Month;
use crate::store::connection::Conn;
use crate::store::dialect;

/// Sums by agreements, kinds of postings and spans of months, and by what it tells apart.
pub struct Family {
    /// How soon a posting is added to them.
    pub pace: Pace,
    /// The spans that it has sums of, of accounting months and of workshops' months.
    pub span: Span,
    /// What it tells apart.
    pub told: &'static [Group],
}

/// How soon postings are added to the sums of a family.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Within seconds.
    Soon,
    /// When many wait, or some have for long.
    Gathered,
    /// After those, and not in a rush.
    Late,
}

impl Family {
    const fn of(pace: Pace, span: Span, told: &'static [Group]) -> Self {
        Self { pace, span, told }
    }
}

const BY_HOME_COMMUNE: &[Group] = &[Group::HomeCommune, Group::Departement];

/// Every family. A report is read from those that tell the least of all it asks; from the journal
/// when none does. A migration gives each a place of its own. Nearly every commune has sums in
/// every month, so that those of a year are a twelfth of them. Of families that tell equally many
/// apart the first serves. Age band with publics, theme with either and prescriber with publics have
/// families, with départements, which cost little where an agreement's people live in few.
pub const FAMILIES: [Family; 14] = [
    Family::of(Pace::Soon, Span::Month, &[]),
    Family::of(Pace::Gathered, Span::Month, &[Group::Theme]),
    Family::of(Pace::Gathered, Span::Month, &[Group::AgeBand]),
    Family::of(Pace::Gathered, Span::Month, &[Group::Public]),
    Family::of(Pace::Gathered, Span::Month, &[Group::Prescriber]),
    Family::of(Pace::Gathered, Span::Month, &[Group::Venue]),
    Family::of(Pace::Gathered, Span::Month, BY_HOME_COMMUNE),
    Family::of(Pace::Gathered, Span::Month, &[Group::Departement]),
    Family::of(Pace::Late, Span::Quarter, BY_HOME_COMMUNE),
    Family::of(Pace::Late, Span::Year, BY_HOME_COMMUNE),
    Family::of(Pace::Late, Span::Month, &[Group::AgeBand, Group::Public, Group::Departement]),
    Family::of(Pace::Late, Span::Month, &[Group::Theme, Group::AgeBand, Group::Departement]),
    Family::of(Pace::Late, Span::Month, &[Group::Theme, Group::Public, Group::Departement]),
    Family::of(Pace::Late, Span::Month, &[Group::Prescriber, Group::Public, Group::Departement]),
];

/// A column of the rollup that a family may tell apart.
pub(super) struct Dimension {
    pub(super) group: Group,
    pub(super) column: &'static str,
    source: Source,
    pub(super) journal: &'static str,
    id: bool,
}

/// Where the journal's side of a dimension is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Posting,
    Redemption,
    Pass,
}

pub(super) const DIMENSIONS: [Dimension; 7] = [
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

    pub(super) fn nothing(&self, conn: &Conn) -> String {
        if self.id {
            dialect::nil_id(conn).to_owned()
        } else {
            format!("CAST('{NOTHING}' AS TEXT)")
        }
    }
}

/// Stands for the words that a family does not tell apart, or nobody knows.
pub(super) const NOTHING: &str = "-";

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

pub(super) fn dimensions(groups: &[Group]) -> Vec<&'static Dimension> {
    let told: Vec<Group> = groups.iter().filter_map(|group| told_by(*group)).collect();
    DIMENSIONS.iter().filter(|dimension| told.contains(&dimension.group)).collect()
}

/// Joins that a dimension of the journal needs.
pub(super) fn joins(dimensions: &[&Dimension]) -> String {
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

/// Months that are asked for, the first and the last of them.
#[derive(Clone, Copy)]
pub struct Months {
    /// Which month of a posting.
    pub by: By,
    /// The first.
    pub from: Month,
    /// The last.
    pub to: Month,
}

/// The column of `p` that holds the month a posting counts in.
#[must_use]
pub fn month(by: By) -> &'static str {
    match by {
        By::AccountingMonth => "p.month",
        By::WorkshopDay => "p.workshop_month",
    }
}

impl Months {
    /// The condition on `p`.
    pub(super) fn hold(&self) -> String {
        let (column, from, to) = (month(self.by), self.from.number(), self.to.number());
        format!("{column} >= {from} AND {column} <= {to}")
    }
}

/// Families that tell the same apart, and the least of all that is asked; those of months first.
pub(super) struct Kept {
    /// Their numbers, by how long their spans are.
    by_span: Vec<(Span, usize)>,
}

impl Kept {
    /// `None` when no family has all that is asked.
    pub(super) fn of(dimensions: &[&Dimension]) -> Option<Self> {
        let has_all =
            |family: &&Family| dimensions.iter().all(|one| family.told.contains(&one.group));
        let told = FAMILIES
            .iter()
            .filter(has_all)
            .map(|family| family.told)
            .min_by_key(|told| told.len())?;
        let same = FAMILIES.iter().enumerate().filter(|(_, family)| family.told == told);
        let mut by_span: Vec<(Span, usize)> =
            same.map(|(number, family)| (family.span, number)).collect();
        by_span.sort_unstable();
        Some(Self { by_span })
    }

    /// The family of months.
    pub(super) fn by_month(&self) -> usize {
        self.by_span.first().map_or(0, |(_, number)| *number)
    }

    /// Those of longer spans.
    pub(super) fn longer(&self) -> impl Iterator<Item = usize> {
        self.by_span.iter().skip(1).map(|(_, number)| *number)
    }

    /// The fewest sums that hold these months, as conditions on the rollup's `p`: each family's
    /// own spans of them. After `last` no month has any.
    pub(super) fn covering(&self, months: &Months, last: Option<Month>) -> Vec<String> {
        let spans = cover(months.from, months.to, last);
        let own = self.by_span.iter().filter_map(|(span, family)| {
            let of_it = spans.iter().filter(|(kind, _)| kind == span);
            let firsts: Vec<String> = of_it.map(|(_, first)| first.number().to_string()).collect();
            let column = month(months.by);
            (!firsts.is_empty())
                .then(|| format!("p.family = {family} AND {column} IN ({})", firsts.join(", ")))
        });
        own.collect()
    }
}
