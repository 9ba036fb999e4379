//! The code of a pass is worth a workshop: it is in the answer to its prescriber and on paper, and in
//! no table, no address and no answer to anybody else.

use serde_json::{Value, json};

use crate::actors::{HeldPass, scan, text};
use crate::door::Call;
use crate::dump::everything;
use crate::house::House;
use crate::scene::Scene;
use crate::seat::Seat;

on_both_engines![no_flow_leaves_a_code_in_the_database, old_idempotency_keys_come_to_an_end,];

on_one_engine![
    the_operator_who_replaces_a_pass_gets_no_code,
    no_address_that_we_send_anybody_to_holds_a_code,
];

/// A run of three passes for the scene's social worker: its id and its codes.
fn stock(scene: &Scene<'_>) -> (String, Vec<String>) {
    let body = json!({"programme_id": scene.programme, "units": 10, "count": 3,
        "prescriber_id": scene.worker.organisation});
    let run = text(&scene.operator.post("/stock", &body).must_be(201), "id");
    let call = Call::new("POST", &format!("/stock/{run}/codes.csv")).key(scene.house.key());
    let csv = scene.operator.ask(call).text();
    let code = |line: &str| line.split(';').nth(2).unwrap().to_owned();
    (run, csv.lines().skip(1).map(code).collect())
}

/// Whoever types a code into a text is told not to.
fn free_texts(scene: &Scene<'_>, pass: &HeldPass, run: &str) {
    let words = format!("perdu, code {}", pass.code);
    let bare = format!("voir {}", pass.code.replace('-', "").to_lowercase());
    let (worker, staff, operator) = (&scene.worker, &scene.staff, &scene.operator);
    for act in ["suspend", "void", "replace"] {
        let path = format!("/passes/{}/{act}", pass.id);
        worker.post(&path, &json!({"reason": words})).refused("invalid_body");
    }
    let redemption = text(&scene.redeems(&pass.code).must_be(201), "id");
    let path = format!("/redemptions/{redemption}/reversal");
    staff.post_with(scene.house.key(), &path, &json!({"reason": bare})).refused("invalid_body");
    let path = format!("/venues/{}/suspensions", scene.venue);
    operator.post(&path, &json!({"reason": words})).refused("invalid_body");
    let path = format!("/stock/{run}/recall");
    operator.post(&path, &json!({"note": words})).refused("invalid_body");
    let refused = &staff.get("/refused-scans").must_be(200)["data"][0];
    let path = format!("/refused-scans/{}/resolution", text(refused, "id"));
    staff.post(&path, &json!({"resolution": bare})).refused("invalid_body");
    let spaced: String = pass.code.chars().flat_map(|sign| [sign, ' ']).collect();
    for text in [&words, &spaced] {
        let path = format!("/venues/{}", scene.venue);
        for field in ["address_complement", "opening_hours", "name"] {
            operator.patch(&path, &json!({field: text})).refused("invalid_body");
        }
        let path = format!("/organisations/{}/letterhead", scene.worker.organisation);
        let lines = Call::new("PUT", &path).json(&json!({"lines": [text, ""]}));
        operator.ask(lines).refused("invalid_body");
    }
    let device = json!({"device_id": words, "items": []});
    staff.post("/redemptions/sync", &device).refused("invalid_body");
}

fn no_flow_leaves_a_code_in_the_database(house: &House) {
    let scene = Scene::of(house);
    let passes: Vec<HeldPass> = (0..4).map(|_| scene.hands_over(10)).collect();
    let (run, printed) = stock(&scene);
    let mut codes: Vec<String> = passes.iter().map(|pass| pass.code.clone()).collect();
    codes.extend(printed.clone());

    scene.redeems(&passes[0].code).must_be(201);
    scene.staff.checks(&passes[0].code, &scene.venue).must_be(200);
    let seat = Seat::of(house, &scene.staff);
    let fields = [("code", passes[0].code.as_str()), ("lieu", &scene.venue), ("theme", "")];
    let key = house.key().to_string();
    assert_eq!(seat.sends_from("/scanner", &key, "/scanner/valider", &fields).status, 200);
    let suite = format!("/scanner?code={}", passes[0].code);
    Seat::of_nobody(house).sends("/connexion", &[("suite", &suite), ("email", "x@y.fr")]);
    // A count of what belongs elsewhere: live passes, printed ones, anything.
    let scanned: Vec<&String> = codes.iter().collect();
    let count = json!({"box": 1, "scanned": scanned});
    let path = format!("/stock/{run}/counts");
    let counted = scene.worker.post_with(house.key(), &path, &count).must_be(200);
    assert_eq!(counted["foreign"].as_array().unwrap().len(), 4, "{counted}");
    let give = json!({"code": printed[0], "units": 10});
    scene.worker.post_with(house.key(), "/handovers", &give).must_be(201);
    scene.worker.post_with(house.key(), "/handovers", &give).refused("already_handed_over");
    let new = scene.worker.replaces(&passes[1].id);
    scene.redeems(&passes[1].code).refused("replaced");
    codes.push(new.code);
    scene.worker.does("void", &passes[2].id).must_be(200);
    house.move_to("2026-03-20T18:00:00Z");
    let (voided, live) = (&passes[2].code, &passes[3].code);
    let scans = [(voided, "2026-03-19"), (live, "2026-03-11"), (live, "2026-03-19")]
        .map(|(code, day)| scan(house.key(), code, &scene.venue, &format!("{day}T10:00:00Z")));
    scene.staff.syncs(None, &scans);
    free_texts(&scene, &passes[3], &run);

    let seen = everything(&house.ground).to_uppercase();
    for code in &codes {
        let bare = code.replace('-', "");
        assert!(!seen.contains(code.as_str()), "{code} is in the database");
        assert!(!seen.contains(&bare), "{bare} is in the database");
    }
}

fn old_idempotency_keys_come_to_an_end(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let key = house.key();
    scene.staff.redeems(key, &pass.code, &scene.venue).must_be(201);
    let tidy = || pass_numerique::services::tidy::tidy(&house.app.services).ok().unwrap();
    house.move_to("2027-03-10T09:00:00Z");
    tidy();
    let again = scene.staff.redeems(key, &pass.code, &scene.venue);
    assert_eq!(again.header("idempotency-replayed"), Some("true"), "a year later");
    house.move_to("2027-04-20T09:00:00Z");
    tidy();
    scene.staff.redeems(key, &pass.code, &scene.venue).refused("expired");
}

fn the_operator_who_replaces_a_pass_gets_no_code(house: &House) {
    let scene = Scene::of(house);
    let (first, second) = (scene.hands_over(10), scene.hands_over(10));
    let (key, reason) = (house.key(), json!({"reason": "Perdu"}));
    let path = format!("/passes/{}/replace", first.id);
    for _ in 0..2 {
        let told = scene.operator.post_with(key, &path, &reason).must_be(201);
        assert!(told["serial"].is_string());
        assert_eq!((&told["code"], &told["qr"]), (&Value::Null, &Value::Null), "{told}");
    }
    let path = format!("/passes/{}/replace", second.id);
    let told = scene.worker.post_with(house.key(), &path, &reason).must_be(201);
    let code = text(&told, "code");
    let id = text(&told, "id");
    for paper in ["document.pdf", "qr.svg", "qr.png"] {
        scene.operator.get(&format!("/passes/{id}/{paper}")).refused("forbidden");
    }
    let page = Seat::of(house, &scene.operator).reads(&format!("/remise/{id}")).text();
    assert!(!page.contains(&code) && !page.contains(&code.replace('-', "")));
}

fn no_address_that_we_send_anybody_to_holds_a_code(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let (_, printed) = stock(&scene);
    let (staff, worker) = (Seat::of(house, &scene.staff), Seat::of(house, &scene.worker));
    for (seat, code, to) in [(&staff, &pass.code, "/scanner"), (&worker, &printed[0], "/remise")] {
        let bare = code.replace('-', "");
        let sent = seat.reads(&format!("/P/{bare}"));
        let address = sent.header("location").unwrap();
        assert!(address.starts_with(to) && !address.contains(&bare), "{address}");
        let cookie = sent.header("set-cookie").unwrap().to_owned();
        for part in ["HttpOnly", "SameSite=Lax", "Max-Age=300", &format!("Path={to}")] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let carried = cookie.split(';').next().unwrap();
        let page = seat.carrying(carried).reads(address).text();
        assert!(page.contains(&bare) || page.contains("Il reste 10 ateliers"), "{page}");
    }
    let old = format!("/scanner?code={}", pass.code);
    let sign_in = Seat::of_nobody(house).reads(&old);
    assert_eq!(sign_in.header("location"), Some("/?suite=%2Fscanner"));
}
