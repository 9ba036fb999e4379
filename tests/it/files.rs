//! The files of an installation: they are there, they are whole, and nobody else reads them.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl};
use serde_json::json;

use crate::actors::text;
use crate::door::Call;
use crate::ground::Ground;
use crate::house::House;
use crate::processes::{command, run};
use crate::scene::Scene;

on_one_engine![
    a_workshop_is_not_acknowledged_once_the_database_is_taken_away,
    keys_without_their_database_begin_no_other_and_say_what_is_there,
    doctor_finds_a_damaged_file,
];

on_both_engines![nobody_else_reads_what_the_service_and_its_commands_write];

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

fn must_end_with(status: i32, output: &Output, words: &str) {
    assert_eq!(output.status.code(), Some(status), "{}", said(output));
    assert!(said(output).contains(words), "{}", said(output));
}

fn a_workshop_is_not_acknowledged_once_the_database_is_taken_away(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    scene.redeems(&pass.code).must_be(201);
    let file = house.ground.folder.join("database.sqlite");
    let aside = house.ground.folder.join("aside");
    fs::rename(&file, &aside).unwrap();
    let key = house.key();
    assert_eq!(scene.staff.redeems(key, &pass.code, &scene.venue).status, 500);
    assert_eq!(scene.tries_to_hand_over(5).status, 500);
    assert_eq!(house.door().ask(&Call::outside("/readyz")).status, 503);
    must_end_with(3, &run(&house.ground, &["migrate"], ""), "is not there");
    assert!(!file.exists(), "no other database was begun");
    // Another one in its place is not it.
    fs::write(&file, "").unwrap();
    assert_eq!(scene.staff.redeems(key, &pass.code, &scene.venue).status, 500);
    must_end_with(3, &run(&house.ground, &["migrate"], ""), "holds nothing");

    fs::rename(&aside, &file).unwrap();
    scene.staff.redeems(key, &pass.code, &scene.venue).must_be(201);
}

fn keys_without_their_database_begin_no_other_and_say_what_is_there(house: &House) {
    for arguments in [["ledger", "verify"].as_slice(), &["doctor"], &["serve"]] {
        let mut command = command(&house.ground);
        let output = command.env_remove("PASSNUM_DATABASE_URL").args(arguments).output().unwrap();
        assert!(!output.status.success());
        assert!(said(&output).contains("database.sqlite"), "{}", said(&output));
    }
    assert!(!house.ground.folder.join("pass-numerique.sqlite").exists());
}

fn doctor_finds_a_damaged_file(_: &House) {
    #[derive(QueryableByName)]
    struct Root {
        #[diesel(sql_type = BigInt)]
        page: i64,
    }
    let ground = Ground::empty_on_sqlite();
    assert!(run(&ground, &["migrate"], "").status.success());
    let mut conn = ground.database_url().connect().unwrap();
    let sql = "SELECT rootpage AS page FROM sqlite_schema WHERE name = 'passes_by_prescriber'";
    let root: Root = diesel::sql_query(sql).get_result(&mut conn).unwrap();
    drop(conn);
    must_end_with(0, &run(&ground, &["doctor"], ""), "all is well");
    let mut file =
        fs::OpenOptions::new().write(true).open(ground.folder.join("database.sqlite")).unwrap();
    let page = u64::try_from(root.page - 1).unwrap();
    file.seek(SeekFrom::Start(page * 4096)).unwrap();
    file.write_all(&[0xff; 4096]).unwrap();
    must_end_with(1, &run(&ground, &["doctor"], ""), "damaged");
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn open_up(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn nobody_else_reads_what_the_service_and_its_commands_write(house: &House) {
    let ground = &house.ground;
    let scene = Scene::of(house);
    let order = json!({"programme_id": scene.programme, "units": 10, "count": 2,
        "prescriber_id": scene.worker.organisation});
    let stock = text(&scene.operator.post("/stock", &order).must_be(201), "id");

    // What an earlier version or a copy left open is closed at the next start, and doctor says so.
    let key = ground.folder.join("keys/code-1.key");
    open_up(&key, 0o644);
    must_end_with(1, &run(ground, &["doctor"], ""), "code-1.key is open to others");
    must_end_with(0, &run(ground, &["doctor"], ""), "all is well");
    open_up(&ground.folder, 0o755);
    assert!(run(ground, &["migrate"], "").status.success());
    for entry in walk(&ground.folder) {
        assert_eq!(mode(&entry) & 0o077, 0, "{}", entry.display());
    }

    let [boxes, codes, report] =
        ["boxes", "codes.csv", "report.json"].map(|name| ground.folder.join(name));
    fs::write(&report, "").unwrap();
    open_up(&report, 0o644);
    let out = |path: &Path| path.to_str().unwrap().to_owned();
    for arguments in [
        vec!["stock", "print", "--run", &stock, "--out", &out(&boxes)],
        vec!["stock", "codes", "--run", &stock, "--out", &out(&codes)],
        vec!["report", "consumption", "--out", &out(&report)],
    ] {
        must_end_with(0, &run(ground, &arguments, ""), "");
    }
    assert_eq!((mode(&boxes), mode(&codes), mode(&report)), (0o700, 0o600, 0o600));
    assert_eq!(mode(&boxes.join("carton-0001.pdf")), 0o600);
}

/// A folder and all that is in it.
fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let within = entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] });
    within.chain([folder.to_owned()]).collect()
}
