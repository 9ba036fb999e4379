//! Every page and state: open to everybody, light, from our own house only, and without a word of
//! complaint from the browser.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use thirtyfour::SameSite;

use crate::browser::Browser;
use crate::chromium::Device;
use crate::ground::Ground;
use crate::house::House;
use crate::page_routes::page_routes;
use crate::report::report;
use crate::states::{State, Who, states};
use crate::town::Town;

/// The most a page may weigh at its first visit.
const HEAVIEST: u64 = 100_000;

/// What a page may ask of a browser: our own files and nothing else.
const POLICY: [&str; 5] = [
    "default-src 'self'",
    "script-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
];

#[test]
fn every_page_is_in_the_list_of_states() {
    let states = states();
    for (method, pattern) in page_routes() {
        let known = states.iter().any(|state| state.route == pattern.as_str());
        assert!(method != "GET" || known, "{pattern} has no state in tests/browser/states.rs");
    }
}

// What differs between the databases is below the pages: one of them is enough here.
#[test]
fn nobody_is_kept_out_of_a_page() {
    let everybody = Who::ALL.into_iter().filter(|who| *who != Who::Operator);
    must_be_open_to_everybody("accessibility", &everybody.collect::<Vec<_>>());
}

#[test]
fn nobody_is_kept_out_of_an_operators_page() {
    must_be_open_to_everybody("accessibility-operator", &[Who::Operator]);
}

fn must_be_open_to_everybody(measured: &str, people: &[Who]) {
    let house = House::from(Ground::on_sqlite());
    let town = Town::of(&house);
    let page = Browser::of(&house, &Device::desktop());
    let (mut looked, mut faults) = (0, String::new());
    each_state(&page, &town, people, |state| {
        looked += 1;
        for barrier in page.barriers() {
            writeln!(faults, "{:?} at {} ({}): {barrier}", state.who, state.route, state.says)
                .unwrap();
        }
    });
    assert!(faults.is_empty(), "{faults}");
    report(measured, &format!("{looked} pages and states in 5 views, 0 violations"));
}

#[test]
fn every_page_is_light_and_loads_nothing_from_elsewhere() {
    let house = House::from(Ground::on_sqlite());
    let town = Town::of(&house);
    let page = Browser::of(&house, &Device::phone());
    page.forgets_files();
    let mut weights: BTreeMap<&str, u64> = BTreeMap::new();
    each_state(&page, &town, &Who::ALL, |state| {
        let loaded = page.loaded();
        let name = format!("{:?} at {} ({})", state.who, state.route, state.says);
        for one in &loaded {
            assert!(one.url.starts_with(&house.address), "{name} asks {}", one.url);
        }
        let begin =
            loaded.iter().rposition(|one| one.page).unwrap_or_else(|| panic!("{name}: {loaded:?}"));
        let policy = loaded[begin].headers["content-security-policy"].as_str();
        for part in POLICY {
            assert!(policy.contains(part), "{name}: {policy}");
        }
        // The scanner may run WebAssembly; nobody may run or draw what stands in a page.
        let unsafe_words = policy.replace("'wasm-unsafe-eval'", "");
        assert!(!unsafe_words.contains("unsafe"), "{name}: {policy}");
        let weight: u64 = loaded[begin..].iter().map(|one| one.bytes).sum();
        assert!(weight > 1_000, "{name} weighs {weight}: {loaded:?}");
        assert!(weight < HEAVIEST, "{name} weighs {weight} bytes");
        let heaviest = weights.entry(state.route).or_default();
        *heaviest = weight.max(*heaviest);
        assert_eq!(page.complaints(), Vec::<String>::new(), "{name}");
        must_have_safe_cookies(&page, &name);
    });
    let mut lines: Vec<String> =
        weights.iter().map(|(route, weight)| format!("{weight:>7} bytes  {route}")).collect();
    lines.sort_unstable_by(|one, other| other.cmp(one));
    report("weights", &lines.join("\n"));
}

fn must_have_safe_cookies(page: &Browser, name: &str) {
    for cookie in page.chromium.wait(page.driver().get_all_cookies()).unwrap() {
        // Its own script compares the mark of a page that was kept with that of the device.
        let read_by_script = cookie.name == "pass_numerique_mark";
        assert_eq!(
            (cookie.secure, cookie.http_only),
            (Some(true), Some(!read_by_script)),
            "{name}: {cookie:?}"
        );
        let kept = matches!(cookie.same_site, Some(SameSite::Lax | SameSite::Strict));
        assert!(kept, "{name}: {cookie:?}");
    }
}

/// Walks to every state, signed in as who may see it.
fn each_state(page: &Browser, town: &Town<'_>, people: &[Who], mut look: impl FnMut(&State)) {
    let states = states();
    for &who in people {
        page.chromium.wait(page.driver().delete_all_cookies()).unwrap();
        if let Some(person) = town.person(who) {
            page.signs_in(person);
        }
        for state in states.iter().filter(|state| state.who == who) {
            page.loaded();
            page.complaints();
            (state.reach)(page, town);
            page.must_say(state.says);
            look(state);
        }
    }
}
