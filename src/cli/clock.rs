//! `clock confirm`.

use super::Stop;
use crate::adapters::clock::{Clock, SystemClock};
use crate::app::{App, Settings};
use crate::services::clock_mark;

/// Goes on by this machine's clock after a long stop.
///
/// # Errors
/// A clock that the database's contradicts.
pub fn confirm(settings: &Settings) -> Result<(), Stop> {
    let app = App::build(settings)?;
    app.prepare()?;
    clock_mark::confirm(&app.services)?;
    println!(
        "{} is taken for right: passes are released and people forgotten by it",
        SystemClock.now()
    );
    Ok(())
}
