use super::*;
use crate::http::pages::hand_over_page::tests::programme;
use crate::http::pages::snapshot::reviewed;
use crate::services::agreements::AgreementView;

fn line(number: u128, share_bp: i32) -> PlanLine {
    let agreement = AgreementView {
        id: Uuid::from_u128(number),
        programme_id: Uuid::from_u128(2),
        funder_id: Uuid::from_u128(10 + number),
        tier: 1,
        share_bp,
        envelope_cents: 5_000_000,
        available_cents: 4_000_000,
        territory: Some(vec!["16015".to_owned()]),
        publics: None,
        valid_from: None,
        valid_until: None,
    };
    let funder_name = "CAF".to_owned();
    PlanLine { agreement, funder_name, cash: 0, committed: 600_000, payable: 400_000 }
}

fn page(tiers: Vec<Tier>, begun: bool) -> ProgrammePage {
    let programme = programme(2, "Charente 2026", &[5, 10]);
    let file = ProgrammeFile { programme, tiers, prescribers: 3, venues: 1, begun };
    ProgrammePage { frame: Frame::open("Charente 2026"), done: "", file }
}

#[test]
fn a_plan_says_by_tier_who_pays_and_whether_it_is_whole() {
    reviewed("programme-new", &page(Vec::new(), false));
    let lines = vec![line(1, 5_000), line(2, 5_000)];
    let whole = Tier { number: 1, share_bp: 10_000, lines };
    let half = Tier { number: 2, share_bp: 5_000, lines: vec![line(3, 5_000)] };
    reviewed("programme", &page(vec![whole, half], true));
}
