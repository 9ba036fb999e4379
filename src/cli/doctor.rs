//! `doctor`: what is wrong with this installation, and what to do.

use super::Stop;
use crate::app::data_dir::LAST_BACKUP;
use crate::app::{App, Settings, data_dir};
use crate::services::{Error, clock_mark, installation, key_checks};

/// Looks at settings, keys, database and schema, and says what is wrong.
///
/// # Errors
/// [`Stop::Found`] when something is wrong.
pub fn doctor(settings: &Settings) -> Result<(), Stop> {
    println!("listens on      {}", settings.listen);
    println!("public address  {}", settings.public_url);
    println!("data directory  {}", settings.data_dir.display());
    println!("database        {}", settings.database_url);
    let backup = std::fs::read_to_string(settings.data_dir.join(LAST_BACKUP));
    println!("last backup     {}", backup.as_deref().unwrap_or("none by `backup` from here"));
    let mut wrong = Vec::new();
    if !settings.public_url.starts_with("https://") {
        println!("note: without https:// cookies travel in the clear; fine on one's own machine");
    }
    if !settings.data_dir.join("keys").join("complete").exists() {
        println!("WRONG: there is no installation in this directory yet: run `serve` or `migrate`");
        return Err(Stop::Found);
    }
    for path in data_dir::open_to_others(settings) {
        let path = path.display();
        wrong.push(format!("{path} is open to others: chmod 700 for a folder, 600 for a file"));
    }
    match App::build(settings) {
        Err(error) => wrong.push(error.to_string()),
        Ok(app) => {
            let mut note = |error: Error| {
                wrong.push(match error {
                    Error::Failure(failure) => failure.for_the_log(),
                    Error::Refused { refused, .. } => refused.sentence,
                });
            };
            installation::file_is_whole(&app.services).unwrap_or_else(&mut note);
            installation::schema_current(&app.services).unwrap_or_else(&mut note);
            key_checks::keys_fit(&app.services).unwrap_or_else(&mut note);
            clock_mark::is_believed(&app.services).unwrap_or_else(&mut note);
        }
    }
    for reason in &wrong {
        println!("WRONG: {reason}");
    }
    if wrong.is_empty() {
        println!("all is well");
        return Ok(());
    }
    Err(Stop::Found)
}
