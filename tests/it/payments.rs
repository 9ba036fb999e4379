//! Paying venues: bank details that two persons saw, one file for the bank, and what comes back.

use std::process::Command;

use pass_numerique::adapters::digest::hex;
use serde_json::{Value, json};

use crate::actors::{Operator, Person, VenueStaff, text};
use crate::door::{Answer, Call};
use crate::dump::everything;
use crate::house::House;
use crate::scene::{self, Scene};
use crate::seat::Seat;

on_both_engines![
    bank_details_are_given_by_one_person_and_confirmed_by_another,
    the_bank_file_holds_to_the_schemas_and_never_changes,
    an_account_number_is_nowhere_in_the_clear,
];

on_one_engine![
    wrong_bank_details_are_refused_field_by_field,
    payments_are_the_operators_business,
    payments_are_made_and_answered_on_the_page,
];

money_on_both_engines![
    a_payment_run_pays_what_it_can_and_says_what_waits,
    eight_runs_at_once_pay_once,
    a_payment_that_comes_back_is_payable_again_once,
    the_banks_answer_is_read_once_however_often_it_is_sent,
    what_was_undone_is_taken_off_what_the_bank_pays,
    an_organisation_that_stops_gives_back_what_it_was_paid_too_much,
];

pub const IBAN: &str = "FR7630006000011234567890189";
pub const OTHER_IBAN: &str = "DE89370400440532013000";

fn closes(scene: &Scene<'_>, month: &str) {
    let path = format!("/accounting/months/{month}/close");
    scene.operator.post(&path, &json!({})).must_be(201);
}

fn statements(scene: &Scene<'_>, query: &str) -> Vec<Value> {
    let found = scene.operator.get(&format!("/statements?{query}")).must_be(200);
    found["data"].as_array().unwrap().clone()
}

fn approves_all(scene: &Scene<'_>) {
    let mut drafts = statements(scene, "state=draft");
    drafts.reverse();
    for draft in drafts {
        let path = format!("/statements/{}/approve", text(&draft, "id"));
        scene.operator.post(&path, &json!({})).must_be(200);
    }
}

pub fn account(holder: &str, iban: &str) -> Value {
    json!({"holder": holder, "iban": iban, "bic": "AGRIFRPP"})
}

/// Two persons make the bank details of an organisation valid.
pub fn has_an_account(scene: &Scene<'_>, second: &Operator, organisation: &str, body: &Value) {
    let path = format!("/organisations/{organisation}/bank-details");
    let given = scene.operator.post(&path, body).must_be(201);
    let path = format!("{path}/{}/confirm", text(&given, "id"));
    second.post(&path, &json!({})).must_be(200);
}

/// A second person at the operator's.
pub fn second_operator(scene: &Scene<'_>) -> Operator {
    Operator(scene.house.person("operator", &scene.operator.organisation, false))
}

pub fn pays(scene: &Scene<'_>, body: &Value) -> Answer {
    scene.operator.post_with(scene.house.key(), "/payment-runs", body)
}

pub fn file(operator: &Person, run: &Value, version: &str) -> String {
    let path = format!("/payment-runs/{}/pain.001.xml?version={version}", text(run, "id"));
    let answer = operator.get(&path);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

/// A scene where March is closed and approved: 3 workshops of 10 € each.
pub fn march_to_pay(house: &House) -> (Scene<'_>, Operator) {
    let scene = Scene::of(house);
    for agreement in &scene.agreements {
        let receipt =
            json!({"amount_cents": 10_000, "received_on": "2026-03-01", "reference": "VIR"});
        let path = format!("/agreements/{agreement}/receipts");
        scene.operator.post(&path, &receipt).must_be(201);
    }
    house.move_to("2026-03-30T10:00:00Z");
    let pass = scene.hands_over(10);
    for _ in 0..3 {
        scene.redeems(&pass.code).must_be(201);
    }
    house.move_to("2026-04-01T08:00:00Z");
    closes(&scene, "2026-03");
    approves_all(&scene);
    let second = second_operator(&scene);
    (scene, second)
}

/// Approves what there is, gives everybody an account and pays; answers the run's id.
pub fn pays_for_the_first_time(scene: &Scene<'_>) -> String {
    approves_all(scene);
    everybody_has_an_account(scene, &second_operator(scene));
    text(&pays(scene, &json!({})).must_be(201), "id")
}

pub fn everybody_has_an_account(scene: &Scene<'_>, second: &Operator) {
    has_an_account(scene, second, &scene.operator.organisation, &account("Opérateur", OTHER_IBAN));
    has_an_account(scene, second, &scene.staff.organisation, &account("Médiathèque", IBAN));
}

fn bank_details_are_given_by_one_person_and_confirmed_by_another(house: &House) {
    let scene = Scene::of(house);
    let manager = house.person("venue_staff", &scene.staff.organisation, true);
    let path = format!("/organisations/{}/bank-details", scene.staff.organisation);
    scene.staff.post(&path, &account("Médiathèque", IBAN)).refused("forbidden");
    let typed = account("Médiathèque", "fr76 3000 6000 0112 3456 7890 189");
    let given = manager.post(&path, &typed).must_be(201);
    assert_eq!(given["iban"], "FR•• •••• •••• 0189");
    assert_eq!(given["state"], "proposed");
    assert_eq!(given["may_decide"], false);
    let decide = |who: &Person, detail: &Value, act: &str| {
        who.post(&format!("{path}/{}/{act}", text(detail, "id")), &json!({}))
    };
    decide(&manager, &given, "confirm").refused("forbidden");
    let confirmed = decide(&scene.operator, &given, "confirm").must_be(200);
    assert_eq!(
        (&confirmed["state"], &confirmed["decided_by"]),
        (&json!("confirmed"), &json!("operator"))
    );
    decide(&scene.operator, &given, "confirm").refused("already_decided");
    decide(&scene.operator, &given, "reject").refused("already_decided");

    // The operator may give them too, but not confirm what it gave itself.
    let own = scene.operator.post(&path, &account("Médiathèque", OTHER_IBAN)).must_be(201);
    decide(&scene.operator, &own, "confirm").refused("second_person_needed");
    let again = manager.post(&path, &account("Médiathèque", OTHER_IBAN)).must_be(201);
    decide(&scene.operator, &own, "reject").refused("already_decided");
    let states = |expected: &[&str]| {
        let history = manager.get(&path).must_be(200);
        let found: Vec<&str> = history["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["state"].as_str().unwrap())
            .collect();
        assert_eq!(found, expected);
    };
    states(&["proposed", "refused", "confirmed"]);
    decide(&scene.operator, &again, "confirm").must_be(200);
    states(&["confirmed", "refused", "ended"]);

    let stranger = scene.operator.organisation("Ailleurs", &["venue_operator"]);
    let stranger = house.person("venue_staff", &stranger, true);
    stranger.get(&path).refused("not_found");
    stranger.post(&path, &account("Moi", IBAN)).refused("not_found");
}

fn wrong_bank_details_are_refused_field_by_field(house: &House) {
    let scene = Scene::of(house);
    let path = format!("/organisations/{}/bank-details", scene.staff.organisation);
    let wrong = json!({"holder": " ", "iban": "FR7630006000011234567890188", "bic": "AGRI"});
    let refused = scene.operator.post(&path, &wrong).refused("invalid_body");
    let pointers: Vec<&str> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/holder", "/iban", "/bic"]);
    assert!(!refused.to_string().contains("1234567890"), "{refused}");
    // An IBAN of a country that SEPA transfers do not reach.
    let far = account("Médiathèque", "EG380019000500000000263180002");
    scene.operator.post(&path, &far).refused("invalid_body");
    let unknown = json!({"holder": "x", "iban": IBAN, "bic": "AGRIFRPP", "address": "x"});
    scene.operator.post(&path, &unknown).refused("unknown_field");
}

fn a_payment_run_pays_what_it_can_and_says_what_waits(house: &House) {
    let (scene, second) = march_to_pay(house);
    let other = scene.operator.organisation("Association", &["venue_operator"]);
    let hall = scene.operator.venue(&other, "Salle des fêtes");
    scene.operator.labels(&hall, "2026-01-01", "2026-12-31");
    scene.operator.accepts_venue(&scene.programme, &hall);
    let helper = VenueStaff(house.person("venue_staff", &other, false));
    let pass = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    helper.redeems(house.key(), &pass.code, &hall).must_be(201);
    house.move_to("2026-05-02T08:00:00Z");
    closes(&scene, "2026-04");
    approves_all(&scene);

    let day = json!({"execution_day": "2026-05-04"});
    pays(&scene, &day).refused("debtor_missing");
    let own = scene.operator.organisation.clone();
    has_an_account(&scene, &second, &own, &account("Opérateur", OTHER_IBAN));
    pays(&scene, &day).refused("nothing_to_pay");
    has_an_account(&scene, &second, &scene.staff.organisation, &account("Médiathèque", IBAN));
    // Too early, too late, a Sunday.
    for wrong in ["2026-05-01", "2026-07-02", "2026-05-10"] {
        pays(&scene, &json!({"execution_day": wrong})).refused("invalid_body");
    }
    scene.operator.post("/payment-runs", &day).refused("idempotency_key_missing");

    let run = pays(&scene, &day).must_be(201);
    assert_eq!(run["reference"], "P-2026-0001");
    assert_eq!((&run["transfers"], &run["control_sum_cents"]), (&json!(2), &json!(4_000)));
    assert_eq!(run["payments"][0]["statement"], "R-2026-0001");
    assert_eq!(run["payments"][0]["iban"], "FR•• •••• •••• 0189");
    assert_eq!(run["left_out"][0]["organisation_name"], "Association");
    assert_eq!(run["left_out"][0]["reason"], "no_bank_details");
    assert_eq!(run["left_out"][0]["amount_cents"], 1_000);
    assert_eq!(statements(&scene, "state=in_payment").len(), 2);
    let report = scene.report("&group_by=agreement");
    assert_eq!(report["totals"]["paid_cents"], 4_000);
    assert_eq!(report["totals"]["payable_cents"], 1_000, "what waits stays owed");
    let held = scene.operator.get("/reports/solvency").must_be(200);
    assert_eq!(held["totals"]["cash_cents"], 26_000);
    pays(&scene, &day).refused("nothing_to_pay");

    let path = format!("/organisations/{other}/bank-details");
    scene.operator.post(&path, &account("Association", IBAN)).must_be(201);
    pays(&scene, &day).refused("nothing_to_pay");
    let path = format!("/payment-runs/{}/execution", text(&run, "id"));
    let paid = scene.operator.post(&path, &json!({"executed_on": "2026-05-04"})).must_be(200);
    assert_eq!(paid["executed_on"], "2026-05-04");
    assert_eq!(statements(&scene, "state=paid").len(), 2);
    scene.operator.post(&path, &json!({"executed_on": "2026-05-05"})).refused("already_executed");
}

fn eight_runs_at_once_pay_once(house: &House) {
    let (scene, second) = march_to_pay(house);
    everybody_has_an_account(&scene, &second);
    let key = house.key();
    let answers = std::thread::scope(|scope| {
        let mut asked = Vec::new();
        for number in 0..8 {
            let key = if number < 4 { key } else { house.key() };
            let operator = &scene.operator;
            asked.push(scope.spawn(move || operator.post_with(key, "/payment-runs", &json!({}))));
        }
        asked.into_iter().map(|one| one.join().unwrap()).collect::<Vec<Answer>>()
    });
    let made: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert!(made.len() == 1 || made.len() == 4, "{}", made.len());
    assert!(made.iter().all(|answer| answer.bytes == made[0].bytes));
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        refused.refused("nothing_to_pay");
    }
    let runs = scene.operator.get("/payment-runs").must_be(200);
    assert_eq!(runs["data"].as_array().unwrap().len(), 1);
    assert_eq!(scene.report("")["totals"]["paid_cents"], 3_000);
}

fn the_bank_file_holds_to_the_schemas_and_never_changes(house: &House) {
    let (scene, second) = march_to_pay(house);
    let own = scene.operator.organisation.clone();
    has_an_account(&scene, &second, &own, &account("Département d’Angoulême & Cie", OTHER_IBAN));
    let venue = scene.staff.organisation.clone();
    has_an_account(&scene, &second, &venue, &account("L’Œuvre « Cœur d'été » <n° 1>", IBAN));
    let run = pays(&scene, &json!({"execution_day": "2026-04-07"})).must_be(201);
    for version in ["09", "03"] {
        let xml = file(&scene.operator, &run, version);
        assert_eq!(xml, file(&scene.operator, &run, version));
        holds_to_the_schema(house, &xml, version);
        assert!(xml.contains("<MsgId>P-2026-0001</MsgId>"), "{xml}");
        assert!(xml.contains("<CtrlSum>30.00</CtrlSum>"), "{xml}");
        assert!(xml.contains("<EndToEndId>R-2026-0001</EndToEndId>"), "{xml}");
        let names = xml.replace("&apos;", "'");
        assert!(names.contains("<Nm>Departement d'Angouleme + Cie</Nm>"), "{xml}");
        assert!(names.contains("<Nm>L'OEuvre Coeur d'ete (no 1)</Nm>"), "{xml}");
        assert!(xml.contains(IBAN) && xml.contains(OTHER_IBAN));
        assert!(!xml.contains("PstlAdr"));
        assert!(xml.is_ascii());
    }
    let digest = |run: &Value| run["files"].clone();
    let before = [file(&scene.operator, &run, "09"), file(&scene.operator, &run, "03")];
    // Whatever becomes of the accounts and of the payment afterwards.
    has_an_account(&scene, &second, &venue, &account("Un autre nom", OTHER_IBAN));
    let path = format!("/payment-runs/{}", text(&run, "id"));
    let wrong =
        json!({"statement_id": run["payments"][0]["statement_id"], "reason": "Compte clos"});
    scene.operator.post(&format!("{path}/rejections"), &wrong).must_be(200);
    house.move_to("2026-06-01T08:00:00Z");
    assert_eq!([file(&scene.operator, &run, "09"), file(&scene.operator, &run, "03")], before);
    let now = scene.operator.get(&path).must_be(200);
    assert_eq!(digest(&now), digest(&run));
    assert_eq!(now["payments"][0]["iban"], "FR•• •••• •••• 0189", "where it was sent");
    scene.operator.get(&format!("{path}/pain.001.xml?version=10")).refused("invalid_query");
    let default = scene.operator.get(&format!("{path}/pain.001.xml"));
    assert_eq!(default.text(), before[0]);
    assert!(
        default.header("content-disposition").unwrap().contains("P-2026-0001-pain.001.001.09.xml")
    );
}

/// The official schema, by a validator we did not write.
fn holds_to_the_schema(house: &House, xml: &str, version: &str) {
    let path = house.ground.folder.join(format!("virements-{version}.xml"));
    std::fs::write(&path, xml).unwrap();
    let schema = format!("{}/tests/schemas/pain.001.001.{version}.xsd", env!("CARGO_MANIFEST_DIR"));
    let checked = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema", &schema])
        .arg(&path)
        .output()
        .expect("xmllint is installed by scripts/test");
    assert!(checked.status.success(), "{}\n{xml}", String::from_utf8_lossy(&checked.stderr));
}

fn a_payment_that_comes_back_is_payable_again_once(house: &House) {
    let (scene, second) = march_to_pay(house);
    everybody_has_an_account(&scene, &second);
    let run = pays(&scene, &json!({})).must_be(201);
    let statement = run["payments"][0]["statement_id"].clone();
    let path = format!("/payment-runs/{}/rejections", text(&run, "id"));
    scene
        .operator
        .post(&path, &json!({"statement_id": statement, "reason": " "}))
        .refused("invalid_body");
    let elsewhere = json!({"statement_id": house.key(), "reason": "Compte clos"});
    scene.operator.post(&path, &elsewhere).refused("not_found");
    let wrong = json!({"statement_id": statement, "reason": "Compte clos", "code": "ac04"});
    let noted = scene.operator.post(&path, &wrong).must_be(200);
    assert_eq!(noted["rejected_cents"], 3_000);
    assert_eq!(noted["payments"][0]["reject_code"], "AC04");
    scene.operator.post(&path, &wrong).refused("already_rejected");
    let back = &statements(&scene, "state=approved")[0];
    assert_eq!((&back["id"], &back["payment_run_id"]), (&statement, &Value::Null));
    let totals = scene.report("")["totals"].clone();
    assert_eq!((&totals["paid_cents"], &totals["payable_cents"]), (&json!(0), &json!(3_000)));
    assert_eq!(
        scene.operator.get("/reports/solvency").must_be(200)["totals"]["cash_cents"],
        30_000
    );

    let next = pays(&scene, &json!({"statements": [statement]})).must_be(201);
    assert_eq!(
        (&next["reference"], &next["control_sum_cents"]),
        (&json!("P-2026-0002"), &json!(3_000))
    );
    let path = format!("/payment-runs/{}/execution", text(&run, "id"));
    scene.operator.post(&path, &json!({"executed_on": "2026-04-02"})).must_be(200);
    assert_eq!(statements(&scene, "state=in_payment").len(), 1, "the next run still pays it");
    assert_eq!(scene.report("")["totals"]["paid_cents"], 3_000);
}

pub fn answer_of_the_bank(run: &str, transfers: &str, group: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>BANQUE-1</MsgId><CreDtTm>2026-04-02T10:00:00Z</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{run}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>
<GrpSts>{group}</GrpSts></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>{run}</OrgnlPmtInfId>{transfers}</OrgnlPmtInfAndSts>
</CstmrPmtStsRpt></Document>"#
    )
}

fn the_banks_answer_is_read_once_however_often_it_is_sent(house: &House) {
    let (scene, second) = march_to_pay(house);
    everybody_has_an_account(&scene, &second);
    let run = pays(&scene, &json!({})).must_be(201);
    let path = format!("/payment-runs/{}/answers", text(&run, "id"));
    let sends = |xml: &str| {
        scene.operator.ask(Call::new("POST", &path).body("application/xml", xml.as_bytes()))
    };
    let close = "<TxInfAndSts><OrgnlEndToEndId>R-2026-0001</OrgnlEndToEndId><TxSts>RVMC</TxSts>\
        <StsRsnInf><AddtlInf>MEDIATHEQUE D'ANGOULEME</AddtlInf></StsRsnInf></TxInfAndSts>";
    let checked = sends(&answer_of_the_bank("P-2026-0001", close, "RVCM")).must_be(200);
    assert_eq!((&checked["names_checked"], &checked["rejected"]), (&json!(1), &json!([])));
    let payment = &checked["run"]["payments"][0];
    assert_eq!(payment["payee_check"], "close_match");
    assert_eq!(payment["payee_name"], "MEDIATHEQUE D'ANGOULEME");

    let rejected = "<TxInfAndSts><OrgnlEndToEndId>R-2026-0001</OrgnlEndToEndId><TxSts>RJCT</TxSts>\
        <StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>CPTE &amp; CLOS</AddtlInf></StsRsnInf>\
        </TxInfAndSts><TxInfAndSts><OrgnlEndToEndId>R-2020-0009</OrgnlEndToEndId>\
        <TxSts>RJCT</TxSts></TxInfAndSts>";
    let xml = answer_of_the_bank("P-2026-0001", rejected, "PART");
    sends(&answer_of_the_bank("P-2025-0001", rejected, "PART")).refused("other_run");
    for nonsense in ["", "pas du XML", "<Document/>", &file(&scene.operator, &run, "09")] {
        sends(nonsense).refused("unreadable_file");
    }
    let read = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..4).map(|_| scope.spawn(|| sends(&xml).must_be(200))).collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect::<Vec<Value>>()
    });
    let fresh = read.iter().filter(|one| one["rejected"] == json!(["R-2026-0001"])).count();
    let known = read.iter().filter(|one| one["known"] == json!(["R-2026-0001"])).count();
    assert_eq!((fresh, known), (1, 3), "{read:?}");
    assert!(read.iter().all(|one| one["unknown"] == json!(["R-2020-0009"])));
    let payment = &read[0]["run"]["payments"][0];
    assert_eq!(payment["reject_reason"], "Compte clos. CPTE & CLOS");
    assert_eq!(scene.report("")["totals"]["payable_cents"], 3_000);

    // The whole file refused: every payment of it is payable again.
    let next = pays(&scene, &json!({})).must_be(201);
    let path = format!("/payment-runs/{}/answers", text(&next, "id"));
    let xml = answer_of_the_bank("P-2026-0002", "", "RJCT");
    let call = Call::new("POST", &path).body("application/xml", xml.as_bytes());
    let read = scene.operator.ask(call).must_be(200);
    assert_eq!(read["rejected"], json!(["R-2026-0001"]));
    assert_eq!(statements(&scene, "state=approved").len(), 1);
    let path = format!("/payment-runs/{}/execution", text(&next, "id"));
    let executed = json!({"executed_on": "2026-04-02"});
    scene.operator.post(&path, &executed).refused("already_rejected");
}

fn what_was_undone_is_taken_off_what_the_bank_pays(house: &House) {
    let scene = Scene::of(house);
    let other = scene.operator.organisation("Autre financeur", &["funder"]);
    let second_plan = scene.operator.programme(&scene::programme(&json!({"name": "Deuxième"})));
    scene.operator.accepts_prescriber(&second_plan, &scene.worker.organisation);
    scene.operator.accepts_venue(&second_plan, &scene.venue);
    let line = scene::agreement(&other, (1, 10_000, 1_000_000));
    let agreement = scene.operator.agreement(&second_plan, &line);
    house.move_to("2026-03-31T10:00:00Z");
    let pass = scene.hands_over(10);
    let wrong = text(&scene.redeems(&pass.code).must_be(201), "id");
    house.move_to("2026-04-01T08:00:00Z");
    closes(&scene, "2026-03");
    scene.undoes(&wrong).must_be(201);
    let form = json!({"programme_id": second_plan, "units": 10});
    let theirs = scene.worker.hands_over(house.key(), &form);
    for _ in 0..4 {
        scene.redeems(&theirs.code).must_be(201);
    }
    house.move_to("2026-05-02T08:00:00Z");
    closes(&scene, "2026-04");
    approves_all(&scene);
    let second = second_operator(&scene);
    everybody_has_an_account(&scene, &second);
    let april = text(&statements(&scene, "month=2026-04")[0], "id");
    let run = pays(&scene, &json!({"statements": [april]})).must_be(201);
    assert_eq!(run["control_sum_cents"], 3_000, "four given less one undone");
    let held = scene.operator.get("/reports/solvency").must_be(200);
    let cash = |id: &str| {
        let rows = held["agreements"].as_array().unwrap().iter();
        let row = rows.clone().find(|row| row["agreement_id"] == id).unwrap();
        row["cash_cents"].as_i64().unwrap()
    };
    assert_eq!(cash(&agreement), -4_000);
    let first: Vec<i64> = scene.agreements.iter().map(|id| cash(id)).collect();
    assert_eq!(first, [500, 300, 200], "what it took back of the first plan");
    house.must_balance();
    let statement = run["payments"][0]["statement_id"].clone();
    let path = format!("/payment-runs/{}/rejections", text(&run, "id"));
    let back = json!({"statement_id": statement, "reason": "Compte clos"});
    scene.operator.post(&path, &back).must_be(200);
    assert_eq!(scene.operator.get("/reports/solvency").must_be(200)["totals"]["cash_cents"], 0);
}

fn an_organisation_that_stops_gives_back_what_it_was_paid_too_much(house: &House) {
    let scene = Scene::of(house);
    house.move_to("2026-03-31T10:00:00Z");
    let pass = scene.hands_over(10);
    let wrong = text(&scene.redeems(&pass.code).must_be(201), "id");
    scene.redeems(&pass.code).must_be(201);
    house.move_to("2026-04-01T08:00:00Z");
    closes(&scene, "2026-03");
    scene.undoes(&wrong).must_be(201);
    let paid = pays_for_the_first_time(&scene);
    house.move_to("2026-05-04T08:00:00Z");
    closes(&scene, "2026-04");
    let april = text(&statements(&scene, "month=2026-04")[0], "id");
    let path = format!("/statements/{april}/repayment");
    let came_back = json!({"received_on": "2026-05-04", "reference": "TROP PERCU"});
    scene.operator.post(&path, &came_back).refused("nothing_to_repay");
    approves_all(&scene);
    scene.staff.post(&path, &came_back).refused("forbidden");
    let totals = || scene.report("")["totals"].clone();
    assert_eq!(
        (&totals()["payable_cents"], &totals()["paid_cents"]),
        (&json!(-1_000), &json!(2_000))
    );

    let key = house.key();
    let settled = scene.operator.post_with(key, &path, &came_back).must_be(200);
    assert_eq!((&settled["state"], &settled["due_cents"]), (&json!("paid"), &json!(-1_000)));
    assert!(scene.operator.post_with(key, &path, &came_back).replayed());
    scene.operator.post(&path, &came_back).refused("nothing_to_repay");
    assert_eq!((&totals()["payable_cents"], &totals()["paid_cents"]), (&json!(0), &json!(1_000)));
    let march = text(&statements(&scene, "month=2026-03")[0], "id");
    let path = format!("/statements/{march}/repayment");
    scene.operator.post(&path, &came_back).refused("nothing_to_repay");
    assert!(!paid.is_empty());
    house.must_balance();

    // Should it come back later, it begins at nought.
    scene.redeems(&pass.code).must_be(201);
    house.move_to("2026-06-02T08:00:00Z");
    closes(&scene, "2026-05");
    let may = &statements(&scene, "month=2026-05")[0];
    assert_eq!((&may["carried_cents"], &may["due_cents"]), (&json!(0), &json!(1_000)));
}

fn an_account_number_is_nowhere_in_the_clear(house: &House) {
    let (scene, second) = march_to_pay(house);
    everybody_has_an_account(&scene, &second);
    let key = house.key();
    let run = scene.operator.post_with(key, "/payment-runs", &json!({})).must_be(201);
    let path = format!("/organisations/{}/bank-details", scene.staff.organisation);
    scene.operator.post_with(house.key(), &path, &account("x", IBAN)).must_be(201);
    let seen = [
        scene.operator.get(&path).text(),
        scene.operator.get("/payment-runs").text(),
        scene.operator.get(&format!("/payment-runs/{}", text(&run, "id"))).text(),
        everything(&house.ground),
    ];
    for (place, seen) in seen.iter().enumerate() {
        for number in [IBAN, "30006000011234567890", "370400440532013000"] {
            assert!(!seen.contains(number), "{number} is in the clear at {place}");
            assert!(!seen.contains(&hex(number.as_bytes())), "{number} is in the clear at {place}");
        }
    }
}

fn payments_are_the_operators_business(house: &House) {
    let (scene, second) = march_to_pay(house);
    everybody_has_an_account(&scene, &second);
    let run = pays(&scene, &json!({})).must_be(201);
    let path = format!("/payment-runs/{}", text(&run, "id"));
    let auditor = scene.auditor();
    assert_eq!(auditor.get(&path).must_be(200)["reference"], "P-2026-0001");
    auditor.get(&format!("{path}/pain.001.xml")).refused("forbidden");
    for stranger in [&*scene.worker, &*scene.staff, &*scene.funder(0)] {
        stranger.get("/payment-runs").refused("forbidden");
        stranger.get(&path).refused("forbidden");
        stranger.get(&format!("{path}/pain.001.xml")).refused("forbidden");
        stranger.post_with(house.key(), "/payment-runs", &json!({})).refused("forbidden");
    }
}

fn payments_are_made_and_answered_on_the_page(house: &House) {
    let (scene, second) = march_to_pay(house);
    let own = scene.operator.organisation.clone();
    has_an_account(&scene, &second, &own, &account("Opérateur", OTHER_IBAN));
    let manager = house.person("venue_staff", &scene.staff.organisation, true);
    let (chief, desk) = (Seat::of(house, &manager), Seat::of(house, &scene.operator));
    let statement = text(&statements(&scene, "state=approved")[0], "id");
    let held_up = chief.reads(&format!("/releves/{statement}")).text();
    assert!(held_up.contains("Le paiement attend : pas de coordonnées bancaires"), "{held_up}");

    let bank = "/equipe/banque";
    let key = || house.key().to_string();
    let wrong = [("holder", "Médiathèque"), ("iban", "FR76 3000"), ("bic", "AGRIFRPP")];
    let refused = chief.sends_from(bank, &key(), bank, &wrong);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("value=\"FR76 3000\""), "what was typed is kept");
    let right = [("holder", "Médiathèque"), ("iban", IBAN), ("bic", "AGRIFRPP")];
    assert_eq!(chief.sends_from(bank, &key(), bank, &right).status, 303);
    let waiting = desk.reads("/paiements").text();
    assert!(waiting.contains("Coordonnées bancaires à confirmer : 1"), "{waiting}");
    let theirs = format!("/gestion/organismes/{}/banque", scene.staff.organisation);
    let page = desk.reads(&theirs).text();
    let (_, rest) = page.split_once(&format!("action=\"{theirs}/")).unwrap();
    let detail = rest.split('/').next().unwrap();
    let confirm = format!("{theirs}/{detail}/confirmer");
    assert_eq!(desk.sends_from(&theirs, &key(), &confirm, &[]).status, 303);

    let once = key();
    let made = desk.sends_from("/paiements", &once, "/paiements", &[]);
    assert_eq!(made.status, 303, "{}", made.text());
    let place = made.header("location").unwrap().to_owned();
    let again = desk.sends_from("/paiements", &once, "/paiements", &[]);
    assert_eq!(again.header("location"), Some(place.as_str()), "a double press pays once");
    let run = place.split('?').next().unwrap();
    let page = desk.reads(run).text();
    assert!(page.contains("<strong>30,00") && page.contains("Campagne P-2026-0001"), "{page}");
    let xml = desk.reads(&format!("{run}/virements-09.xml"));
    assert!(xml.text().contains(IBAN));
    assert_eq!(desk.reads(&format!("{run}/virements-10.xml")).status, 404);

    let rejected = "<TxInfAndSts><OrgnlEndToEndId>R-2026-0001</OrgnlEndToEndId><TxSts>RJCT</TxSts>\
        <StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts>";
    let answer = answer_of_the_bank("P-2026-0001", rejected, "PART");
    let token = desk.token(run);
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"jeton\"\r\n\r\n{token}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"cle\"\r\n\r\n{}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"a.xml\"\r\n\
         Content-Type: application/xml\r\n\r\n{answer}\r\n--x--\r\n",
        key()
    );
    let read = desk.sends_body(&format!("{run}/reponse"), "multipart/form-data; boundary=x", &body);
    assert_eq!(read.status, 303, "{}", read.text());
    assert!(desk.reads(run).text().contains("Compte clos."));
    let fields = [("statement_id", statement.as_str()), ("reason", "Compte clos")];
    let rejection = format!("{run}/rejet");
    assert_eq!(desk.sends_from("/paiements", &key(), &rejection, &fields).status, 422);
    let execution = format!("{run}/execution");
    assert_eq!(desk.sends_from(run, &key(), &execution, &[("executed_on", "hier")]).status, 422);
    let day = [("executed_on", "02/04/2026")];
    assert_eq!(desk.sends_from(run, &key(), &execution, &day).status, 303);
}
