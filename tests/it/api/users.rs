//! Accounts: who may invite whom.

use serde_json::{Value, json};

use crate::house::House;

on_both_engines![
    a_manager_invites_colleagues_and_nobody_else,
    an_email_belongs_to_one_account_even_in_a_race,
    an_invitation_whose_answer_was_lost_is_asked_for_again,
];

fn body(organisation: &str, role: &str, email: &str) -> Value {
    json!({"email": email, "name": "x", "role": role, "organisation_id": organisation})
}

fn a_manager_invites_colleagues_and_nobody_else(house: &House) {
    let operator = house.operator();
    let (own, other) =
        (operator.organisation("CCAS", &["prescriber"]), operator.organisation("CAF", &[]));
    let manager = house.person("social_worker", &own, true);
    let plain = house.person("social_worker", &own, false);
    manager.post("/users", &body(&own, "social_worker", "a@exemple.fr")).must_be(201);
    for (organisation, role) in [
        (&other, "social_worker"),
        (&own, "venue_staff"),
        (&own, "operator"),
        (&own, "auditor"),
        (&other, "operator"),
    ] {
        manager.post("/users", &body(organisation, role, "b@exemple.fr")).refused("forbidden");
    }
    plain.post("/users", &body(&own, "social_worker", "c@exemple.fr")).refused("forbidden");
    let foreign = house.person("funder", &other, false);
    let path = format!("/users/{}", foreign.id);
    manager.patch(&path, &json!({"active": false})).refused("not_found");
    manager.patch(&path, &json!({"invite": true})).refused("not_found");
    operator.patch(&format!("/users/{}", plain.id), &json!({"manager": true})).must_be(200);
    plain.get("/users").must_be(200);
}

fn an_email_belongs_to_one_account_even_in_a_race(house: &House) {
    let operator = house.operator();
    operator.token();
    let request = body(&operator.organisation, "auditor", "seule@exemple.fr");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..6).map(|_| scope.spawn(|| operator.post("/users", &request).status)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 5, "{statuses:?}");
    operator
        .post("/users", &body(&operator.organisation, "auditor", "SEULE@exemple.fr"))
        .refused("email_taken");
}

fn an_invitation_whose_answer_was_lost_is_asked_for_again(house: &House) {
    let operator = house.operator();
    let request = body(&operator.organisation, "auditor", "perdue@exemple.fr");
    let key = house.key();
    let first = operator.post_with(key, "/users", &request).must_be(201);
    let again = operator.post_with(key, "/users", &request);
    assert!(again.replayed());
    let again = again.must_be(201);
    assert_eq!(again["id"], first["id"]);
    // The link is kept nowhere: there is a fresh one, and the one that was lost is worth nothing.
    let accept = |made: &Value| {
        let link = made["invitation_link"].as_str().unwrap();
        let invitation = link.rsplit('/').next().unwrap();
        let sent = json!({"invitation": invitation, "password": crate::actors::PASSWORD});
        house.door().post("/auth/invitations", &sent)
    };
    accept(&first).refused("invitation_unknown");
    assert!(accept(&again).status < 300);
    let other = body(&operator.organisation, "auditor", "autre@exemple.fr");
    operator.post_with(key, "/users", &other).refused("idempotency_key_reused");
    operator.post_with(house.key(), "/users", &request).refused("email_taken");
}
