//! The whole walk of a pass through the scheme, door by door.

use serde_json::{Value, json};

use crate::actors::text;
use crate::house::House;
use crate::scene::{Scene, THREE_FUNDERS};

money_on_both_engines![
    a_pass_is_handed_over_redeemed_undone_and_reported,
    a_pass_is_suspended_resumed_and_voided,
    a_lost_pass_is_replaced_and_the_new_one_carries_on,
    an_undo_on_a_replaced_pass_frees_a_slot_on_the_new_one,
    a_code_is_taken_however_it_is_typed,
    the_code_is_shown_once_and_never_again,
    a_person_holds_one_pass_only,
    a_rehearsal_counts_nowhere,
];

fn a_pass_is_handed_over_redeemed_undone_and_reported(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let paid = pass.answer["funding"].as_array().unwrap();
    let amounts: Vec<i64> =
        paid.iter().map(|part| part["amount_cents"].as_i64().unwrap()).collect();
    assert_eq!(amounts, [5_000, 3_000, 2_000]);
    assert_eq!(scene.available(), [995_000, 997_000, 998_000]);
    let seen = scene.staff.checks(&pass.code, &scene.venue).must_be(200);
    assert_eq!((&seen["remaining"], &seen["used"]), (&json!(10), &json!(0)));

    let first = scene.redeems(&pass.code).must_be(201);
    assert_eq!((&first["slot"], &first["remaining"]), (&json!(1), &json!(9)));
    assert_eq!(
        (&first["price_cents"], &first["workshop_day"]),
        (&json!(1000), &json!("2026-03-10"))
    );
    house.tick();
    scene.redeems(&pass.code).must_be(201);
    let undone = scene.undoes(&text(&first, "id")).must_be(201);
    assert_eq!((&undone["slot"], &undone["remaining"]), (&json!(1), &json!(9)));
    scene.undoes(&text(&first, "id")).refused("already_reversed");

    let totals = &scene.report("&group_by=month")["totals"];
    let expected = json!({
        "passes_handed_over": 1, "passes_started": 1, "workshops_granted": 10,
        "workshops_redeemed": 1, "committed_cents": 10_000, "consumed_cents": 1_000,
        "committed_balance_cents": 9_000, "payable_cents": 1_000,
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&totals[name], value, "{name}");
    }
    let listed = scene.staff.get(&format!("/redemptions?venue_id={}", scene.venue)).must_be(200);
    let reversed: Vec<&Value> =
        listed["data"].as_array().unwrap().iter().map(|line| &line["reversed"]).collect();
    assert_eq!(reversed, [&json!(true), &json!(false)], "the undone one stays visible");
}

fn a_pass_is_suspended_resumed_and_voided(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    assert_eq!(scene.worker.does("suspend", &pass.id).must_be(200)["status"], "suspended");
    scene.worker.does("suspend", &pass.id).refused("suspended");
    scene.staff.checks(&pass.code, &scene.venue).refused("suspended");
    scene.redeems(&pass.code).refused("suspended");
    assert_eq!(scene.worker.does("resume", &pass.id).must_be(200)["status"], "active");
    scene.worker.does("resume", &pass.id).refused("not_suspended");
    scene.redeems(&pass.code).must_be(201);

    assert_eq!(scene.worker.does("void", &pass.id).must_be(200)["status"], "void");
    assert_eq!(scene.available(), [999_000, 999_400, 999_600], "two of five were used");
    for action in ["void", "suspend", "resume", "replace"] {
        scene.worker.does(action, &pass.id).refused("void");
    }
    scene.redeems(&pass.code).refused("void");
}

fn a_lost_pass_is_replaced_and_the_new_one_carries_on(house: &House) {
    let scene = Scene::of(house);
    let old = scene.hands_over(6);
    scene.redeems(&old.code).must_be(201);
    let before = scene.available();
    let found = scene.worker.get(&format!("/passes?serial={}", old.serial.to_lowercase()));
    assert_eq!(found.must_be(200)["id"], old.id.as_str());

    let new = scene.worker.replaces(&old.id);
    assert_ne!((&new.code, &new.serial, &new.id), (&old.code, &old.serial, &old.id));
    for name in ["units", "first_day", "last_day", "funding"] {
        assert_eq!(new.answer[name], old.answer[name], "{name}");
    }
    assert_eq!((&new.answer["used"], &new.answer["remaining"]), (&json!(1), &json!(5)));
    assert_eq!(scene.available(), before, "no money moved");
    assert_eq!(scene.worker.reads(&old.id)["replaced_by"], new.id.as_str());
    scene.redeems(&old.code).refused("replaced");
    for action in ["void", "suspend", "resume", "replace"] {
        scene.worker.does(action, &old.id).refused("replaced");
    }
    for remaining in (0..5).rev() {
        assert_eq!(scene.redeems(&new.code).must_be(201)["remaining"], remaining);
    }
    scene.redeems(&new.code).refused("exhausted");
    assert_eq!(scene.report("")["totals"]["passes_handed_over"], 1);
}

fn an_undo_on_a_replaced_pass_frees_a_slot_on_the_new_one(house: &House) {
    let scene = Scene::of(house);
    let old = scene.hands_over(5);
    let wrong = scene.redeems(&old.code).must_be(201);
    let new = scene.worker.replaces(&old.id);
    let again = scene.worker.replaces(&new.id);
    assert_eq!(scene.undoes(&text(&wrong, "id")).must_be(201)["remaining"], 5);
    assert_eq!(scene.worker.reads(&again.id)["remaining"], 5);
    assert_eq!(scene.redeems(&again.code).must_be(201)["slot"], 1, "the lowest free slot");
}

fn a_code_is_taken_however_it_is_typed(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let bare = pass.code.replace('-', "");
    let spaced: Vec<String> = bare.to_lowercase().chars().map(|sign| format!("{sign} ")).collect();
    let folded = pass.code.replace('0', "o").replace('1', "l").replace('V', "u");
    let writings = [
        pass.code.to_lowercase(),
        bare,
        spaced.concat(),
        folded,
        pass.qr.clone(),
        pass.qr.to_lowercase(),
    ];
    for (written, remaining) in writings.iter().zip((0..10).rev()) {
        let answer = scene.redeems(written).must_be(201);
        assert_eq!(answer["remaining"], remaining, "{written}");
    }
    assert!(pass.qr.starts_with("HTTPS://PASS.TEST/P/"), "{}", pass.qr);
    let serial = scene.redeems(&pass.serial).refused("malformed_code");
    assert!(serial["detail"].as_str().unwrap().contains("série"), "{serial}");
}

fn the_code_is_shown_once_and_never_again(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let redeemed = scene.redeems(&pass.code);
    let (funder, auditor) = (scene.funder(0), scene.auditor());
    let answers = [
        scene.worker.get(&format!("/passes/{}", pass.id)),
        scene.worker.get(&format!("/passes?serial={}", pass.serial)),
        scene.worker.does("suspend", &pass.id),
        scene.staff.get("/redemptions"),
        funder.get("/reports/consumption?group_by=month,venue,prescriber"),
        funder.get("/reports/consumption.csv?group_by=month,venue,prescriber"),
        auditor.get("/ledger/postings"),
        redeemed,
    ];
    let bare = pass.code.replace('-', "");
    for answer in answers {
        assert!(answer.status < 300, "{}", answer.text());
        let text = answer.text().to_uppercase().replace('-', "");
        assert!(!text.contains(&bare), "{text}");
    }
}

fn a_person_holds_one_pass_only(house: &House) {
    let scene = Scene::of(house);
    let form = |given: &str, family: &str| {
        let mut form = scene.form(5);
        form["beneficiary"] =
            json!({"given_name": given, "family_name": family, "birth_date": "1961-05-17"});
        form
    };
    let hand = |form: &Value| scene.worker.tries_to_hand_over(house.key(), form);
    let first = hand(&form("Jean-Noël", "Lefèvre")).must_be(201);
    let refused = hand(&form("JEAN NOEL", "lefevre")).refused("already_holds_pass");
    let told = refused["detail"].as_str().unwrap();
    assert!(told.contains("10 mars 2026") && told.contains("CCAS"), "{told}");
    assert!(!refused.to_string().to_lowercase().contains("lef"), "never who: {refused}");
    hand(&form("Jeanne", "Lefèvre")).must_be(201);

    let replaced = scene.worker.replaces(&text(&first, "id"));
    hand(&form("Jean-Noël", "Lefèvre")).refused("already_holds_pass");
    scene.worker.does("void", &replaced.id).must_be(200);
    hand(&form("Jean-Noël", "Lefèvre")).must_be(201);
}

fn a_rehearsal_counts_nowhere(house: &House) {
    let scene = Scene::with(house, &json!({"training": true}), THREE_FUNDERS);
    let pass = scene.hands_over(5);
    assert_eq!(pass.answer["funding"], json!([]));
    let redeemed = scene.redeems(&pass.code).must_be(201);
    scene.undoes(&text(&redeemed, "id")).must_be(201);
    scene.redeems(&pass.code).must_be(201);
    scene.worker.does("void", &pass.id).must_be(200);
    let report = scene.report("&group_by=theme");
    assert_eq!(report["rows"], json!([]));
    assert_eq!(report["totals"]["passes_handed_over"], 0);
    assert_eq!(scene.available(), [1_000_000, 1_000_000, 1_000_000]);
}
