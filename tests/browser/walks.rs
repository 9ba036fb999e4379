//! Each workspace as people walk through it, on both databases: with the keyboard, on a phone, in
//! two tabs, on a slow network, and without scripts.

use std::time::Instant;

use crate::browser::{Browser, plain};
use crate::chromium::Device;
use crate::door::{Call, Door};
use crate::house::House;
use crate::report::report;
use crate::scene::Scene;

on_one_engine![
    a_social_worker_hands_a_pass_over_with_the_keyboard_alone,
    venue_staff_validate_by_typing_and_undo,
    the_holder_reads_what_is_left_on_a_phone,
    every_walk_works_without_scripts,
    who_is_sent_to_sign_in_comes_back_to_the_page,
    the_service_goes_away_and_comes_back,
];

on_both_engines![
    a_double_press_on_a_slow_network_takes_one_workshop,
    two_tabs_on_one_pass_take_what_is_there_and_no_more,
    a_funder_reads_the_report_and_downloads_what_it_shows,
];

fn a_social_worker_hands_a_pass_over_with_the_keyboard_alone(house: &House) {
    let scene = Scene::of(house);
    let worker = Browser::of(house, &Device::desktop());
    worker.signs_in(&scene.worker).opens("/remise");
    worker.strokes.set(0);
    let began = Instant::now();
    worker.begins_at("5").arrows_to("10");
    worker.tabs_to("Commune où vit").strikes("16000");
    worker.tabs_to("Prénom").strikes("Jean-Noël");
    worker.tabs_to("Nom de naissance").strikes("Lefèvre");
    worker.tabs_to("Date de naissance").strikes("17051961").enter();
    worker.must_say("Qui paie ce pass").must_say("100,00 €").must_say("10 ateliers");
    worker.begins_at("Vérifier avant").tabs_to("Remettre ce pass").enter();
    worker.must_say("Pass remis").must_be_at("/remise/");
    worker.begins_at("Imprimer la lettre");
    let (strokes, time) = (worker.strokes.get(), began.elapsed().as_millis());
    report("handover", &format!("first pass: {strokes} keystrokes, {time} ms of machine time"));
    assert_eq!(scene.available(), [995_000, 997_000, 998_000]);

    // Another desk, so that no tab with a letter stands in front.
    let worker = Browser::of(house, &Device::desktop());
    worker.signs_in(&scene.worker).opens("/remise").chooses("Nombre d’ateliers", "10");
    worker.presses("Continuer").presses("Remettre ce pass").must_say("Pass remis");
    worker.opens("/remise").must_not_say("Jean-Noël");
    worker.strokes.set(0);
    worker.begins_at("Commune où vit").strikes("16000").enter();
    worker.must_say("10 ateliers").begins_at("Vérifier avant").tabs_to("Remettre ce pass").enter();
    worker.must_say("Pass remis");
    assert_eq!(worker.strokes.get(), 8, "the postal code, Enter, then Tab and Enter");
    let again = format!("second pass, size remembered: {} keystrokes", worker.strokes.get());
    report("handover-again", &again);
    worker.reloads().goes_back().opens("/remise");
    assert_eq!(scene.report("")["totals"]["passes_handed_over"], 3);
}

fn venue_staff_validate_by_typing_and_undo(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let staff = Browser::of(house, &Device::phone());
    staff.signs_in(&scene.staff).opens("/scanner").chooses("Atelier", "Créer une boîte mail");
    staff.types("Code du pass", "AAAA-AAAA-AAAA-AAAA").must_say("Un signe est faux");
    staff.types("Code du pass", &pass.code.to_lowercase()).must_say("Code complet");
    staff.presses("Vérifier").must_say("Il reste 5 ateliers").presses("Valider 1 atelier");
    staff.must_say("Atelier validé").must_say("Il reste 4 ateliers").must_say("1 atelier");
    staff.reloads().must_say("Créer une boîte mail");
    assert_eq!(scene.worker.reads(&pass.id)["remaining"], 4, "a reload takes nothing");
    staff.presses("Annuler la validation").types("Pourquoi ?", "Mauvais pass");
    staff.presses("Annuler cette validation").must_say("Validation annulée");
    assert_eq!(scene.worker.reads(&pass.id)["remaining"], 5);
}

fn a_double_press_on_a_slow_network_takes_one_workshop(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let staff = Browser::of(house, &Device::phone());
    staff.signs_in(&scene.staff).opens(&format!("/P/{}", pass.code));
    staff.chooses("Atelier", "Créer une boîte mail");
    staff.is_on_a_slow_network();
    let twice = "const press = () => document.querySelector('main form button.main').click();
        press(); setTimeout(press, 150);";
    staff.runs(twice, serde_json::json!([]));
    staff.must_say("Atelier validé").must_say("Il reste 4 ateliers");
    assert_eq!(scene.worker.reads(&pass.id)["remaining"], 4);
}

fn two_tabs_on_one_pass_take_what_is_there_and_no_more(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    for _ in 0..4 {
        house.tick();
        scene.redeems(&pass.code).must_be(201);
    }
    let staff = Browser::of(house, &Device::desktop());
    let asks = format!("/P/{}", pass.code);
    staff.signs_in(&scene.staff).opens(&asks).must_say("Il reste 1 atelier");
    staff.opens_another_tab().opens(&asks).must_say("Il reste 1 atelier");
    staff.chooses("Atelier", "Créer une boîte mail").presses("Valider 1 atelier");
    staff.must_say("Atelier validé").must_say("Il reste 0 atelier");
    staff.goes_to_tab(0);
    staff.chooses("Atelier", "Créer une boîte mail").presses("Valider 1 atelier");
    staff.must_say("Refusé");
    assert_eq!(scene.worker.reads(&pass.id)["remaining"], 0);
}

fn a_funder_reads_the_report_and_downloads_what_it_shows(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    scene.redeems(&pass.code).must_be(201);
    let funder = Browser::of(house, &Device::desktop());
    let person = scene.funder(0);
    funder.signs_in(&person).opens("/rapports");
    funder.must_say("5,00 €").must_say("45,00 €");
    let csv = funder.link("CSV");
    let path = csv.strip_prefix(&house.address).unwrap_or(&csv);
    let session = funder.chromium.wait(funder.driver().get_all_cookies()).unwrap();
    let held: Vec<String> =
        session.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
    let call = Call::outside(path).header("Cookie", &held.join("; "));
    let sheet = Door::at(&house.address).ask(&call);
    assert_eq!(sheet.status, 200, "{}", sheet.text());
    assert!(sheet.text().contains("5,00"), "{}", sheet.text());
}

fn the_holder_reads_what_is_left_on_a_phone(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    scene.redeems(&pass.code).must_be(201);
    let holder = Browser::of(house, &Device::phone());
    holder.opens("/").follows("Taper mon code").types("Code de votre pass", &pass.code);
    holder.presses("Voir").must_say("9 ateliers").must_say("31 décembre 2026");
    holder.must_say("Médiathèque du centre").must_not_say(&pass.serial);
    holder.opens(pass.qr.trim_start_matches("HTTPS://PASS.TEST")).must_say("9 ateliers");
}

fn every_walk_works_without_scripts(house: &House) {
    let scene = Scene::of(house);
    let page = Browser::of(house, &Device::desktop().without_scripts());
    page.signs_in(&scene.worker).opens("/remise").chooses("Pass numérique Charente", "5");
    page.types("Commune où vit", "Saint-Denis").presses("Continuer");
    page.must_say("Plusieurs communes").chooses("De quelle commune", "Saint-Denis (93200)");
    page.presses("Continuer").must_say("Qui paie ce pass").presses("Remettre ce pass");
    page.must_say("Pass remis");
    let pass = scene.hands_over(5);
    page.signs_in(&scene.staff).opens("/scanner").chooses("Atelier", "Créer une boîte mail");
    page.types("Code du pass", &pass.code).presses("Vérifier").must_say("Il reste 5 ateliers");
    page.presses("Valider 1 atelier").must_say("Atelier validé");
    page.signs_in(&scene.funder(0)).opens("/rapports").must_say("Rapport");
    page.presses("Se déconnecter").must_say("Mot de passe oublié");
}

fn who_is_sent_to_sign_in_comes_back_to_the_page(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let staff = Browser::of(house, &Device::phone());
    staff.opens("/scanner").must_say("Mot de passe oublié");
    staff.types("Adresse e-mail", &scene.staff.email).types("Mot de passe", "faux");
    staff.presses("Se connecter").must_say("À corriger");
    staff.types("Mot de passe", crate::actors::PASSWORD).presses("Se connecter");
    staff.must_be_at("/scanner");
    staff.opens(&format!("/P/{}", pass.code)).must_say("Il reste 5 ateliers");
    staff.opens("/rapports").must_say("Votre compte ne permet pas cette action");
    staff.follows("Valider").must_be_at("/scanner");
    assert!(plain(&staff.text()).contains("Code du pass"));
}

/// When nobody answers the browser shows a page of its own and later sends the form again, by
/// itself or when it is told to: under the same key, it counts once.
fn the_service_goes_away_and_comes_back(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let staff = Browser::of(house, &Device::phone().without_scripts());
    staff.signs_in(&scene.staff).opens(&format!("/P/{}", pass.code));
    staff.chooses("Atelier", "Créer une boîte mail");
    house.closes();
    staff.presses("Valider 1 atelier").must_not_say("Atelier validé");
    house.opens_again();
    staff.reloads().must_say("Atelier validé").must_say("Il reste 4 ateliers");
    staff.reloads().must_say("Il reste 4 ateliers");
    assert_eq!(scene.worker.reads(&pass.id)["remaining"], 4);
}
