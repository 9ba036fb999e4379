use super::super::snapshot::reviewed;
use super::*;

fn venue() -> VenueView {
    VenueView {
        id: Uuid::from_u128(1),
        organisation_id: Uuid::nil(),
        name: "Médiathèque".to_owned(),
        address: "1 place de la Mairie".to_owned(),
        address_complement: None,
        postal_code: "16000".to_owned(),
        commune: "16015".to_owned(),
        commune_name: "Angoulême".to_owned(),
        latitude: None,
        longitude: None,
        phone: None,
        services: Vec::new(),
        opening_hours: None,
        distance_km: None,
    }
}

fn workshop(redeemed: i64) -> ScheduledWorkshopView {
    ScheduledWorkshopView {
        id: Uuid::from_u128(5),
        venue_id: Uuid::from_u128(1),
        theme: "faire_son_cv".to_owned(),
        theme_label: "Faire son CV".to_owned(),
        starts_at: "2026-11-22T13:00:00Z".to_owned(),
        day: "2026-11-22".parse().unwrap(),
        hour: "14 h 00".to_owned(),
        minutes: 120,
        seats: 8,
        redeemed: Some(redeemed),
        cancelled: false,
    }
}

fn page(venues: Vec<VenueView>, coming: Vec<ScheduledWorkshopView>) -> WorkshopsPage {
    WorkshopsPage {
        frame: Frame::open("Séances"),
        venues,
        coming,
        faults: Faults::default(),
        sent: Fields::default(),
        done: "",
        key: Uuid::nil(),
    }
}

#[test]
fn workshops_are_planned_at_a_venue_and_those_that_come_are_listed() {
    reviewed("workshops-no-venue", &page(Vec::new(), Vec::new()));
    reviewed("workshops-none", &page(vec![venue()], Vec::new()));
    reviewed("workshops", &page(vec![venue()], vec![workshop(0), workshop(3)]));
}

#[test]
fn a_wrong_hour_is_told_at_its_field() {
    let faults = Faults::field("heure", "Écrivez l’heure : par exemple 14:00.");
    reviewed("workshops-wrong-hour", &WorkshopsPage { faults, ..page(vec![venue()], Vec::new()) });
}

#[test]
fn an_hour_is_read_however_it_is_written() {
    let expected = NaiveTime::from_hms_opt(14, 30, 0);
    for text in ["14:30", "14 h 30", "14h30", "14:30:00"] {
        assert_eq!(hour(text), expected, "{text}");
    }
    assert_eq!(hour("9h"), NaiveTime::from_hms_opt(9, 0, 0));
    for wrong in ["", "midi", "25:00", "14:61", "1:2:3:4"] {
        assert_eq!(hour(wrong), None, "{wrong}");
    }
}
