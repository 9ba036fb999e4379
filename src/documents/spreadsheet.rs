//! Sheets of a spreadsheet before they are written as XLSX or ODS: numbers stay numbers, days
//! stay days.

use chrono::{NaiveDate, NaiveDateTime};

use crate::domain::money::Cents;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text, never a formula.
    Text(String),
    /// Longer text, on several lines.
    Prose(String),
    /// A heading.
    Heading(String),
    /// A whole number.
    Count(i64),
    /// An amount, shown in euros.
    Euros(Cents),
    /// A month, as its first day.
    Month(NaiveDate),
    /// A moment by the clocks of Paris.
    Moment(NaiveDateTime),
}

impl Cell {
    /// A number as spreadsheets hold it, with a decimal point: `-12.34`. `None` for the others.
    #[must_use]
    pub fn number(&self) -> Option<String> {
        match self {
            Self::Count(count) => Some(count.to_string()),
            Self::Euros(amount) => Some(amount.decimal_comma().replace(',', ".")),
            _ => None,
        }
    }
}

/// One sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The name on its tab.
    pub name: &'static str,
    /// How wide each column is, in digits of the usual letter.
    pub widths: Vec<u16>,
    /// The rows. The first one is the heading: it stays in sight and is printed on every page.
    pub rows: Vec<Vec<Cell>>,
    /// Whether the rows are figures to sort and filter, and the last one their total.
    pub total: bool,
}

impl Sheet {
    /// How many rows and columns can be sorted and filtered, the heading among them; `None` when
    /// there is nothing to sort. The total is left out: it must stay where it is.
    #[must_use]
    pub fn sortable(&self) -> Option<(usize, usize)> {
        let rows = self.rows.len().saturating_sub(1);
        (self.total && rows > 1).then_some((rows, self.widths.len()))
    }

    /// Whether the row of that place is the total.
    #[must_use]
    pub fn is_total(&self, row: usize) -> bool {
        self.total && row + 1 == self.rows.len()
    }
}

/// A workbook: its title and when what it says was true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workbook {
    /// What it is called.
    pub title: String,
    /// When it was made, in UTC.
    pub made_at: NaiveDateTime,
    /// Its sheets.
    pub sheets: Vec<Sheet>,
}
