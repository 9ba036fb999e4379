//! What machines ask: is it alive, is it ready, how does it do, what does it offer.

use serde_json::Value;

use crate::door::Call;
use crate::house::House;

on_one_engine![
    a_machine_asks_whether_the_service_lives_and_is_ready,
    the_metrics_count_requests_by_route_and_hold_no_id,
    the_openapi_document_is_complete,
    the_documentation_opens_without_the_internet,
    the_catalogue_of_themes_is_public,
    every_answer_carries_the_headers_of_safety,
    every_code_is_explained_where_its_problem_points,
    a_head_is_answered_like_a_get_without_its_body,
];

fn a_machine_asks_whether_the_service_lives_and_is_ready(house: &House) {
    assert_eq!(house.door().ask(&Call::outside("/healthz")).text(), "ok\n");
    let ready = house.door().ask(&Call::outside("/readyz"));
    assert_eq!((ready.status, ready.text().as_str()), (200, "ready\n"));
}

fn the_metrics_count_requests_by_route_and_hold_no_id(house: &House) {
    house
        .operator()
        .get("/organisations/019470a0-0000-7000-8000-00000000abcd")
        .refused("not_found");
    let metrics = house.door().ask(&Call::outside("/metrics")).text();
    assert!(metrics.contains("route=\"/api/v1/organisations/{id}\""), "{metrics}");
    assert!(!metrics.contains("00000000abcd"));
}

fn the_openapi_document_is_complete(house: &House) {
    let document = house.door().get("/openapi.json").must_be(200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() > 30, "{} paths", paths.len());
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(operation["operationId"].is_string(), "{name} has no name");
            assert!(operation["summary"].is_string(), "{name} says nothing");
            assert!(operation["responses"]["default"].is_object(), "{name} never refuses");
            let answers = operation["responses"].as_object().unwrap();
            assert!(answers.keys().any(|status| status.starts_with('2')), "{name} never answers");
        }
    }
    every_reference_leads_somewhere(&document, &document);
}

fn every_reference_leads_somewhere(document: &Value, value: &Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                let pointer = reference.strip_prefix('#').unwrap();
                assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
            }
            fields.values().for_each(|field| every_reference_leads_somewhere(document, field));
        }
        Value::Array(items) => {
            for item in items {
                every_reference_leads_somewhere(document, item);
            }
        }
        _ => {}
    }
}

fn the_documentation_opens_without_the_internet(house: &House) {
    let door = house.door();
    let moved = door.ask(&Call::outside("/docs"));
    assert!((300..400).contains(&moved.status), "{}", moved.status);
    let page = door.ask(&Call::outside("/docs/"));
    assert_eq!(page.status, 200);
    let text = page.text();
    for source in text.split(['"', '\'']).filter(|part| part.contains("//")) {
        assert!(!source.starts_with("http") && !source.starts_with("//"), "{source}");
    }
    let named = |part: &&str| matches!(part.rsplit_once('.'), Some((_, "js" | "css")));
    let scripts = text.split('"').filter(named);
    let mut seen = 0;
    for file in scripts {
        let file = file.trim_start_matches("./");
        assert_eq!(door.ask(&Call::outside(&format!("/docs/{file}"))).status, 200, "{file}");
        seen += 1;
    }
    assert!(seen >= 3, "{text}");
}

fn the_catalogue_of_themes_is_public(house: &House) {
    let themes = house.door().get("/themes").must_be(200);
    let themes = themes["data"].as_array().unwrap();
    let services: std::collections::BTreeSet<&str> =
        themes.iter().map(|theme| theme["service"].as_str().unwrap()).collect();
    assert_eq!(services.len(), 9, "the nine national services");
    let codes: Vec<&str> = themes.iter().map(|theme| theme["code"].as_str().unwrap()).collect();
    for code in
        ["creer_une_boite_mail", "chercher_un_emploi_en_ligne", "faire_une_demarche_administrative"]
    {
        assert!(codes.contains(&code), "{code}");
    }
}

fn every_answer_carries_the_headers_of_safety(house: &House) {
    let door = house.door();
    for answer in [door.get("/themes"), door.get("/me"), door.ask(&Call::outside("/nowhere"))] {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.header("content-security-policy").is_some());
        assert!(answer.header("x-request-id").is_some());
    }
}

fn every_code_is_explained_where_its_problem_points(house: &House) {
    let door = house.door();
    let problem = door.get("/me").refused("unauthenticated");
    let (page, anchor) = problem["type"].as_str().unwrap().split_once('#').unwrap();
    let explained = door.ask(&Call::outside(page));
    assert_eq!(explained.status, 200);
    assert!(explained.text().contains(&format!("id=\"{anchor}\"")));
}

fn a_head_is_answered_like_a_get_without_its_body(house: &House) {
    let head = house.door().ask(&Call::new("HEAD", "/themes"));
    assert_eq!((head.status, head.bytes.len()), (200, 0));
}
