//! Whatever is sent, the answer says in one form what is wrong with it.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::actors::{THEME, redemption};
use crate::door::Call;
use crate::house::House;
use crate::scene::{Scene, agreement, programme};

on_one_engine![
    a_body_that_is_no_json_says_where,
    unknown_fields_are_refused_by_name_and_not_ignored,
    every_wrong_value_is_named_by_its_pointer,
    a_wrong_handover_says_why,
    a_wrong_redemption_says_why,
    a_wrong_plan_says_why,
    a_wrong_address_or_method_says_why,
    an_enormous_body_is_refused,
];

on_both_engines![
    a_list_has_a_maximum_and_a_strict_cursor,
    no_text_brings_the_service_down,
    no_text_is_kept_that_has_no_end,
    a_file_that_is_wrong_everywhere_names_a_hundred_values,
    days_beyond_all_calendars_are_refused,
    a_sign_that_stands_for_any_letter_finds_nothing,
];

fn a_body_that_is_no_json_says_where(house: &House) {
    let operator = house.operator();
    let send = |kind: &str, body: &str| {
        operator.ask(Call::new("POST", "/organisations").body(kind, body.as_bytes()))
    };
    for broken in
        ["", "{", "{\"name\": }", "nul", "{'name': 'x'}", "\u{feff}{}", "[1,2", "{\"a\":1}x"]
    {
        send("application/json", broken).refused("malformed_json");
    }
    for wrong in ["[]", "\"x\"", "3", "null"] {
        send("application/json", wrong).refused("invalid_body");
    }
    send("text/plain", "{\"name\": \"x\"}").refused("unsupported_media_type");
    send("application/x-www-form-urlencoded", "name=x").refused("unsupported_media_type");
    send("application/json; charset=utf-8", "{\"name\": \"x\"}").must_be(201);
    operator.ask(Call::new("POST", "/organisations")).refused("malformed_json");
    let deep = "[".repeat(100_000);
    send("application/json", &deep).refused("malformed_json");
    let latin =
        operator.ask(Call::new("POST", "/organisations").untyped_body(b"{\"name\": \"\xe9\"}"));
    latin.refused("malformed_json");
}

fn unknown_fields_are_refused_by_name_and_not_ignored(house: &House) {
    let operator = house.operator();
    let refused = operator
        .post("/organisations", &json!({"name": "x", "siren": "1"}))
        .refused("unknown_field");
    assert_eq!(refused["errors"][0]["pointer"], "/siren");
    assert!(refused["detail"].as_str().unwrap().contains("siren"));
    operator.get("/organisations?page=2").refused("invalid_query");
    let scene = Scene::of(house);
    let mut form = scene.form(5);
    form["beneficiary"] = json!({"given_name": "A", "family_name": "B", "birth_date": "1961-05-17",
        "nir": "1610575000000"});
    let refused = scene.worker.tries_to_hand_over(house.key(), &form).refused("unknown_field");
    assert_eq!(refused["errors"][0]["pointer"], "/beneficiary/nir");
    assert!(!refused.to_string().contains("1610575000000"));
}

/// The pointers a refused body is told.
fn pointers(refused: &Value) -> Vec<&str> {
    let errors = refused["errors"].as_array().unwrap();
    assert!(
        errors.iter().all(|error| error["detail"].as_str().unwrap().ends_with('.')),
        "{refused}"
    );
    errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

fn every_wrong_value_is_named_by_its_pointer(house: &House) {
    let operator = house.operator();
    let wrong = [
        (json!({"price_cents": 0}), "/price_cents"),
        (json!({"price_cents": -1}), "/price_cents"),
        (json!({"price_cents": 10.5}), "/price_cents"),
        (json!({"price_cents": "1000"}), "/price_cents"),
        (json!({"price_cents": 1e30}), "/price_cents"),
        (json!({"sizes": []}), "/sizes"),
        (json!({"sizes": [5, 4]}), "/sizes/1"),
        (json!({"sizes": [11]}), "/sizes/0"),
        (json!({"sizes": "5"}), "/sizes"),
        (json!({"first_day": "2026-02-30"}), "/first_day"),
        (json!({"first_day": "2026-2-3x"}), "/first_day"),
        (json!({"first_day": "2027-01-01"}), "/last_day"),
        (json!({"last_day": null}), "/last_day"),
        (json!({"tolerance_days": -1}), "/tolerance_days"),
        (json!({"tolerance_days": 367}), "/tolerance_days"),
        (json!({"time_zone": "Europe/Angouleme"}), "/time_zone"),
        (json!({"max_per_day": 0}), "/max_per_day"),
        (json!({"passes_per_person": 101}), "/passes_per_person"),
        (json!({"opened_by": "word"}), "/opened_by"),
        (json!({"training": "yes"}), "/training"),
        (json!({"territory": ["16", "99999"]}), "/territory/1"),
        (json!({"name": ""}), "/name"),
        (json!({"name": "x".repeat(201)}), "/name"),
        (json!({"name": "a\u{7}b"}), "/name"),
    ];
    for (fields, pointer) in wrong {
        let refused = operator.post("/programmes", &programme(&fields)).refused("invalid_body");
        assert_eq!(pointers(&refused), [pointer], "{fields}");
    }
    let mut missing = programme(&json!({}));
    missing.as_object_mut().unwrap().remove("price_cents");
    let refused = operator.post("/programmes", &missing).refused("invalid_body");
    assert_eq!(
        (pointers(&refused)[0], &refused["errors"][0]["code"]),
        ("/price_cents", &json!("missing"))
    );
    let two = programme(&json!({"price_cents": 0, "undo_days": 999}));
    let refused = operator.post("/programmes", &two).refused("invalid_body");
    assert_eq!(pointers(&refused), ["/price_cents", "/undo_days"], "all at once");
}

fn a_wrong_handover_says_why(house: &House) {
    let scene = Scene::of(house);
    let hand = |fields: Value| {
        let mut form = scene.form(5);
        for (name, value) in fields.as_object().unwrap() {
            form[name] = value.clone();
        }
        scene.worker.tries_to_hand_over(house.key(), &form)
    };
    for units in [0, 1, 4, 11, 255] {
        hand(json!({"units": units})).refused("size_not_allowed");
    }
    for (fields, pointer) in [
        (json!({"units": 256}), "/units"),
        (json!({"units": -5}), "/units"),
        (json!({"units": "5"}), "/units"),
        (json!({"programme_id": "x"}), "/programme_id"),
        (json!({"commune": "99999"}), "/commune"),
        (json!({"age_band": "old"}), "/age_band"),
        (json!({"gender": "x"}), "/gender"),
        (json!({"status": "x"}), "/status"),
        (json!({"publics": ["job_seeker", "x"]}), "/publics/1"),
        (json!({"publics": "job_seeker"}), "/publics"),
        (
            json!({"beneficiary": {"given_name": "A", "family_name": "B"}}),
            "/beneficiary/birth_date",
        ),
        (
            json!({"beneficiary": {"given_name": "", "family_name": "B", "birth_date": "1961-05-17"}}),
            "/beneficiary/given_name",
        ),
    ] {
        assert_eq!(pointers(&hand(fields.clone()).refused("invalid_body")), [pointer], "{fields}");
    }
    assert_eq!(scene.available(), [1_000_000; 3], "nothing was committed");
}

fn a_wrong_redemption_says_why(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let staff = &scene.staff;
    let send = |body: &Value| staff.post_with(house.key(), "/redemptions", body);
    let last = pass.code.chars().last().unwrap();
    let slip = if last == '0' { '1' } else { '0' };
    let slipped = format!("{}{slip}", pass.code.get(..18).unwrap());
    let refused = send(&redemption(&slipped, &scene.venue));
    refused.refused("malformed_code");
    assert_eq!(refused.status, 422);
    for rubbish in ["", "é", &"A".repeat(5_000)] {
        send(&redemption(rubbish, &scene.venue)).refused("malformed_code");
    }
    for (name, value) in [
        ("theme", json!("danse")),
        ("minutes", json!(0)),
        ("minutes", json!(601)),
        ("minutes", json!(70_000)),
        ("mode", json!("alone")),
        ("venue_id", json!("x")),
        ("scheduled_workshop_id", json!("01900000-0000-7000-8000-000000000000")),
    ] {
        let mut body = redemption(&pass.code, &scene.venue);
        body[name] = value;
        assert_eq!(pointers(&send(&body).refused("invalid_body")), [format!("/{name}")]);
    }
    let check = json!({"code": pass.code, "venue_id": scene.venue, "day": "2026-02-30"});
    staff.post("/redemptions/check", &check).refused("invalid_body");
    let early = json!({"code": pass.code, "venue_id": scene.venue, "day": "2026-03-09"});
    staff.post("/redemptions/check", &early).refused("not_yet_valid");
    assert_eq!(scene.worker.reads(&pass.id)["used"], 0, "{THEME}");
}

fn a_wrong_plan_says_why(house: &House) {
    let scene = Scene::of(house);
    let path = format!("/programmes/{}/agreements", scene.programme);
    let other = scene.operator.organisation("Autre financeur", &["funder"]);
    let post = |line: &Value| scene.operator.post(&path, line);
    post(&agreement(&other, (1, 1, 100))).refused("share_too_small");
    post(&agreement(&other, (1, 100, 100))).refused("shares_exceed_total");
    post(&agreement(&scene.funders[0], (1, 100, 100))).refused("funder_twice_in_tier");
    post(&agreement(&scene.worker.organisation, (2, 10_000, 100))).refused("not_a_funder");
    for (line, pointer) in [
        ((2, 10_001, 100), "/share_bp"),
        ((2, 0, 100), "/share_bp"),
        ((2, -5, 100), "/share_bp"),
        ((0, 10_000, 100), "/tier"),
        ((2, 10_000, -1), "/envelope_cents"),
        ((2, 10_000, i64::MAX), "/envelope_cents"),
    ] {
        let refused = post(&agreement(&other, line)).refused("invalid_body");
        assert_eq!(pointers(&refused), [pointer]);
    }
    let change = format!("/agreements/{}", scene.agreements[0]);
    scene.hands_over(10);
    scene.operator.patch(&change, &json!({"envelope_cents": 4_999})).refused("in_use");
    scene.operator.patch(&change, &json!({"envelope_cents": 5_000})).must_be(200);
    let programme = format!("/programmes/{}", scene.programme);
    scene.operator.patch(&programme, &json!({"price_cents": 1_001})).refused("in_use");
}

fn a_wrong_address_or_method_says_why(house: &House) {
    let operator = house.operator();
    operator.get("/nowhere").refused("not_found");
    operator.get("/organisations/x").refused("not_found");
    for method in ["DELETE", "PUT", "PATCH"] {
        let answer = operator.ask(Call::new(method, "/organisations"));
        assert_eq!(answer.refused("method_not_allowed")["allow"], "POST, GET, HEAD", "{method}");
        assert_eq!(answer.header("allow"), Some("POST, GET, HEAD"), "{method}");
    }
    let page = house.door().ask(&Call::page("DELETE", "/connexion"));
    assert_eq!(page.refused("method_not_allowed")["allow"], "POST");
    let door = house.door();
    for path in ["/api", "/api/v2/me", "/%00", "/api/v1/passes/%ff", "/api/v1//me"] {
        let answer = door.ask(&Call::outside(path));
        assert!([400, 401, 404].contains(&answer.status), "{path} {}", answer.status);
        answer.problem();
    }
    let long = format!("/organisations/{}", "x".repeat(4_000));
    operator.get(&long).refused("not_found");
}

fn a_list_has_a_maximum_and_a_strict_cursor(house: &House) {
    let operator = house.operator();
    for number in 0..5 {
        operator.organisation(&format!("Organisme {number}"), &[]);
    }
    for wrong in
        ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=99999999", "after=x", "after="]
    {
        operator.get(&format!("/organisations?{wrong}")).refused("invalid_query");
        operator.get(&format!("/ledger/postings?{wrong}")).refused("invalid_query");
    }
    operator.get("/organisations?limit=200").must_be(200);
    let mut seen = Vec::new();
    let mut path = "/organisations?limit=2".to_owned();
    loop {
        let answer = operator.get(&path);
        let page = answer.must_be(200);
        seen.extend(page["data"].as_array().unwrap().iter().map(|each| each["id"].to_string()));
        let Some(next) = page["next"].as_str() else { break };
        let link = answer.header("link").unwrap();
        assert!(link.contains(next) && link.ends_with("rel=\"next\""), "{link}");
        path = link.trim_start_matches("</api/v1").split('>').next().unwrap().to_owned();
        assert!(path.starts_with("/organisations?limit=2&after="), "{path}");
    }
    assert_eq!(seen.len(), 6, "each once");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 6);
}

fn an_enormous_body_is_refused(house: &House) {
    let operator = house.operator();
    let token = operator.token();
    let address = house.address.trim_start_matches("http://");
    let head = format!(
        "POST /api/v1/organisations HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 10000000\r\n\r\n"
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let spaces = vec![b' '; 100_000];
    // The service may answer and close before everything was sent.
    let sent = (0..100).take_while(|_| stream.write_all(&spaces).is_ok()).count();
    let mut answer = [0; 4_096];
    let length = stream.read(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(answer.get(..length).unwrap()).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413"), "{sent} {answer}");
    assert!(answer.contains("application/problem+json") && answer.contains("body_too_large"));
    operator.get("/me").must_be(200);
}

/// Nothing that is typed may end in a 500: not a NUL, which PostgreSQL cannot hold, nor quotes.
fn no_text_brings_the_service_down(house: &House) {
    let scene = Scene::of(house);
    let operator = &scene.operator;
    let nasty = ["a\u{0}b", "'; DROP TABLE passes; --", "%_\\", "\u{202e}abc", "😀", "${jndi:x}"];
    for text in nasty {
        let doors = [
            ("/auth/tokens", json!({"email": text, "password": text}), "invalid_credentials"),
            ("/auth/refresh", json!({"refresh_token": text}), "invalid_token"),
            (
                "/auth/invitations",
                json!({"invitation": text, "password": "une phrase assez longue"}),
                "invitation_unknown",
            ),
        ];
        for (path, body, code) in doors {
            let code = if text.contains('\0') { "invalid_body" } else { code };
            house.door().post(path, &body).refused(code);
        }
        let venue = json!({
            "organisation_id": scene.staff.organisation, "name": "Lieu", "address": "1 rue",
            "address_complement": text, "postal_code": "16000", "commune": "16015",
            "opening_hours": text,
        });
        let answers = [
            operator.post("/venues", &venue),
            operator.post("/organisations", &json!({"name": text, "siret": text, "rna": text})),
            operator.post("/organisations", &json!({"name": text})),
            operator.post("/programmes", &programme(&json!({"name": text, "time_zone": text}))),
            operator.ask(Call::new("POST", "/venues/import").body("text/csv", text.as_bytes())),
        ];
        for answer in answers {
            assert!(answer.status < 500, "{text:?} {}", answer.text());
        }
    }
    for query in [
        "commune=%00",
        "departement=%00",
        "service=%00",
        "near=%00",
        "commune='",
        "near=nan,nan",
        "near=1e999,0",
    ] {
        let answer = house.door().get(&format!("/venues?{query}"));
        assert!(answer.status < 500, "{query} {}", answer.text());
    }
    let answer = scene.worker.get("/passes?serial=%00%ff");
    assert!(answer.status < 500, "{}", answer.text());
}

/// Whatever is stored has an end: a text is refused by name long before a body is too large.
fn no_text_is_kept_that_has_no_end(house: &House) {
    let scene = Scene::of(house);
    let (operator, long) = (&scene.operator, "x".repeat(100_000));
    let venue = json!({
        "organisation_id": scene.staff.organisation, "name": "Lieu", "address": "1 rue",
        "postal_code": "16000", "commune": "16015",
    });
    let digits = format!("+33 5 45 {}", ".".repeat(1_000));
    for (field, value) in [
        ("name", json!(long)),
        ("address", json!(long)),
        ("address_complement", json!(long)),
        ("opening_hours", json!(long)),
        ("phone", json!(digits + "95 35 44")),
        ("services", json!(vec!["Utiliser le numérique au quotidien"; 1_000])),
    ] {
        let mut body = venue.clone();
        body[field] = value.clone();
        let refused = operator.post("/venues", &body).refused("invalid_body");
        assert!(pointers(&refused)[0].starts_with(&format!("/{field}")), "{refused}");
        let change = json!({field: value});
        operator.patch(&format!("/venues/{}", scene.venue), &change).refused("invalid_body");
    }
    let mut handover = scene.form(5);
    handover["publics"] = json!(vec!["senior"; 1_000]);
    scene.worker.tries_to_hand_over(house.key(), &handover).refused("invalid_body");
    let many = json!({"territory": vec!["16"; 50_000]});
    operator.post("/programmes", &programme(&many)).refused("invalid_body");
    let heading =
        "id,pivot,nom,commune,code_postal,code_insee,adresse,date_maj,presentation_detail";
    let line = format!("a,0,Lieu,Angoulême,16000,16015,1 rue,2026-02-01,{long}");
    let file = format!("{heading}\n{line}\n");
    let import = Call::new("POST", "/venues/import").body("text/csv", file.as_bytes());
    let refused = operator.ask(import).refused("sheet_rejected");
    assert_eq!(pointers(&refused), ["/2/presentation_detail"]);
}

fn a_file_that_is_wrong_everywhere_names_a_hundred_values(house: &House) {
    let operator = house.operator();
    let heading = "id,pivot,nom,commune,code_postal,code_insee,adresse,date_maj";
    let file = format!("{heading}\n{}", "x\n".repeat(10_000));
    let import =
        |path: &str| operator.ask(Call::new("POST", path).body("text/csv", file.as_bytes()));
    let answer = import("/venues/import");
    let refused = answer.refused("sheet_rejected");
    assert_eq!(pointers(&refused).len(), 100);
    assert!(answer.bytes.len() < 50_000, "{}", answer.bytes.len());
    let done = import("/venues/import?partial=true").must_be(200);
    assert_eq!(done["rejected"].as_array().unwrap().len(), 100);
    assert!(done["more_rejected"].as_u64().unwrap() > 9_900, "{}", done["more_rejected"]);
    let file = format!("{heading}\n{}", ",\n".repeat(100_001));
    let all = Call::new("POST", "/venues/import").body("text/csv", file.as_bytes());
    operator.ask(all).refused("unreadable_sheet");
}

fn a_sign_that_stands_for_any_letter_finds_nothing(house: &House) {
    let scene = Scene::of(house);
    let found = |query: &str| {
        let answer = house.door().get(&format!("/venues?{query}")).must_be(200);
        answer["data"].as_array().unwrap().len()
    };
    assert_eq!((found("departement=16"), found("commune=16015"), found("departement=")), (1, 1, 1));
    for sign in ["%25", "_", "%25%25", "1_", "%5C", "1%25", "%5C%25"] {
        for name in ["departement", "commune", "service"] {
            assert_eq!(found(&format!("{name}={sign}")), 0, "{name}={sign}");
            assert_eq!(found(&format!("{name}={sign}&near=45.65,0.16")), 0, "{name}={sign}");
        }
        let page = house.door().ask(&Call::outside(&format!("/lieux?departement={sign}")));
        assert!(!page.text().contains("Médiathèque du centre"), "{sign}");
        let page =
            house.door().ask(&Call::outside(&format!("/lieux?departement=16&service={sign}")));
        assert!(!page.text().contains("Médiathèque du centre"), "{sign}");
    }
    assert!(!scene.venue.is_empty());
}

fn days_beyond_all_calendars_are_refused(house: &House) {
    let scene = Scene::of(house);
    let operator = &scene.operator;
    let venue = format!("/venues/{}/labels", scene.venue);
    for day in ["+262142-12-31", "-262143-01-01", "+12345-01-01", "-0001-01-01"] {
        let answers = [
            operator.post("/programmes", &programme(&json!({"first_day": day, "last_day": day}))),
            operator.post(&venue, &json!({"valid_from": day, "valid_until": day})),
            operator.post(
                &format!("/agreements/{}/receipts", scene.agreements[0]),
                &json!({"amount_cents": 1, "received_on": day, "reference": "x"}),
            ),
        ];
        for answer in answers {
            answer.refused("invalid_body");
        }
        let check = json!({"code": "x", "venue_id": scene.venue, "day": day});
        scene.staff.post("/redemptions/check", &check).refused("invalid_body");
        let path = format!("/redemptions?from={}", day.replace('+', "%2B"));
        assert_eq!(scene.staff.get(&path).status, 422);
    }
}
