//! The rules that look at one file at a time.

use crate::debts::{Fault, Rule};
use crate::source::{Source, Token, is_word};

const FILE_LINES: usize = 300;
/// The list of tables, one block each: read by looking a table up, never from top to bottom.
const LISTS: [&str; 1] = ["src/store/schema.rs"];
const FUNCTION_LINES: usize = 70;
const DRAWERS: [&str; 9] =
    ["util", "utils", "common", "commons", "helper", "helpers", "misc", "shared", "stuff"];
const ENGINES: [&str; 4] = ["Pg", "Sqlite", "PgConnection", "SqliteConnection"];
const ENGINE_FILES: [&str; 8] = [
    "src/store/connection.rs",
    "src/store/dialect.rs",
    "src/store/dialect/cells.rs",
    "src/store/dialect/form.rs",
    "src/store/dialect/journal.rs",
    "src/store/dialect/listed.rs",
    "src/store/dialect/lists.rs",
    "src/store/sql_types.rs",
];

pub fn file_length(source: &Source) -> Option<Fault> {
    let lines = source.text.lines().count();
    let advice = format!("{lines} lines, {FILE_LINES} at most; split it by noun or by verb");
    let fault = Fault::new(Rule::FileLength, &source.path, advice).sized(lines);
    (lines > FILE_LINES && !LISTS.contains(&source.path.as_str())).then_some(fault)
}

pub fn function_length(source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    for start in source.find(&["fn"]).filter(|start| is_word(source.at(start + 1))) {
        let Some(open) = body(source, start) else { continue };
        let first = source.line(start);
        let lines = source.line(source.closing(open)).saturating_sub(first) + 1;
        if lines > FUNCTION_LINES {
            let name = source.at(start + 1);
            let advice = format!(
                "`{name}` has {lines} lines, {FUNCTION_LINES} at most; give its steps names"
            );
            let place = format!("{}::{name}", source.path);
            let shown = format!("{}:{first}", source.path);
            faults.push(Fault::at(Rule::FunctionLength, &place, &shown, advice).sized(lines));
        }
    }
    faults
}

/// Where the body of the function at `start` opens; a function of a trait may have none.
fn body(source: &Source, start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for index in start..source.tokens.len() {
        match source.at(index) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "{" if depth == 0 => return Some(index),
            ";" if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

pub fn drawer_name(path: &str) -> Option<Fault> {
    let stem = |part: &str| part.split('.').next().unwrap_or(part).to_lowercase();
    let drawer = path.split('/').map(stem).find(|stem| DRAWERS.contains(&stem.as_str()))?;
    let advice = format!("`{drawer}` says nothing; name it after the noun or the verb it holds");
    Some(Fault::new(Rule::Names, path, advice))
}

pub fn unfinished(source: &Source) -> Vec<Fault> {
    let fault = |line: usize, advice: &str| {
        let shown = format!("{}:{line}", source.path);
        Fault::at(Rule::Unfinished, &source.path, &shown, advice.to_owned())
    };
    let mut faults = Vec::new();
    for (name, advice) in [
        ("todo", "`todo!`: finish it, or leave it out"),
        ("unimplemented", "`unimplemented!`: finish it, or leave it out"),
        ("dbg", "`dbg!`: take it away, or use `tracing`"),
    ] {
        let run = [name, "!"];
        faults.extend(source.find(&run).map(|index| fault(source.line(index), advice)));
    }
    let silenced = "`allow` hides a lint for good; mend the code, or write `expect` with a reason";
    faults.extend(allowed(source).into_iter().map(|line| fault(line, silenced)));
    let mark = concat!("FIX", "ME");
    let marked = source.text.lines().enumerate().filter(|(_, line)| line.contains(mark));
    faults.extend(marked.map(|(at, _)| fault(at + 1, "a mark to mend it: mend it now")));
    faults
}

/// The lines of the attributes that contain `allow(…)`.
fn allowed(source: &Source) -> Vec<usize> {
    let attribute = |hash: &usize| {
        let open = hash + if source.at(hash + 1) == "!" { 2 } else { 1 };
        (source.at(open) == "[").then_some(open)
    };
    let silences = |open: &usize| {
        let end = (*open..source.tokens.len()).find(|&index| source.at(index) == "]");
        let inside = *open..end.unwrap_or(source.tokens.len());
        inside.into_iter().any(|i| source.at(i) == "allow" && source.at(i + 1) == "(")
    };
    source
        .find(&["#"])
        .filter_map(|hash| attribute(&hash))
        .filter(silences)
        .map(|open| source.line(open))
        .collect()
}

pub fn engines(source: &Source) -> Vec<Fault> {
    if ENGINE_FILES.contains(&source.path.as_str()) {
        return Vec::new();
    }
    let named = |token: &&Token| ENGINES.contains(&token.text.as_str());
    let fault = |token: &Token| {
        let advice = format!(
            "`{}` is named outside {}; put what differs between the databases there",
            token.text,
            ENGINE_FILES.join(", ")
        );
        let shown = format!("{}:{}", source.path, token.line);
        Fault::at(Rule::Engines, &source.path, &shown, advice)
    };
    source.tokens.iter().filter(named).map(fault).collect()
}

pub fn swallowed_errors(source: &Source) -> Vec<Fault> {
    if source.layer() != "store" {
        return Vec::new();
    }
    let fault = |index| {
        let advice = "`.ok()` makes a failure look like an absence; use `?`, or `.optional()?` \
                      for a row that may be missing";
        let shown = format!("{}:{}", source.path, source.line(index));
        Fault::at(Rule::SwallowedErrors, &source.path, &shown, advice.to_owned())
    };
    source.find(&[".", "ok", "(", ")"]).map(fault).collect()
}
