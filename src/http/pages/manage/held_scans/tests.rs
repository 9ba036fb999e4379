use super::*;
use crate::http::pages::snapshot::reviewed;

fn waits() -> RefusedScan {
    RefusedScan {
        id: Uuid::from_u128(7),
        venue_id: Uuid::from_u128(8),
        venue_name: "Médiathèque du centre".to_owned(),
        serial: Some("123456".to_owned()),
        code_ending: "PQRS".to_owned(),
        theme: "creer_une_boite_mail".to_owned(),
        theme_label: "Créer une boîte mail".to_owned(),
        scanned_at: "2026-03-10T11:00:00Z".to_owned(),
        scanned_on: "10 mars 2026 à 12 h 00".to_owned(),
        received_at: "2026-03-20T11:00:00Z".to_owned(),
        skew_seconds: None,
        skewed: false,
        refusal: "scan_held".to_owned(),
        detail: "Cette validation est arrivée plus de 3 jours après.".to_owned(),
        resolved_at: None,
        resolution: None,
        held: true,
        redemption_id: None,
    }
}

fn page(waiting: Vec<RefusedScan>) -> HeldScansPage {
    HeldScansPage {
        frame: Frame::open("Validations à examiner"),
        done: "",
        waiting,
        key: Uuid::from_u128(9),
        next: None,
        faults: Faults::default(),
    }
}

#[test]
fn each_scan_that_waits_is_accepted_or_refused() {
    reviewed("held-scans-none", &page(Vec::new()));
    reviewed("held-scans", &page(vec![waits()]));
}
