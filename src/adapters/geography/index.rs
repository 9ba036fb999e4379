//! The table of communes, read once, and the orders in which it is looked up.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Commune;

static CSV: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/communes.csv"));

/// Everything is a place in `communes`.
pub(super) struct Index {
    pub(super) communes: Vec<Commune>,
    pub(super) by_code: HashMap<&'static str, usize>,
    pub(super) by_postal_code: BTreeMap<&'static str, Vec<usize>>,
    pub(super) departements: BTreeSet<&'static str>,
    /// Folded names in alphabetical order, those with an article also without it.
    names: Vec<(String, usize)>,
}

/// Read at the first question: about a tenth of a second, then a few megabytes for good.
pub(super) static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let communes: Vec<Commune> = CSV.lines().skip(1).filter_map(commune).collect();
    let mut by_postal_code: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
    let mut names = Vec::with_capacity(communes.len() * 2);
    for (place, commune) in communes.iter().enumerate() {
        for postal_code in commune.postal_codes() {
            by_postal_code.entry(postal_code).or_default().push(place);
        }
        let name = folded(commune.name, true);
        if let Some(bare) = without_article(&name) {
            names.push((bare.to_owned(), place));
        }
        names.push((name, place));
    }
    names.sort_unstable();
    Index {
        by_code: communes.iter().enumerate().map(|(place, c)| (c.code, place)).collect(),
        departements: communes.iter().map(|commune| commune.departement).collect(),
        by_postal_code,
        names,
        communes,
    }
});

impl Index {
    pub(super) fn name_begins<'a>(&'a self, begin: &'a str) -> impl Iterator<Item = usize> + 'a {
        let first = self.names.partition_point(|(name, _)| name.as_str() < begin);
        let rest = self.names.iter().skip(first);
        rest.take_while(move |(name, _)| name.starts_with(begin)).map(|(_, place)| *place)
    }

    pub(super) fn name_is<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> + 'a {
        let first = self.names.partition_point(|(other, _)| other.as_str() < name);
        let rest = self.names.iter().skip(first);
        rest.take_while(move |(other, _)| other == name).map(|(_, place)| *place)
    }

    pub(super) fn postal_code_begins<'a>(
        &'a self,
        begin: &'a str,
    ) -> impl Iterator<Item = usize> + 'a {
        let rest = self.by_postal_code.range(begin..);
        rest.take_while(move |(code, _)| code.starts_with(begin))
            .flat_map(|(_, places)| places.iter().copied())
    }

    pub(super) fn code_is(&self, code: &str) -> Option<usize> {
        self.by_code.get(code.to_ascii_uppercase().as_str()).copied()
    }
}

/// No field of the file holds a comma or quotes; a test counts the lines.
fn commune(line: &'static str) -> Option<Commune> {
    let fields: Vec<&'static str> = line.split(',').collect();
    let [code, name, departement, region, postal_codes, population] = *fields.as_slice() else {
        return None;
    };
    let population = population.trim().parse().unwrap_or(0);
    Some(Commune { code, name, departement, region, population, postal_codes })
}

/// A name as words of plain small letters and digits: "Saint-Étienne-du-Grès" becomes
/// "saint etienne du gres". "CEDEX" and what follows is left out; with `in_full`, "St" and "Ste" are
/// written out.
pub(super) fn folded(name: &str, in_full: bool) -> String {
    let name = name.to_lowercase().replace('œ', "oe").replace('æ', "ae");
    let plain: String = name
        .nfkd()
        .filter(|sign| !is_combining_mark(*sign))
        .map(|sign| if sign.is_alphanumeric() { sign } else { ' ' })
        .collect();
    let words = plain.split_whitespace().take_while(|word| *word != "cedex");
    let words = words.map(|word| match word {
        "st" if in_full => "saint",
        "ste" if in_full => "sainte",
        other => other,
    });
    words.collect::<Vec<_>>().join(" ")
}

fn without_article(name: &str) -> Option<&str> {
    ["la ", "le ", "les ", "l "].iter().find_map(|article| name.strip_prefix(article))
}
