use uuid::Uuid;

use super::super::frame::Frame;
use super::super::snapshot::reviewed;
use super::*;
use crate::services::read_history::{Happening, Taken};

/// A pass of ten in that state, with so many workshops left.
pub fn sample(status: &str, remaining: u8) -> PassView {
    PassView {
        id: Uuid::from_u128(7),
        serial: "7K3M-9QXT-2BVC".to_owned(),
        programme_id: Uuid::from_u128(1),
        prescriber_id: Uuid::from_u128(2),
        status: status.to_owned(),
        units: 10,
        used: 10 - remaining,
        remaining,
        first_day: "2026-03-10".parse().unwrap(),
        last_day: "2026-12-31".parse().unwrap(),
        redeemable_until: "2027-01-31".parse().unwrap(),
        training: false,
        replaced_by: None,
        funding: Vec::new(),
    }
}

fn page(pass: PassView) -> PassPage {
    PassPage {
        frame: Frame::open("Pass"),
        programme: "Pass numérique Charente".to_owned(),
        history: History::default(),
        done: "",
        prints: true,
        hands_over: true,
        acts: acts(&pass),
        pass,
        faults: Faults::default(),
        key: Uuid::nil(),
    }
}

#[test]
fn a_new_pass_begins_at_its_printing() {
    let page = PassPage { done: "Pass remis.", ..page(sample("active", 10)) };
    let text = reviewed("pass-new", &page);
    assert!(text.contains("value=\"lettre\" autofocus"));
}

#[test]
fn what_became_of_a_pass_is_told_in_plain_words() {
    let day = "2026-04-02".parse().unwrap();
    let taken = |reversed| Taken {
        slot: 1,
        day,
        venue: "Médiathèque".to_owned(),
        theme: "Faire son CV".to_owned(),
        reversed,
    };
    let happening = |event: &str, reason: &str| Happening {
        event: event.to_owned(),
        reason: reason.to_owned(),
        day,
        hour: "10 h 25".to_owned(),
        by: "Sophie Laurent".to_owned(),
        other: None,
    };
    let history = History {
        taken: vec![taken(true), taken(false)],
        happenings: vec![happening("handed_over", ""), happening("suspended", "Pass volé <b>")],
    };
    let page = PassPage { history, ..page(sample("suspended", 9)) };
    let text = reviewed("pass-suspended", &page);
    assert!(text.contains("Pass volé &#60;b&#62;"));
    assert!(text.contains("Rétablir ce pass") && !text.contains("Suspendre ce pass"));
}

#[test]
fn a_pass_that_is_over_offers_nothing_and_one_left_is_singular() {
    for over in ["void", "replaced", "expired"] {
        let page = PassPage { prints: false, ..page(sample(over, 3)) };
        let text = reviewed(&format!("pass-{over}"), &page);
        assert!(!text.contains("Un problème avec ce pass") && !text.contains("Imprimer"));
    }
    let text = reviewed("pass-exhausted", &page(sample("exhausted", 0)));
    assert!(!text.contains("Remplacer ce pass") && text.contains("Annuler ce pass"));
    reviewed("pass-one-left", &page(sample("active", 1)));
}

#[test]
fn a_refused_act_is_open_with_what_was_typed() {
    let mut refused = page(sample("active", 4));
    refused.faults = Faults::field("reason", "Ce texte est obligatoire.");
    refused.show_again("annuler", " ".to_owned());
    let text = reviewed("pass-refused-act", &refused);
    assert!(text.contains("href=\"#reason-annuler\""));
    assert_eq!(text.matches("<details class=\"card\" open>").count(), 1);
}
