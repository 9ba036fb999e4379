//! The same request sent again gets the same answer, whatever happened in between.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::actors::{redemption, text};
use crate::door::{Answer, Call};
use crate::house::House;
use crate::scene::Scene;

on_one_engine![a_write_without_a_key_is_asked_for_one,];

on_both_engines![
    a_key_with_another_body_is_refused,
    a_refusal_is_replayed_even_when_it_would_go_well_now,
    a_redemption_is_replayed_after_the_pass_died_or_the_programme_ended,
    a_replayed_handover_shows_the_same_code,
    a_replayed_replacement_and_undo_happen_once,
    a_key_belongs_to_one_organisation,
    two_requests_with_one_key_at_once_do_the_work_once,
];

fn a_write_without_a_key_is_asked_for_one(house: &House) {
    let scene = Scene::of(house);
    scene.worker.post("/passes", &scene.form(5)).refused("idempotency_key_missing");
    let pass = scene.hands_over(5);
    let body = redemption(&pass.code, &scene.venue);
    scene.staff.post("/redemptions", &body).refused("idempotency_key_missing");
    let redeemed = text(&scene.redeems(&pass.code).must_be(201), "id");
    let path = format!("/redemptions/{redeemed}/reversal");
    scene.staff.post(&path, &json!({"reason": "x"})).refused("idempotency_key_missing");
    let call = Call::new("POST", "/redemptions").json(&body).header("Idempotency-Key", "un");
    scene.staff.ask(call).refused("idempotency_key_invalid");
}

fn a_key_with_another_body_is_refused(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let key = house.key();
    scene.staff.redeems(key, &pass.code, &scene.venue).must_be(201);
    let mut other = redemption(&pass.code, &scene.venue);
    other["minutes"] = json!(60);
    scene.staff.post_with(key, "/redemptions", &other).refused("idempotency_key_reused");
    let key = house.key();
    scene.worker.hands_over(key, &scene.form(5));
    scene.worker.tries_to_hand_over(key, &scene.form(6)).refused("idempotency_key_reused");
    let reordered = format!("{{\"units\": 5,\n \"programme_id\": \"{}\"}}", scene.programme);
    let call = Call::new("POST", "/passes").body("application/json", reordered.as_bytes()).key(key);
    assert!(scene.worker.ask(call).replayed(), "the same request written differently");
}

fn a_refusal_is_replayed_even_when_it_would_go_well_now(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.worker.does("suspend", &pass.id).must_be(200);
    let key = house.key();
    let first = scene.staff.redeems(key, &pass.code, &scene.venue);
    first.refused("suspended");
    scene.worker.does("resume", &pass.id).must_be(200);
    let again = scene.staff.redeems(key, &pass.code, &scene.venue);
    again.refused("suspended");
    assert!(!first.replayed() && again.replayed());
    assert_eq!(without_request(&first), without_request(&again));
    scene.redeems(&pass.code).must_be(201);
}

fn without_request(answer: &Answer) -> Value {
    let mut problem = answer.json();
    problem.as_object_mut().unwrap().remove("request_id");
    problem
}

fn a_redemption_is_replayed_after_the_pass_died_or_the_programme_ended(house: &House) {
    let scene = Scene::of(house);
    let (emptied, voided) = (scene.hands_over(5), scene.hands_over(5));
    let keys = [house.key(), house.key()];
    let redeem = |key: Uuid, code: &str| scene.staff.redeems(key, code, &scene.venue);
    let first = [redeem(keys[0], &emptied.code), redeem(keys[1], &voided.code)];
    for _ in 0..4 {
        scene.redeems(&emptied.code).must_be(201);
    }
    scene.worker.does("void", &voided.id).must_be(200);
    for day in ["2026-03-10T12:00:00Z", "2028-01-01T00:00:00Z"] {
        house.move_to(day);
        for ((key, pass), first) in keys.iter().zip([&emptied, &voided]).zip(&first) {
            let again = redeem(*key, &pass.code);
            assert_eq!(again.must_be(201), first.json());
            assert!(again.replayed() && !first.replayed());
        }
    }
    scene.redeems(&emptied.code).problem();
}

fn a_replayed_handover_shows_the_same_code(house: &House) {
    let scene = Scene::of(house);
    let key = house.key();
    let first = scene.worker.hands_over(key, &scene.form(5));
    scene.worker.does("void", &first.id).must_be(200);
    house.move_to("2027-06-01T08:00:00Z");
    let again = scene.worker.tries_to_hand_over(key, &scene.form(5));
    assert!(again.replayed());
    assert_eq!(again.must_be(201), first.answer);
}

fn a_replayed_replacement_and_undo_happen_once(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let redeemed = text(&scene.redeems(&pass.code).must_be(201), "id");
    let (undo, swap) = (house.key(), house.key());
    let first = scene.staff.undoes(undo, &redeemed).must_be(201);
    assert_eq!(scene.staff.undoes(undo, &redeemed).must_be(201), first);
    let path = format!("/passes/{}/replace", pass.id);
    let reason = json!({"reason": "Perdu"});
    let new = scene.worker.post_with(swap, &path, &reason).must_be(201);
    let again = scene.worker.post_with(swap, &path, &reason);
    assert!(again.replayed());
    assert_eq!(again.must_be(201), new);
    scene.worker.post(&path, &reason).refused("replaced");
}

fn a_key_belongs_to_one_organisation(house: &House) {
    let scene = Scene::of(house);
    let key = house.key();
    let pass = scene.worker.hands_over(key, &scene.form(5));
    let redeemed = scene.staff.redeems(key, &pass.code, &scene.venue);
    redeemed.must_be(201);
    assert!(!redeemed.replayed());
}

fn two_requests_with_one_key_at_once_do_the_work_once(house: &House) {
    let scene = Scene::of(house);
    scene.worker.token();
    let key = house.key();
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let send = || scene.worker.tries_to_hand_over(key, &scene.form(5));
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let bodies: Vec<Value> = answers.iter().map(|answer| answer.must_be(201)).collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(answers.iter().filter(|answer| !answer.replayed()).count(), 1);
    assert_eq!(scene.available(), [997_500, 998_500, 999_000], "one pass");
}
