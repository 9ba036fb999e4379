//! A name that begins like a formula runs in nobody's spreadsheet, whichever CSV it comes in.

use serde_json::{Value, json};

use crate::actors::{THEME, redemption, text};
use crate::door::{Answer, Call};
use crate::house::House;
use crate::scene::Scene;

on_both_engines![no_csv_holds_a_formula_and_what_is_given_out_is_taken_in];

const FORMULAS: [&str; 4] = ["=1+1", " @SUM(1)", "+cmd|' /C calc'!A0", "-2+x"];

/// No cell that a spreadsheet would run.
fn is_blunt(name: &str, answer: &Answer) {
    assert_eq!(answer.status, 200, "{name} {}", answer.text());
    let sheet = answer.text();
    let first = sheet.lines().next().unwrap();
    let delimiter =
        if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(sheet.trim_start_matches('\u{feff}').as_bytes());
    let mut cells = 0;
    for record in reader.records() {
        for cell in &record.unwrap() {
            let bare = cell.trim_start();
            let number = bare.chars().all(|sign| sign.is_ascii_digit() || "+-.,() ".contains(sign));
            assert!(
                number || !bare.starts_with(['=', '@', '+', '-']),
                "{name}: {cell:?} in {sheet}"
            );
            cells += 1;
        }
    }
    assert!(cells > 5, "{name} {sheet}");
}

fn no_csv_holds_a_formula_and_what_is_given_out_is_taken_in(house: &House) {
    let scene = Scene::of(house);
    let operator = &scene.operator;
    for (path, name) in [
        (format!("/organisations/{}", scene.staff.organisation), FORMULAS[0]),
        (format!("/organisations/{}", scene.funders[0]), FORMULAS[1]),
        (format!("/organisations/{}", scene.worker.organisation), FORMULAS[2]),
        (format!("/programmes/{}", scene.programme), FORMULAS[3]),
        (format!("/venues/{}", scene.venue), FORMULAS[0]),
    ] {
        operator.patch(&path, &json!({"name": name})).must_be(200);
    }
    let place = json!({"address": FORMULAS[3], "address_complement": FORMULAS[1],
        "opening_hours": FORMULAS[2], "phone": "+33 5 45 95 35 44"});
    operator.patch(&format!("/venues/{}", scene.venue), &place).must_be(200);
    let pass = scene.hands_over(5);
    let redeemed = redemption(&pass.code, &scene.venue);
    scene.staff.post_with(house.key(), "/redemptions", &redeemed).must_be(201);
    assert_eq!(redeemed["theme"], THEME);
    let national = Call::new("GET", "/venues").header("Accept", "text/csv");
    let national = house.door().ask(&national);
    is_blunt("venues", &national);
    assert!(national.text().contains("+33 5 45 95 35 44"), "a phone number stays one");
    is_blunt("redemptions", &operator.get("/redemptions.csv"));
    for groups in ["programme", "agreement", "venue", "prescriber"] {
        for dialect in ["", "&dialect=rfc4180"] {
            let path = format!("/reports/consumption.csv?group_by={groups}{dialect}");
            is_blunt(groups, &operator.get(&path));
        }
    }
    house.move_to("2026-04-01T08:00:00Z");
    operator.post("/accounting/months/2026-03/close", &Value::Null).must_be(201);
    let statement = text(&operator.get("/statements").must_be(200)["data"][0], "id");
    is_blunt("statement", &operator.get(&format!("/statements/{statement}/lines.csv")));
    let months = json!({"from": "2026-03", "to": "2026-03"});
    operator.post("/open-data/vintages", &months).must_be(201);
    let published = operator.get("/open-data").must_be(200);
    for file in published["data"][0]["files"].as_array().unwrap() {
        let path = text(file, "path");
        if text(file, "name") != "schema.json" {
            is_blunt(&path, &house.door().ask(&Call::outside(&path)));
        }
    }
}
