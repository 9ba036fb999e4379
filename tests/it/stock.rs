//! Stock: passes printed in advance, the way of their boxes, and handing over from them.

use pass_numerique::adapters::keys::Keys;
use pass_numerique::adapters::randomness::SecureRandom;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::actors::{HeldPass, SocialWorker, scan, text};
use crate::door::{Answer, Call};
use crate::house::House;
use crate::scene::{Scene, THREE_FUNDERS};

on_both_engines![
    a_printed_pass_is_worth_nothing_until_it_is_handed_over,
    a_pass_of_the_stock_is_handed_over_once_and_says_who_had_it,
    ten_hands_on_one_printed_pass_hand_it_over_once,
    a_run_is_packed_in_boxes_and_numbered,
    each_step_of_a_box_says_who_and_when,
    a_transfer_takes_what_is_left_and_nothing_else,
    a_recalled_box_is_not_handed_over,
    stock_is_counted_by_number_and_by_scan,
    the_codes_are_handed_out_once_and_noted,
    stock_asleep_for_sixty_days_is_an_alert,
];

money_on_both_engines![
    a_stolen_box_is_void_in_one_action_and_what_was_handed_over_lives,
    tiers_exhaust_in_the_middle_of_a_run,
    a_lost_pass_from_stock_is_replaced_and_dead_everywhere_at_once,
];

on_one_engine![
    a_run_that_cannot_be_is_refused_in_words,
    stock_is_nobodys_business_but_its_holders,
    a_run_is_one_pdf_or_one_a_box_and_holds_what_is_left,
    an_organisation_prints_its_own_lines_and_logo,
    passes_printed_under_an_old_key_keep_working,
];

/// A run of the scene, ordered by its operator for its social worker.
struct Run<'a> {
    scene: &'a Scene<'a>,
    id: String,
    view: Value,
}

/// One printed pass, as the print shop gets it.
#[derive(Clone, Debug)]
struct Printed {
    stock_box: u32,
    serial: String,
    code: String,
}

impl<'a> Run<'a> {
    fn of(scene: &'a Scene<'a>, count: u32, box_size: u32) -> Self {
        let body = json!({"programme_id": scene.programme, "units": 10, "count": count,
            "prescriber_id": scene.worker.organisation, "box_size": box_size});
        let view = scene.operator.post("/stock", &body).must_be(201);
        Self { scene, id: text(&view, "id"), view }
    }

    fn codes(&self) -> Vec<Printed> {
        let answer = self.tries_to_take_codes(self.scene.house.key());
        assert_eq!(answer.status, 200, "{}", answer.text());
        let csv = answer.text();
        let lines = csv.lines().skip(1).map(|line| line.split(';').collect::<Vec<_>>());
        lines
            .map(|cells| Printed {
                stock_box: cells[0].parse().unwrap(),
                serial: cells[1].to_owned(),
                code: cells[2].to_owned(),
            })
            .collect()
    }

    fn tries_to_take_codes(&self, key: Uuid) -> Answer {
        let path = format!("/stock/{}/codes.csv", self.id);
        self.scene.operator.ask(Call::new("POST", &path).key(key))
    }

    fn moves(&self, step: &str, body: &Value) -> Value {
        self.tries(step, body).must_be(200)
    }

    fn tries(&self, step: &str, body: &Value) -> Answer {
        self.scene.operator.post(&format!("/stock/{}/{step}", self.id), body)
    }

    fn reads(&self) -> Value {
        self.scene.operator.get(&format!("/stock/{}", self.id)).must_be(200)
    }
}

fn hands_over(worker: &SocialWorker, key: Uuid, code: &str) -> HeldPass {
    tries_to_hand_over(worker, key, code).must_be(201).into()
}

fn tries_to_hand_over(worker: &SocialWorker, key: Uuid, code: &str) -> Answer {
    worker.post_with(key, "/handovers", &json!({"code": code}))
}

fn a_printed_pass_is_worth_nothing_until_it_is_handed_over(house: &House) {
    let scene = Scene::of(house);
    let before = scene.available();
    let run = Run::of(&scene, 5, 100);
    let printed = run.codes();
    assert_eq!(printed.len(), 5);
    assert_eq!(scene.available(), before, "printing commits nothing");
    scene.redeems(&printed[0].code).refused("not_handed_over");
    let shown = scene.worker.get(&format!("/passes?serial={}", printed[0].serial)).must_be(200);
    assert_eq!(shown["status"], "printed");

    let pass = hands_over(&scene.worker, house.key(), &printed[0].code);
    assert_eq!(pass.serial, printed[0].serial);
    assert_eq!(pass.answer["status"], "active");
    let funding = pass.answer["funding"].as_array().unwrap();
    let total: i64 = funding.iter().map(|part| part["amount_cents"].as_i64().unwrap()).sum();
    assert_eq!(total, 10_000);
    let left: i64 = scene.available().iter().sum();
    assert_eq!(left, before.iter().sum::<i64>() - 10_000);
    scene.redeems(&printed[0].code).must_be(201);
    assert_eq!(run.reads()["in_stock"], 4);
    assert_eq!(run.reads()["handed_over"], 1);
    let handed: Value = scene.worker.get("/passes").must_be(200);
    assert_eq!(
        handed["data"].as_array().unwrap().len(),
        1,
        "stock is not among what was handed over"
    );
}

fn a_pass_of_the_stock_is_handed_over_once_and_says_who_had_it(house: &House) {
    let scene = Scene::of(house);
    let printed = Run::of(&scene, 2, 100).codes();
    let key = house.key();
    let first = hands_over(&scene.worker, key, &printed[0].code);
    let again = tries_to_hand_over(&scene.worker, key, &printed[0].code);
    assert!(again.replayed());
    assert_eq!(again.must_be(201)["id"], first.answer["id"]);

    let refused = tries_to_hand_over(&scene.worker, house.key(), &printed[0].code);
    let problem = refused.refused("already_handed_over");
    let sentence = problem["detail"].as_str().unwrap();
    assert!(sentence.contains("déjà été remis le") && sentence.contains("CCAS"), "{sentence}");

    // A slip of the finger, a code of nobody, and a size that is not the one on the paper.
    let first = if printed[1].code.starts_with('0') { "1" } else { "0" };
    let slip = format!("{first}{}", printed[1].code.split_at(1).1);
    tries_to_hand_over(&scene.worker, house.key(), &slip).refused("malformed_code");
    let body = json!({"code": printed[1].code, "units": 5});
    scene.worker.post_with(house.key(), "/handovers", &body).refused("invalid_body");
    let direct = scene.hands_over(5);
    tries_to_hand_over(&scene.worker, house.key(), &direct.code).refused("already_handed_over");
}

fn ten_hands_on_one_printed_pass_hand_it_over_once(house: &House) {
    let scene = Scene::of(house);
    let printed = Run::of(&scene, 1, 100).codes();
    let before: i64 = scene.available().iter().sum();
    let keys: Vec<Uuid> = (0..10).map(|_| house.key()).collect();
    let code = &printed[0].code;
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let hands: Vec<_> = keys
            .iter()
            .map(|key| scope.spawn(|| tries_to_hand_over(&scene.worker, *key, code).status))
            .collect();
        hands.into_iter().map(|hand| hand.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 9, "{statuses:?}");
    assert_eq!(scene.available().iter().sum::<i64>(), before - 10_000);
}

fn a_run_is_packed_in_boxes_and_numbered(house: &House) {
    let scene = Scene::of(house);
    let run = Run::of(&scene, 250, 100);
    let sizes: Vec<u64> = run.view["boxes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stock_box| stock_box["size"].as_u64().unwrap())
        .collect();
    assert_eq!(sizes, [100, 100, 50]);
    assert_eq!(
        (run.view["status"].as_str(), run.view["made"].as_i64()),
        (Some("ready"), Some(250))
    );
    let next = Run::of(&scene, 1, 100);
    assert_eq!(next.view["number"].as_i64().unwrap(), run.view["number"].as_i64().unwrap() + 1);
    let list = scene.operator.get("/stock?limit=1").must_be(200);
    assert_eq!(list["data"][0]["id"], next.id.as_str());
    assert!(list["next"].is_string());
    let codes = run.codes();
    let mut distinct: Vec<&str> = codes.iter().map(|pass| pass.code.as_str()).collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 250);
}

fn each_step_of_a_box_says_who_and_when(house: &House) {
    let scene = Scene::of(house);
    let run = Run::of(&scene, 4, 2);
    run.moves("ship", &json!({"note": "Colis 6A123"}));
    let path = format!("/stock/{}/receive", run.id);
    let received = scene.worker.post(&path, &json!({"boxes": [1]})).must_be(200);
    assert_eq!(received["boxes"][0]["state"], "received");
    assert_eq!(received["boxes"][1]["state"], "shipped");
    run.tries("ship", &json!({"boxes": [1]})).refused("step_not_allowed");

    let history = scene.operator.get(&format!("/stock/{}/history", run.id)).must_be(200);
    let events: Vec<(String, Value, String)> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| (text(step, "event"), step["box_number"].clone(), text(step, "by")))
        .collect();
    assert_eq!(events[0].0, "received");
    assert_eq!(events[0].1, 1);
    let shipped = events.iter().filter(|(event, ..)| event == "shipped").count();
    assert_eq!(shipped, 2);
    assert!(events.iter().all(|(.., by)| !by.is_empty()));
    // The prescriber reads its own people's names, and of the operator's whose they are.
    let me = scene.operator.get("/me").must_be(200);
    let seen = scene.worker.get(&format!("/stock/{}/history", run.id)).must_be(200);
    for step in seen["data"].as_array().unwrap() {
        let by = if step["event"] == "received" {
            &seen["data"][0]["by"]
        } else {
            &me["organisation_name"]
        };
        assert_eq!(&step["by"], by, "{step}");
    }
    assert!(!seen.to_string().contains(&text(&me, "name")), "{seen}");

    // Nobody confirmed box 2: handing one of its passes over says that it arrived.
    let of_box_2 = run.codes().into_iter().find(|pass| pass.stock_box == 2).unwrap();
    hands_over(&scene.worker, house.key(), &of_box_2.code);
    assert_eq!(run.reads()["boxes"][1]["state"], "received");
}

fn a_transfer_takes_what_is_left_and_nothing_else(house: &House) {
    let scene = Scene::of(house);
    let run = Run::of(&scene, 3, 100);
    let printed = run.codes();
    let given = hands_over(&scene.worker, house.key(), &printed[0].code);
    let other = scene.operator.organisation("CAF de la Charente", &["prescriber"]);
    let colleague = SocialWorker(house.person("social_worker", &other, false));
    let to = json!({"prescriber_id": other});
    run.tries("transfer", &to).refused("prescriber_not_accepted");
    scene.operator.accepts_prescriber(&scene.programme, &other);

    let refused = tries_to_hand_over(&colleague, house.key(), &printed[1].code);
    let sentence = text(&refused.refused("held_by_another"), "detail");
    assert!(sentence.contains("CCAS"), "{sentence}");
    run.moves("transfer", &to);
    tries_to_hand_over(&scene.worker, house.key(), &printed[1].code).refused("held_by_another");
    hands_over(&colleague, house.key(), &printed[1].code);
    // What was handed over stays with who did it.
    scene.worker.get(&format!("/passes/{}", given.id)).must_be(200);
    colleague.get(&format!("/passes/{}", given.id)).refused("not_found");
}

fn a_stolen_box_is_void_in_one_action_and_what_was_handed_over_lives(house: &House) {
    let scene = Scene::of(house);
    let run = Run::of(&scene, 6, 3);
    let printed = run.codes();
    let of = |number| printed.iter().filter(move |pass| pass.stock_box == number);
    let given = of(1).next().unwrap();
    hands_over(&scene.worker, house.key(), &given.code);
    let before = scene.available();

    let path = format!("/stock/{}/stolen", run.id);
    scene.worker.post(&path, &json!({"note": "Vol"})).refused("invalid_body");
    scene.worker.post(&path, &json!({"boxes": [1]})).refused("invalid_body");
    let body = json!({"boxes": [1], "note": "Effraction de la nuit, plainte 2026/114"});
    let view = scene.worker.post(&path, &body).must_be(200);
    assert_eq!(view["boxes"][0]["state"], "stolen");
    assert_eq!(
        (view["boxes"][0]["void"].as_i64(), view["boxes"][0]["in_stock"].as_i64()),
        (Some(2), Some(0))
    );
    assert_eq!(scene.available(), before, "stock had committed nothing");

    for pass in of(1).skip(1) {
        tries_to_hand_over(&scene.worker, house.key(), &pass.code).refused("void");
        scene.redeems(&pass.code).refused("void");
    }
    scene.redeems(&given.code).must_be(201);
    hands_over(&scene.worker, house.key(), &of(2).next().unwrap().code);
    for step in ["ship", "receive", "recall", "return"] {
        run.tries(step, &json!({"boxes": [1]})).refused("step_not_allowed");
    }
}

fn a_recalled_box_is_not_handed_over(house: &House) {
    let scene = Scene::of(house);
    let run = Run::of(&scene, 2, 100);
    let printed = run.codes();
    run.moves("recall", &json!({"note": "Mauvaise date imprimée"}));
    tries_to_hand_over(&scene.worker, house.key(), &printed[0].code).refused("stock_recalled");
    scene
        .worker
        .post(&format!("/stock/{}/receive", run.id), &json!({}))
        .refused("step_not_allowed");
    run.moves("return", &json!({}));
    run.moves("ship", &json!({}));
    hands_over(&scene.worker, house.key(), &printed[0].code);
}

fn stock_is_counted_by_number_and_by_scan(house: &House) {
    let scene = Scene::of(house);
    let run = Run::of(&scene, 4, 100);
    let printed = run.codes();
    hands_over(&scene.worker, house.key(), &printed[0].code);
    let path = format!("/stock/{}/counts", run.id);
    let counted = scene.worker.post(&path, &json!({"box": 1, "counted": 2})).must_be(200);
    assert_eq!((counted["expected"].as_i64(), counted["counted"].as_i64()), (Some(3), Some(2)));

    let scanned = json!([printed[1].code, printed[2].serial, printed[0].code, "n'importe quoi"]);
    let counted = scene.worker.post(&path, &json!({"box": 1, "scanned": scanned})).must_be(200);
    assert_eq!(counted["missing"], json!([printed[3].serial]));
    assert_eq!(counted["foreign"], json!([printed[0].code.rsplit('-').next(), "QUOI"]));
    let history = scene.operator.get(&format!("/stock/{}/history", run.id)).must_be(200);
    assert_eq!(history["data"][0]["event"], "counted");
    assert!(text(&history["data"][0], "note").contains(&printed[3].serial));
    scene.worker.post(&path, &json!({"box": 1})).refused("invalid_body");
    scene.worker.post(&path, &json!({"box": 9, "counted": 1})).refused("not_found");
}

fn the_codes_are_handed_out_once_and_noted(house: &House) {
    let scene = Scene::of(house);
    let run = Run::of(&scene, 3, 100);
    let key = house.key();
    let first = run.tries_to_take_codes(key);
    assert!(first.header("content-disposition").unwrap().contains("codes.csv"));
    let again = run.tries_to_take_codes(key);
    assert_eq!(first.text(), again.text(), "a download that was cut off may be asked again");
    let sentence =
        text(&run.tries_to_take_codes(house.key()).refused("codes_already_taken"), "detail");
    assert!(sentence.contains("déjà été remis le"), "{sentence}");
    assert!(run.reads()["codes_taken_at"].is_string());
    let history = scene.operator.get(&format!("/stock/{}/history", run.id)).must_be(200);
    let taken = history["data"].as_array().unwrap().iter().filter(|e| e["event"] == "codes_taken");
    assert_eq!(taken.count(), 1);
}

fn tiers_exhaust_in_the_middle_of_a_run(house: &House) {
    let plan = [(1, 10_000, 25_000), (2, 10_000, 10_000)];
    let scene = Scene::with(house, &json!({}), &plan);
    let printed = Run::of(&scene, 4, 100).codes();
    let payer = |pass: &HeldPass| pass.answer["funding"][0]["agreement_id"].clone();
    let first = hands_over(&scene.worker, house.key(), &printed[0].code);
    let second = hands_over(&scene.worker, house.key(), &printed[1].code);
    let third = hands_over(&scene.worker, house.key(), &printed[2].code);
    assert_eq!(payer(&first), scene.agreements[0].as_str());
    assert_eq!(payer(&second), scene.agreements[0].as_str());
    assert_eq!(payer(&third), scene.agreements[1].as_str(), "the next tier pays");
    let key = house.key();
    let refused = tries_to_hand_over(&scene.worker, key, &printed[3].code);
    refused.refused("envelope_exhausted");
    scene.redeems(&printed[3].code).refused("not_handed_over");
    assert_eq!(scene.available(), [5_000, 0]);
}

fn a_lost_pass_from_stock_is_replaced_and_dead_everywhere_at_once(house: &House) {
    let scene = Scene::of(house);
    let run = Run::of(&scene, 2, 100);
    let printed = run.codes();
    let person = json!({"given_name": "Awa", "family_name": "Diallo", "birth_date": "1961-05-17"});
    let body = json!({"code": printed[0].code, "beneficiary": person, "commune": "16015"});
    let lost: HeldPass =
        scene.worker.post_with(house.key(), "/handovers", &body).must_be(201).into();
    scene.redeems(&lost.code).must_be(201);
    let before = scene.available();

    // The stub is lost too: the identity is typed again, and nothing of it was stored.
    let wanted = json!({"programme_id": scene.programme, "beneficiary": person});
    let found = scene.worker.post("/passes/find", &wanted).must_be(200);
    assert_eq!(found["serial"], lost.serial.as_str());
    let new = scene.worker.replaces(&lost.id);
    assert_eq!((new.answer["used"].as_i64(), new.answer["remaining"].as_i64()), (Some(1), Some(9)));
    assert_eq!(new.answer["funding"], lost.answer["funding"]);
    assert_eq!(new.answer["last_day"], lost.answer["last_day"]);
    assert_eq!(scene.available(), before, "no money moves");
    assert_eq!(run.reads()["in_stock"], 1, "the new sheet is not of the box");
    assert_eq!(run.reads()["handed_over"], 1);

    scene.redeems(&lost.code).refused("replaced");
    tries_to_hand_over(&scene.worker, house.key(), &lost.code).refused("replaced");
    // It still comes in from a phone that had no network, scanned before it was lost.
    let key = house.key();
    let late = scan(key, &lost.code, &scene.venue, "2026-03-02T09:00:00Z");
    let results = scene.staff.syncs(None, &[late]);
    assert_eq!(results[0]["outcome"], "refused", "{results:?}");
    assert_eq!(results[0]["code"], "scan_held", "it may be true: the operator looks at it");
    let kept = scene.staff.get("/refused-scans").must_be(200);
    assert_eq!(kept["data"].as_array().unwrap().len(), 1, "a person settles it");
    scene.redeems(&new.code).must_be(201);
}

fn stock_asleep_for_sixty_days_is_an_alert(house: &House) {
    let scene = Scene::of(house);
    let run = Run::of(&scene, 3, 100);
    let asleep = |scene: &Scene<'_>| {
        let alerts = scene.operator.get("/alerts").must_be(200);
        let found = alerts["data"].as_array().unwrap().iter().find(|a| a["kind"] == "stock_asleep");
        found.map(|alert| text(alert, "sentence"))
    };
    assert_eq!(asleep(&scene), None);
    let codes = run.codes();
    house.move_to("2026-06-30T08:00:00Z");
    let sentence = asleep(&scene).unwrap();
    assert!(sentence.contains("3 pass") && sentence.contains("60 jours"), "{sentence}");
    hands_over(&scene.worker, house.key(), &codes[0].code);
    assert_eq!(asleep(&scene), None, "a box that is being handed over does not sleep");
}

fn a_run_that_cannot_be_is_refused_in_words(house: &House) {
    let scene = Scene::with(house, &json!({"sizes": [5, 10]}), THREE_FUNDERS);
    let order = |fields: Value| {
        let mut body = json!({"programme_id": scene.programme, "units": 10, "count": 10,
            "prescriber_id": scene.worker.organisation});
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        scene.operator.post("/stock", &body)
    };
    for wrong in [
        json!({"count": 0}),
        json!({"count": 20_001}),
        json!({"box_size": 251}),
        json!({"layout": "a5"}),
        json!({"language": "xx"}),
        json!({"layout": "card", "large_print": true}),
        json!({"cards_per_sheet": 9}),
        json!({"commune": "99999"}),
    ] {
        order(wrong).refused("invalid_body");
    }
    order(json!({"units": 7})).refused("size_not_allowed");
    let stranger = scene.operator.organisation("Mission locale", &["prescriber"]);
    order(json!({"prescriber_id": stranger})).refused("prescriber_not_accepted");
    order(json!({"programme_id": house.key()})).refused("not_found");
    assert_eq!(scene.operator.get("/stock").must_be(200)["data"], json!([]));
    house.move_to("2027-01-02T08:00:00Z");
    order(json!({})).refused("programme_closed");
}

fn stock_is_nobodys_business_but_its_holders(house: &House) {
    let scene = Scene::of(house);
    let run = Run::of(&scene, 2, 100);
    let printed = run.codes();
    let other = scene.operator.organisation("CAF de la Charente", &["prescriber"]);
    let stranger = SocialWorker(house.person("social_worker", &other, false));
    for path in [format!("/stock/{}", run.id), format!("/stock/{}/history", run.id)] {
        stranger.get(&path).refused("not_found");
        scene.worker.get(&path).must_be(200);
        scene.auditor().get(&path).must_be(200);
        scene.staff.get(&path).refused("forbidden");
    }
    assert_eq!(stranger.get("/stock").must_be(200)["data"], json!([]));
    stranger.post(&format!("/stock/{}/receive", run.id), &json!({})).refused("not_found");
    scene.worker.post("/stock", &json!({})).refused("forbidden");
    // A code of a programme that is closed to this prescriber is told as if it were nobody's.
    tries_to_hand_over(&stranger, house.key(), &printed[0].code).refused("unknown_code");
    scene
        .staff
        .ask(Call::new("POST", "/handovers").key(house.key()).json(&json!({"code": "x"})))
        .refused("forbidden");
}

/// The text of a PDF, by the reader that people's machines have.
pub fn words(pdf: &[u8]) -> String {
    let mut reader = std::process::Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut into = reader.stdin.take().unwrap();
    let bytes = pdf.to_vec();
    let writer = std::thread::spawn(move || std::io::Write::write_all(&mut into, &bytes));
    let read = reader.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    String::from_utf8(read.stdout).unwrap()
}

fn a_run_is_one_pdf_or_one_a_box_and_holds_what_is_left(house: &House) {
    let scene = Scene::of(house);
    let run = Run::of(&scene, 5, 2);
    let printed = run.codes();
    hands_over(&scene.worker, house.key(), &printed[1].code);
    let pdf = |query: &str| {
        let answer = scene.operator.get(&format!("/stock/{}/document.pdf{query}", run.id));
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/pdf"));
        words(&answer.bytes)
    };
    let whole = pdf("");
    for pass in &printed {
        let there = whole.contains(&pass.code) && whole.contains(&pass.serial);
        assert_eq!(there, pass.code != printed[1].code, "{}", pass.serial);
    }
    assert!(whole.contains("Financeur 1") && whole.contains("31 décembre 2026"));
    let second = pdf("?box=2");
    assert!(second.contains(&printed[2].code) && !second.contains(&printed[4].code));
    let otherwise = pdf("?box=2&layout=card&language=ar&cards_per_sheet=10");
    assert!(
        otherwise.contains(&printed[2].serial) && otherwise.contains("ماذا تفعلون"),
        "{otherwise}"
    );
    let page = format!("/stock/{}/document.pdf", run.id);
    for wrong in ["layout=card&large_print=true", "language=xx", "layout=a5", "cards_per_sheet=9"] {
        scene.operator.get(&format!("{page}?{wrong}")).refused("invalid_query");
    }
    scene.operator.get(&format!("{page}?box=9")).refused("not_found");
    scene.worker.get(&format!("/stock/{}/document.pdf", run.id)).refused("forbidden");
    let history = scene.operator.get(&format!("/stock/{}/history", run.id)).must_be(200);
    assert_eq!(history["data"][0]["event"], "paper_made", "whoever made paper saw codes");
    run.moves("stolen", &json!({"boxes": [1, 2, 3], "note": "Vol"}));
    scene.operator.get(&format!("/stock/{}/document.pdf", run.id)).refused("nothing_left");
}

fn an_organisation_prints_its_own_lines_and_logo(house: &House) {
    let scene = Scene::of(house);
    let head = format!("/organisations/{}/letterhead", scene.worker.organisation);
    let logo = format!("/organisations/{}/logo.png", scene.worker.organisation);
    let lines = json!({"lines": ["12 rue de la Paix", "Accueil : 05 45 00 00 00"]});
    scene.worker.ask(Call::new("PUT", &head).json(&lines)).refused("forbidden");
    let manager = house.person("social_worker", &scene.worker.organisation, true);
    manager.ask(Call::new("PUT", &head).json(&lines)).must_be(200);
    let long = json!({"lines": ["x".repeat(91)]});
    manager.ask(Call::new("PUT", &head).json(&long)).refused("invalid_body");
    manager.ask(Call::new("PUT", &logo).body("image/png", b"no picture")).refused("invalid_body");
    manager.get(&logo).refused("not_found");
    let pass = scene.hands_over(5);
    let picture = scene.worker.get(&format!("/passes/{}/qr.png", pass.id)).bytes;
    manager.ask(Call::new("PUT", &logo).body("image/png", &picture)).must_be(200);
    assert_eq!(manager.get(&head).must_be(200)["has_logo"], true);
    assert!(manager.get(&logo).bytes.starts_with(b"\x89PNG"));

    let letter = scene.worker.get(&format!("/passes/{}/document.pdf", pass.id));
    let text = words(&letter.bytes);
    assert!(text.contains("12 rue de la Paix") && text.contains("05 45 00 00 00"), "{text}");
    let other = scene.operator.organisation("CAF", &["prescriber"]);
    let path = format!("/organisations/{other}/letterhead");
    manager.ask(Call::new("PUT", &path).json(&lines)).refused("not_found");
    manager.ask(Call::new("DELETE", &logo)).must_be(200);
    assert_eq!(manager.get(&head).must_be(200)["has_logo"], false);
}

fn passes_printed_under_an_old_key_keep_working(house: &House) {
    let scene = Scene::of(house);
    let printed = Run::of(&scene, 2, 100).codes();
    let direct = scene.hands_over(5);
    let before = scene.worker.get(&format!("/passes/{}/document.pdf", direct.id)).bytes;
    let keys = house.ground.folder.join("keys");
    let random = SecureRandom::from_system().unwrap();
    assert_eq!(Keys::rotate_codes(&keys, &random).unwrap(), 2);
    house.closes();
    house.opens_again();

    let after = scene.worker.get(&format!("/passes/{}/document.pdf", direct.id)).bytes;
    assert!(before == after, "a letter can be printed again");
    scene.redeems(&direct.code).must_be(201);
    let old = hands_over(&scene.worker, house.key(), &printed[0].code);
    assert_eq!(old.serial, printed[0].serial);
    scene.redeems(&printed[0].code).must_be(201);
    let new = scene.hands_over(5);
    scene.redeems(&new.code).must_be(201);
    let replaced = scene.worker.replaces(&direct.id);
    scene.redeems(&replaced.code).must_be(201);
}
