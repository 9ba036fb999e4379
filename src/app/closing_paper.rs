//! From a programme's end to its paper: the statement that funders sign.

use crate::documents::account::{self, Account, Column, Shape, Table};
use crate::domain::money::Cents;
use crate::domain::refusal::Refused;
use crate::domain::time::{Instant, Zone, in_letters};
use crate::services::ending::{self, ClosingStatement, Ending};
use crate::services::{Error, Outcome};

/// The closing statement as PDF, to be signed.
///
/// # Errors
/// `not_found` when there is none yet, or a failure of the typesetter.
pub fn closing_statement(ending: &Ending) -> Outcome<Vec<u8>> {
    let statement = ending.statement.as_ref().ok_or_else(Refused::not_found)?;
    let to_return: i64 = statement.lines.iter().map(|line| line.to_return_cents).sum();
    let sheet = Account {
        heading: "État contradictoire de fin de dispositif".to_owned(),
        reference: statement.reference.clone(),
        author: "Pass numérique".to_owned(),
        facts: vec![
            ("Dispositif", ending.programme_name.clone()),
            ("Dernier jour des pass", in_letters(ending.last_day)),
            ("Acceptés jusqu’au", in_letters(ending.redeemable_until)),
            ("Établi le", day(&statement.established_at)),
        ],
        due: Some(("À reverser aux financeurs".to_owned(), Cents(to_return).to_string())),
        tables: vec![passes(statement), money(statement)],
        notes: ending::definitions()
            .map(|(_, known)| format!("{} : {}", known.heading, known.text.replace('\'', "’")))
            .chain([
                "À reverser : ce qui a été versé, n’a pas été consommé et n’est dû à aucun lieu. \
             Chaque financeur retrouve son propre argent, au centime près."
                    .to_owned(),
            ])
            .collect(),
        signature: Some("Lu et approuvé. Nom, date et signature :".to_owned()),
    };
    account::pdf(&sheet).map_err(Error::failure)
}

fn passes(statement: &ClosingStatement) -> Table {
    let totals = &statement.totals;
    let rows = [
        ("Pass imprimés", totals.printed),
        ("Pass restés en stock", totals.in_stock),
        ("Pass remis", totals.handed_over),
        ("Pass commencés", totals.started),
        ("Ateliers accordés", totals.workshops_granted),
        ("Ateliers validés", totals.workshops_redeemed),
        ("Ateliers perdus", totals.workshops_lapsed),
    ];
    Table {
        caption: "Ce que sont devenus les pass".to_owned(),
        columns: vec![column("Compteur", Shape::Wide), column("Nombre", Shape::Number)],
        rows: rows.map(|(name, count)| vec![name.to_owned(), count.to_string()]).to_vec(),
        total: None,
    }
}

fn money(statement: &ClosingStatement) -> Table {
    let mut totals = [0; 5];
    let mut rows = Vec::new();
    for line in &statement.lines {
        let amounts = [
            line.received_cents,
            line.committed_cents,
            line.consumed_cents,
            line.released_cents,
            line.to_return_cents,
        ];
        for (total, amount) in totals.iter_mut().zip(amounts) {
            *total += amount;
        }
        let name = format!("{}, rang {}", line.funder_name, line.tier);
        rows.push(row(name, &amounts));
    }
    Table {
        caption: "Ce qu’est devenu l’argent".to_owned(),
        columns: vec![
            column("Convention", Shape::Wide),
            column("Reçu", Shape::Number),
            column("Engagé", Shape::Number),
            column("Consommé", Shape::Number),
            column("Libéré", Shape::Number),
            column("À reverser", Shape::Number),
        ],
        rows,
        total: Some(row("Total".to_owned(), &totals)),
    }
}

fn row(name: String, amounts: &[i64]) -> Vec<String> {
    let amounts = amounts.iter().map(|amount| Cents(*amount).to_string());
    std::iter::once(name).chain(amounts).collect()
}

fn column(heading: &'static str, shape: Shape) -> Column {
    Column { heading, shape }
}

fn day(instant: &str) -> String {
    let read = instant.parse::<chrono::DateTime<chrono::Utc>>();
    read.map_or_else(
        |_| instant.to_owned(),
        |at| in_letters(Instant::from_utc(at).day_in(Zone::PARIS)),
    )
}
