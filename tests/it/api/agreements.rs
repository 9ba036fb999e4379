//! A funding plan keeps its rules when it changes.

use serde_json::json;

use crate::house::House;
use crate::scene::{Scene, agreement};

on_both_engines![
    new_dates_may_not_bring_two_of_one_funder_together,
    a_lower_price_may_not_make_a_share_worthless,
];

money_on_both_engines![
    conditions_choose_who_pays,
    an_envelope_grows_and_shrinks_to_the_cent,
    an_envelope_opened_by_receipts_holds_what_is_committed,
];

fn new_dates_may_not_bring_two_of_one_funder_together(house: &House) {
    let scene = Scene::with(house, &json!({}), &[]);
    let funder = scene.operator.organisation("CAF", &["funder"]);
    let line = |from: &str, until: &str| {
        let mut line = agreement(&funder, (1, 10_000, 100_000));
        (line["valid_from"], line["valid_until"]) = (json!(from), json!(until));
        scene.operator.agreement(&scene.programme, &line)
    };
    let spring = line("2026-01-01", "2026-06-30");
    let autumn = line("2026-07-01", "2026-12-31");
    let path = |id: &str| format!("/agreements/{id}");
    let longer = json!({"valid_until": "2026-07-01"});
    scene.operator.patch(&path(&spring), &longer).refused("funder_twice_in_tier");
    scene.operator.patch(&path(&autumn), &json!({"valid_from": "2026-08-01"})).must_be(200);
    scene.operator.patch(&path(&spring), &longer).must_be(200);
    house.move_to("2026-07-15T09:00:00Z");
    scene.tries_to_hand_over(5).refused("no_funding");
    house.move_to("2026-08-15T09:00:00Z");
    scene.hands_over(5);
}

fn a_lower_price_may_not_make_a_share_worthless(house: &House) {
    let scene = Scene::with(house, &json!({}), &[(1, 9_990, 100_000), (1, 10, 100_000)]);
    let path = format!("/programmes/{}", scene.programme);
    scene.operator.patch(&path, &json!({"price_cents": 999})).refused("share_too_small");
    scene.operator.patch(&path, &json!({"price_cents": 1_500})).must_be(200);
}

fn conditions_choose_who_pays(house: &House) {
    let scene = Scene::with(house, &json!({}), &[]);
    let mut agreements = Vec::new();
    for (tier, territory, publics) in [
        (1, json!(["16015"]), json!(["job_seeker"])),
        (2, json!(["16"]), json!(null)),
        (3, json!(null), json!(null)),
    ] {
        let funder = scene.operator.organisation("Financeur", &["funder"]);
        let mut line = agreement(&funder, (tier, 10_000, 100_000));
        (line["territory"], line["publics"]) = (territory, publics);
        agreements.push(scene.operator.agreement(&scene.programme, &line));
    }
    let payer = |commune: &str, publics: &[&str]| {
        let mut form = scene.form(5);
        (form["commune"], form["publics"]) = (json!(commune), json!(publics));
        let pass = scene.worker.hands_over(house.key(), &form);
        pass.answer["funding"][0]["agreement_id"].as_str().unwrap().to_owned()
    };
    assert_eq!(payer("16015", &["job_seeker"]), agreements[0]);
    assert_eq!(payer("16015", &[]), agreements[1]);
    assert_eq!(payer("16374", &["job_seeker"]), agreements[1]);
    assert_eq!(payer("97411", &["job_seeker"]), agreements[2]);
}

fn an_envelope_grows_and_shrinks_to_the_cent(house: &House) {
    let scene = Scene::with(house, &json!({}), &[(1, 10_000, 9_999)]);
    scene.tries_to_hand_over(10).refused("envelope_exhausted");
    let path = format!("/agreements/{}", scene.agreements[0]);
    scene.operator.patch(&path, &json!({"envelope_cents": 10_000})).must_be(200);
    scene.hands_over(10);
    scene.operator.patch(&path, &json!({"envelope_cents": 9_999})).refused("in_use");
    assert_eq!(scene.available(), [0]);
}

fn an_envelope_opened_by_receipts_holds_what_is_committed(house: &House) {
    let scene = Scene::with(house, &json!({"opened_by": "receipt"}), &[(1, 10_000, 20_000)]);
    let path = format!("/agreements/{}", scene.agreements[0]);
    let receipt = json!({"amount_cents": 10_000, "received_on": "2026-03-02", "reference": "VIR"});
    scene.operator.post_with(house.key(), &format!("{path}/receipts"), &receipt).must_be(201);
    scene.hands_over(10);
    scene.operator.patch(&path, &json!({"envelope_cents": 9_999})).refused("in_use");
    scene.operator.patch(&path, &json!({"envelope_cents": 10_000})).must_be(200);
}
