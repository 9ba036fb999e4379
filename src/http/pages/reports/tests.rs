use std::collections::BTreeMap;

use super::*;
use crate::domain::as_of::AsOf;
use crate::domain::place::Point;
use crate::domain::refusal::Check;
use crate::domain::report::{Balances, Counters, Key, Question, Report, Row};
use crate::http::pages::report_filters::samples::filters;
use crate::http::pages::snapshot::reviewed;

fn row(value: Option<&str>, label: &str, used: i64) -> Row {
    let counters = Counters {
        passes_handed_over: used,
        workshops_granted: used * 2,
        workshops_redeemed: used,
        consumed_cents: used * 300,
        ..Counters::default()
    };
    let key = Key { label: label.to_owned(), value: value.map(str::to_owned) };
    Row { keys: vec![key], counters, balances: None, stock: None }
}

fn report(group: Group, rows: Vec<Row>) -> Report {
    let mut totals = Counters::default();
    for row in &rows {
        totals.add(&row.counters);
    }
    let balances = Balances { available_cents: 123_456_789, ..Balances::default() };
    let (from, to) = (filters().from, filters().to);
    let question = Question::of_all("2026-11-30".parse::<AsOf>().unwrap().instant);
    Report { from, to, question, groups: vec![group], rows, totals, balances, stock: None }
}

fn full() -> Overview {
    let programmes = vec![row(Some("1"), "Pass Charente", 900), row(Some("2"), "Pass emploi", 100)];
    let communes =
        || vec![row(Some("16015"), "Angoulême (16015)", 600), row(None, "Non renseigné", 400)];
    let months =
        vec![row(Some("2026-03"), "mars 2026", 700), row(Some("2026-04"), "avril 2026", 300)];
    let themes = vec![row(Some("x"), "Créer une boîte mail", 1_000), row(None, "Non renseigné", 0)];
    let departements =
        vec![row(Some("16"), "Charente (16)", 990), row(Some("17"), "Charente-Maritime (17)", 10)];
    Overview {
        programmes: report(Group::Programme, programmes.clone()),
        since_start: report(Group::Programme, programmes),
        months: report(Group::Month, months),
        themes: report(Group::Theme, themes),
        venue_communes: report(Group::VenueCommune, communes()),
        home_communes: report(Group::HomeCommune, communes()),
        venue_departements: Some(report(Group::VenueDepartement, departements)),
        home_departements: None,
        centres: BTreeMap::from([("16015".to_owned(), Point::new(45.65, 0.15).unwrap())]),
    }
}

fn empty() -> Overview {
    Overview {
        programmes: report(Group::Programme, Vec::new()),
        since_start: report(Group::Programme, Vec::new()),
        months: report(Group::Month, Vec::new()),
        themes: report(Group::Theme, Vec::new()),
        venue_communes: report(Group::VenueCommune, Vec::new()),
        home_communes: report(Group::HomeCommune, Vec::new()),
        venue_departements: None,
        home_departements: None,
        centres: BTreeMap::new(),
    }
}

fn page(name: &str, overview: Option<&Overview>, faults: Faults) -> String {
    let shown = overview.map(|overview| Shown::of(overview, &filters()));
    let page = ReportPage { frame: Frame::open("Rapport"), filters: filters(), shown, faults };
    reviewed(name, &page)
}

#[test]
fn the_figures_lead_to_their_definitions_and_every_drawing_has_a_name_and_a_table() {
    let drawn = page("report", Some(&full()), Faults::default());
    assert!(drawn.contains(r##"<a href="#def-available_cents">"##), "{drawn}");
    assert!(drawn.contains(r#"<dt id="def-available_cents""#), "{drawn}");
    assert_eq!(drawn.matches("<svg").count(), 9, "rate, 2 curves, theme, 2 maps, 3 bars");
    assert_eq!(drawn.matches("<title id=").count(), 9);
    assert_eq!(drawn.matches("<desc id=").count(), 9);
    for group in
        ["programme", "month", "theme", "venue_commune", "home_commune", "venue_departement"]
    {
        let address = format!("consumption.csv?from=2025-12&#38;to=2026-11&#38;group_by={group}\"");
        let found = drawn.contains(&address) || drawn.contains(&address.replace("#38", "amp"));
        assert!(found, "{group} in {drawn}");
    }
    assert!(drawn.contains("février 2026 : 0"), "a month without movement is drawn");
}

#[test]
fn a_period_without_movement_says_so_and_draws_nothing() {
    let drawn = page("report-without-movement", Some(&empty()), Faults::default());
    assert!(!drawn.contains("<svg"), "{drawn}");
}

#[test]
fn months_in_the_wrong_order_are_told_at_their_field() {
    let mut check = Check::default();
    check.that(false, "/to", "out_of_range", "Le dernier mois doit suivre le premier.");
    let drawn = page("report-wrong-months", None, Faults::from(check.done().unwrap_err()));
    assert!(drawn.contains(r##"<a href="#to">Le dernier mois"##), "{drawn}");
    assert!(drawn.contains("<details open>"), "{drawn}");
}
