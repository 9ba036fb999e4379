//! The consumption report as a workbook: the figures, their definitions, the question asked.

use chrono::NaiveDateTime;

use super::spreadsheet::{Cell, Sheet, Workbook};
use crate::domain::money::Cents;
use crate::domain::report::{
    self, BALANCE_DEFINITIONS, By, Definition, Group, Key, Report, STOCK_DEFINITIONS,
};
use crate::domain::time::{Instant, Month, Zone};

/// The three sheets of a report.
#[must_use]
pub fn workbook(report: &Report) -> Workbook {
    let title = format!("Rapport de consommation, {} à {}", report.from, report.to);
    let made_at = report.question.made_at.to_utc().naive_utc();
    Workbook { title, made_at, sheets: vec![figures(report), definitions(), question(report)] }
}

fn figures(report: &Report) -> Sheet {
    let shown = report.columns();
    let headings = report.groups.iter().map(|group| group.heading());
    let headings = headings.chain(shown.iter().map(|definition| definition.heading));
    let mut rows = vec![headings.map(|text| Cell::Heading(text.to_owned())).collect()];
    for row in &report.rows {
        let keys = report.groups.iter().zip(&row.keys).map(|(group, found)| key(*group, found));
        rows.push(keys.chain(numbers(&shown, &report.values(row))).collect());
    }
    let total = |position: usize| {
        if position == 0 { Cell::Text("Total".to_owned()) } else { Cell::Empty }
    };
    let totals = numbers(&shown, &report.total_values());
    rows.push((0..report.groups.len()).map(total).chain(totals).collect());
    let widths = report.groups.iter().map(|group| width_of(*group));
    let widths = widths.chain(shown.iter().map(|d| if d.money { 16 } else { 12 }));
    Sheet { name: "Consommation", widths: widths.collect(), rows, total: true }
}

fn key(group: Group, key: &Key) -> Cell {
    let month = key.value.as_deref().filter(|_| group == Group::Month);
    match month.and_then(|value| value.parse::<Month>().ok()) {
        Some(month) => Cell::Month(month.first_day()),
        None => Cell::Text(key.label.clone()),
    }
}

fn width_of(group: Group) -> u16 {
    match group {
        Group::Month => 16,
        Group::Agreement | Group::Public => 44,
        _ => 30,
    }
}

fn numbers(shown: &[&Definition], values: &[Option<i64>]) -> Vec<Cell> {
    let cells = shown.iter().zip(values);
    cells.map(|(shown, value)| value.map_or(Cell::Empty, |value| number(shown, value))).collect()
}

fn number(definition: &Definition, value: i64) -> Cell {
    if definition.money { Cell::Euros(Cents(value)) } else { Cell::Count(value) }
}

fn heading(texts: &[&str]) -> Vec<Cell> {
    texts.iter().map(|text| Cell::Heading((*text).to_owned())).collect()
}

fn definitions() -> Sheet {
    let mut rows = vec![heading(&["Chiffre", "Ce qu’il veut dire", "Unité"])];
    for definition in report::definitions() {
        let unit = if definition.money { "euros" } else { "nombre" };
        rows.push(vec![
            Cell::Text(definition.heading.to_owned()),
            Cell::Prose(definition.text.replace('\'', "’")),
            Cell::Text(unit.to_owned()),
        ]);
    }
    Sheet { name: "Définitions", widths: vec![22, 90, 10], rows, total: false }
}

fn question(report: &Report) -> Sheet {
    let asked = &report.question;
    let name = |key: &Option<Key>, all: &str| {
        Cell::Text(key.as_ref().map_or_else(|| all.to_owned(), |key| key.label.clone()))
    };
    let groups: Vec<&str> = report.groups.iter().map(|group| group.heading()).collect();
    let by = match asked.by {
        By::AccountingMonth => "au mois comptable",
        By::WorkshopDay => "au jour de l’atelier",
    };
    let mut rows = vec![heading(&["Question", "Réponse"])];
    let mut say = |text: &str, cell: Cell| rows.push(vec![Cell::Text(text.to_owned()), cell]);
    say("Premier mois", Cell::Month(report.from.first_day()));
    say("Dernier mois", Cell::Month(report.to.first_day()));
    say("Financeur", name(&asked.funder, "Tous les financeurs"));
    say("Dispositif", name(&asked.programme, "Tous les dispositifs"));
    say("Regroupement", Cell::Text(groups.join(", ")));
    say("Un atelier compte", Cell::Text(by.to_owned()));
    say("Chiffres au (heure de Paris)", Cell::Moment(in_paris(asked.moment())));
    say("Même moment, pour le redemander", Cell::Text(asked.moment().to_string()));
    say("Fichier fait le (heure de Paris)", Cell::Moment(in_paris(asked.made_at)));
    for (definition, value) in BALANCE_DEFINITIONS.iter().zip(report.balances.values()) {
        let text = format!("{}, fin du dernier mois", definition.heading);
        say(&text, number(definition, value));
    }
    let stock = report.stock.iter().flat_map(|stock| STOCK_DEFINITIONS.iter().zip(stock.values()));
    for (definition, value) in stock {
        say(definition.heading, number(definition, value));
    }
    Sheet { name: "Question posée", widths: vec![38, 60], rows, total: false }
}

fn in_paris(at: Instant) -> NaiveDateTime {
    Zone::PARIS.clock_at(at)
}
