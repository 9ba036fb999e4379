//! Workshops that a venue plans, and what they are good for at the door.

use serde_json::{Value, json};

use crate::actors::{PLANNED_THEME, Person, text};
use crate::door::Answer;
use crate::house::House;
use crate::scene::Scene;

on_both_engines![
    a_venue_plans_a_workshop_and_anybody_reads_it,
    the_planned_workshop_fills_the_theme_in,
    a_workshop_of_another_day_place_or_called_off_fills_nothing_in,
    a_plan_that_makes_no_sense_is_refused,
    planned_workshops_are_listed_by_their_beginning_page_by_page,
];

/// The tenth of March at three in the afternoon in Paris.
const TODAY: &str = "2026-03-10T14:00:00Z";

fn redeems_for(scene: &Scene<'_>, code: &str, workshop: &str) -> Answer {
    let body = json!({"code": code, "venue_id": scene.venue, "scheduled_workshop_id": workshop});
    scene.staff.post_with(scene.house.key(), "/redemptions", &body)
}

fn listed(house: &House, query: &str) -> Vec<Value> {
    let answer = house.door().get(&format!("/scheduled-workshops{query}")).must_be(200);
    answer["data"].as_array().unwrap().clone()
}

fn a_venue_plans_a_workshop_and_anybody_reads_it(house: &House) {
    let scene = Scene::of(house);
    let planned = scene.staff.plans(&scene.venue, TODAY).must_be(201);
    assert_eq!((&planned["day"], &planned["hour"]), (&json!("2026-03-10"), &json!("15 h 00")));
    assert_eq!((&planned["seats"], &planned["redeemed"]), (&json!(10), &json!(0)));
    let seen = listed(house, &format!("?venue_id={}", scene.venue));
    let mut open = planned.clone();
    open.as_object_mut().unwrap().remove("redeemed");
    assert_eq!(seen, [open]);
    let path = format!("/scheduled-workshops/{}/cancel", text(&planned, "id"));
    assert_eq!(scene.staff.post(&path, &Value::Null).must_be(200)["cancelled"], true);
    scene.staff.post(&path, &Value::Null).refused("already_cancelled");
    assert_eq!(listed(house, ""), Vec::<Value>::new());
}

fn the_planned_workshop_fills_the_theme_in(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let planned = scene.staff.plans(&scene.venue, TODAY).must_be(201);
    let id = text(&planned, "id");
    let redeemed = redeems_for(&scene, &pass.code, &id).must_be(201);
    assert_eq!(redeemed["theme"], PLANNED_THEME);
    let list = scene.staff.get("/redemptions").must_be(200);
    assert_eq!(
        (&list["data"][0]["minutes"], &list["data"][0]["mode"]),
        (&json!(120), &json!("group"))
    );
    let counted = |who: &Person| -> Value {
        who.get("/scheduled-workshops").must_be(200)["data"][0]["redeemed"].clone()
    };
    assert_eq!((counted(&scene.staff), counted(&scene.operator)), (json!(1), json!(1)));
    assert_eq!(
        counted(&scene.worker),
        Value::Null,
        "who sees it grow knows that somebody is there"
    );
    assert_eq!(listed(house, "")[0]["redeemed"], Value::Null);
    scene.undoes(&text(&redeemed, "id")).must_be(201);
    assert_eq!(counted(&scene.staff), 0, "what was undone was not given");
    let body = json!({"code": pass.code, "venue_id": scene.venue});
    let refused = scene.staff.post_with(house.key(), "/redemptions", &body).refused("invalid_body");
    assert_eq!(refused["errors"][0]["pointer"], "/theme");
}

fn a_workshop_of_another_day_place_or_called_off_fills_nothing_in(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let plan = |at: &str| text(&scene.staff.plans(&scene.venue, at).must_be(201), "id");
    let tomorrow = plan("2026-03-11T14:00:00Z");
    let off = plan(TODAY);
    scene.staff.post(&format!("/scheduled-workshops/{off}/cancel"), &Value::Null).must_be(200);
    let second = scene.operator.venue(&scene.staff.organisation, "Annexe");
    let elsewhere = text(&scene.staff.plans(&second, TODAY).must_be(201), "id");
    let nowhere = "01900000-0000-7000-8000-000000000000";
    for workshop in [tomorrow.as_str(), &off, &elsewhere, nowhere] {
        let refused = redeems_for(&scene, &pass.code, workshop).refused("invalid_body");
        assert_eq!(refused["errors"][0]["pointer"], "/scheduled_workshop_id");
    }
    assert_eq!(scene.worker.reads(&pass.id)["used"], 0);
}

fn a_plan_that_makes_no_sense_is_refused(house: &House) {
    let scene = Scene::of(house);
    let wrong = [
        ("theme", json!("tricot")),
        ("minutes", json!(0)),
        ("minutes", json!(601)),
        ("seats", json!(0)),
        ("seats", json!(201)),
        ("starts_at", json!("demain")),
        ("starts_at", json!("0001-01-01T00:00:00Z")),
    ];
    for (field, value) in wrong {
        let mut body = json!({"venue_id": scene.venue, "theme": PLANNED_THEME, "minutes": 60,
            "starts_at": TODAY, "seats": 8});
        body[field] = value;
        let refused = scene.staff.post("/scheduled-workshops", &body).refused("invalid_body");
        assert_eq!(refused["errors"][0]["pointer"], format!("/{field}"));
    }
    house.door().get("/scheduled-workshops?from=2026-03-02&to=2026-03-01").refused("invalid_body");
    let unknown = "/scheduled-workshops?venue_id=01900000-0000-7000-8000-000000000000";
    house.door().get(unknown).refused("not_found");
}

fn planned_workshops_are_listed_by_their_beginning_page_by_page(house: &House) {
    let scene = Scene::of(house);
    for hour in [16, 12, 14, 12, 10] {
        scene.staff.plans(&scene.venue, &format!("2026-03-12T{hour}:00:00Z")).must_be(201);
    }
    let (mut hours, mut next) = (Vec::new(), String::new());
    loop {
        let path = format!("/scheduled-workshops?limit=2{next}");
        let page = house.door().get(&path).must_be(200);
        hours.extend(page["data"].as_array().unwrap().iter().map(|one| text(one, "hour")));
        match page["next"].as_str() {
            Some(after) => next = format!("&after={after}"),
            None => break,
        }
    }
    assert_eq!(hours, ["11 h 00", "13 h 00", "13 h 00", "15 h 00", "17 h 00"]);
    assert_eq!(listed(house, "?from=2026-03-13"), Vec::<Value>::new());
}
