//! What funders ask beside their share: the State's rules of 2019 and 2020, in every account.

use serde_json::{Value, json};

use crate::house::House;
use crate::scene::{Scene, THREE_FUNDERS};

money_on_both_engines![
    the_rule_of_2020_pays_what_was_used_and_counts_the_publics,
    a_call_says_what_lies_beyond_the_rule_of_2020,
    the_rule_of_2019_is_the_envelope_to_the_cent,
    an_account_is_its_funder_s,
];

fn sets(scene: &Scene<'_>, position: usize, condition: &Value) -> crate::door::Answer {
    let path = format!("/agreements/{}/condition", scene.agreements[position]);
    scene.operator.ask(crate::door::Call::new("PUT", &path).json(condition))
}

fn account(scene: &Scene<'_>, position: usize) -> Value {
    let path = format!("/agreements/{}/account", scene.agreements[position]);
    scene.operator.get(&path).must_be(200)
}

fn hands_over_to(scene: &Scene<'_>, publics: &[&str]) -> String {
    let mut form = scene.form(5);
    form["publics"] = json!(publics);
    scene.worker.hands_over(scene.house.key(), &form).code
}

fn the_rule_of_2020_pays_what_was_used_and_counts_the_publics(house: &House) {
    let scene = Scene::of(house);
    let rule = json!({"kind": "used_share", "rate_bp": 5_000, "least_bp": 5_000,
        "publics": ["job_seeker", "rsa_recipient"]});
    sets(&scene, 0, &rule).must_be(200);
    let first = hands_over_to(&scene, &["job_seeker", "senior"]);
    hands_over_to(&scene, &["senior"]);
    hands_over_to(&scene, &[]);
    for _ in 0..3 {
        scene.redeems(&first).must_be(201);
    }
    let shown = account(&scene, 0);
    assert_eq!(shown["committed_cents"], 7_500);
    let result = &shown["result"];
    assert_eq!((&result["used_cents"], &result["claim_cents"]), (&json!(3_000), &json!(1_500)));
    assert_eq!((&result["passes"], &result["passes_to_publics"]), (&json!(3), &json!(1)));
    assert_eq!((&result["missing_passes"], &result["met"]), (&json!(1), &json!(false)));
    hands_over_to(&scene, &["rsa_recipient"]);
    assert_eq!(account(&scene, 0)["result"]["met"], true);
    assert_eq!(account(&scene, 1)["condition"], Value::Null);

    let paper = scene.funder(0).get(&format!("/agreements/{}/account.pdf", scene.agreements[0]));
    assert_eq!(paper.status, 200, "{}", paper.text());
    let words = crate::stock::words(&paper.bytes);
    for part in ["Compte rendu de convention", "2 pass sur 4", "la condition est remplie"] {
        assert!(words.contains(part), "{part}: {words}");
    }
}

/// Sixty per cent of what was consumed, and no more than half of what was used: the call says what
/// lies between.
fn a_call_says_what_lies_beyond_the_rule_of_2020(house: &House) {
    let plan = [(1, 6_000, 1_000_000), (1, 4_000, 1_000_000)];
    let scene = Scene::with(house, &json!({}), &plan);
    let rule = json!({"kind": "used_share", "rate_bp": 5_000, "least_bp": 5_000,
        "publics": ["job_seeker"]});
    sets(&scene, 0, &rule).must_be(200);
    let pass = scene.hands_over(5);
    for _ in 0..5 {
        scene.redeems(&pass.code).must_be(201);
    }
    house.move_to("2026-04-02T08:00:00Z");
    scene.operator.post("/accounting/months/2026-03/close", &json!({})).must_be(201);
    let calls = scene.operator.get("/funding-calls?month=2026-03").must_be(200);
    let line = |funder: &str| {
        let calls = calls["data"].as_array().unwrap();
        let call = calls.iter().find(|call| call["funder_id"] == funder).unwrap();
        call["lines"][0].clone()
    };
    let state = line(&scene.funders[0]);
    assert_eq!((&state["amount_cents"], &state["beyond_rule_cents"]), (&json!(3_000), &json!(500)));
    assert_eq!(line(&scene.funders[1])["beyond_rule_cents"], Value::Null);
}

fn the_rule_of_2019_is_the_envelope_to_the_cent(house: &House) {
    // A project with 34,027 € of its own at 35 %: the State's own worked case.
    let plan = [(1, 3_500, 1_832_223), (1, 6_500, 3_402_700)];
    let scene = Scene::with(house, &json!({}), &plan);
    let rule = |total: i64| {
        json!({"kind": "capped_grant", "rate_bp": 3_500, "total_cents": total,
        "cap_cents": 120_000_000})
    };
    let refused = sets(&scene, 0, &rule(5_234_999)).refused("invalid_body");
    assert!(refused["errors"][0]["detail"].as_str().unwrap().contains("18\u{202f}322,50"));
    sets(&scene, 0, &rule(5_234_923)).must_be(200);
    let pass = scene.hands_over(10);
    for _ in 0..10 {
        scene.redeems(&pass.code).must_be(201);
    }
    let result = &account(&scene, 0)["result"];
    assert_eq!((&result["grant_cents"], &result["met"]), (&json!(1_832_223), &json!(true)));
    assert_eq!(result["unused_cents"], 1_832_223 - 3_500);
    for wrong in [
        json!({"kind": "capped_grant", "rate_bp": 0, "total_cents": 1}),
        json!({"kind": "used_share", "rate_bp": 5_000, "publics": [], "least_bp": 0}),
        json!({"kind": "used_share", "rate_bp": 5_000, "publics": ["nobody"], "least_bp": 0}),
    ] {
        sets(&scene, 0, &wrong).refused("invalid_body");
    }
}

fn an_account_is_its_funder_s(house: &House) {
    let scene = Scene::with(house, &json!({}), THREE_FUNDERS);
    let path = format!("/agreements/{}/account", scene.agreements[0]);
    let own = scene.funder(0).get(&path).must_be(200);
    assert_eq!(own["envelope_cents"], 1_000_000);
    scene.funder(1).get(&path).refused("not_found");
    scene.funder(1).get(&format!("{path}.pdf")).refused("not_found");
    scene.staff.get(&path).refused("forbidden");
    scene.auditor().get(&path).must_be(200);
}
