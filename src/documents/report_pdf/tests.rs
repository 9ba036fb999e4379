use super::*;
use crate::domain::as_of::AsOf;
use crate::domain::report::{Balances, Counters, Group, Question, Row};

fn row(value: Option<&str>, label: &str, used: i64) -> Row {
    let counters = Counters {
        passes_handed_over: used,
        workshops_granted: used * 2,
        workshops_redeemed: used,
        committed_cents: used * 600,
        consumed_cents: used * 300,
        ..Counters::default()
    };
    let key = Key { label: label.to_owned(), value: value.map(str::to_owned) };
    Row { keys: vec![key], counters, balances: None, stock: None }
}

pub(super) fn report(group: Group, rows: Vec<Row>) -> Report {
    let mut totals = Counters::default();
    for row in &rows {
        totals.add(&row.counters);
    }
    let question = Question::of_all("2026-11-30".parse::<AsOf>().unwrap().instant);
    let (from, to) = ("2026-01".parse().unwrap(), "2026-12".parse().unwrap());
    let balances = Balances { available_cents: 123_456_789, ..Balances::default() };
    Report { from, to, question, groups: vec![group], rows, totals, balances, stock: None }
}

#[test]
fn a_report_is_set_empty_or_full() {
    let months = vec![row(Some("2026-03"), "mars 2026", 700)];
    let themes: Vec<Row> =
        (0..60).map(|n| row(Some("x"), &format!("Thème {n} <é> #let $"), n)).collect();
    for (months, others) in [(Vec::new(), Vec::new()), (months, themes)] {
        let months = report(Group::Month, months);
        let other = report(Group::Theme, others);
        let facts = ReportFacts {
            programmes: &other,
            since_start: &other,
            months: &months,
            themes: &other,
            venues: &other,
            homes: &other,
            detail: Some(&other),
            address: "https://pass.example.fr/rapports?from=2026-01",
        };
        let pdf = pdf(&facts).unwrap();
        assert!(pdf.starts_with(b"%PDF-1.7"));
        assert_eq!(pdf, super::pdf(&facts).unwrap(), "the same facts give the same bytes");
    }
}

#[test]
fn what_a_table_leaves_out_is_in_its_last_row() {
    let rows = (1..=50).map(|n| row(Some("x"), &format!("Commune {n}"), n)).collect();
    let table = table(&report(Group::VenueCommune, rows), &["workshops_redeemed"]);
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 41);
    assert_eq!(rows[40]["label"], "Les 10 autres, ensemble");
    assert_eq!(rows[40]["figures"][0], (41..=50).sum::<i64>().to_string());
    assert_eq!(table["totals"][0], "1\u{202f}275");
}

#[test]
fn a_curve_has_every_month_of_the_period() {
    let months = report(Group::Month, vec![row(Some("2026-03"), "mars 2026", 7)]);
    let curve = curve(&months, "workshops_redeemed", "Ateliers validés par mois").unwrap();
    assert_eq!(curve["points"].as_array().unwrap().len(), 12);
    assert_eq!(curve["points"][2][1], 0.875, "seven of eight");
    assert!(curve["alt"].as_str().unwrap().contains("Le plus haut : 7 en mars 2026"), "{curve}");
}
