//! Who must stop at once: a body whose accounts all stop, a prescriber or a venue that leaves a
//! programme, a suspension that is lifted.

use serde_json::{Value, json};

use crate::actors::{PASSWORD, Person, scan};
use crate::door::{Answer, Call};
use crate::house::House;
use crate::payments::{everybody_has_an_account, march_to_pay};
use crate::scene::Scene;
use crate::seat::Seat;

on_both_engines![
    a_frozen_body_does_nothing_until_it_is_let_in_again,
    a_frozen_body_is_not_paid_until_it_is_let_in_again,
    who_left_a_programme_hands_over_and_redeems_nothing_of_it,
    a_lifted_suspension_holds_no_longer_and_its_days_stay_refused,
];

on_one_engine![freezing_removing_and_lifting_are_done_on_the_pages,];

fn freezes(scene: &Scene<'_>, organisation: &str, frozen: bool) {
    let path = format!("/organisations/{organisation}");
    let changed = scene.operator.patch(&path, &json!({"frozen": frozen})).must_be(200);
    assert_eq!(changed["frozen"], frozen);
}

fn signs_in(house: &House, person: &Person) -> u16 {
    let body = json!({"email": person.email, "password": PASSWORD});
    house.door().post("/auth/tokens", &body).status
}

fn a_frozen_body_does_nothing_until_it_is_let_in_again(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.staff.get("/me").must_be(200);
    let seat = Seat::of(house, &scene.staff);
    let body = json!({"email": scene.staff.email, "password": PASSWORD});
    let tokens = house.door().post("/auth/tokens", &body).must_be(200);
    let refresh = json!({"refresh_token": tokens["refresh_token"]});

    freezes(&scene, &scene.staff.organisation, true);
    scene.redeems(&pass.code).refused("unauthenticated");
    scene.staff.get("/me").refused("unauthenticated");
    house.door().post("/auth/refresh", &refresh).refused("invalid_token");
    assert_eq!(signs_in(house, &scene.staff), 401);
    assert_eq!(seat.reads("/scanner").status, 303);
    // Nobody else is touched, and the pass neither.
    scene.worker.get("/me").must_be(200);
    let read = scene.operator.get(&format!("/passes/{}", pass.id)).must_be(200);
    assert_eq!(read["remaining"], 5);

    freezes(&scene, &scene.staff.organisation, false);
    scene.redeems(&pass.code).must_be(201);
    assert_eq!(signs_in(house, &scene.staff), 200);
    assert_eq!(seat.reads("/scanner").status, 200);

    let own = format!("/organisations/{}", scene.operator.organisation);
    scene.operator.patch(&own, &json!({"frozen": true})).refused("forbidden");
    scene.staff.patch(&own, &json!({"frozen": true})).refused("forbidden");
}

fn a_frozen_body_is_not_paid_until_it_is_let_in_again(house: &House) {
    let (scene, second) = march_to_pay(house);
    everybody_has_an_account(&scene, &second);
    freezes(&scene, &scene.staff.organisation, true);
    let key = house.key();
    scene.operator.post_with(key, "/payment-runs", &json!({})).refused("nothing_to_pay");
    let page = Seat::of(house, &scene.operator).reads("/paiements").text();
    assert!(page.contains("organisme gelé"), "{page}");
    freezes(&scene, &scene.staff.organisation, false);
    let run = scene.operator.post_with(house.key(), "/payment-runs", &json!({})).must_be(201);
    assert_eq!(run["control_sum_cents"], 3_000);
}

fn leaves(scene: &Scene<'_>, path: &str) -> Answer {
    let path = format!("/programmes/{}/{path}", scene.programme);
    scene.operator.ask(Call::new("DELETE", &path))
}

fn who_left_a_programme_hands_over_and_redeems_nothing_of_it(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);

    let prescriber = format!("prescribers/{}", scene.worker.organisation);
    assert_eq!(leaves(&scene, &prescriber).status, 204);
    scene.tries_to_hand_over(5).refused("prescriber_not_accepted");
    leaves(&scene, &prescriber).refused("not_found");
    // What it handed over lives on.
    scene.redeems(&pass.code).must_be(201);

    let venue = format!("venues/{}", scene.venue);
    assert_eq!(leaves(&scene, &venue).status, 204);
    scene.redeems(&pass.code).refused("unknown_code");
    scene.operator.accepts_venue(&scene.programme, &scene.venue);
    scene.redeems(&pass.code).must_be(201);
    house.must_balance();
}

fn a_lifted_suspension_holds_no_longer_and_its_days_stay_refused(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let venue = format!("/venues/{}", scene.venue);
    let lift = || scene.operator.post_with(house.key(), &format!("{venue}/resume"), &Value::Null);
    lift().refused("not_suspended");
    let open = json!({"reason": "Contrôle"});
    scene.operator.post(&format!("{venue}/suspensions"), &open).must_be(201);
    scene.redeems(&pass.code).refused("venue_not_labelled");
    house.move_to("2026-03-12T10:00:00Z");
    let coming = json!({"reason": "Travaux", "suspended_from": "2026-04-01"});
    scene.operator.post(&format!("{venue}/suspensions"), &coming).must_be(201);

    lift().must_be(200);
    scene.redeems(&pass.code).must_be(201);
    let late = scan(house.key(), &pass.code, &scene.venue, "2026-03-11T10:00:00Z");
    let synced = scene.staff.syncs(None, &[late]);
    assert_eq!(synced[0]["code"], "venue_not_labelled", "{synced:?}");
    house.move_to("2026-04-02T10:00:00Z");
    scene.redeems(&pass.code).must_be(201);
    lift().refused("not_suspended");
}

fn freezing_removing_and_lifting_are_done_on_the_pages(house: &House) {
    let scene = Scene::of(house);
    let seat = Seat::of(house, &scene.operator);
    let sends = |from: &str, path: &str, fields: &[(&str, &str)]| {
        seat.sends_from(from, &house.key().to_string(), path, fields)
    };
    let body = format!("/gestion/organismes/{}", scene.staff.organisation);
    let freeze = format!("{body}/gel");
    let asked = sends(&body, &freeze, &[("frozen", "oui")]).text();
    assert!(asked.contains("ne pourra plus se connecter"), "{asked}");
    scene.staff.get("/me").must_be(200);
    sends(&body, &freeze, &[("frozen", "oui"), ("confirmer", "oui")]);
    scene.staff.get("/me").refused("unauthenticated");
    assert!(seat.reads(&body).text().contains("Cet organisme est gelé"));
    sends(&body, &freeze, &[("frozen", "non"), ("confirmer", "oui")]);
    scene.staff.get("/me").must_be(200);

    for (members, id) in [("prescripteurs", &scene.worker.organisation), ("lieux", &scene.venue)] {
        let members = format!("/gestion/dispositifs/{}/{members}", scene.programme);
        let remove = format!("{members}/retirer");
        let asked = sends(&members, &remove, &[("membre", id)]).text();
        assert!(asked.contains("Retirer du dispositif"), "{asked}");
        let done = sends(&members, &remove, &[("membre", id), ("confirmer", "oui")]);
        assert_eq!(done.status, 303, "{}", done.text());
    }
    scene.tries_to_hand_over(5).refused("prescriber_not_accepted");

    let venue = format!("/gestion/lieux/{}", scene.venue);
    assert!(!seat.reads(&venue).text().contains("Lever la suspension"));
    let open = json!({"reason": "Contrôle"});
    scene.operator.post(&format!("/venues/{}/suspensions", scene.venue), &open).must_be(201);
    assert!(seat.reads(&venue).text().contains("Lever la suspension"));
    sends(&venue, &format!("{venue}/suspensions/lever"), &[]);
    let page = seat.reads(&venue).text();
    assert!(page.contains("levée"), "{page}");
    let again = sends(&venue, &format!("{venue}/suspensions/lever"), &[]);
    assert_eq!(again.status, 422, "{}", again.text());
}
