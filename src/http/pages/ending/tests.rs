use chrono::NaiveDate;

use super::super::snapshot::reviewed;
use super::*;
use crate::services::ending::{CalendarStep, ClosingLine, ClosingStatement, EndingTotals};

fn totals() -> EndingTotals {
    EndingTotals {
        printed: 192,
        in_stock: 12,
        handed_over: 180,
        started: 150,
        workshops_granted: 1_800,
        workshops_redeemed: 1_000,
        workshops_lapsed: 700,
    }
}

/// The end of a programme as far as the step of that place in the calendar.
fn ending(reached: usize, statement: Option<ClosingStatement>) -> Ending {
    let day: NaiveDate = "2026-12-31".parse().unwrap();
    let calendar = EndingStep::ALL.into_iter().enumerate().map(|(place, step)| CalendarStep {
        step: step.as_str().to_owned(),
        day,
        reached: place < reached,
    });
    Ending {
        programme_id: Uuid::from_u128(2),
        programme_name: "Charente 2026".to_owned(),
        last_day: day,
        redeemable_until: "2027-01-31".parse().unwrap(),
        calendar: calendar.collect(),
        handovers_stopped_at: None,
        totals: totals(),
        definitions: std::collections::BTreeMap::new(),
        passes_open: 7,
        statement,
    }
}

fn line(number: u128, name: &str, agreed_at: Option<&str>) -> ClosingLine {
    ClosingLine {
        agreement_id: Uuid::from_u128(number),
        tier: 1,
        funder_id: Uuid::from_u128(10 + number),
        funder_name: name.to_owned(),
        received_cents: 1_000_000,
        committed_cents: 900_000,
        consumed_cents: 500_000,
        released_cents: 400_000,
        payable_cents: 0,
        cash_cents: 500_000,
        to_return_cents: 500_000,
        agreed_at: agreed_at.map(str::to_owned),
        credited_at: None,
    }
}

fn statement() -> ClosingStatement {
    ClosingStatement {
        reference: "E-2027-0001".to_owned(),
        established_at: "2027-02-06T09:00:00Z".to_owned(),
        totals: totals(),
        lines: vec![line(1, "CAF", Some("2027-02-07T10:00:00Z")), line(2, "Ville", None)],
    }
}

fn page(role: Role, own: u128, ending: Ending) -> EndingPage {
    let (act, credit) = next_acts(&ending, role, Uuid::from_u128(own));
    EndingPage {
        frame: Frame::open("Fin de Charente 2026"),
        done: "",
        operator: role == Role::Operator,
        ending,
        act,
        credit,
        faults: Faults::default(),
    }
}

#[test]
fn the_next_thing_to_do_follows_the_calendar() {
    reviewed("ending-early", &page(Role::Operator, 0, ending(1, None)));
    reviewed("ending-stop", &page(Role::Operator, 0, ending(3, None)));
    reviewed("ending-establish", &page(Role::Operator, 0, ending(6, None)));
}

#[test]
fn the_operator_notes_what_is_signed_on_paper_and_a_funder_agrees_for_itself() {
    reviewed("ending-agreed", &page(Role::Operator, 0, ending(6, Some(statement()))));
    let waits = page(Role::Funder, 12, ending(6, Some(statement())));
    reviewed("ending-of-the-funder", &waits);
    let agreed = page(Role::Funder, 11, ending(6, Some(statement())));
    assert!(agreed.act.is_none(), "who agreed is asked nothing");
}
