//! People, places, codes and passwords as they are written: one way among many means the same.

use diesel::connection::SimpleConnection;
use pass_numerique::adapters::digest::hex;
use pass_numerique::domain::ids::ProgrammeId;
use pass_numerique::domain::time::Day;
use pass_numerique::store;
use serde_json::{Value, json};

use crate::actors::text;
use crate::door::Call;
use crate::house::House;
use crate::scene::{Scene, agreement, programme};

on_both_engines![
    a_person_is_one_however_the_name_is_typed,
    a_district_is_in_its_city_for_territories_and_funders,
    a_commune_is_meant_by_every_code_it_has_or_had,
];

on_one_engine![
    a_pass_of_before_is_found_under_the_name_it_was_given_with,
    nobody_is_born_tomorrow_and_nobody_has_a_name_without_letters,
    a_password_is_the_same_from_every_keyboard,
    a_code_is_read_with_all_that_stands_around_it,
    slips_that_the_check_symbols_catch_make_nobody_wait,
    a_city_is_searched_together_with_its_districts,
];

fn beneficiary(given: &str, family: &str, birth: &str) -> Value {
    json!({"given_name": given, "family_name": family, "birth_date": birth})
}

fn form_for(scene: &Scene<'_>, person: &Value) -> Value {
    let mut form = scene.form(5);
    form["beneficiary"] = person.clone();
    form
}

fn a_person_is_one_however_the_name_is_typed(house: &House) {
    let scene = Scene::of(house);
    let names = [
        ("Lecœur", "LECOEUR"),
        ("Ægir", "aegir"),
        ("Strauß", "STRAUSS"),
        ("Łukasz", "Lukasz"),
        ("Đorđević", "Dordevic"),
        ("Søren", "SOREN"),
        ("Þór", "Thor"),
        ("Yıldız", "YILDIZ"),
        ("Ħamrun", "Hamrun"),
        ("Ŋara", "NGARA"),
    ];
    for (one, other) in names {
        let form = form_for(&scene, &beneficiary(one, one, "1961-05-17"));
        scene.worker.hands_over(house.key(), &form);
        let again = form_for(&scene, &beneficiary(other, other, "1961-05-17"));
        let refused = scene.worker.tries_to_hand_over(house.key(), &again);
        refused.refused("already_holds_pass");
        let looked = json!({"programme_id": scene.programme,
            "beneficiary": beneficiary(other, one, "1961-05-17")});
        scene.worker.post("/passes/find", &looked).must_be(200);
    }
}

fn a_pass_of_before_is_found_under_the_name_it_was_given_with(house: &House) {
    let scene = Scene::of(house);
    let born: Day = "1961-05-17".parse().unwrap();
    let services = &house.app.services;
    let mut conn = services.store.connect().unwrap();
    let id = ProgrammeId(scene.programme.parse().unwrap());
    let salt = store::programme::fingerprint_salt(&mut conn, id).unwrap().unwrap();
    let then = services.keys.fingerprint(&salt, ("Awa", "Lecœur"), born);
    assert!(!then.before.is_empty());
    for old in &then.before {
        let form = form_for(&scene, &beneficiary("Awa", "Lecœur", "1961-05-17"));
        let pass = scene.worker.hands_over(house.key(), &form);
        let (old, serial) = (hex(old), &pass.serial);
        let sql = format!("UPDATE passes SET fingerprint = X'{old}' WHERE serial = '{serial}'");
        conn.batch_execute(&sql).unwrap();
        for typed in ["Lecœur", "LECOEUR"] {
            let now = beneficiary("Awa", typed, "1961-05-17");
            let again = scene.worker.tries_to_hand_over(house.key(), &form_for(&scene, &now));
            again.refused("already_holds_pass");
            let looked = json!({"programme_id": scene.programme, "beneficiary": now});
            scene.worker.post("/passes/find", &looked).must_be(200);
        }
        scene.worker.does("void", &pass.id).must_be(200);
    }
}

fn nobody_is_born_tomorrow_and_nobody_has_a_name_without_letters(house: &House) {
    let scene = Scene::of(house);
    for (person, pointer) in [
        (beneficiary("Awa", "Diallo", "2026-03-12"), "/beneficiary/birth_date"),
        (beneficiary("Awa", "Diallo", "2062-05-17"), "/beneficiary/birth_date"),
        (beneficiary("-", "Diallo", "1961-05-17"), "/beneficiary/given_name"),
        (beneficiary("Awa", "…", "1961-05-17"), "/beneficiary/family_name"),
        (beneficiary("Awa", "'’", "1961-05-17"), "/beneficiary/family_name"),
    ] {
        let refused = scene.worker.tries_to_hand_over(house.key(), &form_for(&scene, &person));
        let refused = refused.refused("invalid_body");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
        let looked = json!({"programme_id": scene.programme, "beneficiary": person});
        scene.worker.post("/passes/find", &looked).refused("invalid_body");
    }
    let newborn = form_for(&scene, &beneficiary("Awa", "Diallo", "2026-03-10"));
    scene.worker.hands_over(house.key(), &newborn);
}

fn a_district_is_in_its_city_for_territories_and_funders(house: &House) {
    let scene = Scene::of(house);
    let hands = |plan: &str, commune: &str| {
        let form = json!({"programme_id": plan, "units": 5, "commune": commune});
        scene.worker.tries_to_hand_over(house.key(), &form)
    };
    for (city, district, elsewhere) in
        [("69123", "69383", "69029"), ("75056", "75101", "93066"), ("13055", "13201", "13001")]
    {
        for (territory, home) in [(city, district), (district, city), (district, district)] {
            let fields = json!({"name": format!("{territory} {home}"), "territory": [territory]});
            let plan = scene.operator.programme(&programme(&fields));
            scene.operator.accepts_prescriber(&plan, &scene.worker.organisation);
            let mut first = agreement(&scene.funders[0], (1, 10_000, 1_000_000));
            first["territory"] = json!([territory]);
            let of_city = scene.operator.agreement(&plan, &first);
            let second = agreement(&scene.funders[1], (2, 10_000, 1_000_000));
            let of_all = scene.operator.agreement(&plan, &second);
            hands(&plan, home).must_be(201);
            let left = |id: &str| scene.operator.available(&plan, id);
            assert_eq!((left(&of_city), left(&of_all)), (995_000, 1_000_000), "{territory} {home}");
            hands(&plan, elsewhere).refused("outside_territory");
        }
    }
}

fn a_commune_is_meant_by_every_code_it_has_or_had(house: &House) {
    let scene = Scene::of(house);
    for (sent, meant) in [
        ("2a004", "2A004"),
        (" 16015 ", "16015"),
        ("93059", "93066"),
        ("16140", "16206"),
        ("\u{a0}2b033", "2B033"),
    ] {
        let mut form = scene.form(5);
        form["commune"] = json!(sent);
        let pass = scene.worker.hands_over(house.key(), &form);
        assert_eq!(pass.answer["home_commune"].as_str().unwrap_or(meant), meant);
        let fields = json!({"name": "Par commune", "territory": [sent]});
        let made = scene.operator.post("/programmes", &programme(&fields)).must_be(201);
        assert_eq!(made["territory"], json!([meant]), "{sent}");
        let venue = json!({
            "organisation_id": scene.staff.organisation, "name": "Lieu", "address": "1 rue",
            "postal_code": "16000", "commune": sent,
        });
        let venue = scene.operator.post("/venues", &venue).must_be(201);
        assert_eq!(venue["commune"], meant, "{sent}");
        let path = format!("/venues/{}", text(&venue, "id"));
        let moved = scene.operator.patch(&path, &json!({"commune": sent})).must_be(200);
        assert_eq!(moved["commune"], meant, "{sent}");
        let asked = format!("/venues?commune={}", sent.trim().to_lowercase());
        let listed = scene.operator.get(&asked).must_be(200);
        assert!(!listed["data"].as_array().unwrap().is_empty(), "{sent}");
    }
    let departement = json!({"name": "Corse-du-Sud", "territory": ["2a"]});
    let made = scene.operator.post("/programmes", &programme(&departement)).must_be(201);
    assert_eq!(made["territory"], json!(["2A"]));
    let mut wrong = scene.form(5);
    wrong["commune"] = json!("99999");
    scene.worker.tries_to_hand_over(house.key(), &wrong).refused("invalid_body");
}

fn a_city_is_searched_together_with_its_districts(house: &House) {
    let scene = Scene::of(house);
    let venue = json!({
        "organisation_id": scene.staff.organisation, "name": "Bibliothèque du Panier",
        "address": "1 rue", "postal_code": "13001", "commune": "13201",
    });
    let venue = text(&scene.operator.post("/venues", &venue).must_be(201), "id");
    scene.operator.labels(&venue, "2026-01-01", "2026-12-31");
    for asked in ["q=Marseille", "q=13055", "q=marseille%201er"] {
        let page = house.door().ask(&Call::page("GET", &format!("/lieux?{asked}")));
        assert!(page.text().contains("Bibliothèque du Panier"), "{asked}");
    }
    for asked in ["13055", "13201"] {
        let listed = scene.operator.get(&format!("/venues?commune={asked}")).must_be(200);
        assert_eq!(listed["data"][0]["id"], venue, "{asked}");
    }
    let other = scene.operator.get("/venues?commune=13202").must_be(200);
    assert_eq!(other["data"], json!([]));
}

fn a_code_is_read_with_all_that_stands_around_it(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let code = pass.code.replace('-', "");
    for typed in [
        format!("{}/", pass.qr),
        format!("{}?utm=1", pass.qr),
        format!("{}#x", pass.qr),
        format!("{})", pass.qr.to_lowercase()),
        format!("{}\n", pass.qr),
        format!("P/{code}"),
        format!("({}),", pass.code),
        pass.code.replace('-', "\u{2011}"),
        pass.code.replace('-', "\u{2212}"),
        pass.code.replace('-', "\u{202f}"),
        format!("Code : {}.", pass.code),
    ] {
        scene.staff.checks(&typed, &scene.venue).must_be(200);
    }
    for path in [format!("/p/{code}"), format!("/p/{code}/"), format!("/P/{code}/")] {
        let page = house.door().ask(&Call::page("GET", &path));
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{path}");
    }
}

fn slips_that_the_check_symbols_catch_make_nobody_wait(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    for _ in 0..12 {
        scene.staff.checks("ABCD-EFGH-JKMN-PQRS", &scene.venue).refused("malformed_code");
        scene.staff.checks("ABCD", &scene.venue).refused("malformed_code");
    }
    scene.redeems(&pass.code).must_be(201);
}

fn a_password_is_the_same_from_every_keyboard(house: &House) {
    let scene = Scene::of(house);
    let invited = |email: &str| {
        let body = json!({"email": email, "name": "Zoé", "role": "venue_staff",
            "organisation_id": scene.staff.organisation});
        let made = scene.operator.post("/users", &body).must_be(201);
        let link = text(&made, "invitation_link");
        link.rsplit('/').next().unwrap().to_owned()
    };
    let accepts = |invitation: &str, password: &str| {
        let body = json!({"invitation": invitation, "password": password});
        house.door().post("/auth/invitations", &body)
    };
    let first = invited("zoe@exemple.fr");
    for nothing in [" ".repeat(12), "\u{a0}".repeat(12), "\u{200b}".repeat(14)] {
        accepts(&first, &nothing).refused("invalid_body");
    }
    let (composed, apart) = ("une \u{e9}toile filante", "une e\u{301}toile filante");
    assert!(accepts(&first, composed).status < 300);
    let signs_in = |email: &str, password: &str| {
        let sent = json!({"email": email, "password": password});
        house.door().post("/auth/tokens", &sent)
    };
    for typed in [composed, apart, "une\u{a0}\u{e9}toile filante"] {
        signs_in("zoe@exemple.fr", typed).must_be(200);
    }
    signs_in("zoe@exemple.fr", "une etoile filante").refused("invalid_credentials");
}
