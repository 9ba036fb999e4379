//! Whoever may write to the database itself changes one thing behind the service's back: `ledger
//! verify` names it. Each of these was put right again before the next.

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use pass_numerique::services::{Error, release_expired, verify_ledger};
use pass_numerique::store::connection::{Conn, Engine};
use serde_json::json;

use crate::actors::text;
use crate::house::House;
use crate::moving::lived_in;

on_both_engines![
    each_of_the_twelve_that_were_not_seen_is_named,
    what_is_signed_at_the_end_is_named_too,
    a_row_that_cannot_be_read_is_named_and_nothing_stands_in_for_it,
];

/// One change, and the words by which it is named.
struct Tampering {
    what: &'static str,
    /// The table that is changed and its primary key.
    table: &'static str,
    key: &'static str,
    sql: &'static str,
    named: &'static str,
}

const VOID: &str = "SELECT id FROM passes WHERE state = 'void'";

const THE_TWELVE: [Tampering; 17] = [
    Tampering {
        what: "the envelope of an agreement",
        table: "agreements",
        key: "id",
        sql: "UPDATE agreements SET envelope_cents = envelope_cents + 100",
        named: ": envelope ",
    },
    Tampering {
        what: "the workshops of a living pass that were all used",
        table: "passes",
        key: "id",
        sql: "UPDATE passes SET units = 5 WHERE units = 6",
        named: " workshops by the postings, not ",
    },
    Tampering {
        what: "the workshops of a replaced pass",
        table: "passes",
        key: "id",
        sql: "UPDATE passes SET units = units + 1 WHERE state = 'replaced'",
        named: " workshops by the postings, not ",
    },
    Tampering {
        what: "a void pass that lives again",
        table: "passes",
        key: "id",
        sql: "UPDATE passes SET state = 'active' WHERE state = 'void'",
        named: ": its state is not that of its history",
    },
    Tampering {
        what: "a void pass that is not wound up",
        table: "passes",
        key: "id",
        sql: "UPDATE passes SET released = (1 = 0) WHERE state = 'void'",
        named: ": is void and not wound up",
    },
    Tampering {
        what: "a living pass that is wound up",
        table: "passes",
        key: "id",
        sql: "UPDATE passes SET released = (1 = 1) WHERE state = 'active'",
        named: ": is wound up before its last day",
    },
    Tampering {
        what: "the number of a pass",
        table: "passes",
        key: "id",
        sql: "UPDATE passes SET serial = 'X' WHERE state = 'void'",
        named: ": its number is not that of its id",
    },
    Tampering {
        what: "what a funder promised a dead pass",
        table: "pass_fundings",
        key: "pass_id",
        sql: "UPDATE pass_fundings SET amount_cents = amount_cents + 1 WHERE pass_id IN (VOID)",
        named: " workshops by the postings, not ",
    },
    Tampering {
        what: "the shares of a dead pass",
        table: "pass_fundings",
        key: "pass_id",
        sql: "UPDATE pass_fundings SET share_bp = 9000 WHERE pass_id IN (VOID)",
        named: " workshops by the postings, not ",
    },
    Tampering {
        what: "the price of a workshop",
        table: "redemptions",
        key: "id",
        sql: "UPDATE redemptions SET price_cents = price_cents + 1",
        named: ": its price, moment, day or undoing",
    },
    Tampering {
        what: "the day of a workshop",
        table: "redemptions",
        key: "id",
        sql: "UPDATE redemptions SET workshop_day = '2026-03-09'",
        named: ": was redeemed on another day than 2026-03-09",
    },
    Tampering {
        what: "the moment of a workshop",
        table: "redemptions",
        key: "id",
        sql: "UPDATE redemptions SET redeemed_at = (SELECT max(recorded_at) FROM postings)",
        named: ": its price, moment, day or undoing",
    },
    Tampering {
        what: "an undoing",
        table: "reversals",
        key: "id",
        sql: "DELETE FROM reversals",
        named: ": its price, moment, day or undoing",
    },
    Tampering {
        what: "the last closing",
        table: "closed_months",
        key: "month",
        sql: "DELETE FROM closed_months WHERE month = (SELECT max(month) FROM closed_months)",
        named: ": its month is not closed",
    },
    Tampering {
        what: "money that a funder paid in",
        table: "money_movements",
        key: "id",
        sql: "UPDATE money_movements SET amount_cents = amount_cents - 1",
        named: " away from its posting",
    },
    Tampering {
        what: "a file of open data",
        table: "open_data_files",
        key: "name",
        sql: "UPDATE open_data_files SET content = digest",
        named: " is not what was published",
    },
    Tampering {
        what: "the end of the audit journal",
        table: "audit_entries",
        key: "number",
        sql: "DELETE FROM audit_entries WHERE number > (SELECT max(number) - 2 FROM audit_entries)",
        named: " are gone",
    },
];

const AT_THE_END: [Tampering; 3] = [
    Tampering {
        what: "a line of the closing statement",
        table: "closing_statement_lines",
        key: "agreement_id",
        sql: "UPDATE closing_statement_lines SET consumed_cents = consumed_cents + 1",
        named: ": a line is not what was posted until then",
    },
    Tampering {
        what: "the passes of the closing statement",
        table: "closing_statements",
        key: "id",
        sql: "UPDATE closing_statements SET handed_over = handed_over + 1",
        named: ": its passes or workshops are not what was posted until then",
    },
    Tampering {
        what: "an expired pass that is not wound up",
        table: "passes",
        key: "id",
        sql: "UPDATE passes SET released = (1 = 0) WHERE used_mask > 0",
        named: ": its state is not that of its history",
    },
];

fn differences(house: &House) -> Vec<String> {
    verify_ledger::verify_ledger(&house.app.services).unwrap().differences
}

fn names(conn: &mut Conn, sql: &str) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let rows: Vec<Row> = diesel::sql_query(sql).load(conn).unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

/// Takes the guards away, and what else would refuse a change.
fn without_guards(conn: &mut Conn) {
    let guards = match conn.engine {
        Engine::Sqlite(_) => {
            "SELECT 'DROP TRIGGER ' || name AS name FROM sqlite_schema \
             WHERE type = 'trigger' AND name <> 'audit_ends'"
        }
        Engine::Postgres(_) => {
            "SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) AS name \
             FROM pg_trigger WHERE NOT tgisinternal AND tgname <> 'audit_ends' UNION ALL \
             SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) \
             FROM pg_constraint WHERE conrelid <> 0 AND contype IN ('f', 'c')"
        }
    };
    for guard in names(conn, guards) {
        conn.batch_execute(&guard).unwrap();
    }
    if matches!(conn.engine, Engine::Sqlite(_)) {
        conn.batch_execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
            .unwrap();
    }
}

/// Makes each change alone; answers those that were not named.
fn not_named(house: &House, tamperings: &[Tampering]) -> Vec<String> {
    let mut conn = house.ground.database_url().connect().unwrap();
    without_guards(&mut conn);
    assert_eq!(differences(house), Vec::<String>::new());
    let mut missed = Vec::new();
    for Tampering { what, table, key, sql, named } in tamperings {
        conn.batch_execute(&format!("CREATE TABLE kept AS SELECT * FROM {table}")).unwrap();
        conn.batch_execute(&sql.replace("VOID", VOID)).unwrap();
        let found = differences(house);
        println!("{what}: {found:?}");
        if !found.iter().any(|one| one.contains(named)) {
            missed.push(format!("{what}: {found:?}"));
        }
        let rows = format!("DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM kept)");
        let back = format!("INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept");
        conn.batch_execute(&format!("{rows}; {back}")).unwrap();
        assert_eq!(differences(house), Vec::<String>::new(), "{what} was put right");
    }
    missed
}

fn each_of_the_twelve_that_were_not_seen_is_named(house: &House) {
    let (scene, _) = lived_in(house);
    let used = scene.hands_over(6);
    (0..6).for_each(|_| drop(scene.redeems(&used.code).must_be(201)));
    let dead = scene.hands_over(5);
    scene.redeems(&dead.code).must_be(201);
    scene.worker.does("void", &dead.id).must_be(200);
    assert_eq!(not_named(house, &THE_TWELVE), Vec::<String>::new());
}

fn what_is_signed_at_the_end_is_named_too(house: &House) {
    let scene = crate::scene::Scene::of(house);
    let pass = scene.hands_over(5);
    for _ in 0..5 {
        scene.redeems(&pass.code).must_be(201);
    }
    house.move_to("2027-02-10T09:00:00Z");
    assert_eq!(release_expired::release_expired(&house.app.services).unwrap(), 1);
    let path = format!("/programmes/{}/ending/statement", scene.programme);
    let ending = scene.operator.post_with(house.key(), &path, &json!({})).must_be(201);
    assert!(!text(&ending["statement"], "reference").is_empty());
    assert_eq!(not_named(house, &AT_THE_END), Vec::<String>::new());
}

fn a_row_that_cannot_be_read_is_named_and_nothing_stands_in_for_it(house: &House) {
    let scene = crate::scene::Scene::of(house);
    let pass = scene.hands_over(5);
    let redemption = text(&scene.redeems(&pass.code).must_be(201), "id");
    let mut conn = house.ground.database_url().connect().unwrap();
    without_guards(&mut conn);
    let cells = [
        ("passes", "units", "300", "5", &pass.id),
        ("passes", "used_mask", "70000", "1", &pass.id),
        ("passes", "state", "'lost'", "'active'", &pass.id),
        ("redemptions", "slot", "300", "1", &redemption),
        ("programmes", "opened_by", "'word'", "'signature'", &scene.programme),
        ("programmes", "time_zone", "'Europe/Pariss'", "'Europe/Paris'", &scene.programme),
        ("pass_fundings", "share_bp", "70000", "5000", &pass.id),
        ("programmes", "territory", "'1 16015'", "NULL", &scene.programme),
    ];
    for (table, column, wrong, right, id) in cells {
        let first = if table == "pass_fundings" { " WHERE position = 0" } else { "" };
        let set = |value: &str| format!("UPDATE {table} SET {column} = {value}{first}");
        conn.batch_execute(&set(wrong)).unwrap();
        let failed = verify_ledger::verify_ledger(&house.app.services);
        let Err(Error::Failure(failure)) = failed else { panic!("{table}.{column}: {failed:?}") };
        let said = failure.for_the_log();
        let named = format!("{table} {id}: {column} cannot be");
        assert!(said.contains(&named), "{said}");
        conn.batch_execute(&set(right)).unwrap();
    }
}
