use super::super::snapshot::reviewed;
use super::*;
use crate::services::payment_runs::{PaymentFileView, PaymentView};

fn payment(number: u128) -> PaymentView {
    PaymentView {
        statement_id: Uuid::from_u128(number),
        statement: format!("R-2026-000{number}"),
        organisation_id: Uuid::from_u128(20 + number),
        organisation_name: "Médiathèque d’Angoulême".to_owned(),
        iban: "FR76 •••• 0189".to_owned(),
        amount_cents: 120_000,
        rejected_at: None,
        reject_code: None,
        reject_reason: None,
        payee_check: None,
        payee_name: None,
    }
}

pub fn run(payments: Vec<PaymentView>) -> PaymentRunView {
    PaymentRunView {
        id: Uuid::from_u128(6),
        reference: "P-2026-0001".to_owned(),
        execution_day: "2026-04-03".parse().unwrap(),
        transfers: i32::try_from(payments.len()).unwrap(),
        control_sum_cents: payments.iter().map(|payment| payment.amount_cents).sum(),
        rejected_cents: 0,
        debtor_iban: "FR76 •••• 0157".to_owned(),
        created_at: "2026-04-02T08:00:00Z".to_owned(),
        created_by: "Odile".to_owned(),
        executed_on: None,
        files: vec![PaymentFileView { version: "09".to_owned(), sha256: "c0ffee".to_owned() }],
        payments,
        left_out: None,
    }
}

fn page(operator: bool, run: PaymentRunView) -> PaymentRunPage {
    let [execution, bank_answer, rejection] =
        forms(&run, &Fields::default()).map(|form| form.filter(|_| operator));
    PaymentRunPage {
        frame: Frame::open("Campagne P-2026-0001"),
        done: "",
        operator,
        run,
        execution,
        bank_answer,
        rejection,
        unknown: Vec::new(),
        faults: Faults::default(),
    }
}

#[test]
fn a_run_waits_for_the_bank() {
    reviewed("payment-run", &page(true, run(vec![payment(1), payment(2)])));
    reviewed("payment-run-read", &page(false, run(vec![payment(1)])));
}

#[test]
fn what_the_bank_answered_stands_at_each_payment() {
    let rejected = PaymentView {
        rejected_at: Some("2026-04-04T08:00:00Z".to_owned()),
        reject_code: Some("AC04".to_owned()),
        reject_reason: Some("Compte clos. CPTE <CLOS>".to_owned()),
        ..payment(1)
    };
    let checked = PaymentView {
        payee_check: Some("close_match".to_owned()),
        payee_name: Some("MEDIATHEQUE".to_owned()),
        ..payment(2)
    };
    let mut run = run(vec![rejected, checked]);
    (run.rejected_cents, run.executed_on) = (120_000, "2026-04-03".parse().ok());
    let text = reviewed("payment-run-answered", &page(true, run));
    assert!(text.contains("CPTE &#60;CLOS&#62;"), "{text}");
}

#[test]
fn what_the_bank_refused_and_no_payment_bears_is_shown_to_a_person() {
    let mut page = page(true, run(vec![payment(1)]));
    page.unknown = vec!["R-2020-0009".to_owned(), "(sans identifiant)".to_owned()];
    let text = page.render().unwrap();
    assert!(text.contains("R-2020-0009") && text.contains("(sans identifiant)"), "{text}");
}
