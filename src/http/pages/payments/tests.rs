use super::super::payment_run::tests::run;
use super::super::snapshot::reviewed;
use super::super::statements::tests::statement;
use super::*;
use crate::domain::money::Cents;
use crate::services::next_payment_run::LeftOutView;

fn page(next: NextRun, runs: Vec<PaymentRunView>, to_confirm: Vec<BankDetailView>) -> PaymentsPage {
    let pay = (!next.ready.is_empty()).then(|| Form::new(PAYMENTS, "Payer", Vec::new()));
    PaymentsPage {
        frame: Frame::open("Paiements"),
        done: "",
        back: None,
        operator: true,
        own: Uuid::from_u128(9),
        waiting: waiting(&next),
        next,
        pay,
        to_confirm,
        runs: Listed { items: runs, next: None },
        faults: Faults::default(),
    }
}

#[test]
fn without_a_statement_there_is_nothing_to_pay() {
    let nothing = NextRun {
        ready: Vec::new(),
        sum: Cents::ZERO,
        left_out: Vec::new(),
        debtor: true,
        uncovered: Vec::new(),
    };
    reviewed("payments-nothing", &page(nothing, Vec::new(), Vec::new()));
}

#[test]
fn what_can_be_paid_comes_before_what_waits() {
    let left_out = LeftOutView {
        statement_id: Uuid::from_u128(2),
        statement: "R-2026-0002".to_owned(),
        organisation_id: Uuid::from_u128(22),
        organisation_name: "Annexe".to_owned(),
        amount_cents: 3_000,
        reason: LeftOut::NoBankDetails.as_str().to_owned(),
    };
    let next = NextRun {
        ready: vec![statement("approved")],
        sum: Cents(120_000),
        left_out: vec![left_out.clone(), left_out],
        debtor: false,
        uncovered: vec![(Uuid::from_u128(1), "CAF, Charente".to_owned(), Cents(5_050))],
    };
    let detail = BankDetailView {
        id: Uuid::from_u128(8),
        organisation_id: Uuid::from_u128(21),
        organisation_name: "Médiathèque".to_owned(),
        holder: "Médiathèque d’Angoulême".to_owned(),
        iban: "FR76 •••• 0189".to_owned(),
        state: "proposed".to_owned(),
        proposed_at: "2026-03-10T09:00:00Z".to_owned(),
        proposed_by: "Camille".to_owned(),
        decided_at: None,
        decided_by: None,
        may_decide: true,
    };
    reviewed("payments", &page(next, vec![run(Vec::new())], vec![detail]));
}
