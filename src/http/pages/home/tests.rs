use uuid::Uuid;

use super::*;
use crate::domain::refusal::{Code, Refused};
use crate::http::pages::snapshot::reviewed;
use crate::services::overview::{AgreementOverview, ProgrammeOverview};

fn home(role: Role, overview: Option<Overview>) -> HomePage {
    let me = Me {
        id: Uuid::nil(),
        email: "nadia@exemple.fr".to_owned(),
        name: "Nadia".to_owned(),
        role: role.as_str().to_owned(),
        manager: false,
        organisation_id: Uuid::nil(),
        organisation_name: "Médiathèque".to_owned(),
    };
    let frame = Frame { role: Some(role), ..Frame::open("Accueil") };
    HomePage { frame, me, role, overview }
}

#[test]
fn signing_in_leads_to_our_own_pages_only() {
    assert_eq!(local("/scanner?code=A"), "/scanner?code=A");
    for elsewhere in ["", "//x.fr", "/\\x.fr", "https://x.fr", "javascript:1", "/\nx"] {
        assert_eq!(local(elsewhere), "/", "{elsewhere}");
    }
}

#[test]
fn a_wrong_password_is_said_and_leads_to_the_field() {
    let sentence = "L'adresse ou le mot de passe est faux.";
    let faults = Faults::from(Refused::new(Code::InvalidCredentials, sentence));
    let frame = Frame::open("Erreur : se connecter");
    let page =
        SignInPage { frame, faults, email: "nadia@exemple.fr", next: "/scanner", left: false };
    let html = reviewed("sign-in-wrong", &page);
    assert!(html.contains("href=\"#email\"") && html.contains("autocomplete=\"username\""));
}

#[test]
fn somebody_invited_chooses_a_password() {
    let page =
        InvitationPage { frame: invited_frame(), faults: Faults::default(), email: "n@exemple.fr" };
    reviewed("invitation", &page);
}

#[test]
fn everybody_begins_at_their_own_work() {
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Operator) {
        reviewed(&format!("home-{}", role.as_str()), &home(role, None));
    }
}

#[test]
fn the_operator_sees_each_programme_and_what_is_left() {
    let none = Overview { programmes: Vec::new() };
    reviewed("home-operator-begins", &home(Role::Operator, Some(none)));
    let programme = ProgrammeOverview {
        id: Uuid::from_u128(1),
        name: "Charente 2026".to_owned(),
        first_day: "1er janvier 2026".to_owned(),
        last_day: "31 décembre 2026".to_owned(),
        price_cents: 1_000,
        training: false,
        agreements: vec![AgreementOverview {
            funder_name: "CAF".to_owned(),
            tier: 1,
            share_bp: 3_333,
            envelope_cents: 500_000,
            available_cents: 12_300,
        }],
    };
    let one = Overview { programmes: vec![programme] };
    reviewed("home-operator", &home(Role::Operator, Some(one)));
}
