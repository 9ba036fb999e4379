//! Databases that were migrated once, for every story to copy. Each is named after the migrations it
//! holds, and put in its place whole: stories of several processes may come at once.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process;

use diesel::{Connection, PgConnection, RunQueryDsl};
use pass_numerique::store::connection::DatabaseUrl;
use pass_numerique::store::dialect;

use crate::ground::{ROLE, database_on};

/// Any number, the same for all who make a template.
const LOCK: i64 = 0x7465_6d70;

/// The file to copy.
pub fn on_sqlite() -> PathBuf {
    let file = std::env::temp_dir().join(format!("{}.sqlite", name("sqlite")));
    if !file.exists() {
        let unfinished = file.with_extension(process::id().to_string());
        migrate(&format!("sqlite:{}", unfinished.display()));
        fs::rename(unfinished, &file).unwrap();
    }
    file
}

/// The role of the service: what a managed server gives, and nothing more.
pub fn make_role(server: &str) {
    let mut conn = PgConnection::establish(server).unwrap();
    let mut run = |sql: String| diesel::sql_query(sql).execute(&mut conn).unwrap();
    run(format!("SELECT pg_advisory_lock({LOCK})"));
    if run(format!("SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'")) == 0 {
        let may = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE";
        run(format!("CREATE ROLE {ROLE} {may} PASSWORD '{ROLE}'"));
    }
}

/// The name of the database to copy.
pub fn on_postgres(server: &str) -> String {
    make_role(server);
    let name = name("postgres");
    let mut conn = PgConnection::establish(server).unwrap();
    let mut run = |sql: String| diesel::sql_query(sql).execute(&mut conn).unwrap();
    run(format!("SELECT pg_advisory_lock({LOCK})"));
    if run(format!("SELECT 1 FROM pg_database WHERE datname = '{name}'")) == 0 {
        let unfinished = format!("{name}_unfinished");
        run(format!("DROP DATABASE IF EXISTS {unfinished}"));
        run(format!("CREATE DATABASE {unfinished} OWNER {ROLE}"));
        migrate(&database_on(server, &unfinished));
        run(format!("ALTER DATABASE {unfinished} RENAME TO {name}"));
    }
    name
}

fn migrate(url: &str) {
    let mut conn = url.parse::<DatabaseUrl>().unwrap().connect().unwrap();
    dialect::migrate(&mut conn).unwrap();
}

fn name(engine: &str) -> String {
    let mut hasher = DefaultHasher::new();
    hash(&Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine), &mut hasher);
    format!("passnum_template_{:016x}", hasher.finish())
}

fn hash(folder: &Path, hasher: &mut DefaultHasher) {
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            hash(&path, hasher);
        } else {
            (path.file_name(), fs::read(&path).unwrap()).hash(hasher);
        }
    }
}
