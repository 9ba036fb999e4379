//! A day is a day where the programme is, on the days when the clocks change as well.

use serde_json::json;

use crate::actors::VenueStaff;
use crate::house::House;
use crate::scene::{Scene, THREE_FUNDERS};

on_both_engines![
    the_daily_limit_ends_at_midnight_in_paris_whatever_the_season,
    the_daily_limit_ends_at_midnight_in_la_reunion,
    a_pass_is_taken_until_the_tolerance_ends_and_refused_by_name_after,
    a_label_counts_on_the_day_of_the_workshop,
    a_venue_learns_nothing_of_what_a_person_did_elsewhere,
    an_undo_is_possible_for_seven_days,
    a_programme_opens_and_closes_at_midnight,
];

/// Redeems at each instant: whether the pass gives a workshop, and on which day.
fn days_at(house: &House, zone: &str, instants: &[(&str, Option<&str>)]) {
    let fields = json!({"max_per_day": 1, "time_zone": zone});
    let scene = Scene::with(house, &fields, THREE_FUNDERS);
    let pass = scene.hands_over(10);
    for (at, day) in instants {
        house.move_to(at);
        match day {
            Some(day) => assert_eq!(scene.redeems(&pass.code).must_be(201)["workshop_day"], *day),
            None => drop(scene.redeems(&pass.code).refused("daily_limit")),
        }
    }
}

fn the_daily_limit_ends_at_midnight_in_paris_whatever_the_season(house: &House) {
    days_at(
        house,
        "Europe/Paris",
        &[
            ("2026-03-28T22:59:59Z", Some("2026-03-28")),
            ("2026-03-28T23:00:00Z", Some("2026-03-29")),
            ("2026-03-29T00:59:59Z", None),
            ("2026-03-29T21:59:59Z", None),
            ("2026-03-29T22:00:00Z", Some("2026-03-30")),
            ("2026-10-24T22:00:00Z", Some("2026-10-25")),
            ("2026-10-25T01:30:00Z", None),
            ("2026-10-25T22:59:59Z", None),
            ("2026-10-25T23:00:00Z", Some("2026-10-26")),
        ],
    );
}

fn the_daily_limit_ends_at_midnight_in_la_reunion(house: &House) {
    days_at(
        house,
        "Indian/Reunion",
        &[
            ("2026-03-28T19:59:59Z", Some("2026-03-28")),
            ("2026-03-28T20:00:00Z", Some("2026-03-29")),
            ("2026-03-29T19:59:59Z", None),
            ("2026-03-29T20:00:00Z", Some("2026-03-30")),
        ],
    );
}

fn a_pass_is_taken_until_the_tolerance_ends_and_refused_by_name_after(house: &House) {
    let scene = Scene::with(house, &json!({"tolerance_days": 31}), THREE_FUNDERS);
    let pass = scene.hands_over(10);
    let fields = json!({"time_zone": "Indian/Reunion", "tolerance_days": 0});
    let island = Scene::with(house, &fields, THREE_FUNDERS);
    let other = island.hands_over(5);
    house.move_to("2026-12-31T19:59:59Z");
    island.redeems(&other.code).must_be(201);
    house.move_to("2026-12-31T20:00:00Z");
    let refused = island.redeems(&other.code).refused("expired");
    assert!(refused["detail"].as_str().unwrap().contains("31 décembre 2026"), "{refused}");
    house.move_to("2027-01-31T22:59:59Z");
    scene.staff.checks(&pass.code, &scene.venue).must_be(200);
    scene.redeems(&pass.code).must_be(201);
    house.move_to("2027-01-31T23:00:00Z");
    let refused = scene.redeems(&pass.code).refused("expired");
    assert!(refused["detail"].as_str().unwrap().contains("31 janvier 2027"), "{refused}");
    scene.staff.checks(&pass.code, &scene.venue).refused("expired");
}

fn a_label_counts_on_the_day_of_the_workshop(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let venue = scene.operator.venue(&scene.staff.organisation, "Une autre salle");
    scene.operator.accepts_venue(&scene.programme, &venue);
    scene.operator.labels(&venue, "2026-03-12", "2026-03-20");
    let redeem = || scene.staff.redeems(house.key(), &pass.code, &venue);
    house.move_to("2026-03-11T22:59:59Z");
    redeem().refused("venue_not_labelled");
    house.move_to("2026-03-11T23:00:00Z");
    redeem().must_be(201);
    let suspension = json!({
        "suspended_from": "2026-03-14", "suspended_until": "2026-03-15", "reason": "Contrôle",
    });
    scene.operator.post(&format!("/venues/{venue}/suspensions"), &suspension).must_be(201);
    for (day, labelled) in [("13", true), ("14", false), ("15", false), ("16", true), ("21", false)]
    {
        house.move_to(&format!("2026-03-{day}T12:00:00Z"));
        if labelled {
            redeem().must_be(201);
        } else {
            redeem().refused("venue_not_labelled");
        }
    }
    let asked = json!({"code": pass.code, "venue_id": venue, "day": "2026-03-13"});
    scene.staff.post("/redemptions/check", &asked).must_be(200);
}

fn an_undo_is_possible_for_seven_days(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let first = scene.redeems(&pass.code).must_be(201);
    let second = scene.redeems(&pass.code).must_be(201);
    house.move_to("2026-03-17T22:59:59Z");
    scene.undoes(first["id"].as_str().unwrap()).must_be(201);
    house.move_to("2026-03-17T23:00:00Z");
    let refused = scene.undoes(second["id"].as_str().unwrap()).refused("undo_window_closed");
    assert!(refused["detail"].as_str().unwrap().contains("17 mars 2026"), "{refused}");
}

fn a_programme_opens_and_closes_at_midnight(house: &House) {
    let scene = Scene::of(house);
    for (at, open) in [
        ("2025-12-31T22:59:59Z", false),
        ("2025-12-31T23:00:00Z", true),
        ("2026-12-31T22:59:59Z", true),
        ("2026-12-31T23:00:00Z", false),
    ] {
        house.move_to(at);
        let answer = scene.tries_to_hand_over(5);
        if open {
            answer.must_be(201);
        } else {
            answer.refused("programme_closed");
        }
    }
}

/// A venue learns that a pass was used today, not when, and nothing of the weeks before.
fn a_venue_learns_nothing_of_what_a_person_did_elsewhere(house: &House) {
    let scene = Scene::with(house, &json!({"max_per_day": 1}), THREE_FUNDERS);
    let pass = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    let other = scene.operator.organisation("Association", &["venue_operator"]);
    let hall = scene.operator.venue(&other, "Salle des fêtes");
    scene.operator.labels(&hall, "2026-01-01", "2026-12-31");
    scene.operator.accepts_venue(&scene.programme, &hall);
    let helper = VenueStaff(house.person("venue_staff", &other, false));
    let own = scene.redeems(&pass.code).refused("daily_limit");
    assert!(own["detail"].as_str().unwrap().contains("10 h 00"), "{own}");
    let theirs = helper.redeems(house.key(), &pass.code, &hall).refused("daily_limit");
    assert!(!theirs["detail"].as_str().unwrap().contains("10 h 00"), "{theirs}");
    house.move_to("2026-03-20T09:00:00Z");
    let check = json!({"code": pass.code, "venue_id": hall, "day": "2026-03-10"});
    helper.post("/redemptions/check", &check).must_be(200);
}
