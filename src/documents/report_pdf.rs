//! The consumption report on paper: what a director reads, signs and can have made again.

mod charts;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use self::charts::{bars, curve, grouped, months, table};
use super::DocumentError;
use super::typesetter::{Manuscript, printable, typeset};
use crate::domain::as_of::moment_in_letters;
use crate::domain::report::{
    BALANCE_DEFINITIONS, By, DEFINITIONS, Definition, Key, Report, use_rate,
};
use crate::domain::time::{Zone, in_letters, month_in_letters};

const TEMPLATE: &str = include_str!("templates/report.typ");

/// More rows than this of the grouping asked for are in the spreadsheet alone.
const MOST_ROWS: usize = 1_000;

/// What the paper is made from: reports of one question, grouped differently.
#[derive(Clone, Copy, Debug)]
pub struct ReportFacts<'a> {
    /// By programme, with what each has left.
    pub programmes: &'a Report,
    /// By programme since the beginning.
    pub since_start: &'a Report,
    /// By month.
    pub months: &'a Report,
    /// By theme.
    pub themes: &'a Report,
    /// Where workshops were given: by commune, or by département when there are several.
    pub venues: &'a Report,
    /// Where the people live who came: the same.
    pub homes: &'a Report,
    /// The grouping that was asked for, when it is none of these.
    pub detail: Option<&'a Report>,
    /// The address of the page with the same figures.
    pub address: &'a str,
}

/// The report as a PDF/UA-1 file; the same facts give the same bytes.
///
/// # Errors
/// [`DocumentError::Typesetting`] for the page.
pub fn pdf(facts: &ReportFacts<'_>) -> Result<Vec<u8>, DocumentError> {
    let report = facts.programmes;
    let name = format!("{}/{}", facts.address, report.question.made_at);
    let printed = printed(facts);
    typeset(&Manuscript { template: TEMPLATE, facts: &printed, logo: None, name: &name })
}

fn printed(facts: &ReportFacts<'_>) -> Value {
    let report = facts.programmes;
    let asked = &report.question;
    let period = if report.from == report.to {
        month_in_letters(report.from)
    } else {
        format!("de {} à {}", month_in_letters(report.from), month_in_letters(report.to))
    };
    let last_day = report.to.last_day().min(asked.moment().day_in(Zone::PARIS));
    json!({
        "funder": named(asked.funder.as_ref(), "Tous les financeurs"),
        "programme": named(asked.programme.as_ref(), "Tous les dispositifs"),
        "period": capital(&period),
        "period_within": period,
        "left_on": in_letters(last_day),
        "by_workshop_day": asked.by == By::WorkshopDay,
        "moment": moment_in_letters(asked.moment()),
        "instant": asked.moment().to_string(),
        "made": moment_in_letters(asked.made_at),
        "address": facts.address,
        "tiles": tiles(report),
        "moved": lines(DEFINITIONS, &report.totals.values()),
        "left": lines(BALANCE_DEFINITIONS, &report.balances.values()),
        "rate": rate(facts.since_start),
        "programmes": (report.rows.len() > 1).then(|| {
            let columns = ["committed_cents", "consumed_cents", "released_cents",
                "available_cents", "committed_balance_cents", "payable_cents"];
            table(report, &columns)
        }),
        "curves": [
            curve(facts.months, "workshops_redeemed", "Ateliers validés par mois"),
            curve(facts.months, "consumed_cents", "Montant consommé par mois"),
        ],
        "months": months(facts.months),
        "themes": part(facts.themes, "Ateliers validés par thème"),
        "venues": part(facts.venues, "Ateliers validés selon le territoire du lieu"),
        "homes": part(facts.homes, "Ateliers validés selon le territoire de résidence"),
        "detail": facts.detail.map(detail),
    })
}

fn named(key: Option<&Key>, all: &str) -> String {
    key.map_or_else(|| all.to_owned(), |key| printable(&key.label, 120))
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// The four figures in large letters.
const TILES: [&str; 4] =
    ["committed_cents", "consumed_cents", "available_cents", "workshops_redeemed"];

fn tiles(report: &Report) -> Vec<Value> {
    let values = report.totals.values().into_iter().chain(report.balances.values());
    let all: Vec<_> = DEFINITIONS.iter().chain(BALANCE_DEFINITIONS).zip(values).collect();
    let tile = |name: &&str| {
        let (definition, value) = all.iter().find(|(definition, _)| definition.name == *name)?;
        Some(json!({"heading": definition.heading, "value": figure(definition, *value)}))
    };
    TILES.iter().filter_map(tile).collect()
}

/// Each figure with what it means.
fn lines(definitions: &[Definition], values: &[i64]) -> Vec<Value> {
    let line = |(definition, value): (&Definition, &i64)| {
        json!({
            "heading": definition.heading,
            "value": figure(definition, *value),
            "text": definition.text.replace('\'', "’"),
        })
    };
    definitions.iter().zip(values).map(line).collect()
}

fn rate(since_start: &Report) -> Option<String> {
    let rate = use_rate(&since_start.totals)?;
    Some(format!("Depuis le début, {} ateliers sur 100 accordés ont été utilisés.", grouped(rate)))
}

/// A figure as people write it.
pub(super) fn figure(definition: &Definition, value: i64) -> String {
    if definition.money { crate::domain::money::Cents(value).to_string() } else { grouped(value) }
}

/// A drawing and its table; nothing when nothing was redeemed.
fn part(report: &Report, title: &str) -> Option<Value> {
    let drawing = bars(report, title)?;
    let table = table(report, &["workshops_redeemed", "consumed_cents"]);
    Some(json!({"drawing": drawing, "table": table}))
}

/// The grouping that was asked for, with every counter.
fn detail(report: &Report) -> Value {
    let headings: Vec<&str> = report.groups.iter().map(|group| group.heading()).collect();
    let columns = report.columns();
    let figures = |values: Vec<Option<i64>>| -> Vec<String> {
        let cells = columns.iter().zip(values);
        cells.map(|(c, v)| v.map_or_else(String::new, |value| figure(c, value))).collect()
    };
    let rows: Vec<Value> = report
        .rows
        .iter()
        .take(MOST_ROWS)
        .map(|row| {
            let keys: Vec<String> = row.keys.iter().map(|k| printable(&k.label, 90)).collect();
            json!({"keys": keys, "figures": figures(report.values(row))})
        })
        .collect();
    json!({
        "groups": headings,
        "columns": columns.iter().map(|column| column.heading).collect::<Vec<_>>(),
        "rows": rows,
        "more": report.rows.len().saturating_sub(MOST_ROWS),
        "totals": figures(report.total_values()),
    })
}
