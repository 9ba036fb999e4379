//! What a report leaves out, what it refuses, and when it ends.

use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use pass_numerique::services::Error;
use pass_numerique::store::report_reader::Reader;
use serde_json::json;

use crate::actors::text;
use crate::door::Call;
use crate::house::House;
use crate::scene::{Scene, agreement, programme};

on_both_engines![
    a_report_has_three_groups_at_most,
    money_of_a_rehearsal_is_in_no_report,
    a_pass_is_made_when_it_is_handed_over_or_in_stock,
    the_stock_of_a_past_moment_is_what_it_was,
    a_reader_who_leaves_ends_the_query,
];

fn a_report_has_three_groups_at_most(house: &House) {
    let scene = Scene::of(house);
    let report =
        |groups: &str| scene.operator.get(&format!("/reports/consumption?group_by={groups}"));
    report("month,theme,venue").must_be(200);
    let refused = report("month,theme,venue,public").must_be(422);
    assert_eq!(refused["errors"][0]["pointer"], "/group_by");
}

fn money_of_a_rehearsal_is_in_no_report(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    let before = scene.report("&group_by=programme");
    let themes_before = scene.report("&group_by=theme");
    let rehearsal = scene.operator.programme(&programme(&json!({"training": true})));
    let line = agreement(&scene.funders[0], (1, 10_000, 777_700));
    let paid = scene.operator.agreement(&rehearsal, &line);
    let receipt = json!({"amount_cents": 333_300, "received_on": "2026-03-01", "reference": "VIR"});
    scene.operator.post(&format!("/agreements/{paid}/receipts"), &receipt).must_be(201);
    for when in ["before", "after"] {
        let now = scene.report("&group_by=programme");
        assert_eq!(now["totals"], before["totals"], "{when} it is added");
        assert_eq!(now["rows"], before["rows"], "{when} it is added");
        let themes = scene.report("&group_by=theme");
        assert_eq!(themes["totals"], themes_before["totals"], "{when} it is added");
        house.updates_reports();
    }
}

fn a_pass_is_made_when_it_is_handed_over_or_in_stock(house: &House) {
    let scene = Scene::of(house);
    let kept = scene.hands_over(5);
    let void = scene.hands_over(5);
    scene.worker.does("void", &void.id).must_be(200);
    scene.redeems(&kept.code).must_be(201);
    let path = format!("/programmes/{}/ending", scene.programme);
    let totals = scene.operator.get(&path).must_be(200)["totals"].clone();
    assert_eq!((&totals["printed"], &totals["in_stock"]), (&json!(2), &json!(0)));
    assert_eq!(totals["handed_over"], 2);
    let report = scene.report("&group_by=programme");
    for told in [&report["totals"], &report["rows"][0]] {
        assert_eq!((&told["passes_printed"], &told["passes_in_stock"]), (&json!(2), &json!(0)));
        assert_eq!(told["use_rate_percent"], 10);
    }
    assert!(scene.report("&group_by=month")["totals"]["passes_printed"].is_null());
}

/// Printed on the 10th, one handed over on the 11th, one cancelled on the 12th.
fn the_stock_of_a_past_moment_is_what_it_was(house: &House) {
    let scene = Scene::of(house);
    let order = json!({"programme_id": scene.programme, "units": 5, "count": 4,
        "prescriber_id": scene.worker.organisation});
    let run = text(&scene.operator.post("/stock", &order).must_be(201), "id");
    let codes = Call::new("POST", &format!("/stock/{run}/codes.csv")).key(house.key());
    let codes = scene.operator.ask(codes).text();
    let code = codes.lines().nth(1).unwrap().split(';').nth(2).unwrap().to_owned();
    house.move_to("2026-03-11T09:00:00Z");
    let handed_over =
        scene.worker.post_with(house.key(), "/handovers", &json!({"code": code})).must_be(201);
    house.move_to("2026-03-12T09:00:00Z");
    scene.worker.does("void", &text(&handed_over, "id")).must_be(200);
    house.move_to("2026-05-02T09:00:00Z");
    let stock = |query: &str| {
        let totals = scene.report(&format!("&group_by=programme{query}"))["totals"].clone();
        (totals["passes_printed"].clone(), totals["passes_in_stock"].clone())
    };
    assert_eq!(stock("&as_of=2026-03-09"), (json!(0), json!(0)));
    assert_eq!(stock("&as_of=2026-03-10"), (json!(4), json!(4)));
    assert_eq!(stock("&as_of=2026-03-11"), (json!(4), json!(3)));
    assert_eq!(stock(""), (json!(4), json!(3)));
}

fn a_reader_who_leaves_ends_the_query(house: &House) {
    let services = &house.app.services;
    if services.store.url().single_writer() {
        return; // nothing can interrupt that engine
    }
    let reader = Reader::default();
    let began = Instant::now();
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| {
            services.read(|op| {
                let _watched = reader.watch(op.conn)?;
                Ok(diesel::sql_query("SELECT pg_sleep(50)").execute(op.conn)?)
            })
        });
        std::thread::sleep(Duration::from_millis(500));
        reader.leave(|| services.store.connect().map_err(Error::failure)).unwrap();
        assert!(slow.join().unwrap().is_err());
    });
    assert!(began.elapsed() < Duration::from_secs(20));
    // The connection serves the next one, and who has left begins nothing.
    assert!(services.read(|op| Ok(reader.watch(op.conn).map(drop)?)).is_err());
    house.must_balance();
}
