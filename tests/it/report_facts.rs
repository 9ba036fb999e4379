//! Reports are read from sums and facts, and from what was posted since: the figures never tell
//! which.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use pass_numerique::domain::ledger::PostingKind;
use pass_numerique::domain::report::{By, Counters, Group, Report, Sums};
use pass_numerique::domain::territory::departement_of;
use pass_numerique::domain::time::{Instant, Month};
use pass_numerique::services::verify_ledger::verify_ledger;
use pass_numerique::store::dialect;
use pass_numerique::store::sql_types::{Kind, Moment};
use serde_json::json;

use crate::house::{House, instant};
use crate::money::a_full_year;
use crate::scene::Scene;

money_on_both_engines![
    every_grouping_is_what_the_journal_says,
    a_past_moment_is_told_from_what_was_added_since,
    figures_that_are_not_those_of_the_postings_are_found,
    a_redemption_that_its_postings_contradict_is_found,
    a_redemption_by_nobody_is_found,
    what_others_refer_to_is_never_deleted,
    adding_again_and_at_once_counts_nothing_twice,
];

/// A posting with all that reports group by, read without sums and facts.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    lead: bool,
    #[diesel(sql_type = Integer)]
    month: i32,
    #[diesel(sql_type = Integer)]
    workshop_month: i32,
    #[diesel(sql_type = Integer)]
    workshops: i32,
    #[diesel(sql_type = Integer)]
    starts: i32,
    #[diesel(sql_type = BigInt)]
    amount_cents: i64,
    #[diesel(sql_type = Moment)]
    recorded_at: Instant,
    #[diesel(sql_type = Text)]
    agreement: String,
    #[diesel(sql_type = Text)]
    programme: String,
    #[diesel(sql_type = Nullable<Text>)]
    venue: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    venue_commune: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    theme: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    prescriber: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    home_commune: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    age_band: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    publics: Option<String>,
}

impl Line {
    fn key(&self, group: Group, by: By) -> Option<String> {
        let departement = |commune: &Option<String>| {
            commune.as_deref().map(|code| departement_of(code).to_owned())
        };
        match group {
            Group::Month => {
                let accounting = by == By::AccountingMonth;
                let number = if accounting { self.month } else { self.workshop_month };
                Some(Month::from_number(number).unwrap().to_string())
            }
            Group::Programme => Some(self.programme.clone()),
            Group::Agreement => Some(self.agreement.clone()),
            Group::Theme => self.theme.clone(),
            Group::Venue => self.venue.clone(),
            Group::VenueCommune => self.venue_commune.clone(),
            Group::VenueDepartement => departement(&self.venue_commune),
            Group::HomeCommune => self.home_commune.clone(),
            Group::Departement => departement(&self.home_commune),
            Group::Public => self.publics.as_deref().map(|publics| publics.replace(' ', "+")),
            Group::AgeBand => self.age_band.clone(),
            Group::Prescriber => self.prescriber.clone(),
        }
    }
}

fn journal(house: &House) -> Vec<Line> {
    let mut conn = house.app.services.store.connect().unwrap();
    let ids = [
        ("p.agreement_id", "agreement"),
        ("a.programme_id", "programme"),
        ("p.venue_id", "venue"),
        ("s.prescriber_id", "prescriber"),
    ]
    .map(|(id, name)| format!("{} AS {name}, ", dialect::text_of(&conn, Kind::Id, id)))
    .concat();
    let sql = format!(
        "SELECT {ids}p.kind, p.lead, p.month, p.workshop_month, p.workshops, p.starts, \
         p.amount_cents, p.recorded_at, v.commune AS venue_commune, r.theme, s.home_commune, \
         s.age_band, s.publics FROM postings p JOIN agreements a ON a.id = p.agreement_id \
         LEFT JOIN passes s ON s.id = p.origin_id LEFT JOIN venues v ON v.id = p.venue_id \
         LEFT JOIN redemptions r ON r.id = p.redemption_id"
    );
    diesel::sql_query(sql).load(&mut conn).unwrap()
}

type Rows = BTreeMap<Vec<Option<String>>, Counters>;

/// The rows of a report, added up here from the lines of the journal.
fn derived(journal: &[Line], groups: &[Group], by: By, as_of: Option<Instant>) -> Rows {
    let mut rows = Rows::new();
    for line in journal.iter().filter(|line| as_of.is_none_or(|as_of| line.recorded_at <= as_of)) {
        let keys = groups.iter().map(|group| line.key(*group, by)).collect();
        let sums = Sums {
            postings: 1,
            workshops: line.workshops.into(),
            starts: line.starts.into(),
            amount_cents: line.amount_cents,
        };
        let kind = PostingKind::from_name(&line.kind).unwrap();
        rows.entry(keys).or_default().book(kind, line.lead, &sums);
    }
    rows.retain(|_, counters| !counters.is_empty());
    rows
}

fn rows(report: &Report) -> Rows {
    let moved = report.rows.iter().filter(|row| !row.counters.is_empty());
    moved
        .map(|row| {
            let keys = row.keys.iter().zip(&report.groups).map(|(key, group)| {
                let id = matches!(
                    group,
                    Group::Programme | Group::Agreement | Group::Venue | Group::Prescriber
                );
                key.value
                    .as_ref()
                    .map(|value| if id { value.replace('-', "") } else { value.clone() })
            });
            (keys.collect(), row.counters)
        })
        .collect()
}

fn must_be_the_journal(house: &House, as_of: Option<Instant>, when: &str) {
    let journal = journal(house);
    for by in [By::AccountingMonth, By::WorkshopDay] {
        for report in house.every_report(by, as_of) {
            let expected = derived(&journal, &report.groups, by, as_of);
            assert_eq!(rows(&report), expected, "{when}: {:?} {by:?}", report.groups);
        }
    }
}

fn every_grouping_is_what_the_journal_says(house: &House) {
    let scene = Scene::of(house);
    a_full_year(&scene);
    must_be_the_journal(house, None, "nothing added");
    assert!(house.updates_reports() > 0);
    must_be_the_journal(house, None, "all added");
    // A commune, an age and a public that no code stands for yet.
    let mut form = scene.form(5);
    (form["commune"], form["age_band"]) = (json!("2A004"), json!("18_24"));
    form["publics"] = json!(["young", "isolated"]);
    house.move_to("2026-12-01T09:00:00Z");
    let pass = scene.worker.hands_over(house.key(), &form);
    scene.redeems(&pass.code).must_be(201);
    must_be_the_journal(house, None, "some added");
    let agreement = scene.report("&group_by=agreement,theme,month");
    assert_eq!(agreement["totals"], scene.report("&group_by=month")["totals"]);
    // Passes were wound up by then.
    house.move_to("2027-02-10T09:00:00Z");
}

fn a_past_moment_is_told_from_what_was_added_since(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let idle = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    house.updates_reports();
    house.move_to("2026-03-12T10:00:00Z");
    scene.redeems(&pass.code).must_be(201);
    let then = instant("2026-03-12T12:00:00Z");
    house.move_to("2026-03-12T12:00:00Z");
    let told = || -> Vec<_> {
        let reports = house.every_report(By::AccountingMonth, Some(then));
        reports.into_iter().map(|report| (report.rows, report.totals, report.balances)).collect()
    };
    let before = told();
    must_be_the_journal(house, Some(then), "at once");
    house.move_to("2026-04-20T10:00:00Z");
    scene.worker.does("void", &idle.id).must_be(200);
    scene.redeems(&pass.code).must_be(201);
    scene.hands_over(7);
    assert_eq!(told(), before, "not added yet");
    house.updates_reports();
    scene.redeems(&pass.code).must_be(201);
    assert_eq!(told(), before, "added since");
    must_be_the_journal(house, Some(then), "added since");
}

fn figures_that_are_not_those_of_the_postings_are_found(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    house.updates_reports();
    let services = &house.app.services;
    assert!(verify_ledger(services).unwrap().differences.is_empty());
    let mut conn = services.store.connect().unwrap();
    let mut after = |change: &str| {
        conn.batch_execute(change).unwrap();
        verify_ledger(services).unwrap().differences
    };
    let changes = [
        ("report_sums", "starts = starts + 1", "starts = starts - 1"),
        ("report_facts", "starts = starts + 1", "starts = starts - 1"),
        ("report_facts", "theme = theme + 1", "theme = theme - 1"),
        ("report_facts", "number = number + 100", "number = number - 100"),
    ];
    for (table, wrong, right) in changes {
        let found = after(&format!("UPDATE {table} SET {wrong}"));
        let name = table.replace('_', " ");
        assert!(found.iter().any(|found| found.contains(&name)), "{wrong}: {found:?}");
        assert_eq!(after(&format!("UPDATE {table} SET {right}")), Vec::<String>::new());
    }
    let found = after(
        "CREATE TABLE gone AS SELECT * FROM report_facts WHERE number = 1; \
         DELETE FROM report_facts WHERE number = 1",
    );
    assert!(found.iter().any(|found| found.contains("report facts")), "{found:?}");
    let found = after("INSERT INTO report_facts SELECT * FROM gone; DROP TABLE gone");
    assert_eq!(found, Vec::<String>::new());
}

fn a_redemption_by_nobody_is_found(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    let services = &house.app.services;
    let mut conn = services.store.connect().unwrap();
    let unguarded = if services.store.url().single_writer() {
        "PRAGMA foreign_keys = OFF"
    } else {
        "ALTER TABLE redemptions DROP CONSTRAINT redemptions_user_id_fkey"
    };
    conn.batch_execute(unguarded).unwrap();
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

fn adding_again_and_at_once_counts_nothing_twice(house: &House) {
    let scene = Scene::of(house);
    for _ in 0..10 {
        let pass = scene.hands_over(5);
        scene.redeems(&pass.code).must_be(201);
    }
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| house.updates_reports());
        }
    });
    assert_eq!(house.updates_reports(), 0);
    assert_eq!(scene.report("")["totals"]["workshops_redeemed"], 10);
    assert_eq!(scene.report("&group_by=theme")["totals"]["workshops_redeemed"], 10);
}
