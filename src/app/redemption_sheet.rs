//! Every redemption as a file, written while it is read.

use std::io::Write;

use super::App;
use crate::documents::redemptions_csv::{RedemptionCsvLine, RedemptionsCsv};
use crate::domain::money::Cents;
use crate::domain::theme;
use crate::services::export_redemptions::{Days, each_redemption};
use crate::services::{Error, Outcome};
use crate::store::redemption_line::RedemptionLine;

/// Writes the redemptions of those days.
///
/// # Errors
/// Days in the wrong order, a failure of the database, or what `out` refuses.
pub fn redemption_sheet(app: &App, days: Days, out: &mut impl Write) -> Outcome<()> {
    let mut sheet = RedemptionsCsv::begin(out).map_err(Error::failure)?;
    each_redemption(&app.services, days, |row| sheet.line(&line(row)).map_err(Error::failure))?;
    Ok(sheet.end()?)
}

fn line(row: &RedemptionLine) -> RedemptionCsvLine<'_> {
    RedemptionCsvLine {
        serial: &row.serial,
        workshop_day: row.workshop_day.to_string(),
        redeemed_at: row.redeemed_at.to_string(),
        venue: &row.venue,
        commune: &row.commune,
        organisation: &row.organisation,
        theme: theme::theme(&row.theme).map_or(row.theme.as_str(), |theme| theme.label),
        minutes: row.minutes,
        mode: match row.mode.as_deref() {
            Some("individual") => "individuel",
            Some("group") => "collectif",
            _ => "",
        },
        price: Cents(row.price_cents),
        reversed: row.reversed,
    }
}
