//! `import venues`.

use super::Stop;
use super::arguments::ImportCommand;
use crate::app::{App, Settings};
use crate::documents::venue_sheet;
use crate::domain::refusal::{Code, Refused};
use crate::services::import_venues;

/// Imports a file and says what it did.
///
/// # Errors
/// A file that cannot be read, or lines that are wrong.
pub fn import(settings: &Settings, command: &ImportCommand) -> Result<(), Stop> {
    let ImportCommand::Venues { file, partial } = command;
    let bytes = std::fs::read(file)
        .map_err(|error| Stop::Usage(format!("cannot read {}: {error}", file.display())))?;
    let sheet = venue_sheet::read(&bytes).map_err(|error| {
        Stop::Refused(Box::new(Refused::new(Code::UnreadableSheet, error.sentence())))
    })?;
    let app = App::build(settings)?;
    app.prepare()?;
    let done = import_venues::import_venues(&app.services, &sheet, *partial, None)?.value;
    for wrong in &done.rejected {
        eprintln!("line {}, {}: {}", wrong.line, wrong.column, wrong.detail);
    }
    println!(
        "{} created, {} updated, {} unchanged, {} rejected",
        done.created,
        done.updated,
        done.unchanged,
        done.rejected.len()
    );
    if done.more_rejected > 0 {
        println!("{} more lines rejected and not named", done.more_rejected);
    }
    Ok(())
}
