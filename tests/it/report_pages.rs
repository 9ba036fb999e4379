//! The reports and the public list of venues as people read them.

use crate::actors::text;
use crate::house::House;
use crate::scene::Scene;
use crate::seat::Seat;

on_one_engine![
    a_funder_reads_the_same_figures_on_the_page_and_in_its_files,
    what_each_programme_has_left_adds_up,
    a_link_from_before_the_overview_still_leads_to_its_table,
    months_in_the_wrong_order_are_refused_at_their_field,
    venues_without_a_label_today_are_not_listed,
];

/// The text of a page with plain spaces.
fn read(seat: &Seat<'_>, path: &str) -> String {
    let answer = seat.reads(path);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text().replace(['\u{a0}', '\u{202f}'], " ").replace("&#38;", "&")
}

fn a_funder_reads_the_same_figures_on_the_page_and_in_its_files(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    scene.redeems(&pass.code).must_be(201);
    let seat = Seat::of(house, &scene.funder(0));
    let page = read(&seat, "/rapports?from=2026-01&to=2026-12");
    for figure in [
        "Financeur 1, de janvier 2026 à décembre 2026",
        "<span>Engagé</span><strong>50,00 €</strong>",
        "<span>Consommé</span><strong>5,00 €</strong>",
        "<span>Disponible</span><strong>9 950,00 €</strong>",
        "1 pass remis, 1 commencés. 10 ateliers accordés, 1 validés, 0 perdus.",
        "mars 2026 : 1",
    ] {
        assert!(page.contains(figure), "{figure} in {page}");
    }
    assert!(page.len() < 100_000, "{} bytes", page.len());
    let files: Vec<&str> = page
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .filter(|address| address.contains("consumption.csv"))
        .collect();
    assert_eq!(files.len(), 6, "{files:?}");
    for file in files {
        let sheet = seat.reads(file).text();
        let total = sheet.lines().last().unwrap();
        assert!(total.starts_with("Total;1;1;10;1;0;0,00;50,00;5,00"), "{file}: {sheet}");
    }
}

fn what_each_programme_has_left_adds_up(house: &House) {
    let scene = Scene::of(house);
    scene.hands_over(5);
    for group in ["programme", "agreement", "programme,agreement"] {
        let report = scene.report(&format!("&group_by={group}"));
        for name in ["available_cents", "committed_balance_cents", "payable_cents"] {
            let rows = report["rows"].as_array().unwrap();
            let sum: i64 = rows.iter().map(|row| row[name].as_i64().unwrap()).sum();
            assert_eq!(report["totals"][name], sum, "{name} by {group}");
        }
    }
    let months = scene.report("&group_by=programme,month");
    assert!(months["rows"][0]["available_cents"].is_null(), "a month holds no money: {months}");
    let before = scene
        .operator
        .get("/reports/consumption?from=2026-04&to=2026-05&group_by=programme")
        .must_be(200);
    assert_eq!(before["rows"].as_array().unwrap().len(), 1, "it moved before and holds money");
    let places = scene.report("&group_by=venue_departement");
    assert_eq!(places["totals"]["passes_handed_over"], 1);
}

fn a_link_from_before_the_overview_still_leads_to_its_table(house: &House) {
    let scene = Scene::of(house);
    scene.hands_over(5);
    let seat = Seat::of(house, &scene.auditor());
    let answer = seat.reads("/rapports?group_by=month&group_by=prescriber&from=2026-01");
    assert_eq!(answer.status, 303);
    let address = answer.header("location").unwrap();
    assert_eq!(address, "/rapports/detail?group_by=month&group_by=prescriber&from=2026-01");
    let page = read(&seat, address);
    assert!(page.contains("CCAS") && page.contains("mars 2026"), "{page}");
}

fn months_in_the_wrong_order_are_refused_at_their_field(house: &House) {
    let scene = Scene::of(house);
    let seat = Seat::of(house, &scene.funder(0));
    for path in ["/rapports", "/rapports/detail"] {
        let answer = seat.reads(&format!("{path}?from=2026-05&to=2026-04"));
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains(r##"<a href="#to">Le dernier mois"##), "{}", answer.text());
    }
}

fn venues_without_a_label_today_are_not_listed(house: &House) {
    let scene = Scene::of(house);
    let runner = &scene.staff.organisation;
    scene.operator.venue(runner, "Sans label");
    let over = scene.operator.venue(runner, "Label fini");
    scene.operator.labels(&over, "2025-01-01", "2026-03-09");
    let suspended = scene.operator.venue(runner, "Suspendu");
    scene.operator.labels(&suspended, "2026-01-01", "2026-12-31");
    let body = serde_json::json!({"reason": "Travaux"});
    let path = format!("/venues/{suspended}/suspensions");
    scene.operator.post(&path, &body).must_be(201);
    let anybody = Seat::of_nobody(house);
    for path in ["/lieux", "/lieux?q=16000", "/lieux?q=Angoul%C3%AAme", "/lieux?departement=16"] {
        let page = read(&anybody, path);
        assert!(page.contains("1. Médiathèque du centre"), "{path}: {page}");
        assert!(page.contains(r##"href="#lieu-1""##), "{path}: {page}");
        for absent in ["Sans label", "Label fini", "Suspendu"] {
            assert!(!page.contains(absent), "{absent} at {path}");
        }
    }
    let near = read(&anybody, "/lieux?q=Cognac");
    assert!(near.contains("Pas de lieu : Cognac") && near.contains("à 38 km"), "{near}");
    let far = anybody.reads("/lieux?departement=16&page=99999999999999999999").text();
    assert!(far.contains("1. Médiathèque"), "an unreadable page is the first: {far}");
    let listed = house.door().get("/venues").must_be(200);
    let names: Vec<String> =
        listed["data"].as_array().unwrap().iter().map(|venue| text(venue, "name")).collect();
    assert!(names.contains(&"Sans label".to_owned()), "the API lists every venue: {names:?}");
}
