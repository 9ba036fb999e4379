//! `keys rotate` and `keys forget`.

use super::Stop;
use super::arguments::KeysCommand;
use crate::app::{self, App, Settings};
use crate::services::key_checks;

/// Makes a new code key, or goes on without a key file that is lost.
///
/// # Errors
/// A key file that cannot be read or made, or that nothing works without.
pub fn keys(settings: &Settings, command: &KeysCommand) -> Result<(), Stop> {
    match command {
        KeysCommand::Rotate => {
            println!("{}", app::rotate_codes(settings)?.display());
            println!("Start every instance again: new passes will have codes of this key.");
        }
        KeysCommand::Forget { name } => {
            app::make_successor_key(settings, name)?;
            key_checks::forget(&App::build(settings)?.services, name)?;
            println!("{name} is forgotten: what was made with it cannot be read any more");
        }
    }
    Ok(())
}
