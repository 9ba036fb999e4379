use super::*;
use crate::http::pages::snapshot::reviewed;
use crate::services::colleagues::Account;

fn colleague(number: u128, account: Account, managed: bool) -> Colleague {
    let user = UserView {
        id: Uuid::from_u128(number),
        email: format!("personne{number}@exemple.fr"),
        name: "Camille <Martin>".to_owned(),
        organisation_id: Uuid::nil(),
        role: "venue_staff".to_owned(),
        manager: number == 1,
        active: account != Account::Stopped,
        invitation_link: None,
    };
    Colleague { user, account, managed }
}

/// Colleagues whose accounts are in every state, one just invited.
pub fn team(path: &str) -> TeamPart {
    let until = "2026-03-17".parse().unwrap();
    let accounts = [Account::Open, Account::Invited { until }, Account::Lapsed, Account::Stopped];
    let people =
        (1..).zip(accounts).map(|(number, account)| colleague(number, account, number > 1));
    let invitation = Invitation {
        email: "personne2@exemple.fr".to_owned(),
        link: "https://pass.exemple.fr/invitation/secret".to_owned(),
        days: 7,
        minutes: 15,
    };
    let people = Listed { items: people.collect(), next: None };
    TeamPart { path: path.to_owned(), people, invitation: Some(invitation) }
}

#[test]
fn each_account_says_its_state_and_what_can_be_done() {
    let page = TeamPage { frame: Frame::open("Mon équipe"), done: "", team: team("/equipe") };
    let shown = reviewed("team", &page);
    assert!(shown.contains("Camille &#60;Martin&#62;"), "{shown}");
}
