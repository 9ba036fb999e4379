//! The tables beside the drawings: the rows of a report, with the columns that matter there.

use askama::Template;

use super::report_detail::{definitions, figure};
use super::report_filters::{Files, Filters};
use super::wording::number;
use crate::domain::report::{Definition, Group, Report, Row};
use crate::domain::time::Month;

/// More rows than this are in the file alone.
const MOST: usize = 60;

/// The rows of a report, with some of its figures.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/figure_table.html")]
pub struct FigureTable {
    /// The beginning of its ids.
    pub id: &'static str,
    /// Its name.
    pub caption: String,
    /// What its rows are.
    pub heading: &'static str,
    /// Its columns.
    pub columns: Vec<&'static Definition>,
    /// Its rows.
    pub rows: Vec<(String, Vec<String>)>,
    /// The sum, of all rows.
    pub totals: Vec<String>,
    /// How many rows are in the file alone.
    pub more: usize,
    /// The same rows for a spreadsheet, with every figure.
    pub files: Files,
    /// The same rows on a page, with every figure.
    pub detail: Option<String>,
}

impl FigureTable {
    /// A table of some columns. Rows in which all of them are nothing are left out.
    #[must_use]
    pub fn of(
        id: &'static str,
        caption: &str,
        report: &Report,
        columns: &[&str],
        filters: &Filters,
    ) -> Self {
        let (shown, values) = pick(columns);
        let written = |all: Vec<i64>| -> Vec<String> {
            shown.iter().zip(all).map(|(definition, value)| figure(definition, value)).collect()
        };
        let told = report.rows.iter().filter(|row| values(&row.counters).iter().any(|v| *v != 0));
        let mut rows: Vec<(String, Vec<String>)> =
            told.map(|row| (label(row), written(values(&row.counters)))).collect();
        let more = rows.len().saturating_sub(MOST);
        rows.truncate(MOST);
        Self {
            id,
            caption: caption.to_owned(),
            heading: report.groups.first().map_or("", |group| group.heading()),
            totals: written(values(&report.totals)),
            columns: shown,
            rows,
            more,
            files: filters.files(&report.groups),
            detail: Some(filters.detail(&report.groups)),
        }
    }

    /// The same table of a period that began earlier; there is no page of it.
    #[must_use]
    pub fn since(self, from: Month, filters: &Filters) -> Self {
        let files = filters.files_since(from, &[Group::Programme]);
        Self { files, detail: None, ..self }
    }
}

type Values<'a> = Box<dyn Fn(&crate::domain::report::Counters) -> Vec<i64> + 'a>;

/// The definitions of those names, and how to read their values.
fn pick<'a>(names: &'a [&str]) -> (Vec<&'static Definition>, Values<'a>) {
    let shown = definitions().filter(|definition| names.contains(&definition.name)).collect();
    let values = |counters: &crate::domain::report::Counters| {
        let all = definitions().zip(counters.values());
        let wanted = all.filter(|(definition, _)| names.contains(&definition.name));
        wanted.map(|(_, value)| value).collect()
    };
    (shown, Box::new(values))
}

/// What a row is about.
#[must_use]
pub fn label(row: &Row) -> String {
    row.keys.first().map(|key| key.label.clone()).unwrap_or_default()
}

/// Programmes side by side: a line for each figure.
#[derive(Clone, Debug)]
pub struct Programmes {
    /// Their names, and `Total` when there are several.
    pub names: Vec<String>,
    /// Each figure of each programme.
    pub lines: Vec<(&'static Definition, Vec<String>)>,
    /// The same for a spreadsheet.
    pub files: Files,
    /// The same on a page, line by line.
    pub detail: String,
}

impl Programmes {
    /// Every figure of every programme that moved or holds money.
    #[must_use]
    pub fn of(report: &Report, filters: &Filters) -> Self {
        let mut names: Vec<String> = report.rows.iter().map(label).collect();
        let mut columns: Vec<Vec<Option<i64>>> =
            report.rows.iter().map(|row| report.values(row)).collect();
        if names.len() > 1 {
            names.push("Total".to_owned());
            columns.push(report.total_values());
        }
        let line = |(position, definition): (usize, &'static Definition)| {
            let values = columns.iter().filter_map(|column| column.get(position));
            let written = |value: &i64| figure(definition, *value);
            (definition, values.map(|v| v.as_ref().map_or_else(String::new, written)).collect())
        };
        Self {
            names,
            lines: report.columns().into_iter().enumerate().map(line).collect(),
            files: filters.files(&report.groups),
            detail: filters.detail(&report.groups),
        }
    }
}

/// A number of workshops beside a bar or a circle.
#[must_use]
pub fn workshops(value: i64) -> String {
    number(value)
}
