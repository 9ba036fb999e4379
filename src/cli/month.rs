//! `month close`.

use super::Stop;
use super::arguments::MonthCommand;
use crate::app::{App, Settings};
use crate::domain::money::Cents;
use crate::domain::time::Month;
use crate::services::{close_month, terminal};

/// Closes a month and every open one before it.
///
/// # Errors
/// A refusal, or a month that cannot be read.
pub fn month(settings: &Settings, command: &MonthCommand) -> Result<(), Stop> {
    let MonthCommand::Close { month, by } = command;
    let month: Month =
        month.parse().map_err(|_| Stop::Usage(format!("{month:?} is not a month like 2026-03")))?;
    let app = App::build(settings)?;
    app.prepare()?;
    let caller = terminal::operator(&app.services, by.as_deref())?;
    let made = close_month::close_month(&app.services, caller.user, month, None)?.value;
    for one in &made.months {
        println!(
            "{}: {} postings, {} statements {}, {} funding calls {}, {}",
            one.month,
            one.postings,
            one.statements,
            Cents(one.statements_cents),
            one.funding_calls,
            Cents(one.funding_calls_cents),
            one.digest
        );
    }
    Ok(())
}
