//! Reports that leave the house: rows by where people live, what public or what age they are tell
//! nothing about a few of them.
//!
//! The rule is that of open data ([`super::disclosure`]), for a table of one dimension: a row about
//! fewer than [`FEWEST_PEOPLE`] people is not told. Such rows stand together in one, so that rows
//! still add up to totals. Since totals are told, that one row is what anybody can compute by taking
//! the told rows off: others join it, the smallest first, until it is about enough people too.

use chrono::Datelike;

use super::disclosure::FEWEST_PEOPLE;
use super::report::{Counters, DEFINITIONS, Group, Key, Row};
use super::time::{Instant, Zone};

/// What the row of those that are not told is called.
pub const TOGETHER: &str = "Regroupé (moins de 11 personnes)";

/// The most workshops of one pass: so many can be one person's.
const MOST_OF_ONE: i64 = 10;

/// Whether these groups may cross: at most one of them is about people. Two that cross would say who
/// is of what age where.
#[must_use]
pub fn may_be_asked(groups: &[Group]) -> bool {
    groups.iter().filter(|group| group.is_about_people()).count() < 2
}

/// Whether what is about people may be told as of that moment: the end of a month in Paris. Between
/// two moments that lie closer somebody alone was handed a pass.
#[must_use]
pub fn may_be_disclosed_as_of(as_of: Instant) -> bool {
    let next = as_of.plus_seconds(1);
    let day = next.day_in(Zone::PARIS);
    let midnight = Zone::PARIS.midnight(day);
    day.day() == 1 && next.micros() - midnight.micros() < 1_000_000
}

/// Whether an agreement for some communes or publics alone must not stand among these groups: it is
/// about people, and so is another of them.
#[must_use]
pub fn crosses_bounded_agreement(groups: &[Group]) -> bool {
    groups.contains(&Group::Agreement) && groups.iter().any(|group| group.is_about_people())
}

/// The rows as they are told outside of the house, `place` being that of the group about people among
/// their keys. What a commune's own report leaves when the rows told of it are taken off is about
/// enough people too.
#[must_use]
pub fn disclosed(rows: Vec<Row>, place: usize) -> Vec<Row> {
    let (mut shown, mut suppressed) = (Vec::new(), Vec::new());
    for rows in by_key(rows, place) {
        let mut parts = partition(rows);
        shown.append(&mut parts.disclosed);
        suppressed.append(&mut parts.suppressed);
    }
    let mut parts = Partition { disclosed: shown, suppressed };
    if !parts.suppressed.is_empty() {
        parts.suppress_until_enough();
    }
    parts.rows()
}

/// All rows as one: what is asked of a moment of which no row may be told.
#[must_use]
pub fn merged(rows: Vec<Row>) -> Vec<Row> {
    Partition { disclosed: Vec::new(), suppressed: rows }.rows()
}

fn by_key(rows: Vec<Row>, place: usize) -> Vec<Vec<Row>> {
    let mut found: Vec<(Option<String>, Vec<Row>)> = Vec::new();
    for row in rows {
        let value = row.keys.get(place).and_then(|key| key.value.clone());
        match found.iter_mut().find(|(known, _)| *known == value) {
            Some((_, rows)) => rows.push(row),
            None => found.push((value, vec![row])),
        }
    }
    found.into_iter().map(|(_, rows)| rows).collect()
}

/// Rows that are told, and rows about too few people.
struct Partition {
    disclosed: Vec<Row>,
    suppressed: Vec<Row>,
}

fn partition(rows: Vec<Row>) -> Partition {
    let (shown, suppressed) = rows.into_iter().partition(|row| about_enough(&row.counters));
    let mut parts = Partition { disclosed: shown, suppressed };
    if !parts.suppressed.is_empty() {
        parts.suppress_until_enough();
    }
    parts
}

impl Partition {
    /// What is not told, together.
    fn counters(&self) -> Counters {
        let mut together = Counters::default();
        for row in &self.suppressed {
            together.add(&row.counters);
        }
        together
    }

    fn rows(mut self) -> Vec<Row> {
        let Some(first) = self.suppressed.first() else { return self.disclosed };
        let nobody = Key { label: TOGETHER.to_owned(), value: None };
        let keys = vec![nobody; first.keys.len()];
        let counters = self.counters();
        self.disclosed.push(Row { keys, counters, balances: None, stock: None });
        self.disclosed
    }

    /// Others join what is not told, the smallest first, until that is about enough people.
    fn suppress_until_enough(&mut self) {
        while !about_enough(&self.counters()) {
            let about_people = |(_, row): &(usize, &Row)| people(&row.counters) > 0;
            let sizes = self.disclosed.iter().enumerate().filter(about_people);
            let smallest = sizes.min_by_key(|(_, row)| people(&row.counters));
            let Some((at, _)) = smallest else { break };
            self.suppressed.push(self.disclosed.remove(at));
        }
    }
}

/// Whether a row is about nobody, or about enough people in each of its counts.
fn about_enough(counters: &Counters) -> bool {
    let fewest = i64::try_from(FEWEST_PEOPLE).unwrap_or(i64::MAX);
    let counts = counts(counters);
    counts.iter().all(|count| *count == 0)
        || (counts.iter().all(|count| *count == 0 || *count >= fewest)
            && people(counters) >= fewest)
}

/// At least so many people a row is about, as far as its counts say.
fn people(counters: &Counters) -> i64 {
    let workshops =
        [counters.workshops_granted, counters.workshops_redeemed, counters.workshops_lapsed];
    let most = workshops.into_iter().map(i64::abs).max().unwrap_or(0);
    let by_workshops = most.saturating_add(MOST_OF_ONE - 1) / MOST_OF_ONE;
    by_workshops.max(counters.passes_handed_over.abs())
}

/// What a row counts that is no money.
fn counts(counters: &Counters) -> Vec<i64> {
    let values = DEFINITIONS.iter().zip(counters.values());
    values.filter(|(definition, _)| !definition.money).map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::as_of::AsOf;

    fn row(name: &str, passes: i64, redeemed: i64) -> Row {
        let key = Key { label: name.to_owned(), value: Some(name.to_owned()) };
        let counters = Counters {
            passes_handed_over: passes,
            workshops_granted: passes * 10,
            workshops_redeemed: redeemed,
            consumed_cents: redeemed * 1_000,
            ..Counters::default()
        };
        Row { keys: vec![key], counters, balances: None, stock: None }
    }

    fn names(rows: &[Row]) -> Vec<(&str, i64)> {
        let name = |row: &Row| row.keys[0].value.clone();
        rows.iter()
            .map(|row| {
                let named = if name(row).is_some() { row.keys[0].label.as_str() } else { "-" };
                (named, row.counters.passes_handed_over)
            })
            .collect()
    }

    fn disclosed_alone(rows: Vec<Row>) -> Vec<Row> {
        disclosed(rows, 0)
    }

    #[test]
    fn what_a_crossed_report_leaves_of_one_value_is_about_enough_people_too() {
        let in_month = |month: &str, name: &str, passes: i64| {
            let mut row = row(name, passes, 0);
            row.keys.push(Key { label: month.to_owned(), value: Some(month.to_owned()) });
            row
        };
        let rows = vec![
            in_month("1", "a", 40),
            in_month("2", "a", 20),
            in_month("3", "a", 9),
            in_month("1", "b", 30),
            in_month("2", "b", 30),
        ];
        let rows = disclosed(rows, 0);
        assert_eq!(names(&rows), [("a", 40), ("b", 30), ("b", 30), ("-", 29)]);
    }

    #[test]
    fn moments_lie_a_month_apart() {
        let asked = |text: &str| may_be_disclosed_as_of(text.parse::<AsOf>().unwrap().instant);
        assert!(asked("2026-03-31") && asked("2026-03-31T21:59:59Z"));
        for other in ["2026-03-30", "2026-03-31T21:59:58Z", "2026-03-31T22:00:00Z"] {
            assert!(!asked(other), "{other}");
        }
    }

    #[test]
    fn rows_about_few_people_stand_together() {
        let rows = disclosed_alone(vec![
            row("a", 40, 100),
            row("b", 6, 20),
            row("c", 7, 20),
            row("d", 11, 0),
        ]);
        assert_eq!(names(&rows), [("a", 40), ("d", 11), ("-", 13)]);
    }

    #[test]
    fn what_totals_leave_is_about_enough_people_too() {
        let rows = disclosed_alone(vec![
            row("a", 40, 100),
            row("b", 3, 0),
            row("c", 12, 20),
            row("d", 30, 0),
        ]);
        assert_eq!(names(&rows), [("a", 40), ("d", 30), ("-", 15)], "the smallest joins");
        let rows = disclosed_alone(vec![row("a", 40, 3), row("b", 30, 50)]);
        assert_eq!(names(&rows), [("-", 70)], "three workshops are three people's at most");
        let rows = disclosed_alone(vec![row("a", 5, 3)]);
        assert_eq!(names(&rows), [("-", 5)], "nobody learns where they live");
    }

    #[test]
    fn nothing_is_hidden_where_nobody_or_enough_people_are_counted() {
        let money = Row {
            counters: Counters { received_cents: 1, ..Counters::default() },
            ..row("money", 0, 0)
        };
        let rows = vec![row("a", 11, 0), row("b", 0, 200), money];
        assert_eq!(disclosed(rows.clone(), 0), rows);
        assert_eq!(disclosed(Vec::new(), 0), Vec::new());
    }

    #[test]
    fn rows_add_up_to_the_same_totals_whatever_they_are() {
        let mut seed = 1_u64;
        for _ in 0..500 {
            let mut rows = Vec::new();
            for name in 0..seed % 9 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let passes = i64::try_from(seed >> 60).unwrap() * 2;
                rows.push(row(&name.to_string(), passes, i64::try_from(seed >> 58).unwrap() % 40));
            }
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(7);
            let sum = |rows: &[Row]| {
                let mut all = Counters::default();
                for row in rows {
                    all.add(&row.counters);
                }
                all
            };
            let shown = disclosed(rows.clone(), 0);
            assert_eq!(sum(&shown), sum(&rows));
            let few = shown.iter().filter(|row| !about_enough(&row.counters));
            let of_people = shown.iter().filter(|row| people(&row.counters) > 0);
            assert!(few.count() == 0 || of_people.count() == 1, "{rows:?}");
        }
    }

    #[test]
    fn no_two_groupings_by_people_cross() {
        assert!(may_be_asked(&[Group::HomeCommune]) && may_be_asked(&[]));
        assert!(may_be_asked(&[Group::Venue, Group::Month, Group::Theme]));
        assert!(may_be_asked(&[Group::AgeBand, Group::Month]));
        assert!(!may_be_asked(&[Group::AgeBand, Group::Month, Group::Public]));
    }
}
