//! `import venues`.

use super::Stop;
use super::import_arguments::ImportCommand;
use crate::app::{App, Settings};
use crate::documents::venue_sheet;
use crate::domain::refusal::{Code, Refused};
use crate::services::import_venues::{self, Way};

/// Imports a file and says what it did.
///
/// # Errors
/// A file that cannot be read, or lines that are wrong.
pub fn import(settings: &Settings, command: &ImportCommand) -> Result<(), Stop> {
    let ImportCommand::Venues { file, partial, dry_run } = command;
    let bytes = std::fs::read(file)
        .map_err(|error| Stop::Usage(format!("cannot read {}: {error}", file.display())))?;
    let sheet = venue_sheet::read(&bytes).map_err(|error| {
        Stop::Refused(Box::new(Refused::new(Code::UnreadableSheet, error.sentence())))
    })?;
    let app = App::build(settings)?;
    app.prepare()?;
    let way = Way { partial: *partial, dry_run: *dry_run };
    let done = import_venues::import_venues(&app.services, &sheet, way, None)?.value;
    for note in &done.notes {
        eprintln!("line {}, {}: {}", note.line, note.column, note.detail);
    }
    for wrong in &done.rejected {
        eprintln!("line {}, {}: {}", wrong.line, wrong.column, wrong.detail);
    }
    if done.dry_run {
        for venue in &done.venues {
            println!("line {}, {}: {}", venue.line, venue.what, venue.name);
        }
        println!("nothing is imported; what would be:");
    }
    println!(
        "{} created, {} updated, {} unchanged, {} rejected",
        done.created,
        done.updated,
        done.unchanged,
        done.rejected.len()
    );
    if done.newer_here > 0 {
        println!("{} left as they are: newer here than in the file", done.newer_here);
    }
    if done.more_rejected > 0 {
        println!("{} more lines rejected and not named", done.more_rejected);
    }
    Ok(())
}
