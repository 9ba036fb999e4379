//! The lines of a statement for a French spreadsheet.

use super::formula::blunted;
use crate::domain::money::Cents;

/// A line of a statement.
#[derive(Clone, Debug)]
pub struct StatementCsvLine {
    /// The number of the statement.
    pub statement: String,
    /// `validation` or `annulation`.
    pub kind: &'static str,
    /// The day of the workshop, `2026-03-10`.
    pub workshop_day: String,
    /// When it was booked, RFC 3339.
    pub booked_at: String,
    /// The venue.
    pub venue: String,
    /// The theme.
    pub theme: String,
    /// The serial number of the pass.
    pub serial: String,
    /// What it is worth.
    pub amount: Cents,
    /// The part of each funder, in the order of the headings.
    pub parts: Vec<Cents>,
}

/// The lines as CSV: UTF-8 with BOM, `;`, euros with a decimal comma; one column for each funder.
///
/// # Errors
/// A failure of the writer, which writes to memory.
pub fn csv(funders: &[String], lines: &[StatementCsvLine]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let fixed = [
        "Relevé",
        "Nature",
        "Jour de l'atelier",
        "Enregistré le",
        "Lieu",
        "Thème",
        "Pass",
        "Montant",
    ];
    let headings = fixed.iter().map(|text| (*text).to_owned());
    writer.write_record(headings.chain(funders.iter().map(|name| blunted(name).into_owned())))?;
    for line in lines {
        let cells = [
            line.statement.clone(),
            line.kind.to_owned(),
            line.workshop_day.clone(),
            line.booked_at.clone(),
            line.venue.clone(),
            line.theme.clone(),
            line.serial.clone(),
            line.amount.decimal_comma(),
        ];
        let parts = line.parts.iter().map(|part| part.decimal_comma());
        let cells = cells.into_iter().chain(parts);
        writer.write_record(cells.map(|cell| blunted(&cell).into_owned()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
