//! Days, months and instants of no calendar, thrown at every place of the `OpenAPI` document that
//! takes one: each is refused, and nothing fails.

use std::collections::BTreeMap;

use pass_numerique::domain::caller::{Right, Role};
use serde_json::{Value, json};

use crate::actors::{Person, text};
use crate::door::{Answer, Call};
use crate::house::House;
use crate::rights::{Operation, of, table, things};
use crate::scene::Scene;

on_both_engines![
    no_extreme_day_is_taken_anywhere,
    a_scan_of_an_extreme_instant_is_refused_and_the_others_are_not,
];

const DAYS: &[&str] = &[
    "+262142-12-31",
    "-262143-01-01",
    "-9999-01-01",
    "+12345-01-01",
    "0000-01-01",
    "1899-12-31",
    "3000-01-01",
    "9999-12-31",
];

const INSTANTS: &[&str] = &[
    "+262142-12-31T23:59:59Z",
    "-262143-01-01T00:00:00Z",
    "+262142-12-31T23:59:59-23:59",
    "-262143-01-02T00:00:00+23:59",
    "-9999-01-01T00:00:00Z",
    "9999-12-31T23:59:60Z",
    "1899-12-30T00:00:00Z",
    "3000-01-02T00:00:00Z",
];

const MONTHS: &[&str] = &["0000-01", "0001-01", "1899-12", "3000-01", "9999-12", "-001-01"];

/// A place that takes a day, an instant or a month.
struct Place {
    /// Where in the body (`/items/0/scanned_at`), or the name of a parameter.
    name: String,
    in_body: bool,
    extremes: &'static [&'static str],
}

fn extremes_of(schema: &Value, name: &str) -> Option<&'static [&'static str]> {
    let kinds = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    match schema["format"].as_str() {
        Some("date") => Some(DAYS),
        Some("date-time") => Some(INSTANTS),
        None if !kinds.contains(&json!("string")) => None,
        None if ["from", "to", "month"].contains(&name) => Some(MONTHS),
        None if name == "as_of" => Some(INSTANTS),
        _ => None,
    }
}

/// Every place in a schema, those of what it refers to as well.
fn places(document: &Value, schema: &Value, at: &str, found: &mut Vec<Place>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        return places(document, document.pointer(pointer).unwrap(), at, found);
    }
    if let Some(extremes) = extremes_of(schema, at.trim_start_matches('/')) {
        found.push(Place { name: at.to_owned(), in_body: true, extremes });
    }
    for choices in ["allOf", "oneOf", "anyOf"] {
        for choice in schema[choices].as_array().into_iter().flatten() {
            places(document, choice, at, found);
        }
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        places(document, field, &format!("{at}/{name}"), found);
    }
    if schema["items"].is_object() {
        places(document, &schema["items"], &format!("{at}/0"), found);
    }
}

fn places_of(document: &Value, operation: &Value) -> Vec<Place> {
    let mut found = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = text(parameter, "name");
        if let Some(extremes) = extremes_of(&parameter["schema"], &name) {
            found.push(Place { name, in_body: false, extremes });
        }
    }
    let content = operation["requestBody"]["content"].as_object();
    for (_, kind) in content.into_iter().flatten() {
        places(document, &kind["schema"], "", &mut found);
    }
    found
}

/// Puts a value where the pointer says, and on the way what is not there yet.
fn put(body: &mut Value, pointer: &str, value: &str) {
    let mut here = body;
    for step in pointer.trim_start_matches('/').split('/') {
        if step == "0" {
            if here.as_array().is_none_or(Vec::is_empty) {
                *here = json!([{
                    "idempotency_key": "01900000-0000-7000-8000-000000000000", "code": "x",
                    "venue_id": "01900000-0000-7000-8000-000000000000",
                }]);
            }
            here = &mut here[0];
        } else {
            if !here.is_object() {
                *here = json!({"given_name": "x", "family_name": "x"});
            }
            here = &mut here[step];
        }
    }
    *here = json!(value);
}

fn call(operation: &Operation, (method, path): (&str, &str), place: &Place, value: &str) -> Call {
    let written = value.replace('+', "%2B");
    if path.contains(&format!("{{{}}}", place.name)) {
        return Call::new(method, &path.replace(&format!("{{{}}}", place.name), &written));
    }
    if !place.in_body {
        return Call::new(method, &format!("{path}?{}={written}", place.name));
    }
    let mut body = operation.body.clone();
    put(&mut body, &place.name, value);
    Call::new(method, path).json(&body)
}

/// A person who may do this.
fn rightful(people: &[(Role, Person)], right: Option<Right>) -> &Person {
    let may = |role: Role| right.is_none_or(|right| of(role).may(right));
    &people.iter().find(|(role, _)| may(*role)).unwrap().1
}

fn is_refused(answer: &Answer, what: &str) {
    if answer.status == 200 {
        let results = &answer.json()["results"];
        assert_eq!(results[0]["outcome"], "refused", "{what}: {}", answer.text());
    } else {
        let refused = answer.problem();
        assert!((400..500).contains(&answer.status), "{what}: {refused}");
    }
}

fn no_extreme_day_is_taken_anywhere(house: &House) {
    let scene = Scene::of(house);
    let things = things(&scene);
    let organisations = [&scene.operator.organisation, &scene.worker.organisation];
    let people: Vec<(Role, Person)> = Role::ALL
        .into_iter()
        .map(|role| {
            let organisation = match role {
                Role::Operator | Role::Auditor => organisations[0],
                Role::SocialWorker => organisations[1],
                Role::VenueStaff => &scene.staff.organisation,
                Role::Funder => &scene.funders[0],
            };
            (role, house.person(role.as_str(), organisation, true))
        })
        .collect();
    let table: BTreeMap<&str, Operation> =
        table(&scene).into_iter().map(|operation| (operation.id, operation)).collect();
    let document = house.door().get("/openapi.json").must_be(200);
    let mut thrown = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, documented) in item.as_object().unwrap() {
            let Some(operation) = table.get(documented["operationId"].as_str().unwrap()) else {
                continue;
            };
            let path = path.replace("{id}", &things[operation.thing]);
            // A device's clock that cannot be read counts as none: no scan is lost by it.
            let places = places_of(&document, documented);
            for place in places.into_iter().filter(|place| place.name != "/sent_at") {
                for value in place.extremes {
                    let method = method.to_uppercase();
                    let call = call(operation, (&method, &path), &place, value).key(house.key());
                    let answer = rightful(&people, operation.right).ask(call);
                    is_refused(&answer, &format!("{method} {path} {} {value}", place.name));
                    thrown += 1;
                }
            }
        }
    }
    assert!(thrown > 300, "{thrown}");
}

fn a_scan_of_an_extreme_instant_is_refused_and_the_others_are_not(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    // What no clock of ours can even read is one more.
    let scan = |at: &str| {
        json!({"idempotency_key": house.key(), "code": pass.code, "venue_id": scene.venue,
            "theme": crate::actors::THEME, "scanned_at": at})
    };
    let mut scans: Vec<Value> = INSTANTS.iter().map(|at| scan(at)).collect();
    scans.push(scan(crate::house::MORNING));
    for sent_at in [None, Some("1900-01-01T00:00:00Z"), Some("2999-12-31T23:59:59Z")] {
        let body = json!({"device_id": "x", "sent_at": sent_at, "items": scans});
        let answer = scene.staff.post("/redemptions/sync", &body).must_be(200);
        for result in answer["results"].as_array().unwrap().iter().take(INSTANTS.len()) {
            assert_eq!(result["outcome"], "refused", "{result}");
        }
        assert_eq!(answer["results"][INSTANTS.len()]["outcome"], "accepted", "{answer}");
    }
    // What the device's clock says when it sends counts for nothing where it cannot be read.
    let body = json!({"device_id": "x", "items": scans});
    for sent_at in INSTANTS {
        let mut body = body.clone();
        body["sent_at"] = json!(sent_at);
        let answer = scene.staff.post("/redemptions/sync", &body).must_be(200);
        assert_eq!(answer["results"][INSTANTS.len()]["outcome"], "accepted", "{answer}");
    }
}
