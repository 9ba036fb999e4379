//! Drawings and tables of the report on paper, as the template reads them: places are shares of
//! the drawing, figures are words.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::typesetter::printable;
use super::figure;
use crate::domain::report::{BALANCE_DEFINITIONS, DEFINITIONS, Definition, Report, Row};
use crate::domain::time::{Month, month_in_letters};

/// How many bars a drawing has, and rows a table, before the rest is one.
const MOST_BARS: usize = 10;
const MOST_ROWS: usize = 40;

/// Thousands apart by a narrow space that does not break.
pub(super) fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::from(if value < 0 { "-" } else { "" });
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// The definition of that name and the value of a row or of the totals under it.
fn read(name: &str, values: &[i64]) -> Option<(&'static Definition, i64)> {
    let all = DEFINITIONS.iter().chain(BALANCE_DEFINITIONS).zip(values);
    all.into_iter().find(|(definition, _)| definition.name == name).map(|(d, value)| (d, *value))
}

fn values_of(row: &Row) -> Vec<i64> {
    let balances = row.balances.unwrap_or_default().values();
    row.counters.values().into_iter().chain(balances).collect()
}

fn label(row: &Row) -> String {
    row.keys.first().map(|key| printable(&key.label, 90)).unwrap_or_default()
}

/// Part of a whole between 0 and 1.
fn share(value: i64, whole: i64) -> f64 {
    let thousandths = value.saturating_mul(10_000).checked_div(whole).unwrap_or(0);
    f64::from(i32::try_from(thousandths.clamp(0, 10_000)).unwrap_or(0)) / 10_000.0
}

/// Every month of the period with its value, those without any movement too.
fn each_month(report: &Report, name: &str) -> Vec<(Month, i64)> {
    let known: BTreeMap<&str, i64> = report
        .rows
        .iter()
        .filter_map(|row| {
            let month = row.keys.first()?.value.as_deref()?;
            Some((month, read(name, &values_of(row))?.1))
        })
        .collect();
    let all = std::iter::successors(Some(report.from), |month| Some(month.next()));
    all.take_while(|month| *month <= report.to)
        .map(|month| (month, known.get(month.to_string().as_str()).copied().unwrap_or(0)))
        .collect()
}

/// A figure over the months.
pub(super) fn curve(report: &Report, name: &str, title: &str) -> Option<Value> {
    let moments = each_month(report, name);
    let definition = DEFINITIONS.iter().find(|definition| definition.name == name)?;
    let (highest, most) = *moments.iter().max_by_key(|(_, value)| *value)?;
    let top = round_above(most.max(1));
    let last = i64::try_from(moments.len()).unwrap_or(i64::MAX).saturating_sub(1).max(1);
    let points: Vec<Value> = (0..)
        .zip(&moments)
        .map(|(position, (_, value))| json!([share(position, last), share(*value, top)]))
        .collect();
    let ends: Vec<String> = [moments.first(), moments.last()]
        .into_iter()
        .flatten()
        .map(|(month, _)| month_in_letters(*month))
        .collect();
    let alt = format!(
        "Courbe : {}, de {} à {}. Le plus haut : {} en {}. Tous les chiffres sont dans le tableau \
         qui suit.",
        title.to_lowercase(),
        month_in_letters(report.from),
        month_in_letters(report.to),
        figure(definition, most),
        month_in_letters(highest)
    );
    let levels: Vec<String> = [0, top / 2, top].map(|level| level_of(definition, level)).into();
    Some(json!({"title": title, "alt": alt, "points": points, "ends": ends, "levels": levels}))
}

/// A figure beside a line across: whole euros are short enough.
fn level_of(definition: &Definition, value: i64) -> String {
    if definition.money { format!("{}\u{a0}€", grouped(value / 100)) } else { grouped(value) }
}

/// The next of 2, 4, 6, 8, 10, 20, 40 … that is not below the value.
fn round_above(value: i64) -> i64 {
    let mut ten: i64 = 1;
    loop {
        let steps = [2, 4, 6, 8, 10].map(|step| ten.saturating_mul(step));
        if let Some(level) = steps.into_iter().find(|level| *level >= value) {
            return level;
        }
        ten = ten.saturating_mul(10);
    }
}

/// Bars of workshops redeemed, the longest first; nothing when there are none.
pub(super) fn bars(report: &Report, title: &str) -> Option<Value> {
    let redeemed = |row: &Row| row.counters.workshops_redeemed;
    let mut rows: Vec<&Row> = report.rows.iter().filter(|row| redeemed(row) > 0).collect();
    rows.sort_by_key(|row| -redeemed(row));
    let longest = redeemed(rows.first()?);
    let rest = rows.split_off(rows.len().min(MOST_BARS));
    let mut bars: Vec<Value> = rows
        .iter()
        .map(|row| {
            let (value, part) = (grouped(redeemed(row)), share(redeemed(row), longest));
            json!({"label": label(row), "value": value, "share": part})
        })
        .collect();
    if !rest.is_empty() {
        let sum: i64 = rest.iter().map(|row| redeemed(row)).sum();
        let label = format!("Les {} autres, ensemble", rest.len());
        bars.push(json!({"label": label, "value": grouped(sum), "share": 0.0}));
    }
    let most = rows.first().map(|row| format!("{}, {}", label(row), grouped(redeemed(row))));
    let alt = format!(
        "Barres : {}. Le plus grand nombre : {}. Tous les chiffres sont dans le tableau qui suit.",
        title.to_lowercase(),
        most.unwrap_or_default()
    );
    Some(json!({"title": title, "alt": alt, "bars": bars}))
}

/// Rows with some of their figures; rows in which all of these are nothing are left out, and what
/// is beyond the longest table is one row, so that the rows add up.
pub(super) fn table(report: &Report, names: &[&str]) -> Value {
    let picked = |values: &[i64]| -> Vec<(&'static Definition, i64)> {
        names.iter().filter_map(|name| read(name, values)).collect()
    };
    let written = |figures: &[(&'static Definition, i64)]| -> Vec<String> {
        figures.iter().map(|(definition, value)| figure(definition, *value)).collect()
    };
    let told: Vec<_> = report
        .rows
        .iter()
        .map(|row| (label(row), picked(&values_of(row))))
        .filter(|(_, figures)| figures.iter().any(|(_, value)| *value != 0))
        .collect();
    let (shown, rest) = told.split_at(told.len().min(MOST_ROWS));
    let mut rows: Vec<Value> =
        shown.iter().map(|(label, f)| json!({"label": label, "figures": written(f)})).collect();
    if !rest.is_empty() {
        let mut sums = picked(&[0; 14]);
        for (_, figures) in rest {
            for (sum, (_, value)) in sums.iter_mut().zip(figures) {
                sum.1 += value;
            }
        }
        let label = format!("Les {} autres, ensemble", rest.len());
        rows.push(json!({"label": label, "figures": written(&sums)}));
    }
    let totals: Vec<i64> =
        report.totals.values().into_iter().chain(report.balances.values()).collect();
    let totals = picked(&totals);
    json!({
        "heading": report.groups.first().map_or("", |group| group.heading()),
        "columns": totals.iter().map(|(definition, _)| definition.heading).collect::<Vec<_>>(),
        "rows": rows,
        "totals": written(&totals),
    })
}

/// Month by month.
pub(super) fn months(report: &Report) -> Value {
    let columns = [
        "passes_handed_over",
        "workshops_granted",
        "workshops_redeemed",
        "committed_cents",
        "consumed_cents",
    ];
    table(report, &columns)
}
