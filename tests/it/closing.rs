//! Closing months: figures that never change afterwards, statements and calls for funds.

use serde_json::{Value, json};

use crate::actors::{VenueStaff, text};
use crate::door::{Answer, Call};
use crate::house::House;
use crate::scene::Scene;

money_on_both_engines![
    a_month_closes_once_it_is_over_and_only_once,
    the_figures_of_a_closed_month_stay_whatever_is_undone_later,
    statements_calls_and_reports_agree_to_the_cent,
    each_redemption_and_each_reversal_is_on_one_statement,
    an_approved_statement_is_not_undone,
    undo_and_approval_at_once_end_in_one_story,
    eight_closings_at_once_close_once,
    redemptions_under_way_do_not_slip_into_a_closed_month,
    a_negative_statement_is_taken_off_the_next,
    a_closing_closes_the_open_months_before_it,
    cash_is_shown_against_what_is_owed,
];

on_one_engine![
    statements_are_nobodys_business_but_their_organisations,
    a_statement_is_paper_and_a_sheet,
];

fn closes(scene: &Scene<'_>, month: &str) -> Answer {
    scene.operator.post(&format!("/accounting/months/{month}/close"), &json!({}))
}

fn statements(scene: &Scene<'_>, query: &str) -> Vec<Value> {
    let found = scene.operator.get(&format!("/statements?{query}")).must_be(200);
    found["data"].as_array().unwrap().clone()
}

fn the_statement(scene: &Scene<'_>, month: &str) -> Value {
    let found = statements(scene, &format!("month={month}"));
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

fn approves(scene: &Scene<'_>, statement: &Value) -> Answer {
    let path = format!("/statements/{}/approve", text(statement, "id"));
    scene.operator.post(&path, &json!({}))
}

fn lines(scene: &Scene<'_>, statement: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/statements/{}/lines?limit=2{after}", text(statement, "id"));
        let page = scene.operator.get(&path).must_be(200);
        found.extend(page["data"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else { return found };
        after = format!("&after={next}");
    }
}

/// A workshop, and its id.
fn redeems(scene: &Scene<'_>, code: &str) -> String {
    text(&scene.redeems(code).must_be(201), "id")
}

fn a_month_closes_once_it_is_over_and_only_once(house: &House) {
    let scene = Scene::of(house);
    redeems(&scene, &scene.hands_over(10).code);
    let refused = closes(&scene, "2026-03").refused("month_not_over");
    assert!(refused["detail"].as_str().unwrap().contains("1er avril 2026"), "{refused}");
    house.move_to("2026-03-31T21:59:59Z");
    closes(&scene, "2026-03").refused("month_not_over");
    house.move_to("2026-03-31T22:00:00Z");
    let made = closes(&scene, "2026-03").must_be(201);
    assert_eq!(made["months"][0]["month"], "2026-03");
    assert_eq!(made["months"][0]["statements_cents"], 1_000);
    assert_eq!(made["months"][0]["funding_calls_cents"], 1_000);
    closes(&scene, "2026-03").refused("month_closed");
    closes(&scene, "2026-02").refused("month_closed");
    closes(&scene, "2026-13").refused("not_found");
    scene.staff.post("/accounting/months/2026-03/close", &json!({})).refused("forbidden");
    let months = scene.auditor().get("/accounting/months").must_be(200);
    assert_eq!(months["closed"][0]["month"], "2026-03");
    assert_eq!(months["closed"][0]["figures"]["consumed_cents"], 1_000);
    assert_eq!(months["to_close"], json!([]));
}

fn the_figures_of_a_closed_month_stay_whatever_is_undone_later(house: &House) {
    let scene = Scene::of(house);
    house.move_to("2026-03-30T10:00:00Z");
    let pass = scene.hands_over(10);
    redeems(&scene, &pass.code);
    let wrong = redeems(&scene, &pass.code);
    house.move_to("2026-04-01T08:00:00Z");
    closes(&scene, "2026-03").must_be(201);
    let march = |group: &str| {
        let path = format!("/reports/consumption?from=2026-03&to=2026-03&group_by={group}");
        let mut said = scene.operator.get(&path).must_be(200);
        said["as_of"] = Value::Null;
        said
    };
    let groups = ["month", "agreement", "theme", "venue", "prescriber"];
    let before: Vec<Value> = groups.iter().map(|group| march(group)).collect();

    scene.undoes(&wrong).must_be(201);
    scene.worker.does("void", &pass.id).must_be(200);
    scene.hands_over(5);
    let after: Vec<Value> = groups.iter().map(|group| march(group)).collect();
    assert_eq!(after, before);
    let april = scene.operator.get("/reports/consumption?from=2026-04&to=2026-04").must_be(200);
    assert_eq!(april["totals"]["workshops_redeemed"], -1, "a dated line of the open month");
    assert_eq!(april["totals"]["consumed_cents"], -1_000);
}

fn statements_calls_and_reports_agree_to_the_cent(house: &House) {
    let scene = Scene::with(
        house,
        &json!({"price_cents": 1_001}),
        &[(1, 3_333, 1_000_000), (1, 3_333, 1_000_000), (1, 3_334, 1_000_000)],
    );
    let other = scene.operator.organisation("Association", &["venue_operator"]);
    let hall = scene.operator.venue(&other, "Salle des fêtes");
    scene.operator.labels(&hall, "2026-01-01", "2026-12-31");
    scene.operator.accepts_venue(&scene.programme, &hall);
    let helper = VenueStaff(house.person("venue_staff", &other, false));
    for _ in 0..3 {
        let pass = scene.hands_over(5);
        redeems(&scene, &pass.code);
        let undone = redeems(&scene, &pass.code);
        scene.undoes(&undone).must_be(201);
        helper.redeems(house.key(), &pass.code, &hall).must_be(201);
        helper.redeems(house.key(), &pass.code, &hall).must_be(201);
    }
    house.move_to("2026-04-01T08:00:00Z");
    let made = closes(&scene, "2026-03").must_be(201)["months"][0].clone();
    let report = scene.report("&group_by=month");
    let consumed = &report["rows"][0]["consumed_cents"];
    assert_eq!(*consumed, 9 * 1_001);
    assert_eq!(made["statements_cents"], *consumed);
    assert_eq!(made["funding_calls_cents"], *consumed);
    let issued = statements(&scene, "month=2026-03");
    let numbers: Vec<&str> = issued.iter().map(|one| one["reference"].as_str().unwrap()).collect();
    assert_eq!(numbers, ["R-2026-0002", "R-2026-0001"]);
    let total: i64 = issued.iter().map(|one| one["due_cents"].as_i64().unwrap()).sum();
    assert_eq!(total, consumed.as_i64().unwrap());
    let calls = scene.operator.get("/funding-calls?month=2026-03").must_be(200);
    for call in calls["data"].as_array().unwrap() {
        let funder = call["funder_id"].as_str().unwrap();
        let path = format!("/reports/consumption?from=2026-03&to=2026-03&funder_id={funder}");
        let theirs = scene.operator.get(&path).must_be(200);
        assert_eq!(theirs["totals"]["consumed_cents"], call["amount_cents"]);
        assert_eq!(call["lines"][0]["amount_cents"], call["amount_cents"]);
        assert_eq!(call["lines"][0]["workshops"], 9);
    }
    let own = scene.funder(1);
    let seen = own.get("/funding-calls").must_be(200);
    assert_eq!(seen["data"].as_array().unwrap().len(), 1);
    let another = calls["data"].as_array().unwrap().iter();
    let another = another.filter(|call| call["funder_id"] != scene.funders[1].as_str());
    for call in another {
        own.get(&format!("/funding-calls/{}", text(call, "id"))).refused("not_found");
    }
    let paper = own.get(&format!("/funding-calls/{}/document.pdf", text(&seen["data"][0], "id")));
    assert_eq!(paper.status, 200, "{}", paper.text());
    assert!(paper.bytes.starts_with(b"%PDF"));
}

fn each_redemption_and_each_reversal_is_on_one_statement(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let kept = redeems(&scene, &pass.code);
    house.move_to("2026-03-29T10:00:00Z");
    let undone_in_march = redeems(&scene, &pass.code);
    scene.undoes(&undone_in_march).must_be(201);
    let undone_in_april = redeems(&scene, &pass.code);
    house.move_to("2026-04-01T08:00:00Z");
    closes(&scene, "2026-03").must_be(201);
    house.move_to("2026-04-03T08:00:00Z");
    scene.undoes(&undone_in_april).must_be(201);
    let in_april = redeems(&scene, &pass.code);
    house.move_to("2026-05-01T08:00:00Z");
    closes(&scene, "2026-04").must_be(201);

    let kinds = |month: &str| -> Vec<(String, String, i64)> {
        let statement = the_statement(&scene, month);
        let found = lines(&scene, &statement);
        let sum: i64 = found.iter().map(|line| line["amount_cents"].as_i64().unwrap()).sum();
        assert_eq!(statement["amount_cents"], sum);
        for line in &found {
            let parts = line["funding"].as_array().unwrap();
            let sum: i64 = parts.iter().map(|part| part["amount_cents"].as_i64().unwrap()).sum();
            assert_eq!(line["amount_cents"], sum);
            assert_eq!(line["serial"], pass.serial.as_str());
        }
        let told = |line: &Value| {
            (
                text(line, "redemption_id"),
                text(line, "kind"),
                line["amount_cents"].as_i64().unwrap(),
            )
        };
        found.iter().map(told).collect()
    };
    let redemption = |id: &str| (id.to_owned(), "redemption".to_owned(), 1_000);
    let reversal = |id: &str| (id.to_owned(), "reversal".to_owned(), -1_000);
    let march = kinds("2026-03");
    assert_eq!(march.len(), 4);
    for line in [redemption(&kept), redemption(&undone_in_march), reversal(&undone_in_march)] {
        assert!(march.contains(&line), "{march:?}");
    }
    assert!(march.contains(&redemption(&undone_in_april)));
    assert_eq!(kinds("2026-04"), [reversal(&undone_in_april), redemption(&in_april)]);
}

fn an_approved_statement_is_not_undone(house: &House) {
    let scene = Scene::of(house);
    house.move_to("2026-03-31T10:00:00Z");
    let pass = scene.hands_over(10);
    let (first, second) = (redeems(&scene, &pass.code), redeems(&scene, &pass.code));
    house.move_to("2026-04-01T08:00:00Z");
    closes(&scene, "2026-03").must_be(201);
    scene.undoes(&first).must_be(201);
    let statement = the_statement(&scene, "2026-03");
    assert_eq!(statement["state"], "draft");
    let approved = approves(&scene, &statement).must_be(200);
    assert_eq!((&approved["state"], &approved["due_cents"]), (&json!("approved"), &json!(2_000)));
    assert!(approved["approved_by"].is_string());
    let refused = scene.undoes(&second).refused("undo_window_closed");
    assert!(refused["detail"].as_str().unwrap().contains("R-2026-0001"), "{refused}");
    approves(&scene, &statement).refused("already_approved");
}

fn undo_and_approval_at_once_end_in_one_story(house: &House) {
    let scene = Scene::of(house);
    house.move_to("2026-03-31T10:00:00Z");
    let pass = scene.hands_over(10);
    let undone: Vec<String> = (0..8).map(|_| redeems(&scene, &pass.code)).collect();
    house.move_to("2026-04-01T08:00:00Z");
    closes(&scene, "2026-03").must_be(201);
    let statement = the_statement(&scene, "2026-03");
    let taken = std::thread::scope(|scope| {
        let undoing: Vec<_> =
            undone.iter().map(|id| scope.spawn(|| scene.undoes(id).status)).collect();
        approves(&scene, &statement).must_be(200);
        undoing.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(taken.iter().all(|status| [201, 409].contains(status)), "{taken:?}");
    let done = i64::try_from(taken.iter().filter(|status| **status == 201).count()).unwrap();
    assert_eq!(the_statement(&scene, "2026-03")["due_cents"], 8_000);
    house.move_to("2026-05-01T08:00:00Z");
    closes(&scene, "2026-04").must_be(201);
    let april = statements(&scene, "month=2026-04");
    let taken_back: i64 = april.iter().map(|one| one["amount_cents"].as_i64().unwrap()).sum();
    assert_eq!(taken_back, -1_000 * done);
}

fn eight_closings_at_once_close_once(house: &House) {
    let scene = Scene::of(house);
    redeems(&scene, &scene.hands_over(10).code);
    house.move_to("2026-04-01T08:00:00Z");
    let path = "/accounting/months/2026-03/close";
    let key = house.key();
    let same = std::thread::scope(|scope| {
        let asking = |_| scope.spawn(|| scene.operator.ask(Call::new("POST", path).key(key)));
        let asked: Vec<_> = (0..4).map(asking).collect();
        let other = |_| scope.spawn(|| scene.operator.post(path, &json!({})));
        let others: Vec<_> = (0..4).map(other).collect();
        let same: Vec<Answer> = asked.into_iter().map(|one| one.join().unwrap()).collect();
        let made = others.into_iter().map(|one| one.join().unwrap());
        let made = made.filter(|answer| answer.status == 201).count();
        (same, made)
    });
    let by_key = same.0.iter().filter(|answer| answer.status == 201).count();
    assert!((by_key == 4 && same.1 == 0) || (by_key == 0 && same.1 == 1));
    assert_eq!(statements(&scene, "month=2026-03").len(), 1);
}

fn redemptions_under_way_do_not_slip_into_a_closed_month(house: &House) {
    let scene = Scene::of(house);
    let codes: Vec<String> = (0..6).map(|_| scene.hands_over(10).code).collect();
    house.move_to("2026-03-31T21:59:59Z");
    std::thread::scope(|scope| {
        for code in &codes {
            scope.spawn(|| {
                for _ in 0..5 {
                    scene.redeems(code).must_be(201);
                }
            });
        }
        scope.spawn(|| {
            house.move_to("2026-03-31T22:00:00Z");
            closes(&scene, "2026-03").must_be(201);
        });
    });
    house.must_balance();
    let report = scene.report("&group_by=month");
    assert_eq!(report["totals"]["workshops_redeemed"], 30);
    let march = statements(&scene, "month=2026-03");
    let frozen: i64 = march.iter().map(|one| one["workshops"].as_i64().unwrap()).sum();
    let rows = report["rows"].as_array().unwrap();
    let shown = rows.iter().find(|row| row["month"] == "2026-03").unwrap();
    assert_eq!(shown["workshops_redeemed"], frozen);
}

fn a_negative_statement_is_taken_off_the_next(house: &House) {
    let scene = Scene::of(house);
    house.move_to("2026-03-31T10:00:00Z");
    let pass = scene.hands_over(10);
    let wrong: Vec<String> = (0..3).map(|_| redeems(&scene, &pass.code)).collect();
    house.move_to("2026-04-01T08:00:00Z");
    closes(&scene, "2026-03").must_be(201);
    for id in &wrong {
        scene.undoes(id).must_be(201);
    }
    approves(&scene, &the_statement(&scene, "2026-03")).must_be(200);
    redeems(&scene, &pass.code);
    house.move_to("2026-05-02T08:00:00Z");
    closes(&scene, "2026-04").must_be(201);
    let april = the_statement(&scene, "2026-04");
    assert_eq!((&april["amount_cents"], &april["due_cents"]), (&json!(-2_000), &json!(-2_000)));
    for _ in 0..5 {
        redeems(&scene, &pass.code);
    }
    house.move_to("2026-06-02T08:00:00Z");
    closes(&scene, "2026-05").must_be(201);
    let may = the_statement(&scene, "2026-05");
    assert_eq!(may["amount_cents"], 5_000);
    assert_eq!(may["carried_cents"], -2_000);
    assert_eq!(may["due_cents"], 3_000);
    let refused = approves(&scene, &may).refused("earlier_not_approved");
    assert!(refused["detail"].as_str().unwrap().contains("R-2026-0002"), "{refused}");
    assert_eq!(approves(&scene, &april).must_be(200)["state"], "carried");
    assert_eq!(the_statement(&scene, "2026-04")["carried_into"], may["id"]);
    approves(&scene, &may).must_be(200);
}

fn a_closing_closes_the_open_months_before_it(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    redeems(&scene, &pass.code);
    house.move_to("2026-05-20T08:00:00Z");
    redeems(&scene, &pass.code);
    house.move_to("2026-06-02T08:00:00Z");
    let open = scene.operator.get("/accounting/months").must_be(200);
    assert_eq!(open["to_close"], json!(["2026-03", "2026-04", "2026-05"]));
    assert_eq!(open["open_figures"]["consumed_cents"], 2_000);
    let made = closes(&scene, "2026-05").must_be(201);
    let months: Vec<&Value> =
        made["months"].as_array().unwrap().iter().map(|one| &one["month"]).collect();
    assert_eq!(months, ["2026-03", "2026-04", "2026-05"]);
    assert_eq!(the_statement(&scene, "2026-05")["reference"], "R-2026-0002");
    assert_eq!(statements(&scene, "month=2026-04").len(), 0, "nothing was given, nothing is owed");
}

fn statements_are_nobodys_business_but_their_organisations(house: &House) {
    let scene = Scene::of(house);
    redeems(&scene, &scene.hands_over(10).code);
    house.move_to("2026-04-01T08:00:00Z");
    closes(&scene, "2026-03").must_be(201);
    let statement = the_statement(&scene, "2026-03");
    let path = format!("/statements/{}", text(&statement, "id"));
    let own = scene.staff.get("/statements").must_be(200);
    assert_eq!(own["data"][0], statement);
    scene.staff.get(&path).must_be(200);
    let stranger = scene.operator.organisation("Autre lieu", &["venue_operator"]);
    let stranger = VenueStaff(house.person("venue_staff", &stranger, true));
    for part in ["", "/lines", "/lines.csv", "/document.pdf"] {
        stranger.get(&format!("{path}{part}")).refused("not_found");
    }
    assert_eq!(stranger.get("/statements").must_be(200)["data"], json!([]));
    scene.funder(0).get(&path).refused("forbidden");
    scene.worker.get("/statements").refused("forbidden");
    scene.staff.post(&format!("{path}/approve"), &json!({})).refused("forbidden");
    scene.operator.get("/statements?state=lost").refused("invalid_query");
    scene.operator.get("/statements?month=mars").refused("invalid_query");
}

fn a_statement_is_paper_and_a_sheet(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let undone = redeems(&scene, &pass.code);
    scene.undoes(&undone).must_be(201);
    redeems(&scene, &pass.code);
    house.move_to("2026-04-01T08:00:00Z");
    closes(&scene, "2026-03").must_be(201);
    let statement = the_statement(&scene, "2026-03");
    let path = format!("/statements/{}", text(&statement, "id"));
    let csv = scene.staff.get(&format!("{path}/lines.csv"));
    let (csv, kind) = (csv.text(), csv.header("content-disposition").unwrap().to_owned());
    assert!(kind.contains("releve-R-2026-0001.csv"), "{kind}");
    let rows: Vec<&str> = csv.trim_end().split("\r\n").collect();
    assert_eq!(rows.len(), 4, "{csv}");
    assert!(rows[0].ends_with("Montant;Financeur 1;Financeur 2;Financeur 3"), "{csv}");
    assert!(rows.iter().any(|row| row.contains(";annulation;")), "{csv}");
    assert!(rows.iter().any(|row| row.ends_with(";-10,00;-5,00;-3,00;-2,00")), "{csv}");
    let pdf = scene.staff.get(&format!("{path}/document.pdf"));
    assert_eq!((pdf.status, pdf.header("content-type")), (200, Some("application/pdf")));
    let words = crate::stock::words(&pdf.bytes);
    for part in ["Relevé d’ateliers", "R-2026-0001", "mars 2026", "À payer", &pass.serial] {
        assert!(words.contains(part), "{part}: {words}");
    }
}

fn cash_is_shown_against_what_is_owed(house: &House) {
    let scene = Scene::of(house);
    redeems(&scene, &scene.hands_over(10).code);
    let receipt = |amount: i64| json!({"amount_cents": amount, "received_on": "2026-03-10", "reference": "VIR"});
    for (agreement, amount) in scene.agreements.iter().zip([5_000, 3_000, 1_999]) {
        let path = format!("/agreements/{agreement}/receipts");
        scene.operator.post_with(house.key(), &path, &receipt(amount)).must_be(201);
    }
    let shown = scene.auditor().get("/reports/solvency").must_be(200);
    assert_eq!(shown["solvent"], false);
    assert_eq!(shown["totals"]["missing_cents"], 1);
    let worst = &shown["agreements"][0];
    assert_eq!(worst["agreement_id"], scene.agreements[2].as_str());
    assert_eq!(worst["cover_cents"], -1);
    assert_eq!((&worst["committed_cents"], &worst["payable_cents"]), (&json!(1_800), &json!(200)));
    scene.funder(0).get("/reports/solvency").refused("forbidden");
}
