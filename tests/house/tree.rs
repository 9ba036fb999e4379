//! The rules that look at the whole tree: which files are compiled, and the migrations.

use std::collections::{BTreeMap, BTreeSet};

use crate::debts::{Fault, Rule};
use crate::source::{Source, files, is_word};

/// Files that no `mod` leads to from `src/lib.rs` or `src/main.rs`.
pub fn dead_files(sources: &[Source]) -> Vec<Fault> {
    let by_path: BTreeMap<&str, &Source> =
        sources.iter().map(|source| (source.path.as_str(), source)).collect();
    let mut reached = BTreeSet::new();
    let mut open = vec!["src/lib.rs".to_owned(), "src/main.rs".to_owned()];
    while let Some(path) = open.pop() {
        let Some(source) = by_path.get(path.as_str()) else { continue };
        if reached.insert(path) {
            open.extend(children(source));
        }
    }
    let advice = "no `mod` leads here from src/lib.rs or src/main.rs, so it is not compiled; \
                  declare it, or delete it";
    let dead = sources.iter().filter(|source| !reached.contains(&source.path));
    dead.map(|source| Fault::new(Rule::DeadFiles, &source.path, advice.to_owned())).collect()
}

/// The files that the `mod name;` lines of a file may mean.
fn children(source: &Source) -> Vec<String> {
    let mut folders = source.module();
    let mut inner: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for index in 0..source.tokens.len() {
        if inner.last() == Some(&index) {
            inner.pop();
            folders.pop();
        }
        let name = source.at(index + 1);
        if source.at(index) != "mod" || !is_word(name) {
            continue;
        }
        if source.at(index + 2) == "{" {
            folders.push(name.to_owned());
            inner.push(source.closing(index + 2));
        } else {
            let path = [&["src".to_owned()], folders.as_slice(), &[name.to_owned()]].concat();
            found.push(format!("{}.rs", path.join("/")));
            found.push(format!("{}/mod.rs", path.join("/")));
        }
    }
    found
}

/// What one database's migrations have and the other's lack.
pub fn migrations() -> Vec<Fault> {
    let [sqlite, postgres] = ["sqlite", "postgres"].map(steps);
    assert!(
        !sqlite.is_empty() || !postgres.is_empty(),
        "migrations/sqlite and migrations/postgres are empty: nothing was checked"
    );
    let mut faults = Vec::new();
    for folder in sqlite.keys().chain(postgres.keys()).collect::<BTreeSet<_>>() {
        for (engine, steps) in [("sqlite", &sqlite), ("postgres", &postgres)] {
            let there = steps.get(folder).cloned().unwrap_or_default();
            let missing = ["up.sql", "down.sql"].into_iter().filter(|file| !there.contains(*file));
            faults.extend(missing.map(|file| {
                let place = format!("migrations/{engine}/{folder}/{file}");
                let advice = "is missing; both databases take the same steps, up and down";
                Fault::new(Rule::Migrations, &place, advice.to_owned())
            }));
        }
    }
    faults
}

/// The files in each folder of one database's migrations.
fn steps(engine: &str) -> BTreeMap<String, BTreeSet<String>> {
    let base = format!("migrations/{engine}");
    let mut steps: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files(&base) {
        let inside = path.trim_start_matches(&base).trim_start_matches('/');
        if let Some((folder, file)) = inside.split_once('/') {
            steps.entry(folder.to_owned()).or_default().insert(file.to_owned());
        }
    }
    steps
}
