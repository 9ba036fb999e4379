//! The rules that look at one file at a time, and at the whole tree.

use std::collections::BTreeSet;

use crate::source::{File, Source, Token, files};

const FILE_LINES: usize = 300;
/// The list of tables, one block each: read by looking a table up, never from top to bottom.
const LISTS: [&str; 1] = ["src/store/schema.rs"];
const LINE_SIGNS: usize = 160;
const LIMITED: [&str; 5] = ["css", "html", "js", "rs", "sql"];
/// Kept as their authors wrote them.
const OF_OTHERS: [&str; 2] = ["src/http/pages/assets/scanner/zxing/", "tests/browser/axe/"];
const DRAWERS: [&str; 9] =
    ["util", "utils", "common", "commons", "helper", "helpers", "misc", "shared", "stuff"];
const ENGINES: [&str; 4] = ["Pg", "Sqlite", "PgConnection", "SqliteConnection"];
const ENGINE_FILES: [&str; 8] = [
    "src/store/connection.rs",
    "src/store/dialect.rs",
    "src/store/dialect/arrays.rs",
    "src/store/dialect/journal.rs",
    "src/store/dialect/lists.rs",
    "src/store/dialect/long_reads.rs",
    "src/store/dialect/state.rs",
    "src/store/sql_types.rs",
];

/// What is written here by hand, in any language that has limits.
pub fn limited() -> impl Iterator<Item = File> {
    files(&["benches", "migrations", "src", "tests"])
        .filter(|file| LIMITED.iter().any(|extension| file.is(extension)))
        .filter(|file| !OF_OTHERS.iter().any(|folder| file.path.starts_with(folder)))
}

pub fn long_file(file: &File) -> Option<String> {
    let lines = file.text.lines().count();
    let may = LISTS.contains(&file.path.as_str()) || !held_short(file);
    (lines > FILE_LINES && !may).then(|| {
        format!("{}: {lines} lines, {FILE_LINES} at most; split it by noun or by verb", file.path)
    })
}

/// Stories of the tests may be long, one after the other.
fn held_short(file: &File) -> bool {
    !file.is("rs") || file.path.starts_with("src/")
}

/// Lines of Rust are rustfmt's business.
pub fn long_lines(file: &File) -> Vec<String> {
    let lines = (1..).zip(file.text.lines().map(|line| line.chars().count()));
    lines
        .filter(|(_, signs): &(usize, usize)| *signs > LINE_SIGNS && !file.is("rs"))
        .map(|(line, signs)| {
            format!("{}:{line}: {signs} signs, {LINE_SIGNS} at most; break the line", file.path)
        })
        .collect()
}

pub fn drawer_name(path: &str) -> Option<String> {
    let stem = |part: &str| part.split('.').next().unwrap_or(part).to_lowercase();
    let drawer = path.split('/').map(stem).find(|stem| DRAWERS.contains(&stem.as_str()))?;
    Some(format!("{path}: `{drawer}` says nothing; name it after the noun or the verb it holds"))
}

/// Clippy forbids the macros of unfinished code and `#[allow]`, but not `#![allow]` for a file.
pub fn unfinished(file: &File) -> Vec<String> {
    let mark = concat!("FIX", "ME");
    let mut found = Vec::new();
    for (line, text) in (1..).zip(file.text.lines()) {
        let advice = if text.contains(mark) {
            "a mark to mend it: mend it now"
        } else if text.trim_start().starts_with("#![") && text.contains("allow(") {
            "`allow` hides a lint for good; mend the code, or write `expect` with a reason"
        } else {
            continue;
        };
        found.push(format!("{}:{line}: {advice}", file.path));
    }
    found
}

pub fn engines(source: &Source) -> Vec<String> {
    let apart = ENGINE_FILES.contains(&source.path.as_str());
    let named = source.tokens.iter().filter(|token| ENGINES.contains(&token.text.as_str()));
    named
        .filter(|_| !apart)
        .map(|Token { text, line }| {
            let (path, files) = (&source.path, ENGINE_FILES.join(", "));
            format!("{path}:{line}: `{text}` outside {files}; put what differs there")
        })
        .collect()
}

pub fn swallowed_errors(source: &Source) -> Vec<String> {
    let calls = source.tokens.windows(3).filter(|tokens| {
        source.layer() == "store" && tokens.iter().map(|t| t.text.as_str()).eq([".", "ok", "()"])
    });
    let advice = "`.ok()` makes a failure look like an absence; use `?`, or `.optional()?` for a \
                  row that may be missing";
    calls.map(|tokens| format!("{}:{}: {advice}", source.path, tokens[1].line)).collect()
}

/// Files that no `mod` leads to from `src/lib.rs` or `src/main.rs`.
pub fn dead_files(sources: &[Source]) -> Vec<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![Vec::new()];
    while let Some(module) = open.pop() {
        let files = sources.iter().filter(|source| source.module == module);
        open.extend(files.flat_map(|source| source.children.iter().cloned()));
        reached.insert(module);
    }
    let advice = "no `mod` leads here from src/lib.rs or src/main.rs, so it is not compiled; \
                  declare it, or delete it";
    let dead = sources.iter().filter(|source| !reached.contains(&source.module));
    dead.map(|source| format!("{}: {advice}", source.path)).collect()
}

/// Steps of one database that the other lacks, or that lead only one way.
pub fn uneven_migrations() -> Vec<String> {
    let found: BTreeSet<String> = files(&["migrations"]).map(|file| file.path).collect();
    let steps: BTreeSet<&str> = found.iter().filter_map(|path| path.split('/').nth(2)).collect();
    assert!(!steps.is_empty(), "migrations/ is empty: nothing was checked");
    let mut missing = Vec::new();
    for step in steps {
        for engine in ["sqlite", "postgres"] {
            let files = ["up.sql", "down.sql"];
            missing.extend(files.map(|file| format!("migrations/{engine}/{step}/{file}")));
        }
    }
    missing.retain(|path| !found.contains(path));
    let advice = "is missing; both databases take the same steps, up and down";
    missing.iter().map(|path| format!("{path} {advice}")).collect()
}
