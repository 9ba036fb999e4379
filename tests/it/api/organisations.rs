//! Organisations and the numbers the State knows them by.

use serde_json::json;

use crate::house::House;

on_both_engines![
    a_siret_is_checked_and_belongs_to_one,
    a_write_that_may_carry_a_key_is_done_once_for_it,
];

on_one_engine![an_organisation_changes_and_stays_itself,];

fn a_siret_is_checked_and_belongs_to_one(house: &House) {
    let operator = house.operator();
    let create =
        |siret: &str| operator.post("/organisations", &json!({"name": "x", "siret": siret}));
    for wrong in ["73282932000075", "7328293200007", "732829320000744", "abc", "00000000000000"] {
        let refused = create(wrong).refused("invalid_body");
        assert_eq!(refused["errors"][0]["pointer"], "/siret", "{wrong}");
    }
    assert_eq!(create("732 829 320 00074").must_be(201)["siret"], "73282932000074");
    create("73282932000074").refused("siret_taken");
    create("35600000049837").must_be(201);
    let rna = |rna: &str| operator.post("/organisations", &json!({"name": "x", "rna": rna}));
    rna("W12").refused("invalid_body");
    rna("W9R2003255").must_be(201);
    rna("W9R2003255").refused("siret_taken");
}

fn an_organisation_changes_and_stays_itself(house: &House) {
    let operator = house.operator();
    let id = operator.organisation("Mairie", &["funder"]);
    let path = format!("/organisations/{id}");
    let changed = operator.patch(&path, &json!({"name": "Ville", "prescriber": true})).must_be(200);
    assert_eq!(operator.get(&path).must_be(200), changed);
    assert_eq!(
        (&changed["name"], &changed["funder"], &changed["prescriber"]),
        (&json!("Ville"), &json!(true), &json!(true))
    );
    operator.patch(&path, &json!({"name": ""})).refused("invalid_body");
}

fn a_write_that_may_carry_a_key_is_done_once_for_it(house: &House) {
    let operator = house.operator();
    let (key, body) = (house.key(), json!({"name": "Mairie", "funder": true}));
    let first = operator.post_with(key, "/organisations", &body);
    let second = operator.post_with(key, "/organisations", &body);
    assert_eq!(first.must_be(201), second.must_be(201));
    assert_eq!((first.replayed(), second.replayed()), (false, true));
    let other = json!({"name": "Mairie", "funder": false});
    operator.post_with(key, "/organisations", &other).refused("idempotency_key_reused");
    let listed = operator.get("/organisations").must_be(200);
    let named = listed["data"].as_array().unwrap().iter().filter(|one| one["name"] == "Mairie");
    assert_eq!(named.count(), 1);
}
