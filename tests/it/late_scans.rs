//! Scans of workshops that were given, and whose pass, venue or clock changed before they came: no
//! rule refuses them for that, a person decides, and the money is there or its absence is said.

use chrono::NaiveDate;
use pass_numerique::services::release_expired::release_expired;
use serde_json::{Value, json};

use crate::actors::{HeldPass, scan, text};
use crate::door::Call;
use crate::house::House;
use crate::scene::{Scene, THREE_FUNDERS};

money_on_both_engines![
    a_pass_that_ended_after_the_scan_still_gives_its_workshop,
    the_last_day_of_a_pass_counts_though_its_money_went_back_at_night,
    what_ended_before_the_scan_is_refused_as_ever,
    released_money_that_is_gone_is_said_to_be_gone,
    a_clock_of_1970_is_a_case_for_a_person,
    one_unreadable_scan_refuses_itself_alone,
    a_clock_that_says_nothing_when_sending_refuses_no_scan,
];

const AT: &str = "2026-03-10T11:00:00Z";

fn outcome(result: &Value) -> String {
    format!("{} {}", text(result, "outcome"), result["code"].as_str().unwrap_or(""))
}

fn syncs(scene: &Scene<'_>, pass: &HeldPass, at: &str) -> Value {
    let sent = scan(scene.house.key(), &pass.code, &scene.venue, at);
    scene.staff.syncs(None, &[sent])[0].clone()
}

/// The operator accepts the scan that waits, and what becomes of that.
fn accepts(scene: &Scene<'_>) -> crate::door::Answer {
    let listed = scene.operator.get("/refused-scans?unresolved=true&held=true").must_be(200);
    let waiting = listed["data"].as_array().unwrap().clone();
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    let path = format!("/refused-scans/{}/resolution", text(&waiting[0], "id"));
    scene.operator.post(&path, &json!({"resolution": "Feuille de présence", "accept": true}))
}

fn totals(scene: &Scene<'_>) -> (i64, i64) {
    let totals = scene.report("")["totals"].clone();
    let number = |name: &str| totals[name].as_i64().unwrap();
    (number("workshops_redeemed"), number("consumed_cents"))
}

fn a_pass_that_ended_after_the_scan_still_gives_its_workshop(house: &House) {
    let scene = Scene::of(house);
    let passes: Vec<_> = (0..3).map(|_| scene.hands_over(5)).collect();
    house.move_to("2026-03-10T15:00:00Z");
    scene.worker.does("suspend", &passes[0].id).must_be(200);
    scene.worker.does("void", &passes[1].id).must_be(200);
    let new = scene.worker.replaces(&passes[2].id);
    house.move_to("2026-03-10T18:00:00Z");
    let words = ["suspendu après", "annulé après", "remplacé après"];
    for (number, (pass, words)) in passes.iter().zip(words).enumerate() {
        let result = syncs(&scene, pass, AT);
        assert_eq!(outcome(&result), "refused scan_held");
        assert!(text(&result, "detail").contains(words), "{result}");
        let settled = accepts(&scene).must_be(201);
        assert!(settled["redemption_id"].is_string(), "{settled}");
        let taken = i64::try_from(number).unwrap() + 1;
        assert_eq!(totals(&scene), (taken, taken * 1_000));
    }
    let read = scene.worker.reads(&new.id);
    assert_eq!((&read["used"], &read["remaining"]), (&json!(1), &json!(4)));
    let standing = [0, 1].map(|one| scene.worker.reads(&passes[one].id)["status"].clone());
    assert_eq!(standing, ["suspended", "void"], "what was decided of the pass stays");
}

fn the_last_day_of_a_pass_counts_though_its_money_went_back_at_night(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let last = text(&scene.worker.reads(&pass.id), "redeemable_until");
    let next = last.parse::<NaiveDate>().unwrap().succ_opt().unwrap();
    house.move_to(&format!("{next}T08:00:00Z"));
    assert_eq!(release_expired(&house.app.services).unwrap(), 1);
    let result = syncs(&scene, &pass, &format!("{last}T15:00:00Z"));
    assert_eq!(outcome(&result), "refused scan_held");
    assert!(text(&result, "detail").contains("clos"), "{result}");
    accepts(&scene).must_be(201);
    assert_eq!(totals(&scene), (1, 1_000));
    let after = syncs(&scene, &pass, &format!("{next}T07:00:00Z"));
    assert_eq!(outcome(&after), "refused expired", "the day after is none of its days");
}

fn what_ended_before_the_scan_is_refused_as_ever(house: &House) {
    let scene = Scene::of(house);
    let [suspended, void, replaced] = [5, 5, 5].map(|units| scene.hands_over(units));
    scene.worker.does("suspend", &suspended.id).must_be(200);
    scene.worker.does("void", &void.id).must_be(200);
    scene.worker.replaces(&replaced.id);
    house.move_to("2026-03-10T18:00:00Z");
    for (pass, code) in [(&suspended, "suspended"), (&void, "void"), (&replaced, "replaced")] {
        assert_eq!(outcome(&syncs(&scene, pass, AT)), format!("refused {code}"));
    }
    assert_eq!(totals(&scene), (0, 0));
}

fn released_money_that_is_gone_is_said_to_be_gone(house: &House) {
    // The envelope is one pass: what is released is promised to the next.
    let line = &[(1, 10_000, 5_000)];
    let scene = Scene::with(house, &json!({}), line);
    let pass = scene.hands_over(5);
    house.move_to("2026-03-10T15:00:00Z");
    scene.worker.does("void", &pass.id).must_be(200);
    scene.hands_over(5);
    house.move_to("2026-03-10T18:00:00Z");
    assert_eq!(outcome(&syncs(&scene, &pass, AT)), "refused scan_held");
    let refused = accepts(&scene).refused("envelope_exhausted");
    assert!(text(&refused, "detail").contains("rendu et promis"), "{refused}");
    assert_eq!(totals(&scene), (0, 0));
    let listed = scene.operator.get("/refused-scans?unresolved=true&held=true").must_be(200);
    assert_eq!(listed["data"].as_array().unwrap().len(), 1, "it still waits for a decision");
}

fn a_clock_of_1970_is_a_case_for_a_person(house: &House) {
    let scene = Scene::with(house, &json!({}), THREE_FUNDERS);
    let pass = scene.hands_over(5);
    house.move_to("2026-03-12T18:00:00Z");
    let sent = scan(house.key(), &pass.code, &scene.venue, "1970-01-01T00:03:00Z");
    let results = scene.staff.syncs(Some("2026-03-12T18:00:00Z"), &[sent]);
    assert_eq!(outcome(&results[0]), "refused scan_held");
    accepts(&scene).must_be(201);
    assert_eq!(totals(&scene), (1, 1_000));
}

fn one_unreadable_scan_refuses_itself_alone(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let spoilt: [(&str, Vec<u8>); 8] = [
        ("code", br#""AB\ud800CD""#.to_vec()),
        ("code", b"\"AB\xff\xfeCD\"".to_vec()),
        ("code", b"\"AB\x00\x01CD\"".to_vec()),
        ("code", b"1e999".to_vec()),
        ("theme", deep.into_bytes()),
        ("scanned_at", b"-1e400".to_vec()),
        ("venue_id", br#""\udc00""#.to_vec()),
        ("minutes", b"123456789012345678901234567890".to_vec()),
    ];
    let good = || scan(house.key(), &pass.code, &scene.venue, AT).to_string().into_bytes();
    let mut items = vec![good()];
    for (field, value) in &spoilt {
        let mut one = scan(house.key(), &pass.code, &scene.venue, AT);
        one[*field] = json!("@@@");
        let text = one.to_string();
        let (before, after) = text.split_once("\"@@@\"").unwrap();
        items.push([before.as_bytes(), value, after.as_bytes()].concat());
    }
    items.push(good());
    let body = [b"{\"device_id\":\"x\",\"items\":[".to_vec(), items.join(&b','), b"]}".to_vec()];
    house.move_to("2026-03-10T18:00:00Z");
    let call = Call::new("POST", "/redemptions/sync").body("application/json", &body.concat());
    let answer = scene.staff.ask(call).must_be(200);
    let outcomes: Vec<String> = answer["results"].as_array().unwrap().iter().map(outcome).collect();
    assert_eq!(outcomes.len(), items.len());
    assert_eq!((&*outcomes[0], &*outcomes[items.len() - 1]), ("accepted ", "accepted "));
    for (outcome, (field, _)) in outcomes[1..].iter().zip(&spoilt) {
        let alone = ["refused invalid_body", "refused malformed_code"].contains(&outcome.as_str());
        assert!(alone, "{field}: {outcome}");
    }
    assert_eq!(totals(&scene), (2, 2_000));
}

fn a_clock_that_says_nothing_when_sending_refuses_no_scan(house: &House) {
    let scene = Scene::of(house);
    house.move_to("2026-03-10T18:00:00Z");
    let told = [
        json!("hier"),
        json!("+275760-09-13T00:00:00.000Z"),
        json!(5),
        json!(null),
        json!("0001-01-01T00:00:00Z"),
        json!([[]]),
        json!("9999-12-31T23:59:59Z"),
    ];
    for sent_at in told {
        let pass = scene.hands_over(5);
        let at = "2026-03-10T18:00:00Z";
        let items = [scan(house.key(), &pass.code, &scene.venue, at)];
        let body = json!({"device_id": "x", "sent_at": sent_at, "items": items});
        let answer = scene.staff.post("/redemptions/sync", &body).must_be(200);
        assert_eq!(outcome(&answer["results"][0]), "accepted ", "{sent_at}");
    }
}
