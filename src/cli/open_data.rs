//! `open-data publish`.

use super::Stop;
use super::arguments::OpenDataCommand;
use crate::app::{self, App, Settings};
use crate::services::publish_open_data::{NewVintage, preview};
use crate::services::subventions::LeftOut;
use crate::services::terminal;

/// Publishes closed months, or says what publishing them would hide.
///
/// # Errors
/// A refusal.
pub fn open_data(settings: &Settings, command: &OpenDataCommand) -> Result<(), Stop> {
    let OpenDataCommand::Publish { from, to, dry_run, by } = command;
    let asked = NewVintage { from: from.clone(), to: to.clone() };
    let app = App::build(settings)?;
    app.prepare()?;
    let caller = terminal::operator(&app.services, by.as_deref())?;
    if *dry_run {
        let found = preview(&app.services, &caller, &asked)?;
        println!(
            "{} numbers, {} sensitive and {} others hidden; {} of {} workshops shown by cells; \
             {} grants",
            found.numbers,
            found.hidden_sensitive,
            found.hidden_protecting,
            found.workshops_shown,
            found.workshops,
            found.subventions
        );
        tell(&found.left_out);
        return Ok(());
    }
    let made = app::open_data::publish(&app.services, &caller, &asked, None)?.value;
    println!(
        "{}: {} of {} numbers hidden",
        made.vintage.name, made.vintage.hidden, made.vintage.numbers
    );
    for file in &made.vintage.files {
        println!("{} {} bytes {}", file.path, file.bytes, file.sha256);
    }
    tell(&made.left_out);
    Ok(())
}

fn tell(left_out: &[LeftOut]) {
    for one in left_out {
        let reasons = one.reasons.join(" ");
        println!("left out: {}, {}: {reasons}", one.funder_name, one.programme_name);
    }
}
