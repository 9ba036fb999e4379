//! The rules of the house, held by a test. `docs/ARCHITECTURE.md` holds the table of layers.
//!
//! Every message says what to do. There is no list of exceptions: what breaks a rule is mended.
//! How long a function may be and how many arguments it may have is in `clippy.toml`.
#![cfg(test)]

mod circles;
mod defaults;
mod layers;
mod rules;
mod source;

use source::{SERVICE, Source, files};

/// Fails with everything that breaks a rule.
fn hold(broken: &[String]) {
    assert!(broken.is_empty(), "broken {} times:\n\n{}\n", broken.len(), broken.join("\n"));
}

fn hold_everywhere(rule: fn(&Source) -> Vec<String>) {
    hold(&SERVICE.iter().flat_map(rule).collect::<Vec<_>>());
}

#[test]
fn the_table_of_layers_points_one_way() {
    hold(&layers::upward(&layers::table()));
}

#[test]
fn every_layer_imports_only_what_the_table_allows() {
    hold(&layers::forbidden(&layers::table(), &SERVICE));
}

#[test]
fn no_files_name_each_other_in_a_circle() {
    hold(&circles::circles(&SERVICE));
}

#[test]
fn files_are_short() {
    hold(&rules::limited().filter_map(|file| rules::long_file(&file)).collect::<Vec<_>>());
}

#[test]
fn lines_are_short() {
    hold(&rules::limited().flat_map(|file| rules::long_lines(&file)).collect::<Vec<_>>());
}

#[test]
fn files_and_folders_are_named_after_what_they_hold() {
    let all = files(&["benches", "migrations", "scripts", "src", "tests"]);
    hold(&all.filter_map(|file| rules::drawer_name(&file.path)).collect::<Vec<_>>());
}

#[test]
fn nothing_is_left_unfinished_or_silenced() {
    hold(&files(&["src", "tests"]).flat_map(|file| rules::unfinished(&file)).collect::<Vec<_>>());
}

#[test]
fn a_database_engine_is_named_in_few_files_only() {
    hold_everywhere(rules::engines);
}

#[test]
fn the_store_swallows_no_error() {
    hold_everywhere(rules::swallowed_errors);
}

#[test]
fn no_default_stands_in_for_a_stored_value() {
    let rust = files(&["src"]).filter(|file| file.is("rs"));
    hold(&rust.flat_map(|file| defaults::hidden_failures(&file)).collect::<Vec<_>>());
}

#[test]
fn every_source_file_is_compiled() {
    hold(&rules::dead_files(&SERVICE));
}

#[test]
fn both_databases_take_the_same_migrations() {
    hold(&rules::uneven_migrations());
}
