//! A funder reads what its money did, and nothing about a few people.

use serde_json::{Value, json};

use crate::house::House;
use crate::scene::Scene;
use crate::seat::Seat;

on_both_engines![
    a_funder_reads_no_row_about_a_few_people,
    no_two_moments_tell_a_funder_who_came_between_them,
];

const GROUPS: [&str; 4] = ["home_commune", "departement", "age_band", "public"];

/// Passes in three communes, of which one has few, each with a workshop.
fn hands_over(scene: &Scene<'_>) {
    let towns = [
        ("16015", "25_39", "senior", 24),
        ("16102", "60_69", "job_seeker", 14),
        ("17415", "12_17", "young", 3),
    ];
    for (commune, age, public, count) in towns {
        for _ in 0..count {
            let mut form = scene.form(5);
            form["commune"] = json!(commune);
            form["age_band"] = json!(age);
            form["publics"] = json!([public]);
            let pass = scene.worker.hands_over(scene.house.key(), &form);
            scene.redeems(&pass.code).must_be(201);
        }
    }
}

fn small(row: &Value) -> bool {
    let counts =
        ["passes_handed_over", "passes_started", "workshops_granted", "workshops_redeemed"];
    counts.iter().any(|name| (1..=10).contains(&row[*name].as_i64().unwrap()))
}

fn a_funder_reads_no_row_about_a_few_people(house: &House) {
    let scene = Scene::of(house);
    hands_over(&scene);
    let funder = scene.funder(0);
    let seat = Seat::of(house, &funder);
    let all =
        scene.operator.get(&format!("/reports/consumption?funder_id={}", funder.organisation));
    let all = all.must_be(200);
    for group in GROUPS {
        let query = format!("/reports/consumption?group_by={group}");
        let mine = scene.operator.get(&format!("{query}&funder_id={}", funder.organisation));
        let whole = mine.must_be(200);
        let few: Vec<&Value> =
            whole["rows"].as_array().unwrap().iter().filter(|row| small(row)).collect();
        assert_eq!(few.len(), 1, "the operator sees them: {whole}");
        let secret = few[0][format!("{group}_label")].as_str().unwrap();
        let told = funder.get(&query).must_be(200);
        assert_eq!(told["totals"], whole["totals"], "money is told to the cent");
        assert_eq!(told["totals"], all["totals"]);
        let rows = told["rows"].as_array().unwrap();
        assert!(!rows.iter().any(small), "{told}");
        let sum: i64 = rows.iter().map(|row| row["consumed_cents"].as_i64().unwrap()).sum();
        assert_eq!(sum, told["totals"]["consumed_cents"], "rows add up");
        let sheet = funder.get(&query.replace('?', ".csv?")).text();
        assert!(!sheet.contains(secret) && sheet.contains("Regroup"), "{secret} {sheet}");
        for form in [".csv", ".xlsx", ".ods", ".pdf"] {
            let one = format!("/reports/consumption{form}?group_by={group}");
            assert_eq!(funder.get(&one).status, 200, "{one}");
            let other = if group == "public" { "age_band" } else { "public" };
            let crossed = format!("/reports/consumption{form}?group_by={group},{other}");
            funder.get(&crossed).refused("invalid_body");
        }
        for with in ["venue", "month", "theme,venue"] {
            let crossed = funder.get(&format!("{query},{with}")).must_be(200);
            let rows = crossed["rows"].as_array().unwrap();
            assert!(!rows.iter().any(small), "{crossed}");
        }
        scene.operator.get(&format!("{query},venue")).must_be(200);
        let page = seat.reads(&format!("/rapports?regroupement={group}&group_by={group}"));
        assert!(page.status < 400 && !page.text().contains(&format!(">{secret}<")), "{secret}");
    }
    let overview = seat.reads("/rapports").text();
    assert!(!overview.contains("Saintes"), "{overview}");
    funder.get("/reports/consumption?group_by=venue,month,theme").must_be(200);
}

fn no_two_moments_tell_a_funder_who_came_between_them(house: &House) {
    let scene = Scene::of(house);
    hands_over(&scene);
    let funder = scene.funder(0);
    house.move_to("2026-04-02T10:00:00Z");
    let at = |group: &str, as_of: &str| {
        funder.get(&format!("/reports/consumption?group_by={group}&as_of={as_of}"))
    };
    for group in GROUPS {
        let rows = |as_of: &str| {
            let report = at(group, as_of).must_be(200);
            assert_eq!(report["totals"]["workshops_redeemed"], 41, "money and totals are theirs");
            report["rows"].as_array().unwrap().len()
        };
        assert_eq!((rows("2026-03-10"), rows("2026-03-10T11:00:00Z")), (1, 1), "{group}");
        let told = if group == "departement" { 1 } else { 2 };
        assert_eq!(rows("2026-03-31"), told, "{group}");
    }
    at("month", "2026-03-10").must_be(200);
    let seat = Seat::of(house, &funder);
    // Its venues lie there too: the page names it for them.
    let named = |query: &str| {
        seat.reads(&format!("/rapports{query}")).text().matches("Angoulême (16015)").count()
    };
    assert_eq!(named(""), named("?as_of=2026-03-31"));
    assert!(named("?as_of=2026-03-31") > named("?as_of=2026-03-10"));

    // What an agreement is reserved for says where its people live.
    let body = json!({"funder_id": funder.organisation, "tier": 2, "share_bp": 10_000,
        "envelope_cents": 100_000, "territory": ["16015"]});
    scene.operator.agreement(&scene.programme, &body);
    funder.get("/reports/consumption?group_by=agreement,age_band").refused("invalid_body");
    funder.get("/reports/consumption?group_by=agreement,month").must_be(200);
}
