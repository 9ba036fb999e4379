//! The key files of an installation: each is the one the database was made with, or nothing starts
//! and nothing is printed.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use diesel::RunQueryDsl;
use serde_json::json;

use crate::actors::{Person, SocialWorker, text};
use crate::door::Call;
use crate::ground::Ground;
use crate::house::House;
use crate::processes::{must_verify, run};
use crate::scene::Scene;

on_both_engines![
    a_key_file_that_is_another_or_gone_stops_the_start_and_is_named,
    a_code_is_printed_nowhere_with_the_key_of_another_server,
    an_older_database_takes_no_key_that_does_not_read_what_is_there,
    a_numbered_key_is_remembered_and_can_be_given_up,
];

const ANOTHER: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn key(ground: &Ground, name: &str) -> PathBuf {
    ground.folder.join("keys").join(format!("{name}.key"))
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

/// Neither a start nor `doctor` is content, and both name the file.
fn must_be_noticed(ground: &Ground, name: &str) {
    for (command, status) in [("migrate", 3), ("doctor", 1)] {
        let output = run(ground, &[command], "");
        let words = said(&output);
        assert_eq!(output.status.code(), Some(status), "{command}, {name}: {words}");
        assert!(words.contains(&format!("{name}.key")), "{command}, {name}: {words}");
    }
}

fn a_key_file_that_is_another_or_gone_stops_the_start_and_is_named(house: &House) {
    let ground = &house.ground;
    for name in ["code-1", "seal-1", "token-1", "lookup", "fingerprint"] {
        let file = key(ground, name);
        let right = fs::read(&file).unwrap();
        fs::write(&file, ANOTHER).unwrap();
        must_be_noticed(ground, name);
        fs::remove_file(&file).unwrap();
        must_be_noticed(ground, name);
        fs::write(&file, right).unwrap();
    }
    // A file that was written anew is open to others until the next start.
    assert_eq!(run(ground, &["migrate"], "").status.code(), Some(0));
    assert_eq!(run(ground, &["doctor"], "").status.code(), Some(0));
}

/// The same person, on a new connection.
fn again(house: &House, person: &Person) -> Person {
    Person::new(house, &person.email, person.id, &person.organisation)
}

fn a_code_is_printed_nowhere_with_the_key_of_another_server(house: &House) {
    let scene = Scene::of(house);
    let handover = house.key();
    let pass = scene.worker.hands_over(handover, &scene.form(10));
    let order = json!({"programme_id": scene.programme, "units": 10, "count": 4, "box_size": 2,
        "prescriber_id": scene.worker.organisation});
    let run = text(&scene.operator.post("/stock", &order).must_be(201), "id");
    let right = fs::read(key(&house.ground, "code-1")).unwrap();
    fs::write(key(&house.ground, "code-1"), ANOTHER).unwrap();
    house.closes();
    house.opens_again();
    let worker = SocialWorker(again(house, &scene.worker));
    let operator = again(house, &scene.operator);

    assert_eq!(worker.get(&format!("/passes/{}/document.pdf", pass.id)).status, 500);
    assert_eq!(worker.tries_to_hand_over(handover, &scene.form(10)).status, 500);
    assert_eq!(operator.get(&format!("/stock/{run}/document.pdf")).status, 500);
    let codes = || Call::new("POST", &format!("/stock/{run}/codes.csv")).key(house.key());
    assert_eq!(operator.ask(codes()).status, 500);
    assert_eq!(house.door().ask(&Call::outside("/readyz")).status, 503);

    // Nothing was used up: with the right file all of it is there.
    fs::write(key(&house.ground, "code-1"), right).unwrap();
    house.closes();
    house.opens_again();
    let worker = SocialWorker(again(house, &scene.worker));
    let operator = again(house, &scene.operator);
    let again = worker.tries_to_hand_over(handover, &scene.form(10)).must_be(201);
    assert_eq!(text(&again, "code"), pass.code);
    assert_eq!(operator.ask(codes()).text().lines().count(), 5);
}

fn an_older_database_takes_no_key_that_does_not_read_what_is_there(house: &House) {
    let scene = Scene::of(house);
    let second = crate::payments::second_operator(&scene);
    crate::payments::everybody_has_an_account(&scene, &second);
    let pass = scene.hands_over(10);
    let mut conn = house.app.services.store.connect().unwrap();
    diesel::sql_query("DELETE FROM key_checks").execute(&mut conn).unwrap();
    for name in ["code-1", "seal-1"] {
        let file = key(&house.ground, name);
        let right = fs::read(&file).unwrap();
        fs::write(&file, ANOTHER).unwrap();
        let output = run(&house.ground, &["migrate"], "");
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(said(&output).contains(&format!("{name}.key")), "{}", said(&output));
        fs::write(&file, right).unwrap();
    }
    must_verify(&house.ground);
    fs::write(key(&house.ground, "token-1"), ANOTHER).unwrap();
    must_be_noticed(&house.ground, "token-1");
    scene.redeems(&pass.code).must_be(201);
}

fn a_numbered_key_is_remembered_and_can_be_given_up(house: &House) {
    let ground = &house.ground;
    let runs = |arguments: &[&str]| {
        let output = run(ground, arguments, "");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    };
    runs(&["keys", "rotate"]);
    runs(&["migrate"]);
    fs::remove_file(key(ground, "code-2")).unwrap();
    must_be_noticed(ground, "code-2");
    runs(&["keys", "forget", "code-2"]);
    runs(&["migrate"]);
    assert_eq!(run(ground, &["keys", "forget", "lookup"], "").status.code(), Some(1));
    // One that is there is not lost; the only one of its kind may be.
    assert_eq!(run(ground, &["keys", "forget", "seal-1"], "").status.code(), Some(1));
    fs::remove_file(key(ground, "seal-1")).unwrap();
    must_be_noticed(ground, "seal-1");
    runs(&["keys", "forget", "seal-1"]);
    runs(&["migrate"]);
    runs(&["doctor"]);

    // A token lives for a quarter of an hour: its key may go once another took over.
    fs::write(key(ground, "token-2"), ANOTHER).unwrap();
    runs(&["migrate"]);
    fs::remove_file(key(ground, "token-1")).unwrap();
    runs(&["migrate"]);
}
