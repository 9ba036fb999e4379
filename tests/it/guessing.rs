//! Guessing codes leads nowhere.

use std::collections::BTreeMap;

use pass_numerique::domain::code::Code;
use serde_json::{Value, json};

use crate::actors::VenueStaff;
use crate::door::Answer;
use crate::house::{House, MORNING};
use crate::scene::{Scene, programme};

on_both_engines![
    ten_wrong_codes_make_the_account_wait_and_no_other,
    checks_count_as_well_and_typing_slips_do_not,
    a_code_of_a_programme_closed_to_the_venue_looks_unknown,
];

/// A well-formed code that belongs to nobody.
pub fn nobodys(number: u8) -> String {
    Code::from_bytes([number, 1, 2, 3, 4, 5, 6, 7, 8]).grouped()
}

fn ten_wrong_codes_make_the_account_wait_and_no_other(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    house.move_to(MORNING);
    for number in 0..10 {
        scene.redeems(&nobodys(number)).refused("unknown_code");
    }
    let stopped = scene.redeems(&pass.code);
    stopped.refused("too_many_wrong_codes");
    let wait: i64 = stopped.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=600).contains(&wait), "{wait}");
    scene.staff.checks(&pass.code, &scene.venue).refused("too_many_wrong_codes");
    let colleague = VenueStaff(house.person("venue_staff", &scene.staff.organisation, false));
    colleague.redeems(house.key(), &pass.code, &scene.venue).must_be(201);
    house.move_to("2026-03-10T09:09:59Z");
    scene.redeems(&pass.code).refused("too_many_wrong_codes");
    house.move_to("2026-03-10T09:10:00Z");
    scene.redeems(&pass.code).must_be(201);
}

fn checks_count_as_well_and_typing_slips_do_not(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    for number in 0..5 {
        scene.redeems("ABCD-EFGH-JKMN-PQRS").refused("malformed_code");
        scene.staff.checks(&nobodys(number), &scene.venue).refused("unknown_code");
    }
    scene.redeems(&pass.code).must_be(201);
    for number in 5..10 {
        scene.staff.checks(&nobodys(number), &scene.venue).refused("unknown_code");
    }
    scene.redeems(&pass.code).refused("too_many_wrong_codes");
}

fn a_code_of_a_programme_closed_to_the_venue_looks_unknown(house: &House) {
    let scene = Scene::of(house);
    let closed = scene.operator.programme(&programme(&json!({"training": true})));
    scene.operator.accepts_prescriber(&closed, &scene.worker.organisation);
    let form = json!({"programme_id": closed, "units": 5});
    let pass = scene.worker.hands_over(house.key(), &form);
    let (real, unknown) = (scene.redeems(&pass.code), scene.redeems(&nobodys(1)));
    assert_eq!(comparable(&real), comparable(&unknown));
    let checked = scene.staff.checks(&pass.code, &scene.venue);
    assert_eq!(comparable(&checked), comparable(&unknown));
    scene.worker.does("void", &pass.id).must_be(200);
    assert_eq!(comparable(&scene.redeems(&pass.code)), comparable(&unknown), "void or not");
}

/// Everything but what names the request.
fn comparable(answer: &Answer) -> (Value, BTreeMap<String, String>) {
    let mut body = answer.refused("unknown_code");
    for own in ["request_id", "idempotency_key"] {
        body.as_object_mut().unwrap().remove(own);
    }
    let headers = answer.headers.iter().map(|(name, value)| (name.as_str(), value));
    let alike =
        headers.filter(|(name, _)| !["x-request-id", "date", "content-length"].contains(name));
    let alike = alike.map(|(name, value)| (name.to_owned(), value.to_str().unwrap().to_owned()));
    (body, alike.collect())
}
