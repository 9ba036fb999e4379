use super::super::pass::tests::rendered;
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
    let said = [
        (PassStatus::Active, "6 ateliers"),
        (PassStatus::Exhausted, "Vous avez utilisé tous vos ateliers."),
        (PassStatus::Expired, "Il marchait jusqu’au 31 décembre 2026."),
        (PassStatus::Suspended, "Vos ateliers sont gardés."),
        (PassStatus::Replaced, "Prenez votre nouveau pass."),
        (PassStatus::Printed, "Ce pass ne marche pas encore."),
        (PassStatus::Void, "Ce pass ne marche plus."),
    ];
    for (status, sentence) in said {
        let text = rendered(&page(status, 6));
        assert!(text.contains(sentence), "{sentence} in {text}");
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
    let text = rendered(&lonely);
    assert!(text.contains("Trouver un lieu") && text.contains("1 atelier<"));
    assert!(text.contains("Il ne donne pas d’atelier."));
    assert!(rendered(&page(PassStatus::Active, 1)).contains("href=\"tel:0545932222\""));
}

#[test]
fn a_wrong_code_is_told_and_may_be_typed_again() {
    let text = rendered(&TypeCodePage { frame: type_code_frame(), wrong: true });
    assert!(text.contains("Nous ne trouvons pas ce pass") && text.contains("id=\"code\""));
    rendered(&TypeCodePage { frame: type_code_frame(), wrong: false });
}
