//! How many statements a request needs does not grow with what there is: nobody makes the database
//! work for minutes by asking for a page.

use std::collections::HashMap;
use std::sync::Mutex;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use serde_json::json;

use crate::door::Call;
use crate::house::House;
use crate::scene::Scene;
use crate::seat::Seat;

on_both_engines![no_page_and_no_list_asks_once_more_for_each_row];

/// Statements by the address of the database they went to.
static COUNTS: Mutex<Option<HashMap<String, usize>>> = Mutex::new(None);

/// Counts what one connection is asked.
struct Counter(String);

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                url.clone_into(&mut self.0);
            }
            InstrumentationEvent::StartQuery { .. } => {
                let mut counts = COUNTS.lock().unwrap();
                *counts.get_or_insert_default().entry(self.0.clone()).or_default() += 1;
            }
            _ => {}
        }
    }
}

fn counted(house: &House) -> usize {
    let place = house.ground.url.trim_start_matches("sqlite:");
    let place = place.split('?').next().unwrap();
    let counts = COUNTS.lock().unwrap();
    let ours = counts.iter().flatten().filter(|(url, _)| url.contains(place));
    ours.map(|(_, count)| count).sum()
}

/// A town with so many more of everything.
fn grow(scene: &Scene<'_>, more: usize) {
    let house = scene.house;
    for number in 0..more {
        let step = f64::from(u32::try_from(number).unwrap()) / 1_000.0;
        let venue = json!({
            "organisation_id": scene.staff.organisation, "name": format!("Lieu {number}"),
            "address": "1 rue", "postal_code": "16000", "commune": "16015",
            "latitude": 45.65 + step, "longitude": 0.16 + step,
        });
        let venue = scene.operator.post("/venues", &venue).must_be(201);
        let venue = crate::actors::text(&venue, "id");
        scene.operator.labels(&venue, "2025-06-01", "2027-12-31");
        scene.operator.accepts_venue(&scene.programme, &venue);
        scene.staff.plans(&venue, "2026-03-10T14:00:00Z").must_be(201);
        let pass = scene.hands_over(5);
        scene.staff.redeems(house.key(), &pass.code, &venue).must_be(201);
        scene.operator.organisation(&format!("Organisme {number}"), &["prescriber"]);
    }
}

const OPEN: [&str; 3] =
    ["/venues?near=45.65,0.16&limit=200", "/venues?limit=200", "/scheduled-workshops?limit=200"];

const OPERATOR: [&str; 9] = [
    "/organisations",
    "/users",
    "/programmes",
    "/alerts",
    "/ledger/postings",
    "/audit-entries",
    "/statements",
    "/funding-calls",
    "/payment-runs",
];

fn no_page_and_no_list_asks_once_more_for_each_row(house: &House) {
    set_default_instrumentation(|| Some(Box::new(Counter(String::new())))).unwrap();
    let scene = Scene::of(house);
    let mut held = scene.form(10);
    held["commune"] = json!("16015");
    let held = scene.worker.hands_over(house.key(), &held);
    let nobody = scene.hands_over(10);
    grow(&scene, 2);
    house.closes();
    house.opens_again();
    let seat = Seat::of(house, &scene.staff);
    let page = |path: String| house.door().ask(&Call::outside(&path)).status;
    let measure = || -> Vec<(String, usize)> {
        let mut measured = Vec::new();
        let mut ask = |name: &str, call: &dyn Fn() -> u16| {
            call();
            let before = counted(house);
            assert_eq!(call(), 200, "{name}");
            measured.push((name.to_owned(), counted(house) - before));
        };
        ask("holder", &|| page(format!("/p/{}", held.code)));
        ask("holder of no commune", &|| page(format!("/p/{}", nobody.code)));
        let letter = format!("/passes/{}/document.pdf", held.id);
        ask("letter", &|| scene.worker.get(&letter).status);
        for path in ["/lieux?departement=16", "/lieux?q=16000", "/lieux?commune=16015"] {
            ask(path, &|| page(path.to_owned()));
        }
        for path in OPEN {
            ask(path, &|| house.door().get(path).status);
        }
        for path in OPERATOR {
            ask(path, &|| scene.operator.get(path).status);
        }
        for path in ["/redemptions?limit=200", "/me"] {
            ask(path, &|| scene.staff.get(path).status);
        }
        ask("passes", &|| scene.worker.get("/passes?limit=200").status);
        ask("scanner", &|| seat.reads("/scanner").status);
        measured
    };
    let few = measure();
    grow(&scene, 25);
    let many = measure();
    assert!(few.iter().all(|(name, count)| *count > 0 || name.is_empty()), "{few:?}");
    let grown: Vec<_> = few.iter().zip(&many).filter(|(few, many)| few.1 < many.1).collect();
    assert!(grown.is_empty(), "{grown:?}");
}
