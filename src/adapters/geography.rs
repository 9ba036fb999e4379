//! The communes of France, embedded: INSEE's official geographic code with La Poste's codes.

mod centres;
mod departements;
mod former;
mod index;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BTreeSet;

pub use centres::{centre, positions_in};
pub use departements::departement_name;
use index::{INDEX, folded};

use crate::domain::territory::city_of;

/// A commune, or a municipal district of Paris, Lyon or Marseille.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commune {
    /// INSEE code, five signs: `16015`, `2A004`, `97411`.
    pub code: &'static str,
    /// Its official name.
    pub name: &'static str,
    /// Code of its département, or of its overseas collectivity.
    pub departement: &'static str,
    /// Code of its region; overseas collectivities repeat that of the département.
    pub region: &'static str,
    /// How many people live there; 0 where nobody does.
    pub population: u32,
    postal_codes: &'static str,
}

impl Commune {
    /// Its postal codes; a few places overseas have none.
    pub fn postal_codes(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.postal_codes.split('|').filter(|code| !code.is_empty())
    }

    /// Whether that is its whole name, however it is written.
    #[must_use]
    pub fn is_called(&self, typed: &str) -> bool {
        folded(self.name, true) == folded(typed, true)
    }

    /// The city of which this is a municipal district; itself for any other commune.
    #[must_use]
    pub fn whole_city(&'static self) -> &'static Self {
        city_of(self.code).and_then(commune).unwrap_or(self)
    }
}

/// A text as words of plain small letters and digits, for searches that look past accents.
#[must_use]
pub fn plain(text: &str) -> String {
    folded(text, true)
}

/// The commune of that INSEE code; that of today for the code of one that became part of it.
#[must_use]
pub fn commune(code: &str) -> Option<&'static Commune> {
    of_today(code).or_else(|| of_today(former::became(code)?))
}

fn of_today(code: &str) -> Option<&'static Commune> {
    INDEX.by_code.get(code).and_then(|place| INDEX.communes.get(*place))
}

/// Whether a département or overseas collectivity has that code.
#[must_use]
pub fn departement_exists(code: &str) -> bool {
    INDEX.departements.contains(code)
}

/// The codes of all départements and overseas collectivities, in order.
pub fn departements() -> impl Iterator<Item = &'static str> {
    INDEX.departements.iter().copied()
}

/// The communes of a département, cities whole.
pub fn communes_of(departement: &str) -> impl Iterator<Item = &'static Commune> {
    INDEX
        .communes
        .iter()
        .filter(move |commune| commune.departement == departement)
        .filter(|commune| commune.whole_city().code == commune.code)
}

/// The communes of a postal code, largest first.
#[must_use]
pub fn by_postal_code(postal_code: &str) -> Vec<&'static Commune> {
    let places = INDEX.by_postal_code.get(postal_code).into_iter().flatten();
    largest_first(places.copied())
}

/// The communes whose name (without its article too) or postal code begins with what was typed,
/// or whose INSEE code it is; largest first. Fewer than two signs find nothing.
#[must_use]
pub fn search(typed: &str, limit: usize) -> Vec<&'static Commune> {
    let typed = typed.trim();
    let places: BTreeSet<usize> = if typed.chars().count() < 2 {
        BTreeSet::new()
    } else if typed.starts_with(|sign: char| sign.is_ascii_digit()) {
        INDEX.postal_code_begins(typed).chain(INDEX.code_is(typed)).collect()
    } else {
        // "st" is the beginning of "Saint-Denis", and of "Strasbourg" as well.
        let begins = BTreeSet::from([folded(typed, true), folded(typed, false)]);
        begins.iter().flat_map(|begin| INDEX.name_begins(begin)).collect()
    };
    let mut found = largest_first(places);
    if found.is_empty() {
        let parts: BTreeSet<&str> =
            former::of_name(&folded(typed, true)).chain(former::became(typed)).collect();
        found = parts.into_iter().filter_map(commune).collect();
    }
    found.truncate(limit);
    found
}

/// The commune that a file means by a name and a postal code.
///
/// Of the communes of that postal code: the one of that name, else the only one, else the only one
/// whose name begins so ("Mansle" has become "Mansle-les-Fontaines"). Postal codes may be wrong, or
/// belong to a large office ("CEDEX") and be in no list: then the only commune of that name in the
/// département.
#[must_use]
pub fn resolve(name: &str, postal_code: &str) -> Option<&'static Commune> {
    let wanted = folded(name, true);
    let near = by_postal_code(postal_code);
    let named = |commune: &&Commune| folded(commune.name, true) == wanted;
    let begins = |commune: &&Commune| folded(commune.name, true).starts_with(&wanted);
    if let Some(same) = near.iter().copied().find(named) {
        return Some(same);
    }
    if let [only] = near.as_slice() {
        return Some(only);
    }
    if wanted.is_empty() {
        return None;
    }
    if let Some(longer) = only_one(near.into_iter().filter(begins)) {
        return Some(longer);
    }
    let same = INDEX.name_is(&wanted).filter_map(|place| INDEX.communes.get(place));
    only_one(same.filter(|commune| delivers(postal_code, commune.departement))).or_else(|| {
        let parts: BTreeSet<&str> = former::of_name(&wanted).collect();
        let parts = parts.into_iter().filter_map(commune);
        only_one(parts.filter(|commune| delivers(postal_code, commune.departement)))
    })
}

/// Whether postal codes of that beginning are delivered in a département.
fn delivers(postal_code: &str, departement: &str) -> bool {
    match departement {
        "2A" | "2B" => postal_code.starts_with("20"),
        _ => postal_code.starts_with(departement),
    }
}

fn only_one(mut communes: impl Iterator<Item = &'static Commune>) -> Option<&'static Commune> {
    let first = communes.next()?;
    communes.next().is_none().then_some(first)
}

fn largest_first(places: impl IntoIterator<Item = usize>) -> Vec<&'static Commune> {
    let communes = places.into_iter().filter_map(|place| INDEX.communes.get(place));
    let mut communes: Vec<&'static Commune> = communes.collect();
    communes.sort_by_key(|commune| (Reverse(commune.population), commune.code));
    communes
}
