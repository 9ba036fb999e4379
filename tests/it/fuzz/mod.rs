//! The fuzz targets for a moment: every kept seed, then seeds with changes, the same ones in every
//! run. New ones, for long and led by the code that is reached, come from `scripts/fuzz`.

mod changed;
mod targets;

use std::path::Path;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::ground::Ground;
use changed::{Input, changed};

/// Feeds a target with its seeds and then `cases` changed ones.
fn feed(target: &str, cases: u32, body: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut seeds = Vec::new();
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        println!("{}", path.display());
        let seed = std::fs::read(path).unwrap();
        body(&seed);
        seeds.push(seed);
    }
    let config =
        Config { failure_persistence: None, max_shrink_iters: 1_000, ..Config::with_cases(cases) };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let fed = TestRunner::new_with_rng(config, random).run(&changed(seeds), |Input(bytes)| {
        body(&bytes);
        Ok(())
    });
    fed.unwrap_or_else(|error| panic!("{error}\nkeep it in {}", folder.display()));
}

#[test]
fn a_code_is_read_or_refused() {
    feed("code", 2_000, targets::code);
}

#[test]
fn what_people_type_is_understood_or_refused() {
    feed("typed", 1_000, targets::typed);
}

#[test]
fn a_file_of_venues_is_read_line_by_line() {
    feed("venues", 500, targets::venues);
}

#[test]
fn a_file_of_venues_comes_in_line_by_line() {
    let ground = Ground::empty_on_sqlite();
    let app = targets::new_service(&ground.folder);
    feed("venues", 40, |bytes| targets::import(&app.services, bytes));
}

#[test]
fn the_banks_answer_is_read_or_refused() {
    feed("bank_answer", 1_000, targets::bank_answer);
}

#[test]
fn a_line_of_an_export_is_read_or_refused() {
    feed("export_row", 1_000, targets::export_row);
}

#[test]
fn each_scan_that_waited_is_answered() {
    let ground = Ground::empty_on_sqlite();
    let phone = targets::Phone::of(targets::new_service(&ground.folder));
    feed("scans", 60, |bytes| phone.sends(bytes));
}

#[test]
fn a_photo_is_read_or_refused_in_time() {
    feed("photo", 40, targets::photo);
}

#[test]
fn a_logo_is_kept_or_refused() {
    feed("logo", 200, targets::logo);
}
