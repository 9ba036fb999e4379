//! From an edition of open data to its files, set by the documents.

use crate::documents::open_data::{self, ConsumptionLine, SCHEMA};
use crate::domain::caller::Caller;
use crate::services::idempotency::{Key, Once};
use crate::services::publish_open_data::{
    ConsumptionRow, Edition, NewVintage, Published, publish_open_data,
};
use crate::services::{Error, Outcome, Services};

/// Publishes some months with all their files.
///
/// # Errors
/// `month_not_closed`, `already_published`, or wrong months.
pub fn publish(
    services: &Services,
    caller: &Caller,
    asked: &NewVintage,
    key: Option<&Key>,
) -> Outcome<Once<Published>> {
    publish_open_data(services, caller, asked, key, &files)
}

fn files(edition: &Edition) -> Outcome<Vec<(&'static str, Vec<u8>)>> {
    let lines: Vec<ConsumptionLine> = edition.rows.iter().map(line).collect();
    let consumption = open_data::consumption(&lines).map_err(Error::failure)?;
    let subventions = open_data::subventions(&edition.subventions).map_err(Error::failure)?;
    Ok(vec![
        ("consommation.csv", consumption),
        ("schema.json", SCHEMA.to_vec()),
        ("subventions.csv", subventions),
    ])
}

fn line(row: &ConsumptionRow) -> ConsumptionLine {
    // People are told on cells alone: they do not add up, and a total of people beside hidden
    // cells would bound how many those are about.
    let people = row.figures.filter(|_| !row.is_total()).map(|(_, people)| people);
    ConsumptionLine {
        departement: row.departement.clone(),
        month: row.month.map(|month| month.to_string()),
        theme: row.theme.clone(),
        workshops: row.figures.map(|(workshops, _)| workshops),
        people,
    }
}
