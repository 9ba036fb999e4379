//! The files of open data against their schemas.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::actors::text;
use crate::house::House;
use crate::open_data::{closes, file, publishes, rows};
use crate::scene::Scene;

on_one_engine![the_grants_satisfy_the_national_schema, the_table_satisfies_its_own_schema,];

const COLUMNS: [&str; 16] = [
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "dispositifAide",
];

/// Whether a text has the shape: `0` stands for a digit, anything else for itself.
fn shaped(text: &str, shape: &str) -> bool {
    let same = |(sign, wanted): (char, char)| {
        if wanted == '0' { sign.is_ascii_digit() } else { sign == wanted }
    };
    text.chars().count() == shape.chars().count() && text.chars().zip(shape.chars()).all(same)
}

fn is_day(text: &str) -> bool {
    shaped(text, "0000-00-00") && text.parse::<chrono::NaiveDate>().is_ok()
}

/// What is wrong with a row by SCDL « Subventions » 2.1.1, as the schema's table says it.
fn faults(row: &BTreeMap<String, String>) -> Vec<&'static str> {
    let value = |name: &str| row[name].as_str();
    let siret = |text: &str| shaped(text, "00000000000000");
    let period = |text: &str| match text.split_once('/') {
        Some((first, last)) => is_day(first) && is_day(last) && first <= last,
        None => is_day(text),
    };
    let natures = ["aide en numéraire", "aide en nature", "aide en numéraire;aide en nature"];
    let amount = value("montant");
    let conditions = value("conditionsVersement");
    let share: f64 = value("pourcentageSubvention").parse().unwrap_or_default();
    let rna = |text: &str| shaped(text, "W000000000");
    let checks = [
        ("nomAttribuant", !value("nomAttribuant").is_empty()),
        ("idAttribuant", siret(value("idAttribuant"))),
        ("dateConvention", is_day(value("dateConvention"))),
        ("nomBeneficiaire", !value("nomBeneficiaire").is_empty()),
        ("idBeneficiaire", siret(value("idBeneficiaire"))),
        ("rnaBeneficiaire", value("rnaBeneficiaire").is_empty() || rna(value("rnaBeneficiaire"))),
        ("objet", (1..=256).contains(&value("objet").chars().count())),
        ("montant", amount.parse::<f64>().is_ok_and(|euros| euros > 0.0) && !amount.contains(',')),
        ("nature", natures.contains(&value("nature"))),
        (
            "conditionsVersement",
            ["unique", "échelonné"].contains(&conditions) || conditions.starts_with("autre"),
        ),
        ("datesPeriodeVersement", period(value("datesPeriodeVersement"))),
        ("idRAE", value("idRAE").is_empty() || value("idRAE").chars().count() <= 5),
        ("notificationUE", ["oui", "non"].contains(&value("notificationUE"))),
        ("pourcentageSubvention", (0.01..=1.0).contains(&share)),
    ];
    checks.into_iter().filter(|(_, fine)| !fine).map(|(name, _)| name).collect()
}

fn named(scene: &Scene<'_>, organisation: &str, siret: &str) {
    let body = json!({"siret": siret});
    scene.operator.patch(&format!("/organisations/{organisation}"), &body).must_be(200);
}

fn the_grants_satisfy_the_national_schema(house: &House) {
    let scene = Scene::of(house);
    scene.redeems(&scene.hands_over(10).code).must_be(201);
    for (amount, day) in [(400_000, "2026-03-02"), (100_000, "2026-03-09")] {
        let path = format!("/agreements/{}/receipts", scene.agreements[0]);
        let body = json!({"amount_cents": amount, "received_on": day, "reference": "V"});
        scene.operator.post_with(house.key(), &path, &body).must_be(201);
    }
    named(&scene, &scene.funders[0], "73282932000074");
    named(&scene, &scene.funders[1], "43493312300029");
    house.move_to("2026-05-02T10:00:00Z");
    closes(&scene, "2026-04");
    let made = publishes(&scene, "2026-03", "2026-03").must_be(201);
    let left = made["left_out"].as_array().unwrap();
    assert_eq!(left.len(), 3, "whom the money is paid to has no SIRET: {made}");
    named(&scene, &scene.operator.organisation, "35600000000048");
    let made = publishes(&scene, "2026-04", "2026-04").must_be(201);
    let left = made["left_out"].as_array().unwrap();
    assert_eq!(left.len(), 1, "{made}");
    assert_eq!(text(&left[0], "agreement_id"), scene.agreements[2]);
    assert_eq!(text(&left[0], "funder_name"), "Financeur 3");

    let bytes = file(house, "2026-04_2026-04", "subventions.csv");
    let head = String::from_utf8(bytes.clone()).unwrap();
    assert_eq!(head.split("\r\n").next().unwrap(), COLUMNS.join(","));
    let rows = rows(&bytes);
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert_eq!(faults(row), Vec::<&str>::new(), "{row:?}");
        assert_eq!(row["idBeneficiaire"], "35600000000048");
    }
    assert_eq!(rows[0]["montant"], "10000.00");
    assert_eq!(rows[0]["datesPeriodeVersement"], "2026-03-02/2026-03-09");
    assert_eq!(rows[1]["datesPeriodeVersement"], "2026-01-01/2026-12-31");
}

fn the_table_satisfies_its_own_schema(house: &House) {
    let scene = Scene::of(house);
    scene.redeems(&scene.hands_over(10).code).must_be(201);
    house.move_to("2026-04-02T10:00:00Z");
    closes(&scene, "2026-03");
    publishes(&scene, "2026-03", "2026-03").must_be(201);
    let schema = file(house, "2026-03_2026-03", "schema.json");
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    let bytes = file(house, "2026-03_2026-03", "consommation.csv");
    let fields = schema["fields"].as_array().unwrap();
    let head: Vec<String> = fields.iter().map(|field| text(field, "name")).collect();
    let written = String::from_utf8(bytes.clone()).unwrap();
    assert_eq!(written.split("\r\n").next().unwrap(), head.join(","));
    let mut keys = Vec::new();
    for row in rows(&bytes) {
        for field in fields {
            let (name, limits) = (text(field, "name"), &field["constraints"]);
            let value = &row[&name];
            assert!(limits["required"] != true || !value.is_empty(), "{name} of {row:?}");
            if let Some(known) = limits["enum"].as_array() {
                assert!(known.contains(&json!(value)), "{name} of {row:?}");
            }
            assert!(field["type"] != "integer" || value.is_empty() || value.parse::<i64>().is_ok());
        }
        keys.push(["code_departement", "mois", "code_theme"].map(|name| row[name].clone()));
    }
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!((count, keys.len()), (8, 8), "a cell and its seven totals, each once");
}
