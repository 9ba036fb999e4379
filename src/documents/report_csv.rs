//! The consumption report as CSV.

use super::formula::blunted;
use crate::domain::money::Cents;
use crate::domain::report::{Definition, Report};

/// How a CSV is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// UTF-8 with BOM, `;`, euros with a decimal comma: opens in a French spreadsheet.
    French,
    /// RFC 4180: `,`, CRLF, whole cents.
    Rfc4180,
}

/// Writes the report, a line a row and one for the totals.
///
/// # Errors
/// A failure of the writer, which writes to memory.
pub fn csv(report: &Report, dialect: Dialect) -> Result<Vec<u8>, csv::Error> {
    let french = dialect == Dialect::French;
    let start = if french { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(if french { b';' } else { b',' })
        .terminator(csv::Terminator::CRLF)
        .from_writer(start);
    let shown = report.columns();
    let groups = report.groups.iter();
    let headings: Vec<&str> = if french {
        groups.map(|g| g.heading()).chain(shown.iter().map(|d| d.heading)).collect()
    } else {
        groups.map(|g| g.key()).chain(shown.iter().map(|d| d.name)).collect()
    };
    writer.write_record(&headings)?;
    for row in &report.rows {
        let keys = row.keys.iter().map(|key| {
            let text = if french { Some(key.label.clone()) } else { key.value.clone() };
            blunted(&text.unwrap_or_default()).into_owned()
        });
        writer.write_record(keys.chain(figures(&shown, report.values(row), french)))?;
    }
    if french {
        let total = (0..report.groups.len())
            .map(|position| if position == 0 { "Total".to_owned() } else { String::new() });
        let figures = figures(&shown, report.total_values(), french);
        writer.write_record(total.chain(figures))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn figures(
    shown: &[&'static Definition],
    values: Vec<Option<i64>>,
    french: bool,
) -> impl Iterator<Item = String> {
    shown.iter().zip(values).map(move |(definition, value)| match value {
        None => String::new(),
        Some(value) if definition.money && french => Cents(value).decimal_comma(),
        Some(value) => value.to_string(),
    })
}
