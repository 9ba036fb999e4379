//! Looking people up by their identity: it leaves an entry, has a limit, and tells little.

use std::thread;

use serde_json::{Value, json};

use crate::actors::SocialWorker;
use crate::house::House;
use crate::scene::Scene;
use crate::seat::Seat;

on_both_engines![
    who_looks_somebody_up_leaves_an_entry_whatever_the_answer,
    an_account_that_asks_and_asks_waits,
    many_look_ups_at_once_are_all_counted,
    what_another_organisation_handed_over_is_told_by_its_day_alone,
    a_handover_that_cannot_be_paid_tells_nothing_of_a_person,
    a_handover_takes_off_the_look_ups_of_that_person_alone,
];

fn somebody(name: &str) -> Value {
    json!({"given_name": "Jean", "family_name": name, "birth_date": "1961-05-17"})
}

fn find(scene: &Scene<'_>, name: &str) -> Value {
    json!({"programme_id": scene.programme, "beneficiary": somebody(name)})
}

fn form(scene: &Scene<'_>, name: &str) -> Value {
    let mut form = scene.form(5);
    form["beneficiary"] = somebody(name);
    form
}

fn noted(scene: &Scene<'_>) -> Vec<Value> {
    let found = scene.operator.get("/audit-entries?limit=200&act=find_person").must_be(200);
    found["data"].as_array().unwrap().clone()
}

fn previews<'a>(scene: &'a Scene<'_>, name: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("programme_id", &scene.programme),
        ("units", "5"),
        ("given_name", "Jean"),
        ("family_name", name),
        ("birth_date", "17051961"),
    ]
}

fn who_looks_somebody_up_leaves_an_entry_whatever_the_answer(house: &House) {
    let scene = Scene::of(house);
    scene.worker.hands_over(house.key(), &form(&scene, "Lefèvre"));
    assert_eq!(noted(&scene).len(), 0, "a handover is its own record");
    scene.worker.post("/passes/find", &find(&scene, "Lefèvre")).must_be(200);
    scene.worker.post("/passes/find", &find(&scene, "Martin")).refused("not_found");
    scene.staff.post("/passes/find", &find(&scene, "Lefèvre")).refused("forbidden");
    let seat = Seat::of(house, &scene.worker);
    let token = seat.token("/remise");
    for (path, status) in [("/remise/suivi", 303), ("/remise", 422)] {
        let mut fields = vec![("jeton", token.as_str())];
        fields.extend(previews(&scene, "Lefèvre"));
        assert_eq!(seat.sends(path, &fields).status, status, "{path}");
    }
    let key = house.key();
    let again = form(&scene, "Lefèvre");
    scene.worker.tries_to_hand_over(key, &again).refused("already_holds_pass");
    scene.worker.tries_to_hand_over(key, &again).refused("already_holds_pass");
    let found = noted(&scene);
    let targets: Vec<&str> = found.iter().map(|one| one["target"].as_str().unwrap()).collect();
    let expected = [
        "already_holds_pass",
        "POST /remise",
        "POST /remise/suivi",
        "POST /api/v1/passes/find",
        "POST /api/v1/passes/find",
        "POST /api/v1/passes/find",
    ];
    assert_eq!(targets, expected);
    let all = serde_json::to_string(&found).unwrap().to_lowercase();
    assert!(!all.contains("lef") && !all.contains("1961"), "never who: {all}");
}

fn an_account_that_asks_and_asks_waits(house: &House) {
    let scene = Scene::of(house);
    for number in 0..30 {
        let name = format!("Martin{}", char::from(b'a' + number % 26));
        scene.worker.post("/passes/find", &find(&scene, &name)).refused("not_found");
    }
    let answer = scene.worker.post("/passes/find", &find(&scene, "Lefèvre"));
    let wait: i64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=3_600).contains(&wait), "{wait}");
    answer.refused("too_many_look_ups");
    scene.worker.tries_to_hand_over(house.key(), &form(&scene, "B")).refused("too_many_look_ups");
    let seat = Seat::of(house, &scene.worker);
    let token = seat.token("/remise");
    for path in ["/remise", "/remise/suivi"] {
        let mut fields = vec![("jeton", token.as_str())];
        fields.extend(previews(&scene, "Lefèvre"));
        let told = seat.sends(path, &fields);
        assert_eq!((told.status, told.header("retry-after").is_some()), (429, true), "{path}");
    }
    scene.hands_over(5);
    house.move_to("2026-03-10T10:30:00Z");
    scene.worker.post("/passes/find", &find(&scene, "Lefèvre")).refused("not_found");
    // Who hands over what was looked at comes nowhere near.
    for number in 0..35 {
        let name =
            format!("Dupont{}", ["a", "b", "c", "d", "e"][number % 5].repeat(number / 5 + 1));
        let mut fields = vec![("jeton", token.as_str())];
        fields.extend(previews(&scene, &name));
        assert_eq!(seat.sends("/remise", &fields).status, 200);
        scene.worker.hands_over(house.key(), &form(&scene, &name));
    }
}

fn many_look_ups_at_once_are_all_counted(house: &House) {
    let scene = Scene::of(house);
    let found: usize = thread::scope(|scope| {
        let ask = || {
            let asked = (0..6).map(|_| scene.worker.post("/passes/find", &find(&scene, "X")));
            asked.filter(|answer| answer.status == 404).count()
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(found, 30);
}

fn what_another_organisation_handed_over_is_told_by_its_day_alone(house: &House) {
    let scene = Scene::of(house);
    let mut first = form(&scene, "Lefèvre");
    first["commune"] = "16015".into();
    scene.worker.hands_over(house.key(), &first);
    let own = form(&scene, "Lefèvre");
    let own = scene.worker.tries_to_hand_over(house.key(), &own).refused("already_holds_pass");
    assert_eq!(own["prescriber_name"], "CCAS");

    let other = scene.operator.organisation("Mission locale", &["prescriber"]);
    scene.operator.accepts_prescriber(&scene.programme, &other);
    let other = SocialWorker(house.person("social_worker", &other, false));
    let asked = other.tries_to_hand_over(house.key(), &form(&scene, "Lefèvre"));
    let told = asked.refused("already_holds_pass");
    assert_eq!(told["handed_over_on"], "2026-03-10");
    assert_eq!(
        (&told["departement"], &told["prescriber_name"]),
        (&json!("Charente"), &Value::Null)
    );
    let words = told["detail"].as_str().unwrap();
    assert!(words.contains("10 mars 2026 (Charente) : appelez l'opérateur"), "{words}");
    assert!(!told.to_string().contains("CCAS"), "{told}");
    let seat = Seat::of(house, &other);
    let token = seat.token("/remise");
    let mut fields = vec![("jeton", token.as_str())];
    fields.extend(previews(&scene, "Lefèvre"));
    let page = seat.sends("/remise", &fields).text();
    assert!(page.contains("Charente") && !page.contains("CCAS"), "{page}");
}

fn a_handover_that_cannot_be_paid_tells_nothing_of_a_person(house: &House) {
    let scene = Scene::with(house, &json!({}), &[(1, 10_000, 10_000)]);
    let held = scene.worker.hands_over(house.key(), &form(&scene, "Lefèvre"));
    house.tick();
    let others = scene.worker.hands_over(house.key(), &form(&scene, "Martin"));
    assert_ne!(held.id, others.id);
    for name in ["Lefèvre", "Personne"] {
        let tried = scene.worker.tries_to_hand_over(house.key(), &form(&scene, name));
        tried.refused("envelope_exhausted");
        let seat = Seat::of(house, &scene.worker);
        let token = seat.token("/remise");
        let mut fields = vec![("jeton", token.as_str())];
        fields.extend(previews(&scene, name));
        assert!(!seat.sends("/remise", &fields).text().contains("déjà reçu"), "{name}");
    }
}

fn a_handover_takes_off_the_look_ups_of_that_person_alone(house: &House) {
    let scene = Scene::of(house);
    let mut found = 0;
    for number in 0..40 {
        let invented = format!("Invente{}", char::from(b'a' + number % 26).to_string().repeat(3));
        let pass = scene.worker.tries_to_hand_over(house.key(), &form(&scene, &invented));
        if pass.status != 201 {
            break;
        }
        let id = pass.must_be(201)["id"].as_str().unwrap().to_owned();
        scene.worker.does("void", &id).must_be(200);
        let name = format!("Cherche{}", char::from(b'a' + number % 26));
        let answer = scene.worker.post("/passes/find", &find(&scene, &name));
        found += usize::from(answer.status == 404);
    }
    assert_eq!(found, 30, "handing over and cancelling buys no look-up");
}
