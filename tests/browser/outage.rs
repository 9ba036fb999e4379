//! The door when the network goes: what is scanned is noted, survives what a day does to a phone,
//! and ends accepted or refused with its reason. None is lost, none counts twice.

use serde_json::json;

use crate::browser::Browser;
use crate::chromium::Device;
use crate::house::House;
use crate::report::report;
use crate::scene::Scene;

on_one_engine![
    scans_without_a_network_are_noted_and_sent_when_it_is_back,
    two_tabs_send_one_scan_once,
    a_sign_in_that_ended_meanwhile_loses_nothing,
    what_waits_is_named_and_sent_from_every_page_of_the_venue,
    a_phone_that_changes_hands_shows_nothing_of_the_one_before,
];

/// Ready at the door, with the list of passes on the device and the page kept.
fn at_the_door(house: &House, scene: &Scene<'_>) -> Browser {
    let staff = Browser::of(house, &Device::phone());
    staff.signs_in(&scene.staff).opens("/scanner").chooses("Atelier", "Créer une boîte mail");
    staff.must_say("En ligne");
    let kept = "const done = arguments[0];
        navigator.serviceWorker.ready.then(async () => {
            const names = await caches.keys();
            const page = names.length > 0 && await caches.match('/scanner');
            done(Boolean(page));
        });";
    let is_kept = || (staff.runs_and_waits(kept, json!([])) == true).then_some(());
    staff.until(is_kept, "is not kept for the hours without a network");
    staff
}

fn notes(staff: &Browser, code: &str, recognised: bool) {
    staff.types("Code du pass", code).presses("Vérifier");
    if recognised {
        staff.must_say("Pass reconnu").presses("Noter 1 atelier");
    } else {
        staff.must_say("Pass non reconnu").presses("Noter quand même");
    }
    staff.must_say("Noté sur cet appareil");
}

/// What a browser says when its network is back.
fn hears_the_network(staff: &Browser) {
    staff.runs("dispatchEvent(new Event('online'))", json!([]));
}

fn scans_without_a_network_are_noted_and_sent_when_it_is_back(house: &House) {
    let scene = Scene::of(house);
    let good: Vec<_> = (0..3).map(|_| scene.hands_over(5)).collect();
    let gone = scene.hands_over(5);
    scene.worker.does("void", &gone.id).must_be(200);
    let staff = at_the_door(house, &scene);
    house.closes();
    for pass in &good {
        notes(&staff, &pass.code, true);
    }
    notes(&staff, &gone.code, false);
    staff.must_say("4 validations attendent");
    staff.reloads().must_say("4 validations attendent");
    house.opens_again();
    hears_the_network(&staff);
    staff.must_say("Refusée").must_not_say("attendent d’être envoyées");
    assert_eq!(staff.text().matches("Acceptée. Il reste 4 ateliers").count(), 3);
    for pass in &good {
        assert_eq!(scene.worker.reads(&pass.id)["remaining"], 4);
    }
    staff.reloads().must_say("Validations hors réseau non comptées");
    report("offline", "queued 4, accepted 3, refused 1 with its reason, lost 0, counted twice 0");
}

fn two_tabs_send_one_scan_once(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let staff = at_the_door(house, &scene);
    staff.opens_another_tab().lives_at_the_same_time(house).opens("/scanner").must_say("En ligne");
    staff.goes_to_tab(0);
    house.closes();
    notes(&staff, &pass.code, true);
    staff.goes_to_tab(1).must_say("1 validation attend");
    house.opens_again();
    hears_the_network(&staff);
    staff.goes_to_tab(0);
    hears_the_network(&staff);
    staff.must_say("Acceptée. Il reste 4 ateliers");
    staff.goes_to_tab(1).must_say("Acceptée. Il reste 4 ateliers");
    assert_eq!(scene.worker.reads(&pass.id)["remaining"], 4);
}

fn a_sign_in_that_ended_meanwhile_loses_nothing(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let staff = at_the_door(house, &scene);
    house.closes();
    notes(&staff, &pass.code, true);
    staff.chromium.wait(staff.driver().delete_all_cookies()).unwrap();
    house.opens_again();
    hears_the_network(&staff);
    staff.must_say("Votre connexion est terminée. Rien n’est perdu.").follows("Se reconnecter");
    staff.types("Adresse e-mail", &scene.staff.email);
    staff.types("Mot de passe", crate::actors::PASSWORD).presses("Se connecter");
    staff.must_be_at("/scanner").must_say("Acceptée. Il reste 4 ateliers");
    assert_eq!(scene.worker.reads(&pass.id)["remaining"], 4);
}

fn what_waits_is_named_and_sent_from_every_page_of_the_venue(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let staff = at_the_door(house, &scene);
    house.closes();
    notes(&staff, &pass.code, true);
    house.opens_again();
    // The scanner is not open any more; any other page is enough.
    staff.opens("/releves");
    let sent = || (scene.worker.reads(&pass.id)["remaining"] == 4).then_some(());
    staff.until(sent, "does not send what waits");
    staff.opens("/scanner").must_say("Acceptée. Il reste 4 ateliers");

    let next = scene.hands_over(6);
    // The account waits before anything is noted: the scanner sends by itself once there is a network.
    for _ in 0..10 {
        scene.redeems("0000-0000-0000-0000").refused("unknown_code");
    }
    house.closes();
    notes(&staff, &next.code, false);
    house.opens_again();
    staff.opens("/releves").must_say("1 validation attend sur cet appareil");
    staff.follows("Ouvrir l’écran de validation").must_be_at("/scanner");
    staff.must_say("1 validation attend");
}

/// What the device keeps: pages, lists of passes, choices, and scans.
fn kept(staff: &Browser) -> serde_json::Value {
    let look = "const done = arguments[0];
        (async () => {
            const pages = await caches.match('/scanner') ? 1 : 0;
            const opened = indexedDB.open('pass-numerique');
            await new Promise((resolve) => { opened.onsuccess = resolve; });
            const count = (name) => new Promise((resolve) => {
                const asked = opened.result.transaction(name).objectStore(name).count();
                asked.onsuccess = () => resolve(asked.result);
            });
            const all = [pages, await count('lists'), localStorage.length, await count('scans')];
            opened.result.close();
            done(all);
        })();";
    staff.runs_and_waits(look, json!([]))
}

fn a_phone_that_changes_hands_shows_nothing_of_the_one_before(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let runner = scene.operator.organisation("Tiers-lieu", &["venue_operator"]);
    let next = crate::actors::VenueStaff(house.person("venue_staff", &runner, false));
    let theirs = scene.operator.venue(&runner, "Tiers-lieu de la gare");
    scene.operator.labels(&theirs, "2025-06-01", "2027-12-31");
    scene.operator.accepts_venue(&scene.programme, &theirs);

    // Signing out on another page than the scanner. What waits is money, and stays.
    let staff = at_the_door(house, &scene);
    // The account has to wait: nothing is sent, from the other page either.
    for _ in 0..10 {
        scene.redeems("0000-0000-0000-0000").refused("unknown_code");
    }
    house.closes();
    notes(&staff, &pass.code, true);
    house.opens_again();
    staff.opens("/releves").must_say("1 validation attend");
    staff.presses("Se déconnecter").must_say("Vous êtes déconnecté");
    let empty = || (kept(&staff) == json!([0, 0, 0, 1])).then_some(());
    staff.until(empty, "is cleared but for what waits");

    // A sign-in that was never ended: the next person without a network sees no page of the first.
    let staff = at_the_door(house, &scene);
    staff.signs_in(&next);
    house.closes();
    staff.opens("/scanner").must_not_say("Médiathèque du centre");
    house.opens_again();
    staff.opens("/scanner").must_say("Tiers-lieu de la gare");
}
