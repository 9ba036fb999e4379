use uuid::Uuid;

use super::*;
use crate::domain::refusal::{Code, Refused};
use crate::services::overview::{AgreementOverview, ProgrammeOverview};

fn read(page: &impl Template) -> String {
    let html = page.render().unwrap();
    assert_eq!(html.matches("<h1").count(), 1, "{html}");
    assert_eq!(html.matches("</html>").count(), 1);
    html
}

fn must_say(html: &str, words: &[&str]) {
    for word in words {
        assert!(html.contains(word), "{word} is missing in {html}");
    }
}

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
    let page = SignInPage { frame, faults, email: "nadia@exemple.fr", next: "/scanner" };
    let html = read(&page);
    must_say(&html, &["À corriger", "mot de passe est faux", "value=\"nadia@exemple.fr\""]);
    must_say(&html, &["href=\"#email\"", "value=\"/scanner\"", "autocomplete=\"username\""]);
}

#[test]
fn somebody_invited_chooses_a_password() {
    let page =
        InvitationPage { frame: invited_frame(), faults: Faults::default(), email: "n@exemple.fr" };
    must_say(&read(&page), &["n@exemple.fr", "Au moins 12 caractères", "new-password"]);
}

#[test]
fn everybody_begins_at_their_own_work() {
    let door = |role: Role| read(&home(role, None));
    must_say(&door(Role::VenueStaff), &["Bonjour Nadia", "href=\"/scanner\"", "/seances"]);
    must_say(&door(Role::Funder), &["href=\"/rapports\""]);
    must_say(&door(Role::Auditor), &["href=\"/rapports\""]);
    assert!(!door(Role::Funder).contains("/gestion"));
}

#[test]
fn the_operator_sees_each_programme_and_what_is_left() {
    let empty = read(&home(Role::Operator, Some(Overview { programmes: Vec::new() })));
    must_say(&empty, &["Aucun dispositif", "/gestion/dispositifs/nouveau"]);
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
    let full = read(&home(Role::Operator, Some(Overview { programmes: vec![programme] })));
    must_say(&full, &["Charente 2026", "CAF", &euros(12_300), "1er janvier 2026"]);
}
