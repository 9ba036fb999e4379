//! Programmes, and who may know of them.

use serde_json::json;

use crate::house::House;
use crate::scene::Scene;

on_one_engine![
    a_programme_is_known_to_those_who_take_part,
    what_passes_were_promised_no_longer_changes,
];

fn a_programme_is_known_to_those_who_take_part(house: &House) {
    let scene = Scene::of(house);
    let path = format!("/programmes/{}", scene.programme);
    scene.worker.get(&path).must_be(200);
    scene.staff.get(&path).must_be(200);
    scene.funder(0).get(&path).must_be(200);
    let elsewhere = scene.operator.organisation("Ailleurs", &["prescriber", "funder"]);
    for role in ["social_worker", "funder", "venue_staff"] {
        let stranger = house.person(role, &elsewhere, false);
        stranger.get(&path).refused("not_found");
        assert_eq!(stranger.get("/programmes").must_be(200)["data"], json!([]));
    }
}

fn what_passes_were_promised_no_longer_changes(house: &House) {
    let scene = Scene::of(house);
    let path = format!("/programmes/{}", scene.programme);
    scene.operator.patch(&path, &json!({"price_cents": 1200})).must_be(200);
    scene.operator.patch(&path, &json!({"price_cents": 1000})).must_be(200);
    scene.hands_over(5);
    scene.operator.patch(&path, &json!({"price_cents": 1200})).refused("in_use");
    scene.operator.patch(&path, &json!({"name": "Autre nom"})).must_be(200);
}
