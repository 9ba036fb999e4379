//! Reports are read from sums that were folded before, and from what was posted since: the figures
//! never tell which.

use diesel::connection::SimpleConnection;
use pass_numerique::domain::report::By;
use pass_numerique::services::verify_ledger::verify_ledger;
use pass_numerique::store::dialect;

use crate::actors::text;
use crate::house::{House, instant};
use crate::scene::Scene;

on_both_engines![
    what_came_after_the_last_fold_is_in_every_report,
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
    conn.batch_execute("UPDATE rollup_sums SET starts = starts + 1 WHERE family = 0").unwrap();
    let found = verify_ledger(services).unwrap().differences;
    assert!(found.iter().any(|found| found.contains("rollup family 0")), "{found:?}");
    conn.batch_execute("UPDATE rollup_sums SET starts = starts - 1 WHERE family = 0").unwrap();
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
