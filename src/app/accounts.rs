//! From money to its paper: statements and funding calls, set by the documents.

use std::collections::BTreeMap;

use crate::documents::account::{self, Account, Column, Shape, Table};
use crate::documents::statement_csv::{self, StatementCsvLine};
use crate::domain::money::Cents;
use crate::domain::time::{Instant, Month, Zone, in_letters, month_in_letters};
use crate::services::funding_calls::FundingCallView;
use crate::services::statements::{StatementLine, WholeStatement};
use crate::services::{Error, Outcome};

const AUTHOR: &str = "Pass numérique";

/// A statement as PDF.
///
/// # Errors
/// A failure of the typesetter.
pub fn statement(whole: &WholeStatement) -> Outcome<Vec<u8>> {
    let statement = &whole.statement;
    let mut facts = vec![
        ("Organisme", statement.organisation_name.clone()),
        ("Mois", month(&statement.month)),
        ("Émis le", day(&statement.issued_at)),
        ("Ateliers", statement.workshops.to_string()),
        ("Montant du mois", Cents(statement.amount_cents).to_string()),
    ];
    if !whole.organisation_number.is_empty() {
        facts.insert(1, ("SIRET ou RNA", whole.organisation_number.clone()));
    }
    for (reference, cents) in &whole.carried {
        facts.push(("Report", format!("{} du relevé {reference}", Cents(*cents))));
    }
    if let (Some(at), Some(by)) = (&statement.approved_at, &statement.approved_by) {
        facts.push(("Validé", format!("le {} par {by}", day(at))));
    }
    let due = Cents(statement.due_cents);
    let label = if due < Cents::ZERO { "À déduire du prochain relevé" } else { "À payer" };
    let sheet = Account {
        heading: "Relevé d’ateliers".to_owned(),
        reference: statement.reference.clone(),
        author: AUTHOR.to_owned(),
        facts,
        due: Some((label.to_owned(), due.to_string())),
        tables: vec![by_venue(&whole.lines), by_funder(&whole.lines), all_lines(&whole.lines)],
        notes: statement_notes(&whole.lines),
        signature: None,
    };
    account::pdf(&sheet).map_err(Error::failure)
}

fn statement_notes(lines: &[StatementLine]) -> Vec<String> {
    let words = "Chaque validation et chaque annulation figure sur un seul relevé. Une annulation \
        faite après la clôture du mois figure, en négatif, sur un relevé suivant.";
    let late = lines.iter().filter(|line| line.days_late.is_some()).count();
    let arrived = match late {
        0 => None,
        1 => Some("Une validation est arrivée après le jour de son atelier.".to_owned()),
        _ => Some(format!("{late} validations sont arrivées après le jour de leur atelier.")),
    };
    [Some(words.to_owned()), arrived].into_iter().flatten().collect()
}

/// The lines of a statement as CSV.
///
/// # Errors
/// A failure of the writer.
pub fn statement_lines(whole: &WholeStatement) -> Outcome<Vec<u8>> {
    let funders: Vec<String> = sums(&whole.lines, |line| {
        line.funding.iter().map(|part| (part.funder_name.clone(), part.amount_cents)).collect()
    })
    .into_keys()
    .collect();
    let lines: Vec<StatementCsvLine> = whole
        .lines
        .iter()
        .map(|line| StatementCsvLine {
            statement: whole.statement.reference.clone(),
            kind: nature(line),
            workshop_day: line.workshop_day.to_string(),
            booked_at: line.booked_at.clone(),
            venue: line.venue_name.clone(),
            theme: line.theme_label.clone(),
            serial: line.serial.clone(),
            amount: Cents(line.amount_cents),
            parts: funders
                .iter()
                .map(|name| {
                    let theirs = line.funding.iter().filter(|part| part.funder_name == *name);
                    Cents(theirs.map(|part| part.amount_cents).sum())
                })
                .collect(),
        })
        .collect();
    statement_csv::csv(&funders, &lines).map_err(Error::failure)
}

/// A funding call as PDF.
///
/// # Errors
/// A failure of the typesetter.
pub fn funding_call(call: &FundingCallView) -> Outcome<Vec<u8>> {
    let rows = call.lines.iter().map(|line| {
        vec![
            line.programme_name.clone(),
            line.tier.to_string(),
            percent(line.share_bp),
            line.workshops.to_string(),
            Cents(line.amount_cents).to_string(),
            Cents(line.cash_cents).to_string(),
        ]
    });
    let workshops: i64 = call.lines.iter().map(|line| line.workshops).sum();
    let total = Cents(call.amount_cents);
    let table = Table {
        caption: "Par convention".to_owned(),
        columns: vec![
            column("Dispositif", Shape::Wide),
            column("Rang", Shape::Number),
            column("Part", Shape::Number),
            column("Ateliers", Shape::Number),
            column("Consommé", Shape::Number),
            column("Solde versé", Shape::Number),
        ],
        rows: rows.collect(),
        total: Some(vec![
            "Total".to_owned(),
            String::new(),
            String::new(),
            workshops.to_string(),
            total.to_string(),
            String::new(),
        ]),
    };
    let label = if total < Cents::ZERO { "À votre crédit" } else { "Consommé dans le mois" };
    let sheet = Account {
        heading: "Appel de fonds".to_owned(),
        reference: call.reference.clone(),
        author: AUTHOR.to_owned(),
        facts: vec![
            ("Financeur", call.funder_name.clone()),
            ("Mois", month(&call.month)),
            ("Émis le", day(&call.issued_at)),
        ],
        due: Some((label.to_owned(), total.to_string())),
        tables: vec![table],
        notes: call_notes(call),
        signature: None,
    };
    account::pdf(&sheet).map_err(Error::failure)
}

fn call_notes(call: &FundingCallView) -> Vec<String> {
    let beyond = call.lines.iter().filter_map(|line| {
        let beyond = Cents(line.beyond_rule_cents.filter(|cents| *cents > 0)?);
        Some(format!(
            "{}, rang {} : depuis le début, {beyond} dépassent la règle de 2020 (une part de ce qui a \
             été utilisé).",
            line.programme_name, line.tier
        ))
    });
    let words = "Consommé : votre part des ateliers validés dans le mois, moins les annulations. \
        Solde versé : ce que vous avez versé et qui n’a pas été dépensé, à la fin du mois.";
    beyond.chain([words.to_owned()]).collect()
}

fn by_venue(lines: &[StatementLine]) -> Table {
    let found = sums(lines, |line| vec![(line.venue_name.clone(), line.amount_cents)]);
    two_columns("Par lieu", "Lieu", found)
}

fn by_funder(lines: &[StatementLine]) -> Table {
    let found = sums(lines, |line| {
        line.funding.iter().map(|part| (part.funder_name.clone(), part.amount_cents)).collect()
    });
    two_columns("Par financeur", "Financeur", found)
}

fn sums(
    lines: &[StatementLine],
    parts: impl Fn(&StatementLine) -> Vec<(String, i64)>,
) -> BTreeMap<String, i64> {
    let mut found = BTreeMap::new();
    for (name, cents) in lines.iter().flat_map(parts) {
        *found.entry(name).or_default() += cents;
    }
    found
}

fn two_columns(caption: &str, heading: &'static str, found: BTreeMap<String, i64>) -> Table {
    let total: i64 = found.values().sum();
    Table {
        caption: caption.to_owned(),
        columns: vec![column(heading, Shape::Wide), column("Montant", Shape::Number)],
        rows: found.into_iter().map(|(name, cents)| vec![name, Cents(cents).to_string()]).collect(),
        total: Some(vec!["Total".to_owned(), Cents(total).to_string()]),
    }
}

fn all_lines(lines: &[StatementLine]) -> Table {
    let rows = lines.iter().map(|line| {
        let mut theme = line.theme_label.clone();
        if line.kind == "reversal" {
            theme = format!("Annulation : {theme}");
        }
        vec![
            line.workshop_day.format("%d/%m/%Y").to_string(),
            line.venue_name.clone(),
            theme,
            line.serial.clone(),
            Cents(line.amount_cents).to_string(),
        ]
    });
    let total: i64 = lines.iter().map(|line| line.amount_cents).sum();
    let blank = String::new;
    Table {
        caption: "Ligne par ligne".to_owned(),
        columns: vec![
            column("Jour", Shape::Words),
            column("Lieu", Shape::Wide),
            column("Thème", Shape::Wide),
            column("Pass", Shape::Words),
            column("Montant", Shape::Number),
        ],
        rows: rows.collect(),
        total: Some(vec!["Total".to_owned(), blank(), blank(), blank(), Cents(total).to_string()]),
    }
}

fn nature(line: &StatementLine) -> &'static str {
    if line.kind == "reversal" { "annulation" } else { "validation" }
}

fn column(heading: &'static str, shape: Shape) -> Column {
    Column { heading, shape }
}

fn percent(basis_points: i32) -> String {
    format!("{},{:02} %", basis_points / 100, basis_points % 100)
}

fn month(text: &str) -> String {
    text.parse::<Month>().map_or_else(|_| text.to_owned(), month_in_letters)
}

fn day(instant: &str) -> String {
    let read = instant.parse::<chrono::DateTime<chrono::Utc>>();
    read.map_or_else(
        |_| instant.to_owned(),
        |at| in_letters(Instant::from_utc(at).day_in(Zone::PARIS)),
    )
}
