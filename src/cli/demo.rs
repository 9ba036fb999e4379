//! placeholder
use super::Stop;
use crate::app::{Settings, settings::Given};
pub fn demo(_: Settings, _: &Given, _: bool) -> Result<(), Stop> { Ok(()) }
