//! `keys rotate`.

use super::Stop;
use super::arguments::KeysCommand;
use crate::adapters::keys::Keys;
use crate::adapters::randomness::SecureRandom;
use crate::app::Settings;

/// Makes a new code key. Every instance must be started again to read it.
///
/// # Errors
/// A key file that cannot be read or made.
pub fn keys(settings: &Settings, command: &KeysCommand) -> Result<(), Stop> {
    let KeysCommand::Rotate = command;
    let random = SecureRandom::from_system().map_err(|error| Stop::Failure(error.to_string()))?;
    let folder = settings.data_dir.join("keys");
    let number =
        Keys::rotate_codes(&folder, &random).map_err(|error| Stop::Failure(error.to_string()))?;
    println!("{}", folder.join(format!("code-{number}.key")).display());
    println!("Start every instance again: new passes will have codes of this key.");
    Ok(())
}
