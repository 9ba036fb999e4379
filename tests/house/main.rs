//! The rules of the house, held by a test. `docs/ARCHITECTURE.md` holds the table of layers.
//!
//! Every message says what to do. What the house still owes is in `debts.rs` and may only shrink.
#![cfg(test)]

mod debts;
mod layers;
mod paths;
mod rules;
mod source;
mod tree;

use debts::{Fault, Rule, hold};
use source::{files, sources};

/// The Rust files that must be finished: the service and its tests.
fn all_sources() -> Vec<source::Source> {
    let mut all = sources("src");
    all.extend(sources("tests"));
    all
}

#[test]
fn the_table_of_layers_points_one_way() {
    hold(Rule::Table, &layers::upward(&layers::table()));
}

#[test]
fn every_layer_imports_only_what_the_table_allows() {
    let (table, sources) = (layers::table(), sources("src"));
    let mut faults = layers::strangers(&table, &sources);
    faults.extend(layers::forbidden(&table, &sources));
    hold(Rule::Layers, &faults);
}

#[test]
fn files_are_short() {
    let faults: Vec<Fault> = sources("src").iter().filter_map(rules::file_length).collect();
    hold(Rule::FileLength, &faults);
}

#[test]
fn functions_are_short() {
    let faults: Vec<Fault> = all_sources().iter().flat_map(rules::function_length).collect();
    hold(Rule::FunctionLength, &faults);
}

#[test]
fn files_and_folders_are_named_after_what_they_hold() {
    let paths = ["src", "tests", "scripts", "migrations"].into_iter().flat_map(files);
    let faults: Vec<Fault> = paths.filter_map(|path| rules::drawer_name(&path)).collect();
    hold(Rule::Names, &faults);
}

#[test]
fn nothing_is_left_unfinished_or_silenced() {
    let faults: Vec<Fault> = all_sources().iter().flat_map(rules::unfinished).collect();
    hold(Rule::Unfinished, &faults);
}

#[test]
fn a_database_engine_is_named_in_six_files_only() {
    let faults: Vec<Fault> = sources("src").iter().flat_map(rules::engines).collect();
    hold(Rule::Engines, &faults);
}

#[test]
fn the_store_swallows_no_error() {
    let faults: Vec<Fault> = sources("src").iter().flat_map(rules::swallowed_errors).collect();
    hold(Rule::SwallowedErrors, &faults);
}

#[test]
fn every_source_file_is_compiled() {
    hold(Rule::DeadFiles, &tree::dead_files(&sources("src")));
}

#[test]
fn both_databases_take_the_same_migrations() {
    hold(Rule::Migrations, &tree::migrations());
}
