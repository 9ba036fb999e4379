//! Redemptions for a French spreadsheet, written line by line.

use std::io::Write;

use super::formula::blunted;
use crate::domain::money::Cents;

/// One redemption.
#[derive(Clone, Debug)]
pub struct RedemptionCsvLine<'a> {
    /// The serial number of the pass.
    pub serial: &'a str,
    /// The day of the workshop, `2026-03-10`.
    pub workshop_day: String,
    /// When it was accepted, RFC 3339.
    pub redeemed_at: String,
    /// The venue.
    pub venue: &'a str,
    /// INSEE code of its commune.
    pub commune: &'a str,
    /// Who is owed.
    pub organisation: &'a str,
    /// The theme as people read it.
    pub theme: &'a str,
    /// How long, in minutes.
    pub minutes: Option<i32>,
    /// `individuel` or `collectif`.
    pub mode: &'a str,
    /// The price of the workshop.
    pub price: Cents,
    /// Whether it was undone.
    pub reversed: bool,
}

/// A CSV file on its way: UTF-8 with BOM, `;`, euros with a decimal comma.
pub struct RedemptionsCsv<W: Write>(csv::Writer<W>);

impl<W: Write> RedemptionsCsv<W> {
    /// Begins with the headings.
    ///
    /// # Errors
    /// What `out` refuses.
    pub fn begin(mut out: W) -> Result<Self, csv::Error> {
        out.write_all("\u{feff}".as_bytes())?;
        let terminator = csv::Terminator::CRLF;
        let mut writer =
            csv::WriterBuilder::new().delimiter(b';').terminator(terminator).from_writer(out);
        writer.write_record([
            "Pass",
            "Jour de l'atelier",
            "Validé le",
            "Lieu",
            "Commune du lieu",
            "Organisme",
            "Thème",
            "Minutes",
            "Forme",
            "Prix",
            "Annulé",
        ])?;
        Ok(Self(writer))
    }

    /// Adds a line.
    ///
    /// # Errors
    /// What `out` refuses.
    pub fn line(&mut self, line: &RedemptionCsvLine<'_>) -> Result<(), csv::Error> {
        let price = line.price.decimal_comma();
        let minutes = line.minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
        let cells = [
            line.serial,
            &line.workshop_day,
            &line.redeemed_at,
            line.venue,
            line.commune,
            line.organisation,
            line.theme,
            &minutes,
            line.mode,
            &price,
            if line.reversed { "oui" } else { "" },
        ];
        self.0.write_record(cells.map(|cell| blunted(cell).into_owned()))
    }

    /// Writes what is still on its way.
    ///
    /// # Errors
    /// What `out` refuses.
    pub fn end(mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}
