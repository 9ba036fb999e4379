use chrono::NaiveDate;

use super::*;
use crate::domain::caller::Role;
use crate::domain::money::Cents;
use crate::domain::time::Month;
use crate::http::pages::snapshot::reviewed;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

fn venue(number: u128, name: &str) -> VenueView {
    VenueView {
        id: Uuid::from_u128(number),
        organisation_id: Uuid::nil(),
        name: name.to_owned(),
        address: "1 place du Champ de Mars".to_owned(),
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

fn recent(reversed: bool) -> Recent {
    Recent {
        id: Uuid::from_u128(7),
        theme: "creer_une_boite_mail".to_owned(),
        theme_label: "Créer une boîte mail".to_owned(),
        venue_name: "Médiathèque".to_owned(),
        serial: "TQ70-4J65-B99Z".to_owned(),
        hour: "14 h 05".to_owned(),
        earlier: None,
        training: false,
        reversed,
        may_undo: !reversed,
        remaining: 6,
        last_day: "31 décembre 2026".to_owned(),
    }
}

fn refused() -> RefusedScan {
    RefusedScan {
        id: Uuid::from_u128(8),
        venue_id: Uuid::from_u128(1),
        venue_name: "Médiathèque".to_owned(),
        serial: None,
        code_ending: "XAYC".to_owned(),
        theme: "creer_une_boite_mail".to_owned(),
        theme_label: "Créer une boîte mail".to_owned(),
        scanned_at: "2026-11-21T10:00:00Z".to_owned(),
        scanned_on: "21 novembre 2026 à 11 h 00".to_owned(),
        received_at: "2026-11-22T09:00:00Z".to_owned(),
        skew_seconds: Some(3600),
        skewed: true,
        refusal: "unknown_code".to_owned(),
        detail: "Ce code ne correspond à aucun pass accepté dans ce lieu : vérifiez.".to_owned(),
        resolved_at: None,
        resolution: None,
        held: false,
        redemption_id: None,
    }
}

fn page(told: Told) -> ScannerPage {
    let frame = Frame { role: Some(Role::VenueStaff), ..Frame::open(told.title()) };
    ScannerPage {
        frame,
        venues: vec![venue(1, "Médiathèque")],
        venue: Uuid::from_u128(1),
        chosen: true,
        told,
        theme: "creer_une_boite_mail".to_owned(),
        whose: "0a1b2c3d".to_owned(),
        organisation: Uuid::from_u128(9),
        planned: Vec::new(),
        today: Vec::new(),
        refused: Vec::new(),
        owed: Owed {
            month: Month::of(day()),
            workshops: 0,
            this_month: Cents(0),
            in_all: Cents(123_400),
        },
        key: Uuid::from_u128(3),
    }
}

#[test]
fn ready_it_asks_for_a_code_and_says_what_is_owed() {
    reviewed("scanner", &page(Told::Nothing));
}

#[test]
fn the_workshop_of_the_day_comes_first_among_the_themes() {
    let planned = ScheduledWorkshopView {
        id: Uuid::from_u128(5),
        venue_id: Uuid::from_u128(1),
        theme: "faire_son_cv".to_owned(),
        theme_label: "Faire son CV".to_owned(),
        starts_at: "2026-11-22T13:00:00Z".to_owned(),
        day: day(),
        hour: "14 h 00".to_owned(),
        minutes: 120,
        seats: 8,
        redeemed: Some(0),
        cancelled: false,
    };
    let theme = format!("seance:{}", planned.id);
    let planned = ScannerPage { planned: vec![planned], theme, ..page(Told::Nothing) };
    let html = reviewed("scanner-planned", &planned);
    assert!(html.contains("data-theme=\"faire_son_cv\" selected"));
}

#[test]
fn a_pass_is_confirmed_before_anything_is_taken() {
    let checked = Checked {
        redeemable: true,
        pass_id: Uuid::from_u128(4),
        units: 10,
        used: 3,
        remaining: 7,
        last_day: day(),
        redeemable_until: day(),
        programme: "Pass numérique Charente".to_owned(),
        training: true,
    };
    let pass =
        Pass { checked, code: "C95KK393SHBMXAYC".to_owned(), fault: "Choisissez l’atelier." };
    let html = reviewed("scanner-confirm", &page(Told::Pass(pass)));
    assert!(html.contains("aria-describedby=\"theme-erreur\""));
    assert!(!html.contains("door.js"), "this page works alone");
}

#[test]
fn the_answer_says_yes_no_or_undone_in_words() {
    reviewed("scanner-done", &page(Told::Done(recent(false))));
    reviewed("scanner-undone", &page(Told::Done(recent(true))));
    let sentence = "Ce pass a expiré.".to_owned();
    reviewed("scanner-refused", &page(Told::No { title: "Pass expiré", sentence }));
}

#[test]
fn today_counts_what_stands_and_offers_to_undo_it() {
    let today = vec![recent(false), recent(true)];
    let html = reviewed("scanner-today", &ScannerPage { today, ..page(Told::Nothing) });
    assert_eq!(html.matches("Annuler cette validation").count(), 1);
}

#[test]
fn a_refused_scan_stays_until_somebody_has_settled_it() {
    let waiting = ScannerPage { refused: vec![refused()], ..page(Told::Nothing) };
    reviewed("scanner-waiting", &waiting);
}

#[test]
fn an_organisation_without_a_venue_is_told_what_to_do() {
    let none = ScannerPage { venues: Vec::new(), ..page(Told::Nothing) };
    assert!(!reviewed("scanner-no-venue", &none).contains("door.js"));
    let two = vec![venue(1, "Médiathèque"), venue(2, "Annexe")];
    let two = ScannerPage { venues: two, chosen: false, ..page(Told::Nothing) };
    reviewed("scanner-two-venues", &two);
}
