use uuid::Uuid;

use super::super::snapshot::reviewed;
use super::*;
use crate::services::places::Place;

fn venue(name: &str, distance_km: Option<f64>) -> VenueView {
    VenueView {
        id: Uuid::from_u128(1),
        organisation_id: Uuid::nil(),
        name: name.to_owned(),
        address: "1 place du Champ de Mars".to_owned(),
        address_complement: None,
        postal_code: "16100".to_owned(),
        commune: "16102".to_owned(),
        commune_name: "Cognac".to_owned(),
        latitude: Some(45.695),
        longitude: Some(-0.329),
        phone: Some("+33545953544".to_owned()),
        services: vec!["Aide aux démarches administratives".to_owned()],
        opening_hours: Some("Mo-Fr 09:00-12:00".to_owned()),
        distance_km,
    }
}

fn page(found: Found) -> VenuesPage {
    let search = Search { typed: "cognac".to_owned(), ..Search::default() };
    VenuesPage::of(Frame::open("Trouver un lieu"), search, found, Vec::new())
}

fn found(here: Vec<VenueView>, around: Vec<VenueView>) -> FoundVenues {
    FoundVenues {
        place: "Cognac (16100)".to_owned(),
        departements: vec!["16".to_owned()],
        here,
        around,
        page: 0,
        more: false,
    }
}

#[test]
fn a_venue_has_its_phone_hours_services_and_a_pin_that_leads_to_it() {
    let here = vec![venue("Médiathèque", None)];
    let around = vec![venue("Mairie", Some(3.2))];
    let shown = reviewed("venues", &page(Found::Venues(found(here, around))));
    for text in [r##"href="#lieu-2" aria-label="2 : Mairie""##, r#"id="lieu-2""#] {
        assert!(shown.contains(text), "{text} in {shown}");
    }
}

#[test]
fn where_there_is_no_venue_the_nearest_ones_are_shown() {
    let around = vec![venue("Mairie", Some(0.4))];
    reviewed("venues-around", &page(Found::Venues(found(Vec::new(), around))));
    let none = page(Found::Venues(found(Vec::new(), Vec::new())));
    assert!(!reviewed("venues-none", &none).contains("<svg class"));
}

#[test]
fn the_next_part_of_a_long_list_goes_on_counting() {
    let more = FoundVenues { page: 1, more: true, ..found(vec![venue("Mairie", None)], vec![]) };
    let shown = reviewed("venues-next", &page(Found::Venues(more)));
    assert!(shown.contains("21. Mairie"), "{shown}");
}

#[test]
fn places_to_choose_from_are_links() {
    let place = Place { code: "16102".to_owned(), label: "Cognac (16100)".to_owned() };
    reviewed("venues-which-commune", &page(Found::Choices(vec![place])));
    let departements = vec![
        ("16".to_owned(), "Charente".to_owned(), 24),
        ("17".to_owned(), "Charente-Maritime".to_owned(), 1),
    ];
    reviewed("venues-which-departement", &page(Found::Departements(departements)));
}

#[test]
fn an_unknown_commune_is_told_at_its_field() {
    let shown = reviewed("venues-nowhere", &page(Found::Nowhere));
    assert!(shown.contains(r##"<a href="#q">Nous ne trouvons pas"##), "{shown}");
}
