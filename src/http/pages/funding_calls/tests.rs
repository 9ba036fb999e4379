use super::super::snapshot::reviewed;
use super::*;
use crate::services::funding_calls::FundingCallLine;

fn call() -> FundingCallView {
    let line = FundingCallLine {
        agreement_id: Uuid::from_u128(1),
        programme_name: "Charente 2026".to_owned(),
        tier: 1,
        share_bp: 3_333,
        workshops: 120,
        amount_cents: 40_000,
        cash_cents: -1_050,
        beyond_rule_cents: Some(1_500),
    };
    FundingCallView {
        id: Uuid::from_u128(4),
        reference: "A-2026-0001".to_owned(),
        funder_id: Uuid::from_u128(3),
        funder_name: "CAF".to_owned(),
        month: "2026-03".to_owned(),
        amount_cents: 40_000,
        lines: vec![line],
        issued_at: "2026-04-01T08:00:00Z".to_owned(),
    }
}

#[test]
fn a_call_says_what_it_asks_for_by_agreement() {
    reviewed("funding-call", &FundingCallPage { frame: Frame::open("Appel"), asked: call() });
}

#[test]
fn calls_are_listed_by_month() {
    let page = |list, next| FundingCallsPage {
        frame: Frame::open("Appels de fonds"),
        back: None,
        month: "2026-03".to_owned(),
        list,
        next,
    };
    reviewed("funding-calls-none", &page(Vec::new(), None));
    reviewed("funding-calls", &page(vec![call()], Some("/appels?after=4".to_owned())));
}
