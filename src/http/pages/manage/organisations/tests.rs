use super::super::list::tests::lines;
use super::super::team::tests::team;
use super::*;
use crate::http::pages::snapshot::reviewed;

#[test]
fn an_organisation_has_its_numbers_its_team_and_its_venues() {
    let organisation = OrganisationView {
        id: Uuid::from_u128(21),
        name: "Ville d’Angoulême".to_owned(),
        siret: Some("21160015300017".to_owned()),
        rna: None,
        funder: true,
        prescriber: false,
        venue_operator: true,
        frozen: false,
    };
    let page = |is_own, organisation: OrganisationView, venues| OrganisationPage {
        frame: Frame::open("Ville d’Angoulême"),
        done: "",
        is_own,
        freeze: (!is_own).then(|| freeze_form(&organisation)),
        team: team(&links::organisation(organisation.id)),
        organisation,
        venues,
    };
    reviewed("organisation", &page(false, organisation.clone(), lines()));
    let frozen = OrganisationView { frozen: true, ..organisation.clone() };
    reviewed("organisation-frozen", &page(false, frozen, Lines::default()));
    let own =
        OrganisationView { siret: None, funder: false, venue_operator: false, ..organisation };
    reviewed("organisation-own", &page(true, own, Lines::default()));
}
