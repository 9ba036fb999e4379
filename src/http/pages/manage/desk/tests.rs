use super::*;
use crate::domain::ids::{AgreementId, OrganisationId};
use crate::domain::money::Cents;
use crate::http::pages::snapshot::reviewed;

fn shown(name: &str, alerts: &[Alert]) -> String {
    let desk = Desk {
        programmes: 2,
        organisations: 169,
        venues: 182,
        labelled: 1,
        people: 31,
        printed: 1200,
        in_stock: 106,
    };
    reviewed(name, &page(Frame::open("Gestion"), desk, alerts))
}

fn asleep(number: u128) -> Alert {
    let organisation = OrganisationId(Uuid::from_u128(number));
    Alert::PassesAsleep { organisation, name: format!("CCAS {number}"), passes: 3 }
}

#[test]
fn nothing_to_look_at_is_said() {
    shown("desk-nothing", &[]);
}

#[test]
fn money_comes_before_what_sleeps_and_each_alert_leads_to_where_to_act() {
    let agreement = AgreementId(Uuid::from_u128(7));
    let insolvent = Alert::Insolvent {
        agreement,
        funder: "CAF".to_owned(),
        programme: "Charente".to_owned(),
        cash: Cents(100_000),
        owed: Cents(350_050),
    };
    let shown = shown("desk", &[asleep(1), insolvent]);
    assert!(shown.contains(&format!("href=\"/gestion/conventions/{agreement}\"")), "{shown}");
    let place = |words: &str| shown.find(words).unwrap();
    assert!(place("Argent qui manque") < place("Pass jamais commencés"));
}

#[test]
fn many_alerts_of_a_sort_are_one_click_away() {
    let all: Vec<Alert> = (1..=10).map(asleep).collect();
    let shown = shown("desk-many", &all);
    let (in_sight, more) = shown.split_once("<details>").unwrap();
    assert_eq!(in_sight.matches("CCAS").count(), IN_SIGHT);
    assert_eq!(more.matches("CCAS").count(), 10 - IN_SIGHT);
    assert!(more.contains("6 autres"), "{more}");
}
