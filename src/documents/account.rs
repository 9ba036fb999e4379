//! Sheets of account: statements, funding calls and closing statements as PDF/UA-1.

use serde_json::{Value, json};

use super::DocumentError;
use super::typesetter::{Manuscript, printable, typeset};

const TEMPLATE: &str = include_str!("templates/account.typ");

/// The longest text of a cell.
const LONGEST: usize = 200;

/// What a sheet of account says.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// Its heading: what it is.
    pub heading: String,
    /// Its number.
    pub reference: String,
    /// Who issues it.
    pub author: String,
    /// Names and values: for whom, which month, on which day.
    pub facts: Vec<(&'static str, String)>,
    /// The one amount that matters, with its name.
    pub due: Option<(String, String)>,
    /// Its tables.
    pub tables: Vec<Table>,
    /// What to know.
    pub notes: Vec<String>,
    /// Whose signature it wants.
    pub signature: Option<String>,
}

/// A table of a sheet.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
    /// Its last row.
    pub total: Option<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its heading.
    pub heading: &'static str,
    /// Where its cells stand.
    pub shape: Shape,
}

/// Where the cells of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Short words, on the left.
    Words,
    /// Words that take the width that is left.
    Wide,
    /// Numbers and amounts, on the right.
    Number,
}

/// The sheet as one PDF/UA-1 file; the same facts give the same bytes.
///
/// # Errors
/// [`DocumentError::Typesetting`].
pub fn pdf(account: &Account) -> Result<Vec<u8>, DocumentError> {
    let fit = |text: &str| printable(text, LONGEST);
    let tables: Vec<Value> = account
        .tables
        .iter()
        .map(|table| {
            let cells = |row: &Vec<String>| row.iter().map(|cell| fit(cell)).collect::<Vec<_>>();
            let columns = table.columns.iter().map(|column| {
                json!({
                    "heading": column.heading,
                    "right": column.shape == Shape::Number,
                    "wide": column.shape == Shape::Wide,
                })
            });
            json!({
                "caption": fit(&table.caption),
                "columns": columns.collect::<Vec<_>>(),
                "rows": table.rows.iter().map(cells).collect::<Vec<_>>(),
                "total": table.total.as_ref().map(cells),
            })
        })
        .collect();
    let reference = fit(&account.reference);
    let facts = json!({
        "title": format!("{} {reference}", fit(&account.heading)),
        "prescriber": fit(&account.author),
        "heading": fit(&account.heading),
        "reference": reference,
        "facts": account.facts.iter().map(|(name, value)| (*name, fit(value))).collect::<Vec<_>>(),
        "due": account.due.as_ref().map(|(label, amount)| json!({"label": fit(label), "amount": amount})),
        "tables": tables,
        "notes": account.notes.iter().map(|note| printable(note, 600)).collect::<Vec<_>>(),
        "signature": account.signature.as_deref().map(fit),
    });
    typeset(&Manuscript { template: TEMPLATE, facts: &facts, logo: None, name: &reference })
}
