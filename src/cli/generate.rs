//! `generate`: a believable past of any size, for measuring.

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::time::Duration;

use chrono::NaiveDate;
use clap::Args;

use super::progress::bar;
use super::{Stop, private_file};
use crate::adapters::clock::{Clock, SystemClock};
use crate::app::{Settings, rehearsal_of};
use crate::domain::time::{Instant, Zone};
use crate::services::generate::{Generated, LiveCode, PASSWORD, Plan, generate as make};

/// How large a past, and what is handed out of it.
#[derive(Debug, Args)]
pub struct Generate {
    /// How many passes; each has about seven workshops
    #[arg(long, default_value_t = 1_500_000)]
    passes: u32,
    /// The same seed, day and size give the same past
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The day after the last one of the past [default: today]
    #[arg(long, value_name = "DAY")]
    today: Option<NaiveDate>,
    /// How many passes more that nobody has used yet
    #[arg(long, default_value_t = 0)]
    fresh: u32,
    /// Write their codes: code, venue, e-mail of somebody who works there
    #[arg(long, value_name = "FILE")]
    codes: Option<PathBuf>,
}

/// Fills an empty installation with a year of passes and workshops.
///
/// # Errors
/// An installation that is not empty, or a failure.
pub fn generate(settings: &Settings, asked: &Generate) -> Result<(), Stop> {
    let today = asked.today.unwrap_or_else(|| SystemClock.now().day_in(Zone::PARIS));
    let plan = Plan::of_a_year(asked.passes, asked.fresh, today);
    let morning = plan.first_day.and_time(chrono::NaiveTime::MIN).and_utc();
    let (app, _) = rehearsal_of(settings, Instant::from_utc(morning), Some(asked.seed))?;
    app.prepare()?;
    let days = (plan.today - plan.first_day).num_days();
    let progress = bar(u64::try_from(days).unwrap_or(0), "jours");
    progress.enable_steady_tick(Duration::from_secs(1));
    let made = make(&app.services, plan, |day, made| {
        progress.inc(1);
        if progress.is_hidden() && day.format("%d").to_string() == "01" {
            println!("{day}: {} pass, {} ateliers", made.passes, made.redemptions);
        }
    })?;
    progress.finish_and_clear();
    if let Some(file) = &asked.codes {
        write_codes(file, &made.codes)?;
    }
    say(&made);
    Ok(())
}

fn write_codes(file: &std::path::Path, codes: &[LiveCode]) -> Result<(), Stop> {
    let mut out = BufWriter::new(private_file::create(file)?);
    for one in codes {
        writeln!(out, "{},{},{}", one.code, one.venue, one.email)?;
    }
    Ok(out.flush()?)
}

fn say(made: &Generated) {
    println!(
        "{} passes, {} redemptions, {} postings",
        made.passes, made.redemptions, made.postings
    );
    println!("operateur@exemple.fr, password {PASSWORD}");
}
