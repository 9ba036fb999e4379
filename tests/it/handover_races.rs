//! Many handovers at once: each stands or is refused for itself, and what was answered stays.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use pass_numerique::adapters::clock::SystemClock;
use pass_numerique::domain::ids::OrganisationId;
use pass_numerique::domain::organisation::Organisation;
use pass_numerique::store::organisation;
use serde_json::{Value, json};

use crate::actors::text;
use crate::door::{Answer, Call};
use crate::ground::Ground;
use crate::processes::{Instance, must_verify};
use crate::races::{Town, all_at_once, keys};

on_both_engines![
    of_many_handovers_at_once_only_those_that_are_refused_are_taken_back,
    handovers_that_were_answered_are_there_after_a_kill,
    what_a_writer_did_who_panicked_is_taken_back_and_the_next_one_stands,
];

fn of_many_handovers_at_once_only_those_that_are_refused_are_taken_back(ground: &Ground) {
    let town = Town::on(ground);
    // Each person comes twice at once.
    let calls: Vec<Call> = (0..40)
        .map(|number| {
            let person = json!({
                "given_name": "Awa", "family_name": format!("Diop {}", number / 2),
                "birth_date": "1950-01-01",
            });
            town.handing_over(&json!({"units": 5, "beneficiary": person}), keys(1)[0])
        })
        .collect();
    let answers = all_at_once(&town, &calls);
    for pair in answers.chunks(2) {
        let done = |answer: &&Answer| answer.status == 201;
        assert_eq!(pair.iter().filter(done).count(), 1, "{} {}", pair[0].text(), pair[1].text());
        let refused = pair.iter().find(|answer| answer.status != 201).unwrap();
        refused.refused("already_holds_pass");
    }
    for answer in answers.iter().filter(|answer| answer.status == 201) {
        assert_eq!(town.used(&answer.json()), 0);
    }
    must_verify(ground);
}

fn handovers_that_were_answered_are_there_after_a_kill(ground: &Ground) {
    let mut town = Town::on(ground);
    let keys = keys(60);
    let calls: Vec<Call> =
        keys.iter().map(|key| town.handing_over(&json!({"units": 5}), *key)).collect();
    let victim = town.instances.remove(0);
    let door = victim.door();
    let answered: Vec<Option<Value>> = std::thread::scope(|scope| {
        let send = |call: &Call| {
            let (door, call) = (door.clone(), call.clone());
            scope.spawn(move || door.try_ask(&call).ok().map(|answer| answer.must_be(201)))
        };
        let threads: Vec<_> = calls.iter().map(send).collect();
        while threads.iter().filter(|thread| thread.is_finished()).count() < 12 {
            std::thread::yield_now();
        }
        victim.kill();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    town.instances.insert(0, Instance::start(ground));
    let mut ids = HashSet::new();
    for (call, before) in calls.iter().zip(&answered) {
        let again = town.door(0).ask(call).must_be(201);
        assert!(before.as_ref().is_none_or(|before| before["id"] == again["id"]), "lost");
        assert!(ids.insert(text(&again, "id")), "one key, one pass");
    }
    println!("killed with {} answered", answered.iter().flatten().count());
    must_verify(ground);
}

/// More panics than there are connections: none may go back to its pool with a transaction open.
fn what_a_writer_did_who_panicked_is_taken_back_and_the_next_one_stands(ground: &Ground) {
    let app = ground.app(Arc::new(SystemClock));
    app.prepare().unwrap();
    let services = &app.services;
    let writes = |name: &str, broken: bool| {
        services.write(|op| {
            let organisation = Organisation {
                id: OrganisationId(op.id()),
                name: name.to_owned(),
                siret: None,
                rna: None,
                funder: true,
                prescriber: false,
                venue_operator: false,
                frozen: false,
            };
            organisation::insert(op.conn, &organisation, op.now)?;
            assert!(!broken, "this writer is broken");
            Ok(())
        })
    };
    for number in 0..20 {
        let broken = catch_unwind(AssertUnwindSafe(|| writes(&format!("Cassé {number}"), true)));
        assert!(broken.is_err());
        writes(&format!("Debout {number}"), false).unwrap();
    }
    drop(app);
    let again = ground.app(Arc::new(SystemClock));
    let found = again.services.read(|op| Ok(organisation::all(op.conn)?)).unwrap();
    let standing = found.iter().filter(|one| one.name.starts_with("Debout")).count();
    assert_eq!((standing, found.len()), (20, 20));
}
