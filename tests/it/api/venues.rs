//! Venues, which anybody may read.

use serde_json::json;

use crate::actors::VenueStaff;
use crate::door::Call;
use crate::house::House;
use crate::scene::Scene;

on_both_engines![
    anybody_finds_the_venues_of_a_place,
    a_label_may_not_overlap_another,
    the_national_csv_that_is_given_out_is_the_one_that_is_taken_in,
];

on_one_engine![staff_who_manage_describe_their_own_venue_only,];

fn anybody_finds_the_venues_of_a_place(house: &House) {
    let scene = Scene::of(house);
    let found = |query: &str| {
        let answer = house.door().get(&format!("/venues?{query}")).must_be(200);
        answer["data"].as_array().unwrap().len()
    };
    assert_eq!(
        (found("commune=16015"), found("departement=16"), found("near=45.65,0.16")),
        (1, 1, 1)
    );
    for other in ["commune=1601", "commune=16374", "departement=1", "departement=17", "commune=%25"]
    {
        assert_eq!(found(other), 0, "{other}");
    }
    let map = Call::new("GET", "/venues").header("Accept", "application/geo+json");
    let map = house.door().ask(&map).must_be(200);
    assert_eq!(map["features"][0]["geometry"]["coordinates"], json!([0.16, 45.65]));
    house.door().get("/venues?near=95,0").refused("invalid_query");
    let one = house.door().get(&format!("/venues/{}", scene.venue)).must_be(200);
    assert_eq!(one["commune_name"], "Angoulême");
}

fn staff_who_manage_describe_their_own_venue_only(house: &House) {
    let scene = Scene::of(house);
    let manager = VenueStaff(house.person("venue_staff", &scene.staff.organisation, true));
    let path = format!("/venues/{}", scene.venue);
    let hours = json!({"opening_hours": "Mo-Fr 09:00-12:00"});
    assert_eq!(manager.patch(&path, &hours).must_be(200)["name"], "Médiathèque du centre");
    scene.staff.patch(&path, &hours).refused("forbidden");
    let other = scene.operator.organisation("Autre", &["venue_operator"]);
    let theirs = scene.operator.venue(&other, "Chez eux");
    manager.patch(&format!("/venues/{theirs}"), &hours).refused("not_found");
    manager.patch(&path, &json!({"postal_code": "1600"})).refused("invalid_body");
    let plain = scene.operator.organisation("Sans lieu", &["funder"]);
    let body = json!({"organisation_id": plain, "name": "x", "address": "x",
        "postal_code": "16000", "commune": "16015"});
    scene.operator.post("/venues", &body).refused("not_a_venue_operator");
}

fn a_label_may_not_overlap_another(house: &House) {
    let scene = Scene::of(house);
    let venue = scene.operator.venue(&scene.staff.organisation, "Annexe");
    scene.operator.labels(&venue, "2026-01-01", "2026-01-31");
    let path = format!("/venues/{venue}/labels");
    let post = |from: &str, until: &str| {
        scene.operator.post(&path, &json!({"valid_from": from, "valid_until": until}))
    };
    post("2026-01-31", "2026-02-28").refused("label_overlaps");
    post("2026-02-02", "2026-02-01").refused("invalid_body");
    post("2026-02-01", "2026-02-28").must_be(201);
}

fn the_national_csv_that_is_given_out_is_the_one_that_is_taken_in(house: &House) {
    let operator = house.operator();
    let file = include_bytes!("../../../data/lieux-exemple-valide.csv");
    let import = |bytes: &[u8]| {
        operator.ask(Call::new("POST", "/venues/import").body("text/csv", bytes)).must_be(200)
    };
    assert_eq!(import(file)["created"], 1);
    let given = house.door().ask(&Call::new("GET", "/venues").header("Accept", "text/csv"));
    assert_eq!(given.status, 200);
    let columns = given.text().lines().next().unwrap().split(',').count();
    assert_eq!(columns, 32);
    let again = import(&given.bytes);
    assert_eq!((&again["created"], &again["unchanged"]), (&json!(0), &json!(1)));
}
