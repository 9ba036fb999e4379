use uuid::Uuid;

use super::super::snapshot::reviewed;
use super::*;
use crate::services::solvency::{AgreementSolvency, SolvencyTotals};

fn page(cash_cents: i64, links: bool) -> SolvencyPage {
    let cover_cents = cash_cents - 1_000_000;
    let agreement = AgreementSolvency {
        agreement_id: Uuid::from_u128(1),
        funder_id: Uuid::from_u128(3),
        funder_name: "CAF".to_owned(),
        programme_id: Uuid::from_u128(2),
        programme_name: "Charente 2026".to_owned(),
        tier: 1,
        cash_cents,
        committed_cents: 800_000,
        payable_cents: 200_000,
        available_cents: 4_000_000,
        cover_cents,
        solvent: cover_cents >= 0,
    };
    let totals = SolvencyTotals {
        cash_cents,
        committed_cents: 800_000,
        payable_cents: 200_000,
        missing_cents: (-cover_cents).max(0),
    };
    let solvent = agreement.solvent;
    let as_of = "2026-11-30T09:00:00Z".to_owned();
    let shown = Solvency { solvent, agreements: vec![agreement], totals, as_of };
    SolvencyPage { frame: Frame::open("Solvabilité"), back: None, links, shown }
}

#[test]
fn money_that_is_missing_is_said_first() {
    reviewed("solvency", &page(1_000_000, true));
    reviewed("solvency-missing", &page(400_050, false));
}
