use super::super::snapshot::reviewed;
use super::*;
use crate::services::nearest_venues::NearVenue;

fn page(status: PassStatus, remaining: u8) -> HolderPage {
    let near = NearVenue {
        name: "Médiathèque".to_owned(),
        address: "1 place de la Mairie".to_owned(),
        commune: "16000 Angoulême".to_owned(),
        phone: Some("05 45 93 22 22".to_owned()),
    };
    let pass = HolderView {
        status,
        remaining,
        until: "2026-12-31".parse().unwrap(),
        training: false,
        venues: if status == PassStatus::Active { vec![near] } else { Vec::new() },
    };
    HolderPage { frame: Frame::open("Votre pass"), pass }
}

#[test]
fn every_state_says_what_it_is_and_what_to_do() {
    let states = [
        PassStatus::Active,
        PassStatus::Exhausted,
        PassStatus::Expired,
        PassStatus::Suspended,
        PassStatus::Replaced,
        PassStatus::Printed,
        PassStatus::Void,
    ];
    for status in states {
        let text = reviewed(&format!("holder-{}", status.as_str()), &page(status, 6));
        let todo =
            if status == PassStatus::Active { "Téléphonez" } else { "Parlez à la personne" };
        assert!(text.contains(todo), "{todo} in {text}");
    }
}

#[test]
fn a_pass_without_a_near_venue_leads_to_all_of_them_and_a_rehearsal_says_so() {
    let mut lonely = page(PassStatus::Active, 1);
    lonely.pass.venues.clear();
    lonely.pass.training = true;
    reviewed("holder-without-venue", &lonely);
}

#[test]
fn a_wrong_code_is_told_and_may_be_typed_again() {
    reviewed("type-code-wrong", &TypeCodePage { frame: type_code_frame(), wrong: true });
    reviewed("type-code", &TypeCodePage { frame: type_code_frame(), wrong: false });
}
