//! `keys rotate`.

use super::Stop;
use super::arguments::KeysCommand;
use crate::app::{self, Settings};

/// Makes a new code key. Every instance must be started again to read it.
///
/// # Errors
/// A key file that cannot be read or made.
pub fn keys(settings: &Settings, command: &KeysCommand) -> Result<(), Stop> {
    let KeysCommand::Rotate = command;
    println!("{}", app::rotate_codes(settings)?.display());
    println!("Start every instance again: new passes will have codes of this key.");
    Ok(())
}
