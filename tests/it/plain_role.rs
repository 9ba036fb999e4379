//! On a server that is somebody else's: a role that owns its database and nothing more, and words in
//! whatever language. What failed is known by its code.

use std::sync::{Arc, Barrier};

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::{QueryableByName, RunQueryDsl};
use pass_numerique::adapters::clock::SystemClock;
use pass_numerique::app::App;
use pass_numerique::services::Error;
use pass_numerique::store::connection::Conn;

use crate::ground::Ground;

on_both_engines![who_waits_too_long_is_told_to_come_back, what_always_fails_is_not_tried_for_ever];

mod postgres_alone {
    #[test]
    fn the_service_owns_its_database_and_may_do_nothing_else() {
        super::the_service_owns_its_database_and_may_do_nothing_else();
    }

    #[test]
    fn a_deadlock_is_tried_again_in_any_language() {
        super::a_deadlock_is_tried_again_in_any_language();
    }
}

#[derive(QueryableByName)]
struct Role {
    #[diesel(sql_type = Bool)]
    owns: bool,
    #[diesel(sql_type = Bool)]
    may_more: bool,
}

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    lc_messages: String,
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    sum: i64,
}

fn app(ground: &Ground) -> App {
    let app = ground.app(Arc::new(SystemClock));
    app.prepare().unwrap();
    app
}

fn conn(ground: &Ground) -> Conn {
    ground.database_url().connect().unwrap()
}

/// Two rows that two may want at once.
fn with_two_rows(ground: &Ground) {
    let table = "CREATE TABLE two (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)";
    let rows = "INSERT INTO two (id, n) VALUES (1, 0), (2, 0)";
    conn(ground).batch_execute(&format!("{table}; {rows}")).unwrap();
}

fn add(row: u8) -> String {
    format!("UPDATE two SET n = n + 1 WHERE id = {row}")
}

fn sum(ground: &Ground) -> i64 {
    let sum = diesel::sql_query("SELECT CAST(sum(n) AS BIGINT) AS sum FROM two");
    sum.get_result::<Sum>(&mut conn(ground)).unwrap().sum
}

fn the_service_owns_its_database_and_may_do_nothing_else() {
    let ground = Ground::empty_on_postgres();
    app(&ground);
    let role = diesel::sql_query(
        "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication AS may_more, \
         pg_get_userbyid(datdba) = current_user AS owns FROM pg_roles, pg_database \
         WHERE rolname = current_user AND datname = current_database()",
    );
    let role: Role = role.get_result(&mut conn(&ground)).unwrap();
    assert!(role.owns && !role.may_more);
    conn(&ground).batch_execute("SET lc_messages = 'C'").unwrap_err();
}

fn a_deadlock_is_tried_again_in_any_language() {
    let ground = Ground::on_postgres();
    let app = app(&ground);
    with_two_rows(&ground);
    let words = diesel::sql_query("SELECT current_setting('lc_messages') AS lc_messages");
    let words: Words = words.get_result(&mut conn(&ground)).unwrap();
    let said = conn(&ground).batch_execute("SELECT 1 / 0").unwrap_err().to_string();
    println!("lc_messages {}: {said}", words.lc_messages);
    assert_eq!(words.lc_messages.starts_with("fr"), said != "division by zero");
    let (both_hold_one, services) = (Barrier::new(2), &app.services);
    std::thread::scope(|scope| {
        for rows in [[1, 2], [2, 1]] {
            let both_hold_one = &both_hold_one;
            scope.spawn(move || {
                let mut tries = 0;
                let written = services.write(|op| {
                    tries += 1;
                    op.conn.batch_execute(&add(rows[0]))?;
                    if tries == 1 {
                        both_hold_one.wait();
                    }
                    Ok(op.conn.batch_execute(&add(rows[1]))?)
                });
                written.unwrap();
            });
        }
    });
    assert_eq!(sum(&ground), 4);
}

/// Half a minute: the whole time that a lock is waited for.
fn who_waits_too_long_is_told_to_come_back(ground: &Ground) {
    let app = app(ground);
    with_two_rows(ground);
    let mut holder = conn(ground);
    holder.batch_execute(&format!("BEGIN; {}", add(1))).unwrap();
    let refused = app.services.write(|op| Ok(op.conn.batch_execute(&add(1))?)).unwrap_err();
    let Error::Refused { refused, .. } = refused else { panic!("{refused:?}") };
    assert_eq!(refused.code.as_str(), "busy");
    holder.batch_execute("COMMIT").unwrap();
    app.services.write(|op| Ok(op.conn.batch_execute(&add(1))?)).unwrap();
    assert_eq!(sum(ground), 2);
}

fn what_always_fails_is_not_tried_for_ever(ground: &Ground) {
    let app = app(ground);
    let mut tries = 0;
    let failed = app.services.write(|op| {
        tries += 1;
        Ok(op.conn.batch_execute("SELECT n FROM nowhere")?)
    });
    assert!(matches!(failed, Err(Error::Failure(_))), "{failed:?}");
    assert_eq!(tries, 3);
}
