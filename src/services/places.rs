//! Finding a commune by what people type: its name or its postal code.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Outcome, Services, commune_code};
use crate::adapters::geography::{self, Commune};
use crate::domain::caller::Caller;
use crate::domain::place::Point;
use crate::store;

/// A commune that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// INSEE code.
    pub code: String,
    /// Its name and postal code, as people know it.
    pub label: String,
}

/// How many communes a person can choose from.
const CHOICES: usize = 12;

/// How many passes back we look for the usual communes.
const LATEST: i64 = 100;

/// The communes that may be meant, largest first. One whose whole name was typed is meant even
/// when other names begin the same way.
#[must_use]
pub fn search(typed: &str) -> Vec<Place> {
    let labelled = by_label(typed);
    if !labelled.is_empty() {
        return labelled;
    }
    let found = geography::search(typed, CHOICES);
    let exact: Vec<&Commune> =
        found.iter().copied().filter(|commune| commune.is_called(typed)).collect();
    let meant = if exact.is_empty() { found } else { exact };
    meant.into_iter().map(place).collect()
}

/// What a list suggested and the person took as it is: `Angoulême (16000)`.
fn by_label(typed: &str) -> Vec<Place> {
    let Some((name, rest)) = typed.trim().rsplit_once(" (") else { return Vec::new() };
    let found = geography::by_postal_code(rest.trim_end_matches(')'));
    found.into_iter().filter(|commune| commune.is_called(name)).map(place).collect()
}

/// Where the people live to whom the caller's organisation handed its latest passes, the most
/// frequent first: what is typed next is likely among them.
///
/// # Errors
/// A failure of the database.
pub fn usual(services: &Services, caller: &Caller) -> Outcome<Vec<Place>> {
    let codes = services
        .read(|op| Ok(store::pass_list::latest_communes(op.conn, caller.organisation, LATEST)?))?;
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for code in codes {
        *counted.entry(code).or_default() += 1;
    }
    let mut usual: Vec<(String, usize)> = counted.into_iter().collect();
    usual.sort_by_key(|(_, count)| Reverse(*count));
    Ok(usual.iter().take(CHOICES).filter_map(|(code, _)| by_code(code)).collect())
}

/// The commune of that INSEE code.
#[must_use]
pub fn by_code(code: &str) -> Option<Place> {
    geography::commune(&commune_code::of_today(code)).map(place)
}

/// Where a commune is, small ones about.
#[must_use]
pub fn centre(code: &str) -> Option<Point> {
    geography::centre(code)
}

/// Where the communes of some départements are: the ground of a map.
#[must_use]
pub fn ground(departements: &[String]) -> Vec<Point> {
    departements.iter().flat_map(|code| geography::positions_in(code)).collect()
}

/// The name of the département of that code, when there is one.
#[must_use]
pub fn departement_name(code: &str) -> Option<&'static str> {
    geography::departement_name(code)
}

fn place(commune: &Commune) -> Place {
    let postal_code = commune.postal_codes().next().unwrap_or(commune.code);
    let label = format!("{} ({postal_code})", commune.name);
    Place { code: commune.code.to_owned(), label }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_name_is_not_a_question_but_a_shared_postal_code_is() {
        let cognac = search("cognac");
        assert_eq!(cognac.first().map(|place| place.label.as_str()), Some("Cognac (16100)"));
        assert_eq!(cognac.len(), 1);
        assert!(search("16100").len() > 1);
        assert!(search("zzzz").is_empty());
        assert_eq!(search("Cognac (16100)"), cognac);
        assert!(search("Cognac (99999)").is_empty());
    }
}
