//! Reports are read from sums that were folded before, and from what was posted since: the figures
//! never tell which.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use pass_numerique::domain::report::By;
use pass_numerique::domain::time::Month;
use pass_numerique::services::fold_rollup::fold_rollup;
use pass_numerique::services::verify_ledger::verify_ledger;
use pass_numerique::store::dialect;
use serde_json::{Value, json};

use crate::actors::{scan, text};
use crate::house::{House, instant};
use crate::money::{a_full_year, counters};
use crate::scene::Scene;

money_on_both_engines![
    what_came_after_the_last_fold_is_in_every_report,
    a_period_reads_years_and_quarters_as_the_sum_of_its_months,
    what_a_program_folded_that_knew_no_years_is_made_up_for,
    what_a_program_folded_that_knew_no_two_together_is_made_up_for,
    a_past_moment_is_told_from_what_was_folded_since,
    a_sum_that_is_not_that_of_its_postings_is_found,
    a_redemption_that_its_postings_contradict_is_found,
    a_redemption_by_nobody_is_found,
    what_others_refer_to_is_never_deleted,
    folding_again_and_at_once_counts_nothing_twice,
];

fn what_came_after_the_last_fold_is_in_every_report(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let first = scene.redeems(&pass.code).must_be(201);
    assert!(house.folds() > 0);
    scene.undoes(&text(&first, "id")).must_be(201);
    scene.redeems(&pass.code).must_be(201);
    scene.hands_over(10);
    let report = scene.report("&group_by=theme");
    assert_eq!(report["totals"]["workshops_redeemed"], 1);
    assert_eq!(report["totals"]["passes_handed_over"], 2);
    assert_eq!(report["totals"]["workshops_granted"], 15);
    let venue = scene.report("&group_by=venue,month");
    assert_eq!(venue["totals"], report["totals"]);
    let crossed = scene.report("&group_by=venue,age_band,theme");
    assert_eq!(crossed["totals"], report["totals"]);
}

fn a_period_reads_years_and_quarters_as_the_sum_of_its_months(house: &House) {
    let scene = Scene::of(house);
    let mut form = scene.form(5);
    form["commune"] = json!("16015");
    let pass = scene.worker.hands_over(house.key(), &form);
    house.move_to("2026-04-01T08:00:00Z");
    // Workshops of March that count in April: another quarter.
    let waited = || scan(house.key(), &pass.code, &scene.venue, "2026-03-31T12:00:00Z");
    let results = scene.staff.syncs(None, &[(); 3].map(|()| waited()));
    assert!(results.iter().all(|result| result["outcome"] == "accepted"), "{results:?}");
    scene.worker.does("void", &pass.id).must_be(200);
    a_full_year(&scene);
    house.folds();
    let numbers = (202_601..=202_612).chain(202_701..=202_703);
    let months: Vec<Month> = numbers.map(|number| Month::from_number(number).unwrap()).collect();
    let report = |from: Month, to: Month, groups: &str, by: &str| {
        let path = format!("/reports/consumption?from={from}&to={to}&group_by={groups}&by={by}");
        scene.operator.get(&path).must_be(200)["rows"].as_array().unwrap().clone()
    };
    for by in ["accounting_month", "workshop_day"] {
        let each = report(months[0], months[14], "month,home_commune", by);
        for (place, from) in months.iter().enumerate() {
            for to in &months[place..] {
                let within = |row: &&Value| {
                    let month = row["month"].as_str().unwrap();
                    (from.to_string().as_str()..=to.to_string().as_str()).contains(&month)
                };
                let summed = by_commune(each.iter().filter(within));
                let read = by_commune(&report(*from, *to, "home_commune", by));
                assert_eq!(read, summed, "{from} {to} {by}");
            }
        }
    }
}

/// What rows come to for each commune of residence; what comes to nothing has none.
fn by_commune<'a>(
    rows: impl IntoIterator<Item = &'a Value>,
) -> BTreeMap<String, BTreeMap<String, i64>> {
    let mut communes: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for row in rows {
        let sums = communes.entry(row["home_commune"].to_string()).or_default();
        for (name, value) in counters(row) {
            *sums.entry(name).or_default() += value;
        }
    }
    communes.retain(|_, sums| sums.values().any(|sum| *sum != 0));
    communes
}

fn what_a_program_folded_that_knew_no_years_is_made_up_for(house: &House) {
    made_up_for(house, 8);
}

fn what_a_program_folded_that_knew_no_two_together_is_made_up_for(house: &House) {
    made_up_for(house, 10);
}

/// A program folds that does not know the families from a number on; then one does that does.
fn made_up_for(house: &House, unknown: usize) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    house.folds();
    let services = &house.app.services;
    let mut conn = services.store.connect().unwrap();
    let tables = ["rollup_sums", "rollup_marks"];
    for table in tables {
        let keep =
            format!("CREATE TABLE kept_{table} AS SELECT * FROM {table} WHERE family >= {unknown}");
        conn.batch_execute(&keep).unwrap();
    }
    scene.redeems(&pass.code).must_be(201);
    scene.hands_over(7);
    let exact = house.every_report(By::AccountingMonth, None);
    house.folds();
    for table in tables {
        let back = format!(
            "DELETE FROM {table} WHERE family >= {unknown}; \
             INSERT INTO {table} SELECT * FROM kept_{table}; DROP TABLE kept_{table}"
        );
        conn.batch_execute(&back).unwrap();
    }
    assert_eq!(house.every_report(By::AccountingMonth, None), exact, "some are behind");
    assert!(fold_rollup(services).unwrap() > 0);
    assert_eq!(house.every_report(By::AccountingMonth, None), exact, "all have caught up");
    assert_eq!(house.folds(), 0);
    assert!(verify_ledger(services).unwrap().differences.is_empty());
}

fn a_past_moment_is_told_from_what_was_folded_since(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let idle = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    house.folds();
    house.move_to("2026-03-12T10:00:00Z");
    scene.redeems(&pass.code).must_be(201);
    let then = instant("2026-03-12T12:00:00Z");
    house.move_to("2026-03-12T12:00:00Z");
    let told = || -> Vec<_> {
        let reports = house.every_report(By::AccountingMonth, Some(then));
        reports.into_iter().map(|report| (report.rows, report.totals, report.balances)).collect()
    };
    let before = told();
    house.move_to("2026-04-20T10:00:00Z");
    scene.worker.does("void", &idle.id).must_be(200);
    scene.redeems(&pass.code).must_be(201);
    scene.hands_over(7);
    assert_eq!(told(), before, "not folded yet");
    house.folds();
    scene.redeems(&pass.code).must_be(201);
    assert_eq!(told(), before, "folded since");
}

fn a_sum_that_is_not_that_of_its_postings_is_found(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    house.folds();
    let services = &house.app.services;
    assert!(verify_ledger(services).unwrap().differences.is_empty());
    let mut conn = services.store.connect().unwrap();
    // Of everything, of communes by quarter and by year, and of two things together.
    for family in [0, 8, 9, 11] {
        let mut starts_are = |starts: &str| {
            let change =
                format!("UPDATE rollup_sums SET starts = {starts} WHERE family = {family}");
            conn.batch_execute(&change).unwrap();
        };
        starts_are("starts + 1");
        let found = verify_ledger(services).unwrap().differences;
        let name = format!("rollup family {family}");
        assert!(found.iter().any(|found| found.contains(&name)), "{found:?}");
        starts_are("starts - 1");
        assert!(verify_ledger(services).unwrap().differences.is_empty());
    }
}

fn a_redemption_by_nobody_is_found(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    let services = &house.app.services;
    let mut conn = services.store.connect().unwrap();
    if house.app.services.store.url().single_writer() {
        conn.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
    }
    let nobody = dialect::nil_id(&conn);
    let mut person_is = |who: &str| {
        conn.batch_execute(&format!("UPDATE redemptions SET user_id = {who}")).unwrap();
        verify_ledger(services).unwrap().differences
    };
    let found = person_is(nobody);
    assert!(found.iter().any(|found| found.contains("person")), "{found:?}");
    let found = person_is("(SELECT u.id FROM users u WHERE u.role = 'venue_staff')");
    assert!(found.is_empty(), "{found:?}");
}

fn what_others_refer_to_is_never_deleted(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    let mut conn = house.app.services.store.connect().unwrap();
    for table in ["organisations", "users", "venues", "agreements", "passes", "redemptions"] {
        assert!(conn.batch_execute(&format!("DELETE FROM {table}")).is_err(), "{table}");
    }
}

fn a_redemption_that_its_postings_contradict_is_found(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    let services = &house.app.services;
    let mut conn = services.store.connect().unwrap();
    let mut payee_is = |whose: &str| {
        let change = format!("UPDATE redemptions SET organisation_id = ({whose})");
        conn.batch_execute(&change).unwrap();
        verify_ledger(services).unwrap().differences
    };
    let found = payee_is(
        "SELECT o.id FROM organisations o WHERE o.id <> redemptions.organisation_id LIMIT 1",
    );
    assert!(found.iter().any(|found| found.contains("payee")), "{found:?}");
    let found =
        payee_is("SELECT v.organisation_id FROM venues v WHERE v.id = redemptions.venue_id");
    assert!(found.is_empty(), "{found:?}");
}

fn folding_again_and_at_once_counts_nothing_twice(house: &House) {
    let scene = Scene::of(house);
    for _ in 0..10 {
        let pass = scene.hands_over(5);
        scene.redeems(&pass.code).must_be(201);
    }
    let folded: i64 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| house.folds())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert!(folded >= 20, "{folded}");
    assert_eq!(house.folds(), 0);
    assert_eq!(scene.report("")["totals"]["workshops_redeemed"], 10);
}
