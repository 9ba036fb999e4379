//! Communes that became part of another, by their codes and, as far as they are known, their names.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::index::folded;

static CSV: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/communes-anciennes.csv"));

struct Former {
    by_code: HashMap<&'static str, &'static str>,
    by_name: BTreeMap<String, Vec<&'static str>>,
}

static FORMER: LazyLock<Former> = LazyLock::new(|| {
    let mut former = Former { by_code: HashMap::new(), by_name: BTreeMap::new() };
    for line in CSV.lines().skip(1) {
        let mut fields = line.split(',');
        let (Some(code), Some(name), Some(today)) = (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        if code != today {
            former.by_code.insert(code, today);
        }
        if !name.is_empty() {
            former.by_name.entry(folded(name, true)).or_default().push(today);
        }
    }
    former
});

/// The code of the commune of today of which a commune of that code became a part.
pub(super) fn became(code: &str) -> Option<&'static str> {
    FORMER.by_code.get(code).copied()
}

/// The codes of the communes of today of which one of that folded name became a part.
pub(super) fn of_name(folded_name: &str) -> impl Iterator<Item = &'static str> + use<> {
    FORMER.by_name.get(folded_name).into_iter().flatten().copied()
}
