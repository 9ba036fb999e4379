use super::*;
use crate::http::pages::snapshot::reviewed;
use crate::services::venues::VenueView;

fn page(standing: Standing) -> VenuePage {
    let day = |text: &str| text.parse().unwrap();
    let id = Uuid::from_u128(1);
    let venue = VenueView {
        id,
        organisation_id: Uuid::from_u128(21),
        name: "Médiathèque".to_owned(),
        address: "1 place de la Mairie".to_owned(),
        address_complement: Some("2e étage".to_owned()),
        postal_code: "16000".to_owned(),
        commune: "16015".to_owned(),
        commune_name: "Angoulême".to_owned(),
        latitude: Some(45.65),
        longitude: Some(0.16),
        phone: Some("+33545932222".to_owned()),
        services: vec!["Aide aux démarches administratives".to_owned()],
        opening_hours: Some("Mo-Fr 09:00-12:00".to_owned()),
        distance_km: None,
    };
    let suspension = |from: &str, until: Option<&str>| Suspension {
        from: day(from),
        until: until.map(day),
        reason: "Travaux <b>".to_owned(),
        lifted: false,
    };
    let file = VenueFile {
        venue,
        organisation_name: "Ville d’Angoulême".to_owned(),
        standing,
        labels: vec![(day("2026-01-01"), day("2026-12-31"))],
        suspensions: vec![
            suspension("2026-03-01", None),
            Suspension { lifted: true, ..suspension("2026-02-02", Some("2026-02-10")) },
            Suspension { lifted: true, ..suspension("2026-01-20", Some("2026-01-10")) },
        ],
        today: day("2026-03-10"),
        programmes: vec![(Uuid::from_u128(2), "Charente 2026".to_owned())],
    };
    let (label, suspension) = (venue_form::label(id), venue_form::suspension(id));
    let lift = file.suspended().then(|| lift_form(id));
    VenuePage { frame: Frame::open("Médiathèque"), done: "", file, label, suspension, lift }
}

#[test]
fn a_venue_says_whether_it_may_redeem_and_why_not() {
    let until = "2026-12-31".parse().unwrap();
    let shown = reviewed("venue", &page(Standing::Labelled { until }));
    assert!(shown.contains("Travaux &#60;b&#62;"), "{shown}");
    reviewed("venue-suspended", &page(Standing::Suspended { until: None }));
    reviewed("venue-unlabelled", &page(Standing::Unlabelled));
}
