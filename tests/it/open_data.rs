//! Publishing open data: which months, once, frozen; and what stays hidden in a filled house.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::actors::{HeldPass, VenueStaff, text};
use crate::attack::Published;
use crate::door::Answer;
use crate::house::House;
use crate::scene::Scene;
use crate::seat::Seat;

on_both_engines![
    only_closed_months_are_published_and_each_once,
    two_publications_at_once_end_in_one,
    a_vintage_never_changes,
    what_is_published_gives_no_hidden_number,
];

on_one_engine![
    the_preview_says_what_publishing_hides,
    anybody_reads_and_only_the_operator_publishes,
];

pub fn publishes(scene: &Scene<'_>, from: &str, to: &str) -> Answer {
    scene.operator.post("/open-data/vintages", &json!({"from": from, "to": to}))
}

pub fn closes(scene: &Scene<'_>, month: &str) {
    scene.operator.post(&format!("/accounting/months/{month}/close"), &json!({})).must_be(201);
}

pub fn file(house: &House, vintage: &str, name: &str) -> Vec<u8> {
    let answer = house.door().get(&format!("/open-data/{vintage}/{name}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.bytes
}

/// The rows of a CSV, each by the names of its columns.
pub fn rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    reader.deserialize().map(Result::unwrap).collect()
}

/// Two towns in two départements, two venues each of different organisations, and people who
/// come for several themes.
struct Region<'a> {
    scene: Scene<'a>,
    venues: Vec<(VenueStaff, String)>,
    passes: Vec<HeldPass>,
}

const THEMES: [&str; 3] = ["creer_une_boite_mail", "faire_son_cv", "bureautique"];

impl<'a> Region<'a> {
    fn of(house: &'a House) -> Self {
        let scene = Scene::of(house);
        let towns =
            [("16000", "16015"), ("16000", "16015"), ("17000", "17300"), ("17000", "17300")];
        let venue = |(at, (postal_code, commune)): (usize, (&str, &str))| {
            let runner = scene.operator.organisation(&format!("Asso {at}"), &["venue_operator"]);
            let body = json!({"organisation_id": runner, "name": format!("Lieu {at}"),
                "address": "1 rue", "postal_code": postal_code, "commune": commune});
            let venue = text(&scene.operator.post("/venues", &body).must_be(201), "id");
            scene.operator.labels(&venue, "2026-01-01", "2026-12-31");
            scene.operator.accepts_venue(&scene.programme, &venue);
            (VenueStaff(house.person("venue_staff", &runner, false)), venue)
        };
        let venues = towns.into_iter().enumerate().map(venue).collect();
        let passes = (0..40).map(|_| scene.hands_over(10)).collect();
        Self { scene, venues, passes }
    }

    /// So many people come to a département (0 or 1) for a theme, in turns to its two venues.
    fn come(&self, departement: usize, theme: usize, people: usize) -> Vec<(usize, String)> {
        let come = |at: usize| {
            let (staff, venue) = &self.venues[departement * 2 + at % 2];
            // Somebody comes to several workshops, and not everybody to the same.
            let pass = &self.passes[(at + 7 * (3 * departement + theme)) % self.passes.len()];
            let body = json!({"code": pass.code, "venue_id": venue, "theme": THEMES[theme]});
            let key = self.scene.house.key();
            let made = staff.post_with(key, "/redemptions", &body).must_be(201);
            (departement * 2 + at % 2, text(&made, "id"))
        };
        (0..people).map(come).collect()
    }
}

/// The published table, from its file alone.
fn table(bytes: &[u8]) -> Published {
    let rows = rows(bytes);
    let values = |name: &str| {
        let mut found: Vec<&str> =
            rows.iter().map(|row| row[name].as_str()).filter(|value| *value != "TOUS").collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    let axes = [values("code_departement"), values("mois"), values("code_theme")];
    let mut table = Published::empty([axes[0].len(), axes[1].len(), axes[2].len()]);
    for row in &rows {
        let names = ["code_departement", "mois", "code_theme"];
        let place = std::array::from_fn(|at| {
            let found = axes[at].iter().position(|value| *value == row[names[at]]);
            found.unwrap_or(axes[at].len())
        });
        let index = table.index(place);
        assert_eq!(row["statut"] == "secret", row["ateliers"].is_empty(), "{row:?}");
        table.numbers[index] = row["ateliers"].parse().ok();
        let total = place.iter().zip(table.sizes).any(|(at, size)| *at == size);
        if row["statut"] == "secret" || total {
            assert_eq!(row["personnes"], "", "{row:?}");
        } else {
            assert!(row["personnes"].parse::<u32>().unwrap() >= 11, "{row:?}");
        }
    }
    table
}

fn only_closed_months_are_published_and_each_once(house: &House) {
    let scene = Scene::of(house);
    scene.redeems(&scene.hands_over(10).code).must_be(201);
    let refused = publishes(&scene, "2026-03", "2026-03").refused("month_not_closed");
    assert!(refused["detail"].as_str().unwrap().contains("mars 2026"), "{refused}");
    house.move_to("2026-05-01T08:00:00Z");
    closes(&scene, "2026-04");
    publishes(&scene, "2026-03", "2026-05").refused("month_not_closed");
    publishes(&scene, "2026-04", "2026-03").refused("invalid_body");
    publishes(&scene, "2026-3", "mars").refused("invalid_body");
    publishes(&scene, "2020-01", "2026-03").refused("invalid_body");
    let made = publishes(&scene, "2026-03", "2026-03").must_be(201);
    assert_eq!(made["vintage"]["name"], "2026-03_2026-03");
    assert_eq!(made["vintage"]["numbers"], made["vintage"]["hidden"], "about one person");
    for (from, to) in [("2026-03", "2026-03"), ("2026-02", "2026-04"), ("2026-03", "2026-04")] {
        let refused = publishes(&scene, from, to).refused("already_published");
        assert_eq!(refused["month"], "2026-03", "{refused}");
    }
    publishes(&scene, "2026-04", "2026-04").must_be(201);
    let found = house.door().get("/open-data").must_be(200);
    assert_eq!(found["licence"], "etalab-2.0");
    let names = found["data"].as_array().unwrap().iter().map(|one| text(one, "name"));
    assert_eq!(names.collect::<Vec<_>>(), ["2026-04_2026-04", "2026-03_2026-03"]);
}

fn two_publications_at_once_end_in_one(house: &House) {
    let scene = Scene::of(house);
    scene.redeems(&scene.hands_over(10).code).must_be(201);
    house.move_to("2026-05-01T08:00:00Z");
    closes(&scene, "2026-04");
    let told = std::thread::scope(|scope| {
        let periods = [("2026-03", "2026-04"), ("2026-03", "2026-03"), ("2026-03", "2026-04")];
        let asked: Vec<_> =
            periods.map(|(from, to)| scope.spawn(|| publishes(&scene, from, to).status)).into();
        asked.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(told.iter().filter(|status| **status == 201).count(), 1, "{told:?}");
    assert_eq!(told.iter().filter(|status| **status == 409).count(), 2, "{told:?}");
    let found = house.door().get("/open-data").must_be(200);
    assert_eq!(found["data"].as_array().unwrap().len(), 1);
}

fn a_vintage_never_changes(house: &House) {
    let scene = Scene::of(house);
    house.move_to("2026-03-30T10:00:00Z");
    let pass = scene.hands_over(10);
    let wrong = text(&scene.redeems(&pass.code).must_be(201), "id");
    house.move_to("2026-04-01T08:00:00Z");
    closes(&scene, "2026-03");
    let made = publishes(&scene, "2026-03", "2026-03").must_be(201);
    let names = ["consommation.csv", "schema.json", "subventions.csv"];
    let read = || names.map(|name| file(house, "2026-03_2026-03", name));
    let before = read();
    for (published, bytes) in made["vintage"]["files"].as_array().unwrap().iter().zip(&before) {
        let digest = pass_numerique::adapters::digest::sha256(bytes);
        assert_eq!(published["sha256"], pass_numerique::adapters::digest::hex(&digest));
        assert_eq!(published["bytes"], bytes.len());
        let path = text(published, "path");
        let answer = house.door().get(path.strip_prefix("/api/v1").unwrap());
        let tag = format!("\"{}\"", text(published, "sha256"));
        assert_eq!(answer.header("etag"), Some(tag.as_str()));
    }
    scene.undoes(&wrong).must_be(201);
    let moved = json!({"commune": "17300", "postal_code": "17000"});
    scene.operator.patch(&format!("/venues/{}", scene.venue), &moved);
    let siret = json!({"siret": "73282932000074"});
    scene.operator.patch(&format!("/organisations/{}", scene.funders[0]), &siret).must_be(200);
    assert_eq!(read(), before);
    house.closes();
    house.opens_again();
    assert_eq!(read(), before);
}

fn what_is_published_gives_no_hidden_number(house: &House) {
    let region = Region::of(house);
    let scene = &region.scene;
    for (theme, people) in [(0, 20), (1, 4), (2, 18)] {
        region.come(0, theme, people);
    }
    house.move_to("2026-03-30T10:00:00Z");
    let mut last = Vec::new();
    for (theme, people) in [(0, 22), (1, 16), (2, 15)] {
        last = region.come(1, theme, people);
    }
    house.move_to("2026-04-02T10:00:00Z");
    closes(scene, "2026-03");
    let (staff, wrong) = &last[0];
    let (staff, _) = &region.venues[*staff];
    staff.undoes(house.key(), wrong).must_be(201);
    for (departement, theme, people) in
        [(0, 0, 19), (0, 1, 17), (0, 2, 16), (1, 0, 21), (1, 1, 14), (1, 2, 13)]
    {
        region.come(departement, theme, people);
    }
    house.move_to("2026-06-02T10:00:00Z");
    closes(scene, "2026-05");
    publishes(scene, "2026-03", "2026-04").must_be(201);
    let bytes = file(house, "2026-03_2026-04", "consommation.csv");
    let table = table(&bytes);
    assert_eq!(table.sizes, [2, 2, 3]);
    let shown = rows(&bytes);
    let cell = |departement: &str, month: &str, theme: &str| {
        let names = [("code_departement", departement), ("mois", month), ("code_theme", theme)];
        let same = |row: &&BTreeMap<_, _>| names.iter().all(|(name, value)| row[*name] == *value);
        shown.iter().find(same).unwrap_or_else(|| panic!("no {names:?}")).clone()
    };
    assert_eq!(cell("16", "2026-03", "faire_son_cv")["statut"], "secret");
    let all = cell("TOUS", "TOUS", "TOUS");
    assert_eq!(all["ateliers"], (42 + 53 + 100 - 1).to_string());
    let found = table.attack();
    assert!(!found.is_empty() && found.len() < shown.len(), "{found:?}");
    for one in &found {
        assert!(!one.exact, "{one:?}");
        assert!(one.most >= 11.0 && one.most - one.least >= 11.0 - 1e-3, "{one:?}");
    }
    // A later vintage shares no month with it, so nothing can be subtracted: its table is its own.
    publishes(scene, "2026-05", "2026-05").must_be(201);
    assert_eq!(rows(&file(house, "2026-05_2026-05", "consommation.csv")), Vec::new());
}

fn the_preview_says_what_publishing_hides(house: &House) {
    let region = Region::of(house);
    let scene = &region.scene;
    region.come(0, 0, 20);
    region.come(0, 1, 3);
    region.come(1, 0, 20);
    region.come(1, 1, 20);
    house.move_to("2026-04-02T10:00:00Z");
    closes(scene, "2026-03");
    let path = "/open-data/preview?from=2026-03&to=2026-03";
    let seen = scene.operator.get(path).must_be(200);
    assert_eq!(seen["workshops"], 63);
    assert_eq!(seen["left_out"].as_array().unwrap().len(), 3, "no funder has a SIRET");
    assert_eq!(seen["left_out"][0]["reasons"][0], "Le financeur n'a pas de SIRET.");
    let seat = Seat::of(house, &scene.operator);
    let page = seat.reads("/gestion/donnees-ouvertes?from=2026-03&to=2026-03").text();
    assert!(page.contains("Publier mars 2026"), "{page}");
    let key = house.key().to_string();
    let fields = [("from", "2026-03"), ("to", "2026-03")];
    let sends = || {
        let from = "/gestion/donnees-ouvertes?from=2026-03&to=2026-03";
        seat.sends_from(from, &key, "/gestion/donnees-ouvertes", &fields)
    };
    assert_eq!((sends().status, sends().status), (303, 303));
    let made = house.door().get("/open-data").must_be(200)["data"][0].clone();
    assert_eq!(made["numbers"], seen["numbers"]);
    let hidden = |name: &str| seen[name].as_i64().unwrap();
    assert_eq!(made["hidden"], hidden("hidden_sensitive") + hidden("hidden_protecting"));
    let other = house.key().to_string();
    let again =
        seat.sends_from("/gestion/donnees-ouvertes", &other, "/gestion/donnees-ouvertes", &fields);
    assert_eq!(again.status, 422);
    assert!(again.text().contains("déjà publié"), "{}", again.text());
    let page = Seat::of_nobody(house).reads("/donnees-ouvertes").text();
    for words in ["Mars 2026", "/api/v1/open-data/2026-03_2026-03/consommation.csv", "Etalab"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert!(!page.contains("Publier des mois clos"));
}

fn anybody_reads_and_only_the_operator_publishes(house: &House) {
    let scene = Scene::of(house);
    scene.redeems(&scene.hands_over(10).code).must_be(201);
    house.move_to("2026-04-02T10:00:00Z");
    closes(&scene, "2026-03");
    let months = json!({"from": "2026-03", "to": "2026-03"});
    for person in [&scene.worker.0, &scene.staff.0, &scene.funder(0).0, &scene.auditor().0] {
        person.post("/open-data/vintages", &months).refused("forbidden");
        person.get("/open-data/preview?from=2026-03&to=2026-03").refused("forbidden");
    }
    let nothing: Value = house.door().get("/open-data").must_be(200);
    assert_eq!(nothing["data"], json!([]));
    publishes(&scene, "2026-03", "2026-03").must_be(201);
    for (vintage, name) in [
        ("2026-03_2026-03", "autre.csv"),
        ("2026-03_2026-04", "consommation.csv"),
        ("2026-03", "consommation.csv"),
        ("x_y", "consommation.csv"),
    ] {
        house.door().get(&format!("/open-data/{vintage}/{name}")).refused("not_found");
    }
}
