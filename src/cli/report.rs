//! `report consumption`, `report redemptions` and `report solvency`.

use std::io::{BufWriter, Write};

use super::arguments::{Consumption, Format, ReportCommand};
use super::{Stop, private_file};
use crate::app::redemption_sheet::redemption_sheet;
use crate::app::{App, Settings};
use crate::documents::report_csv::{self, Dialect};
use crate::documents::{ods, report_json, report_sheets, xlsx};
use crate::domain::as_of::AsOf;
use crate::domain::money::Cents;
use crate::domain::report::{By, Group};
use crate::domain::time::{Instant, Month};
use crate::services::export_redemptions::Days;
use crate::services::report_consumption::{self, Query};
use crate::services::{Error, solvency};

/// Prints a report.
///
/// # Errors
/// Wrong values, or a failure of the database.
pub fn report(settings: &Settings, command: &ReportCommand) -> Result<(), Stop> {
    let asked = match command {
        ReportCommand::Consumption(asked) => asked,
        ReportCommand::Solvency => return solvency(settings),
        ReportCommand::Redemptions { from, to } => {
            return redemptions(settings, Days { from: *from, to: *to });
        }
    };
    let app = App::build(settings)?;
    app.prepare()?;
    let query = query(&app, asked)?;
    let report = report_consumption::report(&app.services, &query)?;
    let bytes = match asked.format {
        Format::Xlsx => xlsx::write(&report_sheets::workbook(&report)).map_err(Error::failure)?,
        Format::Ods => ods::write(&report_sheets::workbook(&report)).map_err(Error::failure)?,
        Format::Csv => report_csv::csv(&report, Dialect::French).map_err(Error::failure)?,
        Format::Json => {
            let text = serde_json::to_string_pretty(&report_json::json(&report));
            format!("{}\n", text.map_err(Error::from)?).into_bytes()
        }
    };
    match &asked.out {
        Some(file) => Ok(private_file::write(file, &bytes)?),
        None => Ok(std::io::stdout().write_all(&bytes)?),
    }
}

fn moment(text: &str) -> Result<Instant, Stop> {
    let read = text.parse::<AsOf>().map(|asked| asked.instant);
    read.map_err(|_| {
        Stop::Usage(format!("{text:?} is neither a day nor an instant like 2026-03-31T21:59:59Z"))
    })
}

fn redemptions(settings: &Settings, days: Days) -> Result<(), Stop> {
    let app = App::build(settings)?;
    app.prepare()?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    redemption_sheet(&app, days, &mut out)?;
    Ok(out.flush()?)
}

fn solvency(settings: &Settings) -> Result<(), Stop> {
    let app = App::build(settings)?;
    app.prepare()?;
    let shown = solvency::solvency(&app.services)?;
    for row in &shown.agreements {
        println!(
            "{}, {}, rang {}: en caisse {}, engagé {}, dû {}, {} {}",
            row.funder_name,
            row.programme_name,
            row.tier,
            Cents(row.cash_cents),
            Cents(row.committed_cents),
            Cents(row.payable_cents),
            if row.solvent { "reste" } else { "MANQUE" },
            Cents(row.cover_cents.abs()),
        );
    }
    println!("manque en tout: {}", Cents(shown.totals.missing_cents));
    if shown.solvent { Ok(()) } else { Err(Stop::Found) }
}

fn query(app: &App, asked: &Consumption) -> Result<Query, Stop> {
    let as_of = asked.as_of.as_deref().map(moment).transpose()?;
    let (first, last) = Query::last_year(&app.services, as_of);
    let month = |text: &Option<String>, default: Month| match text {
        None => Ok(default),
        Some(text) => {
            text.parse().map_err(|_| Stop::Usage(format!("{text:?} is not a month like 2026-03")))
        }
    };
    let to = month(&asked.to, last)?;
    let from = month(&asked.from, first.min(to))?;
    let groups: Option<Vec<Group>> =
        asked.group_by.split(',').filter(|name| !name.is_empty()).map(Group::from_name).collect();
    let groups = groups
        .ok_or_else(|| Stop::Usage(format!("{:?} names an unknown group", asked.group_by)))?;
    let (funder, programme) = (asked.funder, asked.programme);
    Ok(Query { funder, programme, from, to, groups, by: By::AccountingMonth, as_of })
}
