use super::*;
use crate::http::pages::snapshot::reviewed;
use crate::services::agreements::AgreementView;

fn line(cash: i64) -> PlanLine {
    let agreement = AgreementView {
        id: Uuid::from_u128(1),
        programme_id: Uuid::from_u128(2),
        funder_id: Uuid::from_u128(3),
        tier: 2,
        share_bp: 3_333,
        envelope_cents: 5_000_000,
        available_cents: 4_000_000,
        territory: Some(vec!["16015".to_owned()]),
        publics: Some(vec!["job_seeker".to_owned()]),
        valid_from: None,
        valid_until: "2026-12-31".parse().ok(),
    };
    PlanLine {
        agreement,
        funder_name: "CAF".to_owned(),
        cash,
        committed: 600_000,
        payable: 400_000,
    }
}

fn shown(name: &str, cash: i64, movements: Vec<MovementLine>, faults: Faults) -> String {
    let line = line(cash);
    let id = line.agreement.id;
    let programme = ProgrammeView {
        id: line.agreement.programme_id,
        name: "Charente".to_owned(),
        price_cents: 1_000,
        sizes: vec![10],
        first_day: "2026-01-01".parse().unwrap(),
        last_day: "2026-12-31".parse().unwrap(),
        tolerance_days: 31,
        time_zone: "Europe/Paris".to_owned(),
        max_per_day: 1,
        passes_per_person: 1,
        undo_days: 7,
        opened_by: "signature".to_owned(),
        training: false,
        territory: None,
    };
    let page = AgreementPage {
        frame: Frame::open("Convention de CAF"),
        done: "",
        programme,
        receipt: Form { faults, ..agreement_form::record(id, Movement::Receipt) },
        refund: agreement_form::record(id, Movement::Refund),
        change: agreement_form::change(&line.agreement),
        movements: Listed { items: movements, next: None },
        line,
    };
    reviewed(name, &page)
}

#[test]
fn an_agreement_that_nobody_paid_into_says_what_is_missing() {
    let shown = shown("agreement-unpaid", 0, Vec::new(), Faults::default());
    assert!(shown.contains("Il manque 10\u{202f}000,00\u{a0}€"), "{shown}");
}

#[test]
fn receipts_and_refunds_stand_in_their_own_columns() {
    let movement = |refund, amount_cents| MovementLine {
        id: Uuid::from_u128(9),
        refund,
        amount_cents,
        moved_on: "2026-03-01".parse().unwrap(),
        reference: "VIR".to_owned(),
        recorded_by: "Odile".to_owned(),
    };
    let movements = vec![movement(true, 5_000), movement(false, 1_005_000)];
    let shown = shown("agreement", 1_000_000, movements, Faults::default());
    assert!(!shown.contains("Il manque"), "{shown}");
    let rendu = "<td class=\"n\"></td>\n<td class=\"n\">50,00\u{a0}€</td>";
    let recu = "<td class=\"n\">10\u{202f}050,00\u{a0}€</td>\n<td class=\"n\"></td>";
    assert!(shown.contains(rendu) && shown.contains(recu), "{shown}");
}

#[test]
fn a_refused_receipt_is_open_and_led_to() {
    let faults = Faults::field("amount_cents", "Écrivez un montant.");
    let shown = shown("agreement-wrong-receipt", 0, Vec::new(), faults);
    assert!(shown.contains("<a href=\"#recu-amount_cents\">"), "{shown}");
    assert!(shown.contains("<details open><summary>Enregistrer un versement reçu"), "{shown}");
}
