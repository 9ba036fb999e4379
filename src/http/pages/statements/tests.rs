use super::super::snapshot::reviewed;
use super::*;
use crate::services::statements::LinePart;

pub fn statement(state: &str) -> StatementView {
    StatementView {
        id: Uuid::from_u128(1),
        reference: "R-2026-0001".to_owned(),
        organisation_id: Uuid::from_u128(21),
        organisation_name: "Médiathèque d’Angoulême".to_owned(),
        month: "2026-03".to_owned(),
        workshops: 119,
        amount_cents: 119_000,
        carried_cents: 1_000,
        due_cents: 120_000,
        state: state.to_owned(),
        carried_into: None,
        payment_run_id: None,
        issued_at: "2026-04-01T08:00:00Z".to_owned(),
        approved_at: None,
        approved_by: None,
    }
}

fn line(kind: &str, amount_cents: i64) -> StatementLine {
    let part = LinePart { funder_id: Uuid::nil(), funder_name: "CAF".to_owned(), amount_cents };
    StatementLine {
        redemption_id: Uuid::from_u128(7),
        kind: kind.to_owned(),
        workshop_day: "2026-03-10".parse().unwrap(),
        days_late: Some(2).filter(|_| kind == "redemption"),
        booked_at: "2026-03-10T13:05:00Z".to_owned(),
        venue_id: Uuid::from_u128(2),
        venue_name: "Médiathèque".to_owned(),
        theme: "faire_son_cv".to_owned(),
        theme_label: "Faire son CV".to_owned(),
        serial: "7K3M-9QXT-2BVC".to_owned(),
        amount_cents,
        funding: vec![part],
    }
}

#[test]
fn statements_are_listed_and_drafts_are_approved_together() {
    let page = |list: Vec<StatementView>| StatementsPage {
        frame: Frame::open("Relevés"),
        done: "",
        back: None,
        month: String::new(),
        state: "draft".to_owned(),
        states: vec![("draft", "À valider"), ("paid", "Payé")],
        approve: (!list.is_empty()).then(|| approval(&list)),
        list,
        next: None,
        faults: Faults::default(),
    };
    reviewed("statements-none", &page(Vec::new()));
    reviewed("statements", &page(vec![statement("draft")]));
}

#[test]
fn a_statement_shows_each_workshop_and_what_was_taken_back() {
    let page = |statement, waits| StatementPage {
        repay: None,
        frame: Frame::open("Relevé R-2026-0001"),
        done: "",
        statement,
        waits,
        payment: None,
        approve: None,
        lines: vec![line("redemption", 1_000), line("reversal", -1_000)],
        next: None,
        first: None,
    };
    reviewed("statement", &page(statement("draft"), None));
    let approved = StatementView {
        approved_at: Some("2026-04-02T08:00:00Z".to_owned()),
        approved_by: Some("Odile".to_owned()),
        ..statement("approved")
    };
    reviewed("statement-waits", &page(approved, Some("pas de coordonnées bancaires")));
}
