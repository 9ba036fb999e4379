//! The communes of France, embedded: INSEE's official geographic code.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

static CSV: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/communes.csv"));

/// A commune or municipal district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commune {
    /// INSEE code, five signs.
    pub code: &'static str,
    /// Its official name.
    pub name: &'static str,
    /// Code of its département.
    pub departement: &'static str,
    /// How many people live there.
    pub population: u32,
    postal_codes: &'static str,
    folded: String,
}

impl Commune {
    /// Its postal codes.
    pub fn postal_codes(&self) -> impl Iterator<Item = &'static str> {
        self.postal_codes.split(['|', ' ', '/']).filter(|code| !code.is_empty())
    }

    /// Whether that is its whole name, however it is written.
    #[must_use]
    pub fn is_called(&self, typed: &str) -> bool {
        self.folded == folded(typed)
    }
}

struct Index {
    communes: Vec<Commune>,
    by_code: HashMap<&'static str, usize>,
    by_postal_code: HashMap<&'static str, Vec<usize>>,
    departements: BTreeSet<&'static str>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let communes: Vec<Commune> = CSV.lines().skip(1).filter_map(parse).collect();
    let mut by_postal_code: HashMap<&'static str, Vec<usize>> = HashMap::new();
    for (position, commune) in communes.iter().enumerate() {
        for postal_code in commune.postal_codes() {
            by_postal_code.entry(postal_code).or_default().push(position);
        }
    }
    Index {
        by_code: communes.iter().enumerate().map(|(position, c)| (c.code, position)).collect(),
        departements: communes.iter().map(|commune| commune.departement).collect(),
        by_postal_code,
        communes,
    }
});

fn parse(line: &'static str) -> Option<Commune> {
    let mut fields = line.split(',');
    let (code, name, departement, _region) =
        (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let (postal_codes, population) = (fields.next()?, fields.next()?);
    let population = population.trim().parse().unwrap_or(0);
    Some(Commune { code, name, departement, population, postal_codes, folded: folded(name) })
}

/// The commune of that INSEE code.
#[must_use]
pub fn commune(code: &str) -> Option<&'static Commune> {
    INDEX.by_code.get(code).and_then(|position| INDEX.communes.get(*position))
}

/// Whether a département has that code.
#[must_use]
pub fn departement_exists(code: &str) -> bool {
    INDEX.departements.contains(code)
}

/// The communes of a postal code, largest first.
#[must_use]
pub fn by_postal_code(postal_code: &str) -> Vec<&'static Commune> {
    let positions = INDEX.by_postal_code.get(postal_code).map(Vec::as_slice).unwrap_or_default();
    let found = positions.iter().filter_map(|position| INDEX.communes.get(*position));
    largest_first(found.collect())
}

/// The communes whose name or postal code begins with what was typed, largest first.
#[must_use]
pub fn search(typed: &str, limit: usize) -> Vec<&'static Commune> {
    let begin = folded(typed);
    if begin.len() < 2 {
        return Vec::new();
    }
    let matches = |commune: &&Commune| {
        commune.folded.starts_with(&begin)
            || commune.code == typed.trim()
            || commune.postal_codes().any(|code| code.starts_with(&begin))
    };
    let mut found = largest_first(INDEX.communes.iter().filter(matches).collect());
    found.truncate(limit);
    found
}

/// The commune a file means by a name and a postal code: of the communes of that postal code the
/// one of that name, else the only one; else the only one of that name in the département.
#[must_use]
pub fn resolve(name: &str, postal_code: &str) -> Option<&'static Commune> {
    let wanted = folded(name);
    let near = by_postal_code(postal_code);
    if let Some(same) = near.iter().find(|commune| commune.folded == wanted) {
        return Some(same);
    }
    if let [only] = near.as_slice() {
        return Some(only);
    }
    let departement = postal_code.get(..2)?;
    let mut same = INDEX
        .communes
        .iter()
        .filter(|commune| commune.folded == wanted && commune.departement.starts_with(departement));
    let first = same.next()?;
    same.next().is_none().then_some(first)
}

fn largest_first(mut communes: Vec<&'static Commune>) -> Vec<&'static Commune> {
    communes.sort_by_key(|commune| std::cmp::Reverse(commune.population));
    communes
}

/// Letters and digits without case or accents; "St" and "Ste" in full, cedex left out.
fn folded(name: &str) -> String {
    let plain: String = name
        .replace(['œ', 'Œ'], "oe")
        .nfkd()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .filter(|c| c.is_ascii())
        .flat_map(char::to_lowercase)
        .collect();
    let words = plain.split_whitespace().take_while(|word| *word != "cedex");
    words
        .map(|word| match word {
            "st" => "saint",
            "ste" => "sainte",
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn communes_are_found_however_they_are_written() {
        assert_eq!(commune("16015").unwrap().name, "Angoulême");
        assert_eq!(resolve("ANGOULEME", "16000").unwrap().code, "16015");
        assert_eq!(resolve("CHATEAUBERNARD", "16100").unwrap().code, "16089");
        assert_eq!(search("angou", 1).first().unwrap().code, "16015");
        assert_eq!(search("16800", 3).first().unwrap().code, "16374");
        assert!(departement_exists("2A") && departement_exists("974") && !departement_exists("20"));
        assert!(commune("97411").is_some() && commune("99999").is_none());
    }
}
