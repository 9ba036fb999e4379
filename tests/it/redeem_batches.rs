//! Redemptions that come at once are committed together; each is answered as if it had come alone.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use serde_json::json;
use uuid::Uuid;

use crate::actors::{HeldPass, VenueStaff, redemption};
use crate::door::Answer;
use crate::house::House;
use crate::scene::Scene;

money_on_both_engines![
    a_crowd_is_answered_as_one_by_one,
    two_keys_of_one_request_and_two_requests_of_one_key_are_told_apart,
    who_is_stopped_redeems_nothing_from_that_moment,
    a_crowd_at_two_organisations_stays_apart,
    what_changes_about_a_venue_counts_from_the_next_scan,
];

fn word(answer: &Answer) -> String {
    match answer.status {
        201 if answer.replayed() => "again".to_owned(),
        201 => "taken".to_owned(),
        _ => answer.problem()["code"].as_str().unwrap().to_owned(),
    }
}

/// One of a crowd: who scans, under which key, what and where.
struct Scan<'a>(&'a VenueStaff, Uuid, String, String);

/// Everybody asks at once; how often each answer was given.
fn at_once(scans: &[Scan<'_>]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    std::thread::scope(|scope| {
        let ask =
            |Scan(staff, key, code, venue): &Scan<'_>| word(&staff.redeems(*key, code, venue));
        let threads: Vec<_> = scans.iter().map(|scan| scope.spawn(move || ask(scan))).collect();
        for thread in threads {
            *counts.entry(thread.join().unwrap()).or_default() += 1;
        }
    });
    counts
}

fn counted<const N: usize>(expected: [(&str, usize); N]) -> BTreeMap<String, usize> {
    expected.map(|(word, count)| (word.to_owned(), count)).into()
}

fn a_crowd_is_answered_as_one_by_one(house: &House) {
    let scene = Scene::of(house);
    let good: Vec<HeldPass> = (0..20).map(|_| scene.hands_over(5)).collect();
    let (void, suspended, old) = (scene.hands_over(5), scene.hands_over(5), scene.hands_over(5));
    scene.worker.does("void", &void.id).must_be(200);
    scene.worker.does("suspend", &suspended.id).must_be(200);
    let new = scene.worker.replaces(&old.id);
    let elsewhere = scene.operator.venue(&scene.staff.organisation, "Salle sans label");
    scene.operator.accepts_venue(&scene.programme, &elsewhere);
    let scan = |key: Uuid, code: &str, venue: &str| {
        Scan(&scene.staff, key, code.to_owned(), venue.to_owned())
    };
    let mut scans = Vec::new();
    for pass in &good {
        let key = house.key();
        scans.extend([key; 2].map(|key| scan(key, &pass.code, &scene.venue)));
    }
    let unknown = ["0000-0000-0000-0000", "0000-0000-0000-0001"];
    let codes = [&void.code, &suspended.code, &old.code, &new.code].map(String::as_str);
    for code in codes.into_iter().chain(unknown) {
        scans.push(scan(house.key(), code, &scene.venue));
    }
    let unlabelled = scene.hands_over(5);
    let stranger = "01900000-0000-7000-8000-000000000000";
    for venue in [elsewhere.as_str(), stranger] {
        scans.push(scan(house.key(), &unlabelled.code, venue));
    }
    let expected = [
        ("taken", 21),
        ("again", 20),
        ("void", 1),
        ("suspended", 1),
        ("replaced", 1),
        ("unknown_code", 1),
        ("malformed_code", 1),
        ("venue_not_labelled", 1),
        ("not_found", 1),
    ];
    assert_eq!(at_once(&scans), counted(expected));
    assert_eq!(scene.report("")["totals"]["workshops_redeemed"], 21);
}

fn two_keys_of_one_request_and_two_requests_of_one_key_are_told_apart(house: &House) {
    let scene = Scene::of(house);
    let (one, other) = (scene.hands_over(5), scene.hands_over(5));
    let key = house.key();
    let scan = |key: Uuid, pass: &HeldPass| {
        Scan(&scene.staff, key, pass.code.clone(), scene.venue.clone())
    };
    let found = at_once(&[scan(key, &one), scan(key, &other)]);
    assert_eq!(found, counted([("taken", 1), ("idempotency_key_reused", 1)]));
    let crowd: Vec<Scan<'_>> = (0..30).map(|_| scan(house.key(), &one)).collect();
    let found = at_once(&crowd);
    let taken = found.get("taken").copied().unwrap_or_default();
    assert!((4..=5).contains(&taken), "{found:?}");
    assert_eq!(found.get("exhausted"), Some(&(30 - taken)), "{found:?}");
}

fn who_is_stopped_redeems_nothing_from_that_moment(house: &House) {
    let scene = Scene::of(house);
    let passes: Vec<HeldPass> = (0..2).map(|_| scene.hands_over(5)).collect();
    let token = scene.staff.token();
    scene.redeems(&passes[0].code).must_be(201);
    let stopped = json!({"active": false});
    scene.operator.patch(&format!("/users/{}", scene.staff.id), &stopped).must_be(200);
    let body = redemption(&passes[1].code, &scene.venue);
    let call = crate::door::Call::new("POST", "/redemptions").json(&body).key(house.key());
    house.door().ask(&call.bearer(&token)).refused("unauthenticated");
    assert_eq!(scene.report("")["totals"]["workshops_redeemed"], 1);
}

fn a_crowd_at_two_organisations_stays_apart(house: &House) {
    let scene = Scene::of(house);
    let runner = scene.operator.organisation("Centre social", &["venue_operator"]);
    let others = VenueStaff(house.person("venue_staff", &runner, false));
    let there = scene.operator.venue(&runner, "Centre social");
    scene.operator.labels(&there, "2025-06-01", "2027-12-31");
    scene.operator.accepts_venue(&scene.programme, &there);
    let passes: Vec<HeldPass> = (0..10).map(|_| scene.hands_over(5)).collect();
    let key = house.key();
    let scan = |staff, key: Uuid, pass: &HeldPass, venue: &str| {
        Scan(staff, key, pass.code.clone(), venue.to_owned())
    };
    let mut scans = Vec::new();
    for pass in &passes {
        scans.push(scan(&others, house.key(), pass, &there));
        scans.push(scan(&others, house.key(), pass, &scene.venue));
    }
    // The same key in two organisations is two keys.
    scans.push(scan(&others, key, &passes[0], &there));
    scans.push(scan(&scene.staff, key, &passes[1], &scene.venue));
    assert_eq!(at_once(&scans), counted([("taken", 12), ("not_found", 10)]));
    let owed = |person: &VenueStaff| {
        person.get("/redemptions?limit=200").must_be(200)["data"].as_array().unwrap().len()
    };
    assert_eq!((owed(&others), owed(&scene.staff)), (11, 1));
}

fn what_changes_about_a_venue_counts_from_the_next_scan(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let taken = || drop(scene.redeems(&pass.code).must_be(201));
    let sql = |change: &str| {
        house.app.services.store.connect().unwrap().batch_execute(change).unwrap();
    };
    taken();
    let today = json!({
        "suspended_from": "2026-03-10", "suspended_until": "2026-03-10", "reason": "Contrôle",
    });
    let suspensions = format!("/venues/{}/suspensions", scene.venue);
    scene.operator.post(&suspensions, &today).must_be(201);
    scene.redeems(&pass.code).refused("venue_not_labelled");
    sql("DELETE FROM suspensions");
    taken();
    sql("UPDATE labels SET valid_until = '2026-03-09'");
    scene.redeems(&pass.code).refused("venue_not_labelled");
    sql("UPDATE labels SET valid_until = '2027-12-31'");
    taken();
    sql("UPDATE programmes SET max_per_day = 3");
    scene.redeems(&pass.code).refused("daily_limit");
    sql("UPDATE programmes SET max_per_day = 10");
    taken();
    sql("DELETE FROM programme_venues");
    scene.redeems(&pass.code).refused("unknown_code");
    scene.operator.accepts_venue(&scene.programme, &scene.venue);
    taken();
    let runner = scene.operator.organisation("Centre social", &["venue_operator"]);
    sql("UPDATE venues SET organisation_id = \
         (SELECT o.id FROM organisations o WHERE o.name = 'Centre social')");
    scene.redeems(&pass.code).refused("not_found");
    let there = VenueStaff(house.person("venue_staff", &runner, false));
    there.redeems(house.key(), &pass.code, &scene.venue).must_be(201);
}
