//! Scans that waited for a network: each ends accepted or visibly refused, none is lost, none
//! counts twice.

use std::thread;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::actors::{VenueStaff, scan, text};
use crate::house::House;
use crate::scene::Scene;

money_on_both_engines![
    scans_that_waited_end_accepted_or_refused_in_their_order,
    a_batch_sent_again_counts_once,
    a_batch_sent_eight_times_at_once_counts_once,
    the_label_counts_on_the_day_of_the_workshop_not_of_the_sending,
    a_clock_an_hour_wrong_is_flagged_and_put_right,
    the_last_workshop_goes_to_the_first_who_reaches_the_service,
    a_key_belongs_to_one_pass,
    a_scan_that_got_no_answer_online_is_not_counted_again_when_it_waits,
    guessing_codes_without_a_network_is_slowed_down_and_loses_no_scan,
    what_is_wrong_with_one_scan_refuses_that_scan_alone,
    what_cannot_be_read_is_refused_as_a_whole,
];

const NOON: &str = "2026-03-10T11:00:00Z";

fn outcome(result: &Value) -> (String, String) {
    (text(result, "outcome"), result["code"].as_str().unwrap_or_default().to_owned())
}

fn outcomes(results: &[Value]) -> Vec<(String, String)> {
    results.iter().map(outcome).collect()
}

fn accepted() -> (String, String) {
    ("accepted".to_owned(), String::new())
}

fn refused(code: &str) -> (String, String) {
    ("refused".to_owned(), code.to_owned())
}

fn counted(scene: &Scene<'_>) -> i64 {
    scene.report("")["totals"]["workshops_redeemed"].as_i64().unwrap()
}

/// How many workshops the pass has used.
fn used(scene: &Scene<'_>, pass: &str) -> i64 {
    scene.worker.get(&format!("/passes/{pass}")).must_be(200)["used"].as_i64().unwrap()
}

fn scans_that_waited_end_accepted_or_refused_in_their_order(house: &House) {
    let scene = Scene::of(house);
    let (good, void) = (scene.hands_over(5), scene.hands_over(5));
    scene.worker.does("void", &void.id).must_be(200);
    house.move_to("2026-03-10T18:00:00Z");
    let keys = [house.key(), house.key(), house.key(), house.key()];
    let last = if good.code.ends_with('0') { '1' } else { '0' };
    let slip: String = good.code.chars().take(18).chain([last]).collect();
    let scans = [
        scan(keys[0], &void.code, &scene.venue, NOON),
        scan(keys[1], &good.code, &scene.venue, NOON),
        scan(keys[2], &slip, &scene.venue, NOON),
        scan(keys[3], "0000-0000-0000-0000", &scene.venue, NOON),
    ];
    let results = scene.staff.syncs(Some("2026-03-10T18:00:01Z"), &scans);
    let expected =
        [refused("void"), accepted(), refused("malformed_code"), refused("unknown_code")];
    assert_eq!(outcomes(&results), expected);
    for (result, key) in results.iter().zip(keys) {
        assert_eq!(text(result, "idempotency_key"), key.to_string());
        assert_eq!(result["skewed"], false);
    }
    let redemption = &results[1]["redemption"];
    assert_eq!((&redemption["slot"], &redemption["remaining"]), (&json!(1), &json!(4)));
    assert_eq!(redemption["workshop_day"], "2026-03-10");
    assert!(results[0]["detail"].as_str().unwrap().ends_with('.'));

    let kept = scene.staff.get("/refused-scans").must_be(200)["data"].as_array().unwrap().clone();
    assert_eq!(kept.len(), 3, "every refusal stays visible");
    assert_eq!(kept[0]["serial"], void.serial.as_str());
    assert_eq!(kept[0]["scanned_at"], NOON);
    assert_eq!(kept[0]["received_at"], "2026-03-10T18:00:00Z");
    assert_eq!(kept[2]["serial"], Value::Null);
    assert_eq!(kept[2]["code_ending"], "0000");
    assert_eq!((counted(&scene), used(&scene, &good.id)), (1, 1));
}

fn a_batch_sent_again_counts_once(house: &House) {
    let scene = Scene::of(house);
    let passes: Vec<_> = (0..5).map(|_| scene.hands_over(5)).collect();
    scene.worker.does("suspend", &passes[4].id).must_be(200);
    let scans: Vec<Value> =
        passes.iter().map(|pass| scan(house.key(), &pass.code, &scene.venue, NOON)).collect();
    house.move_to("2026-03-10T18:00:00Z");
    let first = scene.staff.syncs(None, &scans);
    scene.worker.does("resume", &passes[4].id).must_be(200);
    let again = scene.staff.syncs(None, &scans);
    assert_eq!(outcomes(&first), outcomes(&again), "a refusal stays a refusal");
    for (first, again) in first.iter().zip(&again) {
        assert_eq!((&first["replayed"], &again["replayed"]), (&json!(false), &json!(true)));
        assert_eq!(first["redemption"], again["redemption"]);
    }
    assert_eq!(counted(&scene), 4);
    assert_eq!(scene.staff.get("/refused-scans").must_be(200)["data"].as_array().unwrap().len(), 1);
}

fn a_batch_sent_eight_times_at_once_counts_once(house: &House) {
    let scene = Scene::of(house);
    let passes: Vec<_> = (0..12).map(|_| scene.hands_over(5)).collect();
    let scans: Vec<Value> =
        passes.iter().map(|pass| scan(house.key(), &pass.code, &scene.venue, NOON)).collect();
    house.move_to("2026-03-10T18:00:00Z");
    let answers: Vec<Vec<Value>> = thread::scope(|scope| {
        let tabs: Vec<_> =
            (0..8).map(|_| scope.spawn(|| scene.staff.syncs(None, &scans))).collect();
        tabs.into_iter().map(|tab| tab.join().unwrap()).collect()
    });
    for results in &answers {
        assert_eq!(outcomes(results), vec![accepted(); 12]);
        for (result, first) in results.iter().zip(&answers[0]) {
            assert_eq!(result["redemption"]["id"], first["redemption"]["id"]);
        }
    }
    assert_eq!(counted(&scene), 12);
}

fn the_label_counts_on_the_day_of_the_workshop_not_of_the_sending(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    house.move_to("2026-03-12T18:00:00Z");
    let suspension = json!({"reason": "Contrôle", "suspended_from": "2026-03-11"});
    let path = format!("/venues/{}/suspensions", scene.venue);
    scene.operator.post(&path, &suspension).must_be(201);
    let before = scan(house.key(), &pass.code, &scene.venue, NOON);
    let after = scan(house.key(), &pass.code, &scene.venue, "2026-03-11T11:00:00Z");
    let results = scene.staff.syncs(None, &[before, after]);
    // The workshop was before the suspension, but nobody can vouch for the day: the operator does.
    assert_eq!(outcomes(&results), [refused("scan_held"), refused("venue_not_labelled")]);
    let held = text(&scene.staff.get("/refused-scans?held=true").must_be(200)["data"][0], "id");
    let accept = json!({"resolution": "Vu avec le lieu", "accept": true});
    let path = format!("/refused-scans/{held}/resolution");
    scene.operator.post(&path, &accept).must_be(201);
    let of_day = scene.report("&group_by=month&by=workshop_day");
    assert_eq!(of_day["totals"]["workshops_redeemed"], 1);
}

fn a_clock_an_hour_wrong_is_flagged_and_put_right(house: &House) {
    let scene = Scene::of(house);
    let (pass, other) = (scene.hands_over(5), scene.hands_over(5));
    house.move_to("2026-03-10T22:30:00Z");
    // The phone is an hour ahead: it believes that the next day has begun in Paris.
    let scans = [scan(house.key(), &pass.code, &scene.venue, "2026-03-10T23:20:00Z")];
    let results = scene.staff.syncs(Some("2026-03-10T23:30:00Z"), &scans);
    assert_eq!(outcomes(&results), [accepted()]);
    assert_eq!(results[0]["skewed"], true);
    assert_eq!(results[0]["redemption"]["workshop_day"], "2026-03-10");
    house.move_to("2026-05-10T11:00:00Z");
    let late = scan(house.key(), &other.code, &scene.venue, "2026-04-01T11:00:00Z");
    let results = scene.staff.syncs(Some("2026-05-10T11:00:00Z"), &[late]);
    assert_eq!(outcomes(&results), [refused("scan_too_old")]);
}

fn the_last_workshop_goes_to_the_first_who_reaches_the_service(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    for _ in 0..4 {
        scene.redeems(&pass.code).must_be(201);
    }
    let runner = scene.operator.organisation("Tiers-lieu", &["venue_operator"]);
    let other = VenueStaff(house.person("venue_staff", &runner, false));
    let theirs = scene.operator.venue(&runner, "Tiers-lieu de la gare");
    scene.operator.labels(&theirs, "2025-06-01", "2027-12-31");
    scene.operator.accepts_venue(&scene.programme, &theirs);
    house.move_to("2026-03-10T18:00:00Z");
    let later = scan(house.key(), &pass.code, &theirs, "2026-03-10T12:00:00Z");
    let earlier = scan(house.key(), &pass.code, &scene.venue, NOON);
    assert_eq!(outcomes(&other.syncs(None, &[later])), [accepted()]);
    assert_eq!(outcomes(&scene.staff.syncs(None, &[earlier])), [refused("exhausted")]);

    let open = "/refused-scans?unresolved=true";
    assert_eq!(other.get(open).must_be(200)["data"], json!([]), "not theirs");
    let kept = scene.operator.get(open).must_be(200)["data"][0].clone();
    assert_eq!(kept["serial"], pass.serial.as_str());
    let settle = format!("/refused-scans/{}/resolution", text(&kept, "id"));
    let words = json!({"resolution": "Vu avec le tiers-lieu"});
    other.post(&settle, &words).refused("not_found");
    scene.staff.post(&settle, &json!({"resolution": " "})).refused("invalid_body");
    let settled = scene.staff.post(&settle, &words).must_be(201);
    assert_eq!(settled["resolution"], "Vu avec le tiers-lieu");
    scene.operator.post(&settle, &words).refused("already_resolved");
    assert_eq!(scene.staff.get(open).must_be(200)["data"], json!([]));
    assert_eq!(used(&scene, &pass.id), 5);
}

fn a_key_belongs_to_one_pass(house: &House) {
    let scene = Scene::of(house);
    let (pass, other) = (scene.hands_over(5), scene.hands_over(5));
    let key = house.key();
    house.move_to("2026-03-10T18:00:00Z");
    let results = scene.staff.syncs(
        None,
        &[scan(key, &pass.code, &scene.venue, NOON), scan(key, &other.code, &scene.venue, NOON)],
    );
    assert_eq!(outcomes(&results), [accepted(), refused("idempotency_key_reused")]);
    assert_eq!((used(&scene, &pass.id), used(&scene, &other.id)), (1, 0));
    scene.staff.redeems(key, &other.code, &scene.venue).refused("idempotency_key_reused");
    scene.staff.redeems(key, &pass.code, &scene.venue).refused("idempotency_key_reused");
    assert_eq!(counted(&scene), 1);
}

fn a_scan_that_got_no_answer_online_is_not_counted_again_when_it_waits(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let key = house.key();
    // The service took it, and the network went before the answer came.
    let online = scene.staff.redeems(key, &pass.code, &scene.venue).must_be(201);
    let waited = [scan(key, &pass.code, &scene.venue, "2026-03-10T09:00:00Z")];
    let results = scene.staff.syncs(None, &waited);
    assert_eq!(outcomes(&results), [accepted()]);
    assert_eq!(results[0]["redemption"], online);
    assert_eq!(used(&scene, &pass.id), 1);
}

fn guessing_codes_without_a_network_is_slowed_down_and_loses_no_scan(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let mut scans: Vec<Value> =
        (0..12).map(|_| scan(house.key(), "0000-0000-0000-0000", &scene.venue, NOON)).collect();
    scans.push(scan(house.key(), &pass.code, &scene.venue, NOON));
    house.move_to("2026-03-10T18:00:00Z");
    let results = scene.staff.syncs(None, &scans);
    assert_eq!(outcomes(&results[..10]), vec![refused("unknown_code"); 10]);
    let waiting = ("retry".to_owned(), "too_many_wrong_codes".to_owned());
    assert_eq!(outcome(&results[10]), waiting);
    assert!(results[11..].iter().all(|result| result["outcome"] == "retry"));
    house.move_to("2026-03-10T18:11:00Z");
    let rest = scene.staff.syncs(None, &scans[10..]);
    let expected = [refused("unknown_code"), refused("unknown_code"), accepted()];
    assert_eq!(outcomes(&rest), expected);
}

fn what_is_wrong_with_one_scan_refuses_that_scan_alone(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let good = || scan(house.key(), &pass.code, &scene.venue, NOON);
    let wrong = [
        ("code", json!("AB\u{0}CD"), "malformed_code"),
        ("code", json!("A".repeat(100_000)), "malformed_code"),
        ("code", json!(12), "invalid_body"),
        ("theme", json!("\u{0}"), "invalid_body"),
        ("theme", json!("x".repeat(100_000)), "invalid_body"),
        ("venue_id", json!("x\u{0}"), "invalid_body"),
        ("scanned_at", json!("+275760-09-13T00:00:00.000Z"), "invalid_body"),
        ("scanned_at", json!("hier"), "invalid_body"),
        ("scheduled_workshop_id", json!([]), "invalid_body"),
        ("minutes", json!(5), "invalid_body"),
    ];
    let mut scans = vec![good()];
    for (field, value, _) in &wrong {
        let mut scan = good();
        scan[*field] = value.clone();
        scans.push(scan);
    }
    scans.push(good());
    let body = json!({"device_id": "x", "items": scans});
    let answer = scene.staff.post("/redemptions/sync", &body).must_be(200);
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), scans.len());
    let first = (&results[0]["outcome"], &results[scans.len() - 1]["outcome"]);
    assert_eq!(first, (&json!("accepted"), &json!("accepted")), "{answer}");
    for (result, (field, _, code)) in results.iter().skip(1).zip(wrong) {
        assert_eq!(
            (&result["outcome"], &result["code"]),
            (&json!("refused"), &json!(code)),
            "{field}"
        );
    }
    assert_eq!(used(&scene, &pass.id), 2);
    let kept = scene.staff.get("/refused-scans").must_be(200).to_string();
    assert!(kept.len() < 20_000 && !kept.contains("xxxx"), "{}", kept.len());
    let device = json!({"device_id": "a\u{0}b", "items": []});
    scene.staff.post("/redemptions/sync", &device).refused("invalid_body");
}

fn what_cannot_be_read_is_refused_as_a_whole(house: &House) {
    let scene = Scene::of(house);
    let foreign = scene.operator.organisation("Autre", &["venue_operator"]);
    let theirs = scene.operator.venue(&foreign, "Chez eux");
    let pass = scene.hands_over(5);
    let results = scene.staff.syncs(None, &[scan(house.key(), &pass.code, &theirs, NOON)]);
    assert_eq!(outcomes(&results), [refused("not_found")]);
    let many = vec![scan(Uuid::nil(), "x", &scene.venue, NOON); 501];
    let body = json!({"device_id": "x", "items": many});
    scene.staff.post("/redemptions/sync", &body).refused("invalid_body");
    let body = json!({"device_id": " ", "items": []});
    scene.staff.post("/redemptions/sync", &body).refused("invalid_body");
    let body = json!({"device_id": "x", "items": [{"code": "x"}]});
    scene.staff.post("/redemptions/sync", &body).refused("invalid_body");
    assert_eq!(scene.staff.syncs(None, &[]), Vec::<Value>::new());
    let mut wrong = scan(house.key(), &pass.code, &scene.venue, "2026-03-10T09:00:00Z");
    wrong["theme"] = "tricot".into();
    assert_eq!(outcomes(&scene.staff.syncs(None, &[wrong])), [refused("invalid_body")]);
    assert_eq!(used(&scene, &pass.id), 0);
}
