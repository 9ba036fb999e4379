//! The end of a programme: the whole calendar, played on a clock that is moved.

use serde_json::{Value, json};

use crate::house::House;
use crate::scene::Scene;
use crate::seat::Seat;

money_on_both_engines![
    the_whole_calendar_of_an_end_is_played,
    a_programme_that_is_over_asks_for_its_closing_statement,
    a_stop_is_for_handing_over_alone_and_a_prolonged_programme_goes_on,
    a_closing_statement_is_established_agreed_and_credited_once,
    an_end_is_shown_to_those_who_pay,
];

fn ending(scene: &Scene<'_>) -> Value {
    scene.operator.get(&format!("/programmes/{}/ending", scene.programme)).must_be(200)
}

fn does(scene: &Scene<'_>, act: &str, body: &Value) -> crate::door::Answer {
    let path = format!("/programmes/{}/ending/{act}", scene.programme);
    scene.operator.post_with(scene.house.key(), &path, body)
}

/// The kinds of alerts about this programme's end, with their sentences.
fn alerts(scene: &Scene<'_>) -> Vec<String> {
    alerts_of(scene, "programme_ends")
}

fn alerts_of(scene: &Scene<'_>, kind: &str) -> Vec<String> {
    let found = scene.operator.get("/alerts").must_be(200);
    let found = found["data"].as_array().unwrap().iter();
    let about = found.filter(|one| one["kind"] == kind);
    about.map(|one| one["sentence"].as_str().unwrap().to_owned()).collect()
}

fn pays_in(scene: &Scene<'_>, amounts: &[i64]) {
    for (agreement, amount) in scene.agreements.iter().zip(amounts) {
        let body = json!({"amount_cents": amount, "received_on": "2026-03-10", "reference": "VIR"});
        let path = format!("/agreements/{agreement}/receipts");
        scene.operator.post_with(scene.house.key(), &path, &body).must_be(201);
    }
}

fn the_whole_calendar_of_an_end_is_played(house: &House) {
    let scene = Scene::of(house);
    pays_in(&scene, &[50_000, 30_000, 20_000]);
    let pass = scene.hands_over(10);
    let never = scene.hands_over(5);
    let stock = json!({"programme_id": scene.programme, "units": 10, "count": 3,
        "prescriber_id": scene.worker.organisation});
    scene.operator.post("/stock", &stock).must_be(201);
    for _ in 0..4 {
        scene.redeems(&pass.code).must_be(201);
    }

    house.move_to("2026-11-30T09:00:00Z");
    assert_eq!(alerts(&scene), Vec::<String>::new(), "31 days before");
    house.move_to("2026-12-01T09:00:00Z");
    let told = alerts(&scene);
    assert!(told.len() == 1 && told[0].contains("dans 30 jours"), "{told:?}");
    let totals = &ending(&scene)["totals"];
    let counts = ["printed", "handed_over", "in_stock", "started"].map(|name| &totals[name]);
    assert_eq!(counts, [5, 2, 3, 1]);
    let refused = does(&scene, "stop", &json!({})).refused("too_early");
    assert_eq!(refused["possible_from"], "2026-12-16");

    house.move_to("2026-12-16T09:00:00Z");
    assert!(alerts(&scene)[0].contains("dans 15 jours"), "{:?}", alerts(&scene));
    does(&scene, "stop", &json!({})).must_be(200);
    does(&scene, "stop", &json!({})).refused("already_done");
    let refused = scene.tries_to_hand_over(5).refused("handovers_stopped");
    assert!(refused["detail"].as_str().unwrap().contains("16 décembre 2026"), "{refused}");

    house.move_to("2026-12-24T09:00:00Z");
    assert!(alerts(&scene)[0].contains("dans 7 jours"), "{:?}", alerts(&scene));
    house.move_to("2026-12-31T22:59:59Z");
    scene.redeems(&pass.code).must_be(201);
    house.move_to("2027-01-15T09:00:00Z");
    scene.redeems(&pass.code).must_be(201);
    let refused = does(&scene, "statement", &json!({})).refused("too_early");
    assert_eq!(refused["possible_from"], "2027-02-01");
    house.move_to("2027-02-01T09:00:00Z");
    scene.redeems(&pass.code).refused("expired");

    house.move_to("2027-02-07T09:00:00Z");
    let closed = does(&scene, "statement", &json!({})).must_be(201);
    let due = closed["calendar"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(due, json!({"step": "statement_due", "day": "2027-02-06", "reached": true}));
    assert_eq!(closed["passes_open"], 0, "what was not used is released");
    let statement = &closed["statement"];
    assert_eq!(statement["reference"], "E-2027-0001");
    let totals = &statement["totals"];
    let counts = ["printed", "in_stock", "handed_over", "started"].map(|name| &totals[name]);
    assert_eq!(counts, [5, 3, 2, 1]);
    let counts = ["workshops_granted", "workshops_redeemed", "workshops_lapsed"];
    assert_eq!(counts.map(|name| &totals[name]), [15, 6, 9]);
    let to_return: Vec<&Value> = statement["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["to_return_cents"])
        .collect();
    assert_eq!(to_return, [50_000 - 3_000, 30_000 - 1_800, 20_000 - 1_200]);
    scene.redeems(&never.code).refused("expired");
}

fn a_programme_that_is_over_asks_for_its_closing_statement(house: &House) {
    let scene = Scene::of(house);
    let asks = || alerts_of(&scene, "closing_statement_due");
    house.move_to("2027-01-31T09:00:00Z");
    assert_eq!(asks(), Vec::<String>::new(), "passes are still taken");
    house.move_to("2027-02-01T09:00:00Z");
    assert!(asks()[0].ends_with("doit être établi avant le 6 février 2027."), "{:?}", asks());
    house.move_to("2027-02-07T09:00:00Z");
    assert!(asks()[0].ends_with("devait être établi le 6 février 2027."), "{:?}", asks());
    let shown = Seat::of(house, &scene.operator).reads("/gestion").text();
    assert!(shown.contains("Établir l’état contradictoire"), "{shown}");
    does(&scene, "statement", &json!({})).must_be(201);
    assert_eq!(asks(), Vec::<String>::new());
}

fn a_stop_is_for_handing_over_alone_and_a_prolonged_programme_goes_on(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    house.move_to("2026-12-20T09:00:00Z");
    does(&scene, "stop", &json!({})).must_be(200);
    scene.redeems(&pass.code).must_be(201);
    scene.worker.replaces(&pass.id);
    scene.tries_to_hand_over(5).refused("handovers_stopped");
    let longer = json!({"last_day": "2027-06-30"});
    scene.operator.patch(&format!("/programmes/{}", scene.programme), &longer).must_be(200);
    scene.hands_over(5);
    assert_eq!(ending(&scene)["handovers_stopped_at"], Value::Null);
}

fn a_closing_statement_is_established_agreed_and_credited_once(house: &House) {
    let scene = Scene::of(house);
    pays_in(&scene, &[10_000, 10_000, 2_000]);
    let pass = scene.hands_over(10);
    for _ in 0..10 {
        scene.redeems(&pass.code).must_be(201);
    }
    let credit = json!({"refunded_on": "2027-03-01"});
    house.move_to("2027-02-10T09:00:00Z");
    does(&scene, "credits", &credit).refused("not_established");
    does(&scene, "agreements", &json!({"funder_id": scene.funders[0]})).refused("not_established");
    let established = std::thread::scope(|scope| {
        let asking = |_| scope.spawn(|| does(&scene, "statement", &json!({})).status);
        let asked: Vec<_> = (0..6).map(asking).collect();
        asked.into_iter().map(|one| one.join().unwrap()).filter(|status| *status == 201).count()
    });
    assert_eq!(established, 1);
    does(&scene, "credits", &credit).refused("nothing_to_credit");
    // What was agreed on is not opened again.
    let programme = format!("/programmes/{}", scene.programme);
    scene.operator.patch(&programme, &json!({"last_day": "2027-12-31"})).refused("in_use");

    let funder = scene.funder(0);
    let path = format!("/programmes/{}/ending/agreements", scene.programme);
    funder.post(&path, &json!({"funder_id": scene.funders[1]})).refused("not_found");
    let seen = funder.post(&path, &json!({})).must_be(200);
    assert_eq!(seen["statement"]["lines"].as_array().unwrap().len(), 1, "its own lines alone");
    funder.post(&path, &json!({})).refused("already_done");
    does(&scene, "agreements", &json!({"funder_id": scene.funders[2]})).must_be(200);

    let before = scene.available();
    let credited = std::thread::scope(|scope| {
        let asking = |_| scope.spawn(|| does(&scene, "credits", &credit).status);
        let asked: Vec<_> = (0..6).map(asking).collect();
        asked.into_iter().map(|one| one.join().unwrap()).filter(|status| *status == 200).count()
    });
    assert_eq!(credited, 1);
    let after = scene.available();
    // 50 € of the first were used of 100; the second has not agreed; the third paid what was used.
    assert_eq!(before[0] - after[0], 5_000);
    assert_eq!((before[1] - after[1], before[2] - after[2]), (0, 0));
    let shown = scene.report("");
    assert_eq!(shown["totals"]["refunded_cents"], 5_000);
    does(&scene, "agreements", &json!({"funder_id": scene.funders[1]})).must_be(200);
    does(&scene, "credits", &credit).must_be(200);
    assert_eq!(scene.report("")["totals"]["refunded_cents"], 12_000);
    does(&scene, "credits", &credit).refused("nothing_to_credit");
}

fn an_end_is_shown_to_those_who_pay(house: &House) {
    let scene = Scene::of(house);
    scene.hands_over(5);
    house.move_to("2027-02-10T09:00:00Z");
    let path = format!("/programmes/{}/ending", scene.programme);
    scene.operator.get(&format!("{path}/statement.pdf")).refused("not_found");
    does(&scene, "statement", &json!({})).must_be(201);
    let other = scene.operator.organisation("Ailleurs", &["funder"]);
    let other = house.person("funder", &other, false);
    other.get(&path).refused("not_found");
    other.get(&format!("{path}/statement.pdf")).refused("not_found");
    scene.worker.get(&path).refused("forbidden");
    scene.auditor().get(&path).must_be(200);
    let paper = scene.funder(1).get(&format!("{path}/statement.pdf"));
    assert_eq!(paper.status, 200, "{}", paper.text());
    let words = crate::stock::words(&paper.bytes);
    for part in
        ["État contradictoire", "E-2027-0001", "Pass remis", "Financeur 2", "Lu et approuvé"]
    {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(!words.contains("Financeur 1"), "{words}");
}
