//! Everything a database holds, to look for what must not be there.

use diesel::{Connection, PgConnection, RunQueryDsl};
use pass_numerique::adapters::digest::hex;

use crate::ground::Ground;

/// Everything the database holds, as text, with bytes in hexadecimal beside.
pub fn everything(ground: &Ground) -> String {
    if !ground.url.starts_with("sqlite:") {
        return everything_on_the_server(&ground.url);
    }
    let files = std::fs::read_dir(&ground.folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.to_string_lossy().contains("database.sqlite"));
    let bytes: Vec<u8> = files.flat_map(|path| std::fs::read(path).unwrap()).collect();
    assert!(bytes.len() > 100_000, "a database is larger");
    format!("{}{}", String::from_utf8_lossy(&bytes), hex(&bytes))
}

fn everything_on_the_server(url: &str) -> String {
    #[derive(diesel::QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::Text)]
        text: String,
    }
    let mut conn = PgConnection::establish(url).unwrap();
    let mut read = |sql: &str| -> Vec<String> {
        let found: Vec<Found> = diesel::sql_query(sql).load(&mut conn).unwrap();
        found.into_iter().map(|one| one.text).collect()
    };
    let tables = read("SELECT tablename::text AS text FROM pg_tables WHERE schemaname = 'public'");
    assert!(tables.len() > 30, "{tables:?}");
    tables
        .iter()
        .flat_map(|table| read(&format!("SELECT t::text AS text FROM {table} t")))
        .collect()
}
