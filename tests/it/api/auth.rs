//! Signing in, staying signed in, and being signed out.

use serde_json::{Value, json};

use crate::actors::{PASSWORD, text};
use crate::door::Call;
use crate::house::House;

on_both_engines![
    an_invitation_is_taken_up_once,
    ten_wrong_passwords_make_the_account_wait,
    eight_exchanges_of_one_token_at_once_give_one,
];

on_one_engine![
    an_invitation_ends_after_seven_days,
    a_refresh_token_is_exchanged_once_and_a_reused_one_ends_its_family,
    a_revoked_sign_in_is_over_and_another_goes_on,
    an_access_token_lasts_fifteen_minutes,
];

fn sign_in(house: &House, email: &str) -> Value {
    let credentials = json!({"email": email, "password": PASSWORD});
    house.door().post("/auth/tokens", &credentials).must_be(200)
}

fn refresh(house: &House, tokens: &Value) -> crate::door::Answer {
    let body = json!({"refresh_token": text(tokens, "refresh_token")});
    house.door().post("/auth/refresh", &body)
}

/// Invites somebody: the secret at the end of the link.
fn invited(house: &House, email: &str) -> String {
    let operator = house.operator();
    let body = json!({"email": email, "name": "Camille", "role": "auditor",
        "organisation_id": operator.organisation});
    let link = text(&operator.post("/users", &body).must_be(201), "invitation_link");
    assert!(link.starts_with("https://pass.test/invitation/"), "{link}");
    link.rsplit('/').next().unwrap().to_owned()
}

fn an_invitation_is_taken_up_once(house: &House) {
    let secret = invited(house, "Camille@Exemple.fr");
    let take = |password: &str| {
        let body = json!({"invitation": secret, "password": password});
        house.door().post("/auth/invitations", &body)
    };
    take("trop court").refused("invalid_body");
    take(&"x".repeat(257)).refused("invalid_body");
    let account = take(PASSWORD).must_be(200);
    assert_eq!(account["email"], "camille@exemple.fr");
    assert!(account.get("invitation_link").is_none());
    take(PASSWORD).refused("invitation_unknown");
    let tokens = sign_in(house, " CAMILLE@exemple.fr");
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(900)));
    let me = Call::new("GET", "/me").bearer(&text(&tokens, "access_token"));
    assert_eq!(house.door().ask(&me).must_be(200)["role"], "auditor");
}

fn an_invitation_ends_after_seven_days(house: &House) {
    let secret = invited(house, "camille@exemple.fr");
    house.move_to("2026-03-17T09:00:00Z");
    let body = json!({"invitation": secret, "password": PASSWORD});
    house.door().post("/auth/invitations", &body).refused("invitation_unknown");
}

fn a_refresh_token_is_exchanged_once_and_a_reused_one_ends_its_family(house: &House) {
    let person = house.operator();
    let (first, other) = (sign_in(house, &person.email), sign_in(house, &person.email));
    let second = refresh(house, &first).must_be(200);
    let third = refresh(house, &second).must_be(200);
    refresh(house, &first).refused("invalid_token");
    refresh(house, &third).refused("invalid_token");
    refresh(house, &other).must_be(200);
    house.door().post("/auth/refresh", &json!({"refresh_token": "x"})).refused("invalid_token");
}

fn a_revoked_sign_in_is_over_and_another_goes_on(house: &House) {
    let person = house.operator();
    let (one, other) = (sign_in(house, &person.email), sign_in(house, &person.email));
    for token in [text(&one, "refresh_token"), "nobody's".to_owned()] {
        house.door().post("/auth/revoke", &json!({"refresh_token": token})).must_be(204);
    }
    refresh(house, &one).refused("invalid_token");
    refresh(house, &other).must_be(200);
    house.move_to("2026-04-10T09:00:00Z");
    refresh(house, &other).refused("invalid_token");
}

fn an_access_token_lasts_fifteen_minutes(house: &House) {
    let token = text(&sign_in(house, &house.operator().email), "access_token");
    let me = || house.door().ask(&Call::new("GET", "/me").bearer(&token));
    house.move_to("2026-03-10T09:14:59Z");
    me().must_be(200);
    house.move_to("2026-03-10T09:15:00Z");
    me().refused("unauthenticated");
}

fn ten_wrong_passwords_make_the_account_wait(house: &House) {
    let (person, other) = (house.operator(), house.operator());
    let attempt = |email: &str, password: &str| {
        house.door().post("/auth/tokens", &json!({"email": email, "password": password}))
    };
    attempt("nobody@exemple.fr", PASSWORD).refused("invalid_credentials");
    for _ in 0..10 {
        attempt(&person.email, "une mauvaise phrase").refused("invalid_credentials");
    }
    let stopped = attempt(&person.email, PASSWORD);
    stopped.refused("too_many_sign_ins");
    assert!(stopped.header("retry-after").is_some());
    attempt(&other.email, PASSWORD).must_be(200);
    house.move_to("2026-03-10T09:10:00Z");
    attempt(&person.email, PASSWORD).must_be(200);
}

fn eight_exchanges_of_one_token_at_once_give_one(house: &House) {
    let tokens = sign_in(house, &house.operator().email);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| refresh(house, &tokens).status)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 7, "{statuses:?}");
}
