//! The audit journal: every access to a pass or a person leaves an entry, and no entry can be
//! changed or taken out unseen.

use std::fmt::Write as _;

use diesel::connection::SimpleConnection;
use pass_numerique::adapters::digest::hex;
use pass_numerique::services::verify_ledger;
use pass_numerique::store::connection::Engine;
use serde_json::{Value, json};

use crate::actors::{Operator, text};
use crate::house::House;
use crate::processes::run;
use crate::scene::Scene;
use crate::seat::Seat;

on_both_engines![
    who_reads_a_pass_leaves_an_entry_and_who_redeems_it_leaves_none,
    who_tries_codes_or_doors_at_the_desk_leaves_an_entry,
    signing_in_and_being_refused_leave_entries,
    a_command_on_the_server_leaves_an_entry,
    entries_of_many_at_once_form_one_chain,
    an_entry_that_is_changed_or_removed_is_found,
    the_journal_is_searched_by_day_person_and_access,
    who_has_the_database_alone_cannot_write_the_journal_anew,
    entries_from_before_the_key_are_verified_as_before,
    what_begins_and_ends_a_sign_in_leaves_an_entry_and_a_network,
    refusals_of_one_account_are_gathered_and_every_reading_has_its_entry,
    an_account_that_reads_and_reads_waits_and_nobody_else_does,
];

fn entries(operator: &Operator, query: &str) -> Vec<Value> {
    let found = operator.get(&format!("/audit-entries?limit=200{query}")).must_be(200);
    found["data"].as_array().unwrap().clone()
}

fn who_reads_a_pass_leaves_an_entry_and_who_redeems_it_leaves_none(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    scene.redeems(&pass.code).must_be(201);
    let read = scene.worker.get(&format!("/passes/{}", pass.id));
    assert_eq!(read.status, 200);
    let letter = format!("/passes/{}/document.pdf", pass.id);
    assert_eq!(scene.worker.get(&letter).status, 200);
    scene.staff.get(&format!("/passes/{}", pass.id)).refused("forbidden");

    let found = entries(&scene.operator, "");
    let of = |act: &str| found.iter().filter(|one| one["act"] == act).collect::<Vec<_>>();
    assert!(of("redeem").is_empty() && of("hand_over").is_empty());
    let [refused, seen] = of("read_passes")[..] else { panic!("{found:?}") };
    assert_eq!(seen["user_id"], scene.worker.id.to_string());
    assert_eq!(seen["organisation_name"], "CCAS");
    assert_eq!(seen["target"], "GET /api/v1/passes/{id}");
    assert_eq!(seen["subject_id"], pass.id.as_str());
    assert_eq!(seen["request_id"], read.header("x-request-id").unwrap());
    assert_eq!(seen["status"], 200);
    assert_eq!(
        (&refused["status"], &refused["user_id"]),
        (&json!(403), &json!(scene.staff.id.to_string()))
    );
    assert_eq!(of("print_passes").len(), 1);
    let all = serde_json::to_string(&found).unwrap();
    for secret in [&pass.code, &pass.code.replace('-', ""), &pass.serial] {
        assert!(!all.contains(secret.as_str()), "{secret} is in the journal");
    }
}

fn who_tries_codes_or_doors_at_the_desk_leaves_an_entry(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let check = json!({"code": crate::guessing::nobodys(1), "venue_id": scene.venue});
    scene.staff.post("/redemptions/check", &check).refused("unknown_code");
    let body = json!({"code": pass.code, "venue_id": scene.venue, "theme": crate::actors::THEME});
    scene.worker.post_with(house.key(), "/redemptions", &body).refused("forbidden");
    scene.staff.get("/statements").must_be(200);
    let found = entries(&scene.operator, "");
    let of = |act: &str| found.iter().filter(|one| one["act"] == act).collect::<Vec<_>>();
    let refused = of("redeem").iter().map(|one| one["status"].clone()).collect::<Vec<_>>();
    assert!(refused.contains(&json!(403)) && refused.contains(&json!(404)), "{refused:?}");
    assert_eq!(of("read_statements").len(), 1, "statements name passes");
    scene.redeems(&pass.code).must_be(201);
}

fn signing_in_and_being_refused_leave_entries(house: &House) {
    let scene = Scene::of(house);
    let wrong = json!({"email": scene.worker.email, "password": "une autre phrase facile"});
    house.door().post("/auth/tokens", &wrong).refused("invalid_credentials");
    let nobody = json!({"email": "personne@exemple.fr", "password": "une autre phrase facile"});
    house.door().post("/auth/tokens", &nobody).refused("invalid_credentials");
    Seat::of(house, &scene.worker);
    let own = format!("&user_id={}", scene.worker.id);
    let acts: Vec<Value> =
        entries(&scene.operator, &own).iter().map(|one| one["act"].clone()).collect();
    assert_eq!(acts, ["sign_in", "sign_in_refused"], "the latest first, strangers not at all");
}

fn a_command_on_the_server_leaves_an_entry(house: &House) {
    let operator = house.operator();
    let folder = house.ground.folder.join("export");
    let output = run(&house.ground, &["ledger", "export", folder.to_str().unwrap()], "");
    assert!(output.status.success());
    let found = entries(&operator, "&act=command");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["target"], "ledger export");
    assert_eq!(found[0]["user_id"], Value::Null);
}

fn entries_of_many_at_once_form_one_chain(house: &House) {
    let scene = Scene::of(house);
    let passes: Vec<String> = (0..8).map(|_| scene.hands_over(5).id).collect();
    std::thread::scope(|scope| {
        for pass in &passes {
            let scene = &scene;
            scope.spawn(move || {
                for _ in 0..10 {
                    assert_eq!(scene.worker.get(&format!("/passes/{pass}")).status, 200);
                }
            });
        }
    });
    let found = entries(&scene.operator, "");
    assert_eq!(found.iter().filter(|one| one["act"] == "read_passes").count(), 80);
    let numbers: Vec<i64> = found.iter().rev().map(|one| one["number"].as_i64().unwrap()).collect();
    let expected: Vec<i64> = (1..).take(numbers.len()).collect();
    assert_eq!(numbers, expected, "without a gap");
    let verified = verify_ledger::verify_ledger(&house.app.services).unwrap();
    assert!(verified.audit.0 >= i64::try_from(numbers.len()).unwrap());
}

/// Every entry with the digest that a program without the key gave it.
fn without_key(house: &House) -> String {
    use pass_numerique::adapters::journal_digest::JournalDigest;
    let mut conn = house.ground.database_url().connect().unwrap();
    let mut previous = Vec::new();
    let mut sql = String::new();
    for row in pass_numerique::store::audit::page(&mut conn, 0, 1_000).unwrap() {
        let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let mut chain = JournalDigest::after(&previous);
        chain.line(&format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            row.number,
            row.at,
            id(row.user_id.map(|id| id.0)),
            id(row.organisation_id.map(|id| id.0)),
            row.act,
            row.target,
            id(row.subject_id.map(|id| id.0)),
            row.status,
            id(row.request_id.map(|id| id.0)),
        ));
        previous = chain.end();
        let bytes = match conn.engine {
            Engine::Sqlite(_) => format!("x'{}'", hex(&previous)),
            Engine::Postgres(_) => format!("'\\x{}'", hex(&previous)),
        };
        let number = row.number;
        writeln!(sql, "UPDATE audit_entries SET digest = {bytes} WHERE number = {number};")
            .unwrap();
        writeln!(sql, "UPDATE installation SET audit_digest = {bytes};").unwrap();
    }
    sql
}

fn rewrites(house: &House, sql: &str) {
    let mut conn = house.ground.database_url().connect().unwrap();
    let guard = match conn.engine {
        Engine::Sqlite(_) => "DROP TRIGGER audit_entries_are_not_changed",
        Engine::Postgres(_) => "ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_stay",
    };
    conn.batch_execute(guard).unwrap();
    conn.batch_execute(sql).unwrap();
}

fn who_has_the_database_alone_cannot_write_the_journal_anew(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.worker.get(&format!("/passes/{}", pass.id)).must_be(200);
    assert_eq!(differences(house), Vec::<String>::new());
    rewrites(house, &without_key(house));
    let told = differences(house);
    assert_eq!(told, ["the audit journal ends before its entries had a key"]);
    pass_numerique::services::installation::prepare(&house.app.services).unwrap();
}

fn entries_from_before_the_key_are_verified_as_before(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.worker.get(&format!("/passes/{}", pass.id)).must_be(200);
    rewrites(house, &without_key(house));
    pass_numerique::services::installation::prepare(&house.app.services).unwrap();
    assert_eq!(differences(house), Vec::<String>::new());
    let last = entries(&scene.operator, "")[0].clone();
    assert_eq!(last["target"], "entries have a key from here on");
    scene.worker.get(&format!("/passes/{}", pass.id)).must_be(200);
    pass_numerique::services::installation::prepare(&house.app.services).unwrap();
    assert_eq!(entries(&scene.operator, "&act=command").len(), 1, "once");
    let changed = "UPDATE audit_entries SET status = status + 1 WHERE number = 1";
    let mut conn = house.ground.database_url().connect().unwrap();
    conn.batch_execute(changed).unwrap();
    assert_eq!(differences(house), ["audit entry 1 is not what was written"]);
    let back = "UPDATE audit_entries SET status = status - 1 WHERE number = 1";
    conn.batch_execute(back).unwrap();
}

fn what_begins_and_ends_a_sign_in_leaves_an_entry_and_a_network(house: &House) {
    let operator = house.operator();
    let door = house.door();
    let invited = json!({"email": "nouvelle@exemple.fr", "name": "Nouvelle", "role": "operator",
        "organisation_id": operator.organisation});
    let link = text(&operator.post("/users", &invited).must_be(201), "invitation_link");
    let secret = link.rsplit('/').next().unwrap();
    let chosen = json!({"invitation": secret, "password": crate::actors::PASSWORD});
    door.post("/auth/invitations", &chosen).must_be(200);
    let who = json!({"email": "nouvelle@exemple.fr", "password": crate::actors::PASSWORD});
    let tokens = door.post("/auth/tokens", &who).must_be(200);
    let sent = json!({"refresh_token": text(&tokens, "refresh_token")});
    let tokens = door.post("/auth/refresh", &sent).must_be(200);
    let sent = json!({"refresh_token": text(&tokens, "refresh_token")});
    assert_eq!(door.post("/auth/revoke", &sent).status, 204);
    let desk = Seat::of(house, &operator);
    assert_eq!(desk.sends_from("/gestion", "", "/deconnexion", &[]).status, 303);

    let found = entries(&operator, "");
    for act in ["password_set", "refresh", "sign_out"] {
        let of = found.iter().filter(|one| one["act"] == act).collect::<Vec<_>>();
        assert_eq!(of.len(), if act == "sign_out" { 2 } else { 1 }, "{act} {found:?}");
        assert_eq!(of[0]["address"], "127.0.0.0/24", "{act}");
    }
    assert_eq!(differences(house), Vec::<String>::new());
    house.move_to("2026-04-20T09:00:00Z");
    pass_numerique::services::tidy::tidy(&house.app.services).unwrap();
    let left = entries(&operator, "&act=password_set");
    assert_eq!((left.len(), &left[0]["address"]), (1, &Value::Null), "thirty days later");
    assert_eq!(differences(house), Vec::<String>::new(), "no digest covers it");
}

fn refusals_of_one_account_are_gathered_and_every_reading_has_its_entry(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let read = format!("/passes/{}", pass.id);
    let probe = "/passes/01900000-0000-7000-8000-000000000000";
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    scene.worker.get(probe).refused("not_found");
                    scene.staff.get(&read).refused("forbidden");
                    scene.worker.get(&read).must_be(200);
                }
            });
        }
    });
    let of = |status: i64| {
        let found = entries(&scene.operator, "&act=read_passes");
        let with = found.into_iter().filter(|one| one["status"] == status);
        with.map(|one| text(&one, "target")).collect::<Vec<_>>()
    };
    assert_eq!((of(200).len(), of(403).len(), of(404).len()), (40, 1, 1));
    house.move_to("2026-03-10T10:00:00Z");
    scene.worker.get(probe).refused("not_found");
    scene.staff.get(&read).refused("forbidden");
    let gathered = "39 × GET /api/v1/passes/{id}";
    let own = "GET /api/v1/passes/{id}";
    assert_eq!(of(404), [own, gathered, own]);
    assert_eq!(of(403), [own, gathered, own]);
    scene.worker.get(probe).refused("not_found");
    let services = &house.app.services;
    pass_numerique::services::audit_desk::write_gathered(services, true).unwrap();
    assert_eq!(of(404), ["1 × GET /api/v1/passes/{id}", own, gathered, own], "at a stop too");
    assert_eq!(differences(house), Vec::<String>::new());
}

fn an_account_that_reads_and_reads_waits_and_nobody_else_does(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let read = format!("/passes/{}", pass.id);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..150).for_each(|_| drop(scene.worker.get(&read).must_be(200))));
        }
    });
    let stopped = scene.worker.get(&read);
    assert_eq!(stopped.header("retry-after"), Some("60"));
    stopped.refused("too_many_requests");
    scene.operator.get(&read).must_be(200);
    scene.redeems(&pass.code).must_be(201);
    house.move_to("2026-03-10T10:00:00Z");
    scene.worker.get(&read).must_be(200);
}

fn differences(house: &House) -> Vec<String> {
    verify_ledger::verify_ledger(&house.app.services).unwrap().differences
}

fn an_entry_that_is_changed_or_removed_is_found(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    (0..5).for_each(|_| drop(scene.worker.get(&format!("/passes/{}", pass.id)).must_be(200)));
    let mut conn = house.ground.database_url().connect().unwrap();
    let change = "UPDATE audit_entries SET status = status + 1 WHERE number = 3";
    let remove = "DELETE FROM audit_entries WHERE number = 2";
    for attempt in [change, remove] {
        let refused = conn.batch_execute(attempt).unwrap_err().to_string();
        assert!(refused.contains("an audit entry is never changed"), "{refused}");
    }
    // Whoever may change the schema takes the guard away first; the chain still tells.
    let (guard, back) = match conn.engine {
        Engine::Sqlite(_) => (
            "DROP TRIGGER audit_entries_are_not_changed; DROP TRIGGER audit_entries_are_not_removed",
            "",
        ),
        Engine::Postgres(_) => (
            "ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_stay",
            "ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_stay",
        ),
    };
    conn.batch_execute(guard).unwrap();
    conn.batch_execute(change).unwrap();
    assert_eq!(differences(house), ["audit entry 3 is not what was written"]);
    conn.batch_execute("UPDATE audit_entries SET status = status - 1 WHERE number = 3").unwrap();
    assert_eq!(differences(house), Vec::<String>::new());
    conn.batch_execute("CREATE TABLE kept AS SELECT * FROM audit_entries WHERE number = 2")
        .unwrap();
    conn.batch_execute(remove).unwrap();
    assert_eq!(
        differences(house),
        ["audit entries 2 to 2 are gone", "audit entry 3 is not what was written"]
    );
    conn.batch_execute("INSERT INTO audit_entries SELECT * FROM kept; DROP TABLE kept").unwrap();
    conn.batch_execute(back).unwrap();
}

fn the_journal_is_searched_by_day_person_and_access(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let read = || drop(scene.worker.get(&format!("/passes/{}", pass.id)).must_be(200));
    read();
    house.move_to("2026-03-12T23:30:00Z");
    read();
    let on = |from: &str, to: &str| {
        entries(&scene.operator, &format!("&act=read_passes&from={from}&to={to}")).len()
    };
    assert_eq!(on("2026-03-10", "2026-03-10"), 1);
    assert_eq!(on("2026-03-12", "2026-03-12"), 0, "half past midnight in Paris is the next day");
    assert_eq!(on("2026-03-13", "2026-03-13"), 1);
    let first = scene.operator.get("/audit-entries?limit=2").must_be(200);
    let next = text(&first, "next");
    let second = scene.operator.get(&format!("/audit-entries?limit=2&after={next}")).must_be(200);
    let number = |page: &Value, place: usize| page["data"][place]["number"].as_i64().unwrap();
    assert_eq!(number(&first, 1) - 1, number(&second, 0));
    scene.operator.get("/audit-entries?after=x").refused("invalid_query");

    let page =
        Seat::of(house, &scene.auditor()).reads("/journal?acces=read_passes&du=13/03/2026").text();
    assert_eq!(page.matches("GET /api/v1/passes/{id}").count(), 1, "{page}");
    assert!(page.contains("social_worker"), "the name of who read it");
}
