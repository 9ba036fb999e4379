//! Venues whose rhythm stands out.

use serde_json::Value;

use crate::actors::text;
use crate::house::House;
use crate::scene::Scene;
use crate::seat::Seat;

on_both_engines![
    a_day_far_above_a_venues_own_measure_is_an_alert,
    more_than_a_room_can_take_in_an_hour_is_an_alert,
    sleeping_stock_and_self_redemption_lead_to_where_to_act,
];

fn alerts(scene: &Scene<'_>, kind: &str) -> Vec<Value> {
    let listed = scene.operator.get("/alerts").must_be(200)["data"].clone();
    listed.as_array().unwrap().iter().filter(|alert| alert["kind"] == kind).cloned().collect()
}

/// Redeems so many workshops of fresh passes, so many seconds apart; answers their ids.
fn a_day(scene: &Scene<'_>, workshops: usize, seconds: i64) -> Vec<String> {
    let house = scene.house;
    let mut redeemed = Vec::new();
    while redeemed.len() < workshops {
        let pass = scene.hands_over(10);
        for _ in 0..(workshops - redeemed.len()).min(10) {
            redeemed.push(text(&scene.redeems(&pass.code).must_be(201), "id"));
            house.clock.move_to(house.app.services.clock.now().plus_seconds(seconds));
        }
    }
    redeemed
}

fn a_day_far_above_a_venues_own_measure_is_an_alert(house: &House) {
    let scene = Scene::of(house);
    for day in 10..=15 {
        house.move_to(&format!("2026-03-{day}T07:00:00Z"));
        a_day(&scene, 5, 600);
    }
    house.move_to("2026-04-02T07:00:00Z");
    let redeemed = a_day(&scene, 19, 600);
    assert_eq!(alerts(&scene, "unusual_rhythm"), Vec::<Value>::new(), "below the floor");
    a_day(&scene, 1, 600);
    let found = alerts(&scene, "unusual_rhythm");
    assert_eq!(found.len(), 1, "{found:?}");
    let sentence = "Médiathèque du centre : 20 ateliers validés le 2 avril 2026. C'est au moins \
        4 fois plus que sa journée habituelle, qui est de 5.";
    assert_eq!(found[0]["sentence"], sentence);
    assert_eq!(found[0]["venue_id"], scene.venue.as_str());
    assert_eq!((&found[0]["day"], &found[0]["count"]), (&"2026-04-02".into(), &20.into()));
    let page = Seat::of(house, &scene.operator).reads("/gestion").text();
    assert!(page.contains("Rythme inhabituel d’un lieu"), "{page}");
    assert!(page.contains(&format!("/gestion/lieux/{}", scene.venue)), "{page}");

    scene.undoes(&redeemed[0]).must_be(201);
    assert_eq!(alerts(&scene, "unusual_rhythm"), Vec::<Value>::new(), "one was undone");
    a_day(&scene, 1, 60);
    assert_eq!(alerts(&scene, "unusual_rhythm").len(), 1);
    house.move_to("2026-04-09T09:00:00Z");
    assert_eq!(alerts(&scene, "unusual_rhythm"), Vec::<Value>::new(), "a week later");
}

fn more_than_a_room_can_take_in_an_hour_is_an_alert(house: &House) {
    let scene = Scene::of(house);
    a_day(&scene, 30, 100);
    assert_eq!(alerts(&scene, "unusual_rhythm"), Vec::<Value>::new(), "a full room");
    a_day(&scene, 1, 1);
    let found = alerts(&scene, "unusual_rhythm");
    let sentence = text(&found[0], "sentence");
    assert!(sentence.contains("31 ateliers validés le 10 mars 2026, dont 31 en une heure"));
    assert!(!sentence.contains("pass"), "never about who came: {sentence}");
}

fn sleeping_stock_and_self_redemption_lead_to_where_to_act(house: &House) {
    let scene = Scene::of(house);
    let both =
        scene.operator.organisation("Maison du numérique", &["prescriber", "venue_operator"]);
    scene.operator.accepts_prescriber(&scene.programme, &both);
    let venue = scene.operator.venue(&both, "Chez eux");
    scene.operator.labels(&venue, "2026-01-01", "2027-12-31");
    scene.operator.accepts_venue(&scene.programme, &venue);
    let worker = crate::actors::SocialWorker(house.person("social_worker", &both, false));
    let staff = crate::actors::VenueStaff(house.person("venue_staff", &both, false));
    let order = serde_json::json!({"programme_id": scene.programme,
        "prescriber_id": scene.worker.organisation, "units": 5, "count": 3});
    let run = text(&scene.operator.post_with(house.key(), "/stock", &order).must_be(201), "id");
    let pass = worker.hands_over(house.key(), &scene.form(5));
    staff.redeems(house.key(), &pass.code, &venue).must_be(201);
    scene.hands_over(5);
    house.move_to("2026-06-30T08:00:00Z");

    let [own] = alerts(&scene, "redeems_its_own").try_into().unwrap();
    assert_eq!((&own["organisation_id"], &own["count"]), (&both.as_str().into(), &1.into()));
    let [stock] = alerts(&scene, "stock_asleep").try_into().unwrap();
    assert_eq!(stock["print_run_id"], run.as_str());
    let [asleep] = alerts(&scene, "passes_asleep").try_into().unwrap();
    assert_eq!(asleep["organisation_id"], scene.worker.organisation.as_str());
    let seat = Seat::of(house, &scene.operator);
    let page = seat.reads("/gestion").text();
    for path in [
        format!("/gestion/organismes/{both}"),
        format!("/gestion/tirages/{run}"),
        format!("/gestion/organismes/{}", scene.worker.organisation),
    ] {
        assert!(page.contains(&format!("href=\"{path}\"")), "{path} in {page}");
        assert_eq!(seat.reads(&path).status, 200, "{path}");
    }
}
