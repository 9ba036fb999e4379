//! Scans whose day nobody can vouch for: they wait for the operator, and nothing is paid until then.

use serde_json::{Value, json};

use crate::actors::{scan, text};
use crate::house::House;
use crate::scene::{Scene, THREE_FUNDERS};
use crate::seat::Seat;

money_on_both_engines![
    invented_days_do_not_empty_a_pass,
    a_phone_without_a_network_over_the_week_end_is_believed,
    a_suspended_venue_bills_no_past_days_by_itself,
    a_scan_from_before_the_handover_waits_and_counts_from_the_handover_on,
    only_the_operator_accepts_or_refuses_what_waits,
    what_was_accepted_late_is_taken_from_the_pass_that_carries_on,
    the_operator_sees_who_sends_scans_after_their_day,
];

/// A town where a pass is validated once a day.
fn town(house: &House) -> Scene<'_> {
    Scene::with(house, &json!({"max_per_day": 1}), THREE_FUNDERS)
}

fn codes(results: &[Value]) -> Vec<&str> {
    results.iter().map(|result| result["code"].as_str().unwrap_or("accepted")).collect()
}

fn consumed(scene: &Scene<'_>) -> i64 {
    scene.report("")["totals"]["consumed_cents"].as_i64().unwrap()
}

fn held(scene: &Scene<'_>) -> Vec<Value> {
    let listed = scene.operator.get("/refused-scans?unresolved=true&held=true").must_be(200);
    listed["data"].as_array().unwrap().clone()
}

fn alerts(scene: &Scene<'_>) -> Vec<Value> {
    let listed = scene.operator.get("/alerts").must_be(200)["data"].clone();
    let all = listed.as_array().unwrap().iter();
    all.filter(|alert| alert["kind"] == "backdated_scans").cloned().collect()
}

fn resolution(scan: &Value) -> String {
    format!("/refused-scans/{}/resolution", text(scan, "id"))
}

fn invented_days_do_not_empty_a_pass(house: &House) {
    let scene = town(house);
    let pass = scene.hands_over(5);
    house.move_to("2026-03-31T18:00:00Z");
    let days = 19..=31;
    let scans: Vec<Value> = days
        .rev()
        .map(|day| format!("2026-03-{day}T10:00:00Z"))
        .map(|at| scan(house.key(), &pass.code, &scene.venue, &at))
        .collect();
    let results = scene.staff.syncs(None, &scans);
    assert_eq!(codes(&results)[0], "accepted", "today's");
    assert_eq!(codes(&results)[1..], ["scan_held"; 12]);
    assert_eq!(consumed(&scene), 1_000);
    // Sent again, or a piece at a time, it is no more.
    assert_eq!(codes(&scene.staff.syncs(None, &scans)), codes(&results));
    let piece = scan(house.key(), &pass.code, &scene.venue, "2026-03-30T15:00:00Z");
    assert_eq!(codes(&scene.staff.syncs(None, &[piece])), ["scan_held"]);
    assert_eq!(consumed(&scene), 1_000);
    let found = alerts(&scene);
    assert_eq!((found.len(), &found[0]["count"]), (1, &13.into()), "{found:?}");
    let door = Seat::of(house, &scene.staff).reads("/scanner").text();
    assert!(door.contains("En attente de l’opérateur"), "the venue sees that it waits");
    assert!(door.contains("arrivée plus de 3 jours après"), "and why");
}

fn a_phone_without_a_network_over_the_week_end_is_believed(house: &House) {
    let scene = town(house);
    let passes: Vec<_> = (0..3).map(|_| scene.hands_over(5)).collect();
    // Friday and Saturday, sent on Monday.
    house.move_to("2026-03-16T08:00:00Z");
    let days = ["2026-03-13T15:00:00Z", "2026-03-14T09:00:00Z", "2026-03-14T10:00:00Z"];
    let scans: Vec<Value> = passes
        .iter()
        .zip(days)
        .map(|(pass, at)| scan(house.key(), &pass.code, &scene.venue, at))
        .collect();
    assert_eq!(codes(&scene.staff.syncs(None, &scans)), ["accepted"; 3]);
    scene.redeems(&passes[0].code).must_be(201);
    assert_eq!((consumed(&scene), held(&scene).len()), (4_000, 0));

    house.move_to("2026-04-01T08:00:00Z");
    scene.operator.post("/accounting/months/2026-03/close", &json!({})).must_be(201);
    let statement = text(&scene.operator.get("/statements").must_be(200)["data"][0], "id");
    let lines = scene.operator.get(&format!("/statements/{statement}/lines")).must_be(200);
    let late: Vec<&Value> =
        lines["data"].as_array().unwrap().iter().map(|line| &line["days_late"]).collect();
    assert_eq!(late, [&json!(3), &json!(2), &json!(2), &Value::Null]);
    let page = Seat::of(house, &scene.operator).reads(&format!("/releves/{statement}")).text();
    assert!(page.contains("Arrivé 3 jours après l’atelier"), "before it is approved");
    let paper = scene.operator.get(&format!("/statements/{statement}/document.pdf"));
    let words = crate::stock::words(&paper.bytes);
    assert!(words.contains("3 validations sont arrivées après le jour"), "{words}");
}

fn a_suspended_venue_bills_no_past_days_by_itself(house: &House) {
    let scene = town(house);
    let (pass, other) = (scene.hands_over(5), scene.hands_over(5));
    house.move_to("2026-03-20T18:00:00Z");
    let suspension = json!({"reason": "Fraude", "suspended_from": "2026-03-20"});
    let path = format!("/venues/{}/suspensions", scene.venue);
    scene.operator.post(&path, &suspension).must_be(201);
    let scans = [(&pass, "2026-03-19T10:00:00Z"), (&other, "2026-03-18T10:00:00Z")]
        .map(|(pass, at)| scan(house.key(), &pass.code, &scene.venue, at));
    assert_eq!(codes(&scene.staff.syncs(None, &scans)), ["scan_held"; 2]);
    assert_eq!((consumed(&scene), held(&scene).len()), (0, 2));
}

fn a_scan_from_before_the_handover_waits_and_counts_from_the_handover_on(house: &House) {
    let scene = town(house);
    house.move_to("2026-03-12T13:00:00Z");
    let (pass, other) = (scene.hands_over(5), scene.hands_over(5));
    house.move_to("2026-03-12T18:00:00Z");
    let same_day = scan(house.key(), &pass.code, &scene.venue, "2026-03-12T09:00:00Z");
    let before = scan(house.key(), &other.code, &scene.venue, "2026-03-10T09:00:00Z");
    let results = scene.staff.syncs(None, &[same_day, before]);
    assert_eq!(codes(&results), ["scan_held"; 2]);
    let detail = text(&results[1], "detail");
    assert!(detail.contains("antérieure à la remise"), "{detail}");
    let words = json!({"resolution": "Horloge fausse", "accept": true});
    for one in held(&scene) {
        let settled = scene.operator.post(&resolution(&one), &words).must_be(201);
        let taken = scene.staff.get("/redemptions").must_be(200);
        let taken = taken["data"].as_array().unwrap().iter();
        let found = taken.clone().find(|taken| taken["id"] == settled["redemption_id"]);
        assert_eq!(found.unwrap()["workshop_day"], "2026-03-12");
    }
    assert_eq!(consumed(&scene), 2_000);
}

fn only_the_operator_accepts_or_refuses_what_waits(house: &House) {
    let scene = town(house);
    let pass = scene.hands_over(5);
    house.move_to("2026-03-20T18:00:00Z");
    let days = ["2026-03-11T10:00:00Z", "2026-03-12T10:00:00Z", "2026-03-13T10:00:00Z"];
    let scans = days.map(|at| scan(house.key(), &pass.code, &scene.venue, at));
    assert_eq!(codes(&scene.staff.syncs(None, &scans)), ["scan_held"; 3]);
    let waiting = held(&scene);
    let words = json!({"resolution": "Vu"});
    let accept = json!({"resolution": "Feuille de présence vue", "accept": true});
    scene.staff.post(&resolution(&waiting[0]), &words).refused("forbidden");
    scene.staff.post(&resolution(&waiting[0]), &accept).refused("forbidden");
    assert_eq!(consumed(&scene), 0);

    let key = house.key();
    let settled = scene.operator.post_with(key, &resolution(&waiting[0]), &accept).must_be(201);
    let again = scene.operator.post_with(key, &resolution(&waiting[0]), &accept).must_be(201);
    assert_eq!(settled, again);
    scene.operator.post(&resolution(&waiting[0]), &accept).refused("already_resolved");
    scene.operator.post(&resolution(&waiting[1]), &words).must_be(201);
    scene.operator.post(&resolution(&waiting[1]), &accept).refused("already_resolved");
    assert_eq!(consumed(&scene), 1_000, "what was refused counts no workshop");

    let operator = Seat::of(house, &scene.operator);
    let page = operator.reads("/gestion/validations").text();
    assert!(page.contains("Médiathèque du centre"), "{page}");
    let path = format!("/gestion/validations/{}", text(&waiting[2], "id"));
    let key = house.key().to_string();
    let fields = [("resolution", "Registre du lieu"), ("decision", "accepter")];
    let sent = operator.sends_from("/gestion/validations", &key, &path, &fields);
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!((consumed(&scene), held(&scene).len()), (2_000, 0));
    let plain = scene.staff.get("/refused-scans").must_be(200);
    assert_eq!(plain["data"][1]["resolution"], "Vu", "the venue reads the decision");

    scene.worker.does("void", &pass.id).must_be(200);
    house.move_to("2026-03-20T19:00:00Z");
    let dead = scan(house.key(), &pass.code, &scene.venue, "2026-03-20T18:30:00Z");
    assert_eq!(codes(&scene.staff.syncs(None, &[dead])), ["void"]);
    let refused = scene.operator.get("/refused-scans?unresolved=true").must_be(200);
    let refused = &refused["data"][0];
    scene.operator.post(&resolution(refused), &accept).refused("invalid_body");
}

fn what_was_accepted_late_is_taken_from_the_pass_that_carries_on(house: &House) {
    let scene = town(house);
    let pass = scene.hands_over(5);
    house.move_to("2026-03-20T18:00:00Z");
    let late = scan(house.key(), &pass.code, &scene.venue, "2026-03-11T10:00:00Z");
    assert_eq!(codes(&scene.staff.syncs(None, &[late])), ["scan_held"]);
    let new = scene.worker.replaces(&pass.id);
    let accept = json!({"resolution": "Vu", "accept": true});
    scene.operator.post(&resolution(&held(&scene)[0]), &accept).must_be(201);
    let read = scene.worker.reads(&new.id);
    assert_eq!((&read["used"], &read["remaining"]), (&json!(1), &json!(4)));
}

fn the_operator_sees_who_sends_scans_after_their_day(house: &House) {
    let scene = town(house);
    let passes: Vec<_> = (0..5).map(|_| scene.hands_over(5)).collect();
    house.move_to("2026-03-12T18:00:00Z");
    let scans: Vec<Value> = passes
        .iter()
        .map(|pass| scan(house.key(), &pass.code, &scene.venue, "2026-03-10T15:00:00Z"))
        .collect();
    assert_eq!(codes(&scene.staff.syncs(None, &scans[..4])), ["accepted"; 4]);
    assert_eq!(alerts(&scene), Vec::<Value>::new(), "some come late everywhere");
    assert_eq!(codes(&scene.staff.syncs(None, &scans[4..])), ["accepted"]);
    let found = alerts(&scene);
    let sentence = "Médiathèque du centre : validations qui attendent votre décision : 0. \
        En 30 jours, arrivées après leur jour : 5 sur 5, de 2 jours au plus.";
    assert_eq!((found.len(), &found[0]["sentence"]), (1, &sentence.into()), "{found:?}");
    let desk = Seat::of(house, &scene.operator).reads("/gestion").text();
    assert!(desk.contains("Validations arrivées après coup"), "{desk}");
}
