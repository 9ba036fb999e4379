//! INSEE codes as they are sent: the same commune is meant by `2a004`, by blanks around a code, and
//! by the code that a commune had before it became part of another.

use serde::{Deserialize, Deserializer};

use crate::adapters::geography;

/// The code of today of the commune, département or overseas collectivity that is meant; what means
/// none stays as it is, for a refusal to name it.
#[must_use]
pub fn of_today(sent: &str) -> String {
    let plain = sent.trim().to_uppercase();
    geography::commune(&plain).map_or(plain, |commune| commune.code.to_owned())
}

pub(super) fn one<'de, D: Deserializer<'de>>(sent: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(sent)?.map(|code| of_today(&code)))
}

pub(super) fn needed<'de, D: Deserializer<'de>>(sent: D) -> Result<String, D::Error> {
    Ok(of_today(&String::deserialize(sent)?))
}

/// A territory.
pub(super) fn many<'de, D: Deserializer<'de>>(sent: D) -> Result<Option<Vec<String>>, D::Error> {
    let sent = Option::<Vec<String>>::deserialize(sent)?;
    Ok(sent.map(|codes| codes.iter().map(|code| of_today(code)).collect()))
}
