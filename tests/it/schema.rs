//! One schema on two engines, up, down and up again.

use std::collections::BTreeMap;

use diesel::sql_types::{Integer, Text};
use diesel::{QueryableByName, RunQueryDsl};
use pass_numerique::store::connection::{Conn, Engine};
use pass_numerique::store::dialect;

use crate::ground::Ground;

on_empty_databases![
    the_schema_goes_up_down_and_up_again,
    instances_that_migrate_at_once_do_it_once,
];

/// Tables, their columns, and whether a column may be null.
type Shape = BTreeMap<String, BTreeMap<String, bool>>;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_of: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Integer)]
    nullable: i32,
}

const POSTGRES: &str = "SELECT table_name::text AS table_of, column_name::text AS name, \
    CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END AS nullable \
    FROM information_schema.columns WHERE table_schema = 'public' \
    AND NOT (SELECT c.relispartition FROM pg_class c WHERE c.oid = table_name::regclass)";
// A primary key of SQLite need not say NOT NULL to hold no null.
const SQLITE: &str = "SELECT m.name AS table_of, c.name AS name, \
    CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 0 ELSE 1 END AS nullable \
    FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";

fn shape(conn: &mut Conn) -> Shape {
    let sql = if matches!(conn.engine, Engine::Postgres(_)) { POSTGRES } else { SQLITE };
    let columns: Vec<Column> = diesel::sql_query(sql).load(conn).unwrap();
    let mut shape = Shape::new();
    let ours = columns.into_iter().filter(|column| !column.table_of.starts_with("__diesel"));
    for column in ours {
        let table = shape.entry(column.table_of).or_default();
        table.insert(column.name, column.nullable == 1);
    }
    shape
}

fn the_schema_goes_up_down_and_up_again(ground: &Ground) {
    let mut conn = ground.database_url().connect().unwrap();
    assert!(!dialect::schema_is_current(&mut conn).unwrap());
    assert!(!dialect::migrate(&mut conn).unwrap().is_empty());
    let first = shape(&mut conn);
    assert!(first.len() > 15, "{first:?}");
    assert!(dialect::schema_is_current(&mut conn).unwrap());
    assert!(dialect::migrate(&mut conn).unwrap().is_empty(), "nothing is left to do");
    dialect::revert(&mut conn).unwrap();
    assert_eq!(shape(&mut conn), Shape::new());
    dialect::migrate(&mut conn).unwrap();
    assert_eq!(shape(&mut conn), first);
}

fn instances_that_migrate_at_once_do_it_once(ground: &Ground) {
    let done: Vec<usize> = std::thread::scope(|scope| {
        let migrate = || {
            let mut conn = ground.database_url().connect().unwrap();
            dialect::migrate(&mut conn).unwrap().len()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(migrate)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(done.iter().filter(|count| **count > 0).count(), 1, "{done:?}");
    let mut conn = ground.database_url().connect().unwrap();
    assert!(dialect::schema_is_current(&mut conn).unwrap());
}

#[test]
fn the_two_engines_hold_the_same_tables_and_columns() {
    let grounds = [Ground::on_postgres(), Ground::on_sqlite()];
    let [postgres, sqlite] = grounds.each_ref().map(|ground| {
        let mut conn = ground.database_url().connect().unwrap();
        shape(&mut conn)
    });
    assert_eq!(postgres.keys().collect::<Vec<_>>(), sqlite.keys().collect::<Vec<_>>());
    for (table, columns) in &postgres {
        assert_eq!(columns, &sqlite[table], "{table}");
    }
}
