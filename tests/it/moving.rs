//! The exit plan: an installation moves to another server and another engine, and backups come
//! back, with every figure proved equal there.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use pass_numerique::adapters::clock::Clock;
use pass_numerique::adapters::digest::hex;
use pass_numerique::domain::report::Group;
use pass_numerique::services::export_installation::Manifest;
use pass_numerique::store::connection::Engine;
use pass_numerique::store::every_table::{LEFT_OUT, every_table};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::actors::{HeldPass, Operator, Person, VenueStaff, scan, text};
use crate::ground::Ground;
use crate::house::House;
use crate::processes::{command, must_verify, run};
use crate::scene::Scene;

on_both_engines![
    an_installation_moves_to_the_other_engine_and_back_with_every_figure_equal,
    a_file_that_was_changed_is_refused_and_nothing_comes_in,
    an_export_needs_its_keys_and_an_empty_database,
    a_backup_made_while_workshops_are_validated_is_whole,
    a_restore_that_is_killed_leaves_nothing_behind,
    every_table_is_exported_or_left_out_for_a_reason,
];

/// A place under the ground's folder that goes with it.
fn place(ground: &Ground, name: &str) -> PathBuf {
    ground.folder.join(name)
}

fn runs(ground: &Ground, arguments: &[&str]) -> String {
    let output = run(ground, arguments, "");
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    said(&output)
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

fn refuses(ground: &Ground, arguments: &[&str], code: &str) -> String {
    let output = run(ground, arguments, "");
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", said(&output));
    let words = said(&output);
    assert!(words.contains(&format!("({code})")), "{words}");
    words
}

fn path(place: &Path) -> &str {
    place.to_str().unwrap()
}

/// The engine the ground does not stand on.
fn the_other_engine(ground: &Ground) -> Ground {
    if ground.url.starts_with("sqlite:") { Ground::on_postgres() } else { Ground::on_sqlite() }
}

fn the_same_engine(ground: &Ground) -> Ground {
    if ground.url.starts_with("sqlite:") { Ground::on_sqlite() } else { Ground::on_postgres() }
}

/// A town with something in nearly every table.
pub fn lived_in(house: &House) -> (Scene<'_>, HeldPass) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    house.tick();
    let wrong = text(&scene.redeems(&pass.code).must_be(201), "id");
    scene.undoes(&wrong).must_be(201);
    scene.redeems(&pass.code).must_be(201);
    scene.worker.replaces(&scene.hands_over(5).id);
    let order = json!({"programme_id": scene.programme, "units": 10, "count": 4, "box_size": 2,
        "prescriber_id": scene.worker.organisation});
    scene.operator.post("/stock", &order).must_be(201);
    scene.staff.plans(&scene.venue, "2026-04-20T12:00:00Z").must_be(201);
    let agreement = &scene.agreements[0];
    let received = json!({"amount_cents": 300_000, "received_on": "2026-03-09",
        "reference": "«É» \"1\" \\ 2"});
    let path = format!("/agreements/{agreement}/receipts");
    scene.operator.post_with(house.key(), &path, &received).must_be(201);
    let unknown = scan(house.key(), "0000-0000-0000-0000", &scene.venue, "2026-03-10T08:00:00Z");
    assert_eq!(scene.staff.syncs(None, &[unknown]).len(), 1);
    house.move_to("2026-04-02T08:00:00Z");
    scene.operator.post("/accounting/months/2026-03/close", &json!({})).must_be(201);
    crate::payments::pays_for_the_first_time(&scene);
    let months = json!({"from": "2026-03", "to": "2026-03"});
    scene.operator.post("/open-data/vintages", &months).must_be(201);
    house.tick();
    (scene, pass)
}

/// What everybody reads: reports by every group, accounts, statements, solvency.
fn figures(operator: &Operator) -> Vec<Value> {
    let mut asked: Vec<String> = Group::ALL
        .iter()
        .map(|group| {
            format!("/reports/consumption?from=2026-01&to=2026-12&group_by={}", group.as_str())
        })
        .collect();
    let others = [
        "/reports/solvency",
        "/statements",
        "/funding-calls",
        "/payment-runs",
        "/passes",
        "/accounting/months",
        "/ledger/postings?limit=200",
        "/venues",
        "/stock",
    ];
    asked.extend(others.map(str::to_owned));
    asked
        .iter()
        .map(|path| {
            let mut answer = operator.get(path).must_be(200);
            answer["as_of"] = Value::Null;
            answer
        })
        .collect()
}

/// The same person at the door of another house.
fn at_the_door_of(house: &House, person: &Person) -> Person {
    Person::new(house, &person.email, person.id, &person.organisation)
}

fn table_files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    every_table()
        .iter()
        .map(|table| format!("{}.jsonl", table.name))
        .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
        .collect()
}

fn without_the_end_of_the_audit(file: &[u8]) -> Value {
    let mut row: Value = serde_json::from_slice(file).unwrap();
    let fields = row.as_object_mut().unwrap();
    assert!(fields.remove("audit_number").is_some() && fields.remove("audit_digest").is_some());
    row
}

/// The audit journal alone goes on: each move is itself an entry.
fn must_be_the_same(before: &Path, after: &Path) {
    for ((name, one), (_, other)) in table_files(before).iter().zip(table_files(after)) {
        let same = match name.as_str() {
            "audit_entries.jsonl" => other.len() > one.len() && other.starts_with(one),
            "installation.jsonl" => {
                without_the_end_of_the_audit(one) == without_the_end_of_the_audit(&other)
            }
            _ => *one == other,
        };
        assert!(same, "{name} is not the same on the other engine");
    }
}

fn an_installation_moves_to_the_other_engine_and_back_with_every_figure_equal(house: &House) {
    let (scene, pass) = lived_in(house);
    let there = the_other_engine(&house.ground);
    let first = place(&house.ground, "first");
    runs(&house.ground, &["ledger", "export", path(&first), "--with-keys"]);
    let before = figures(&scene.operator);

    let words = runs(&there, &["ledger", "import", path(&first)]);
    assert!(words.contains("as it was there"), "{words}");
    must_verify(&there);
    let second = place(&there, "second");
    runs(&there, &["ledger", "export", path(&second)]);
    let back = the_same_engine(&house.ground);
    assert!(table_files(&first).iter().any(|(_, content)| content.len() > 10_000));
    must_be_the_same(&first, &second);
    refuses(&back, &["ledger", "import", path(&second)], "unusable_export");
    fs::create_dir_all(place(&back, "keys")).unwrap();
    for key in ["code-1", "fingerprint", "lookup", "seal-1", "token-1"] {
        let name = format!("keys/{key}.key");
        fs::copy(place(&house.ground, &name), place(&back, &name)).unwrap();
    }
    fs::write(place(&back, "keys/complete"), "").unwrap();
    runs(&back, &["ledger", "import", path(&second)]);
    let third = place(&back, "third");
    runs(&back, &["ledger", "export", path(&third)]);
    must_be_the_same(&first, &third);

    // People work there as before: the same passwords, the same printed codes.
    let moved = House::from(there);
    moved.clock.move_to(house.clock.now());
    let operator = Operator(at_the_door_of(&moved, &scene.operator));
    assert_eq!(figures(&operator), before);
    let staff = VenueStaff(at_the_door_of(&moved, &scene.staff));
    let made = staff.redeems(moved.key(), &pass.code, &scene.venue).must_be(201);
    assert_eq!((&made["slot"], &made["remaining"]), (&json!(2), &json!(8)));
    let run = text(&operator.get("/payment-runs").must_be(200)["data"][0], "id");
    let file = operator.get(&format!("/payment-runs/{run}/pain.001.xml"));
    assert_eq!(file.status, 200, "the sealed bank file opens with the keys that came along");
    moved.reports_must_agree();
}

fn a_file_that_was_changed_is_refused_and_nothing_comes_in(house: &House) {
    lived_in(house);
    let export = place(&house.ground, "export");
    runs(&house.ground, &["ledger", "export", path(&export), "--with-keys"]);
    let there = the_same_engine(&house.ground);
    let import = ["ledger", "import", path(&export)];
    let mut changed = 0;
    for entry in fs::read_dir(&export).unwrap() {
        let file = entry.unwrap().path();
        let whole = fs::read(&file).unwrap();
        let Some(middle) = whole.len().checked_div(2).filter(|middle| *middle > 0) else {
            continue;
        };
        let mut bytes = whole.clone();
        bytes[middle] ^= 1;
        fs::write(&file, &bytes).unwrap();
        refuses(&there, &import, "unusable_export");
        fs::remove_file(&file).unwrap();
        refuses(&there, &import, "unusable_export");
        fs::write(&file, &whole).unwrap();
        changed += 1;
    }
    assert!(changed > 25, "{changed} files");

    // Somebody who changes an amount and its digest too cannot sign it; whoever has the keys can, and is
    // found by the journal itself.
    let name = "postings.jsonl";
    let postings = fs::read_to_string(export.join(name)).unwrap();
    let other = postings.replacen("\"amount_cents\":500,", "\"amount_cents\":501,", 1);
    assert_ne!(postings, other);
    fs::write(export.join(name), &other).unwrap();
    let manifest = fs::read_to_string(export.join("manifest.json")).unwrap();
    let digest = |text: &str| hex(&Sha256::digest(text.as_bytes()));
    let forged = manifest.replace(&digest(&postings), &digest(&other));
    assert_ne!(manifest, forged);
    fs::write(export.join("manifest.json"), &forged).unwrap();
    refuses(&there, &import, "unusable_export");
    let mut signed: Manifest = serde_json::from_str(&forged).unwrap();
    signed.signature = Some(signed.signature_by(&house.app.services.keys).unwrap());
    fs::write(export.join("manifest.json"), serde_json::to_vec(&signed).unwrap()).unwrap();
    let forgery = the_same_engine(&house.ground);
    let output = run(&forgery, &import, "");
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let words = said(&output);
    assert!(
        words.contains("DIFFERENCE: 2026-03: postings are not those that were frozen"),
        "{words}"
    );

    // Other versions are refused, and the ground is still bare: the true export goes in.
    fs::write(export.join(name), &postings).unwrap();
    for (from, to) in
        [("\"format\": 1", "\"format\": 2"), ("\"schema\": \"2026", "\"schema\": \"2025")]
    {
        let other = manifest.replace(from, to);
        assert_ne!(manifest, other);
        fs::write(export.join("manifest.json"), other).unwrap();
        refuses(&there, &import, "unusable_export");
    }
    fs::write(export.join("manifest.json"), &manifest).unwrap();
    runs(&there, &import);
    must_verify(&there);
}

fn an_export_needs_its_keys_and_an_empty_database(house: &House) {
    lived_in(house);
    let export = place(&house.ground, "export");
    let words = runs(&house.ground, &["ledger", "export", path(&export)]);
    assert!(words.contains("without the keys"), "{words}");
    assert!(!export.join("lookup.key").exists());
    let again = run(&house.ground, &["ledger", "export", path(&export)], "");
    assert_eq!(again.status.code(), Some(3), "nothing is written over: {}", said(&again));

    let there = the_same_engine(&house.ground);
    let import = ["ledger", "import", path(&export)];
    let words = refuses(&there, &import, "unusable_export");
    assert!(words.contains("keys"), "says where the keys go: {words}");
    runs(&there, &["migrate"]);
    let words = refuses(&there, &import, "unusable_export");
    assert!(words.contains("ne sont pas celles"), "another installation's keys: {words}");

    let import = ["ledger", "import", path(&export)];
    let words = refuses(&house.ground, &import, "not_empty");
    assert!(words.contains("installation"), "{words}");

    let nowhere = the_same_engine(&house.ground);
    let output = run(&nowhere, &["backup", path(&place(&nowhere, "b.zip"))], "");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(!place(&nowhere, "keys").exists(), "a mistyped folder makes no installation");
}

fn a_backup_made_while_workshops_are_validated_is_whole(house: &House) {
    let (scene, _) = lived_in(house);
    let codes: Vec<String> = (0..6).map(|_| scene.hands_over(10).code).collect();
    let backup = place(&house.ground, "nuit.zip");
    let made = std::thread::scope(|scope| {
        let busy = codes.iter().map(|code| {
            let scene = &scene;
            scope.spawn(move || (0..10).for_each(|_| drop(scene.redeems(code).must_be(201))))
        });
        let busy: Vec<_> = busy.collect();
        let made = runs(&house.ground, &["backup", path(&backup)]);
        for thread in busy {
            thread.join().unwrap();
        }
        made
    });
    assert!(made.contains("whoever has it can redeem every pass"), "{made}");
    let rights = fs::metadata(&backup).unwrap().permissions().mode() & 0o777;
    assert_eq!(rights, 0o600);
    assert_eq!(run(&house.ground, &["backup", path(&backup)], "").status.code(), Some(3));
    let doctor = said(&run(&house.ground, &["doctor"], ""));
    assert!(doctor.contains("last backup     20"), "{doctor}");

    let there = the_same_engine(&house.ground);
    let words = runs(&there, &["restore", path(&backup)]);
    assert!(words.contains("as it was there"), "{words}");
    let keyless = place(&house.ground, "sans-cles.zip");
    let words = runs(&house.ground, &["backup", "--without-keys", path(&keyless)]);
    assert!(words.contains("without the keys"), "{words}");
    let there = the_same_engine(&house.ground);
    refuses(&there, &["restore", path(&keyless)], "unusable_export");
    let (from, to) = (house.ground.folder.join("keys"), there.folder.join("keys"));
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let file = entry.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
    runs(&there, &["restore", path(&keyless)]);
    assert_eq!(dumped(&there), dumped(&house.ground), "whole, with the keys from elsewhere");
    let mut cut = fs::read(&backup).unwrap();
    cut.truncate(cut.len() - 100);
    let short = place(&house.ground, "court.zip");
    fs::write(&short, cut).unwrap();
    let output = run(&the_same_engine(&house.ground), &["restore", path(&short)], "");
    assert!(!output.status.success(), "{}", said(&output));
}

fn a_restore_that_is_killed_leaves_nothing_behind(house: &House) {
    lived_in(house);
    let backup = place(&house.ground, "nuit.zip");
    runs(&house.ground, &["backup", path(&backup)]);
    let mut cut_off = 0;
    for wait in [30, 60, 90, 120, 160, 220] {
        let there = the_same_engine(&house.ground);
        let mut child = command(&there)
            .args(["restore", path(&backup)])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        let running = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        let again = run(&there, &["restore", path(&backup)], "");
        if again.status.success() {
            cut_off += u32::from(running);
        } else {
            let words = said(&again);
            assert!(words.contains("(not_empty)"), "{words}");
        }
        must_verify(&there);
        assert_eq!(dumped(&there), dumped(&house.ground), "whole, after {wait} ms");
    }
    println!("{cut_off} of 6 were cut off before they had brought anything in");
}

/// The passes of an export made now.
fn dumped(ground: &Ground) -> Vec<u8> {
    let folder = place(ground, "dumped");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    runs(ground, &["ledger", "export", path(&folder)]);
    fs::read(folder.join("postings.jsonl")).unwrap()
}

fn every_table_is_exported_or_left_out_for_a_reason(house: &House) {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let mut conn = house.ground.database_url().connect().unwrap();
    let sql = match conn.engine {
        Engine::Sqlite(_) => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        Engine::Postgres(_) => {
            "SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace \
             AND relkind IN ('r', 'p') AND NOT relispartition"
        }
    };
    let found: Vec<Found> = diesel::sql_query(sql).load(&mut conn).unwrap();
    let mut found: Vec<String> = found.into_iter().map(|one| one.name).collect();
    found.retain(|name| !name.starts_with("__diesel"));
    found.sort();
    let exported = every_table().into_iter().map(|table| table.name.to_owned());
    let left_out = LEFT_OUT.iter().map(|(name, _)| (*name).to_owned());
    let mut known: Vec<String> = exported.chain(left_out).collect();
    known.sort();
    assert_eq!(found, known);
}
