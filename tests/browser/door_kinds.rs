//! What stands at real doors: a reader that types, a device that keeps nothing, a browser of 2018, a
//! service that asks for patience.

use std::time::Duration;

use serde_json::json;
use thirtyfour::Key;

use crate::browser::Browser;
use crate::chromium::Device;
use crate::house::House;
use crate::scene::Scene;
use crate::weather::{Mood, Weather};

on_one_engine![
    the_keys_of_a_reader_are_a_code_wherever_the_focus_is,
    a_device_that_keeps_nothing_validates_with_a_network_and_says_what_it_cannot,
    a_browser_of_2018_notes_and_sends,
    a_service_that_asks_for_patience_is_shown_as_that,
];

/// Something that is done to a page before its own scripts run.
fn prepared(house: &House, scene: &Scene<'_>, address: &str, first: &str) -> Browser {
    let staff = Browser::at(address, &Device::phone());
    staff.lives_at_the_same_time(house);
    let script = json!({"source": first});
    staff.chromium.tells("Page.addScriptToEvaluateOnNewDocument", script);
    staff.signs_in(&scene.staff).opens("/scanner").chooses("Atelier", "Créer une boîte mail");
    staff.must_say("En ligne");
    staff
}

fn scans(staff: &Browser, code: &str) {
    staff.strikes(&format!("{}{}", code.replace('-', ""), Key::Enter.value()));
}

fn the_keys_of_a_reader_are_a_code_wherever_the_focus_is(house: &House) {
    let scene = Scene::of(house);
    let [first, second, third, fourth] = [5, 6, 7, 8].map(|units| scene.hands_over(units));
    let used = |id: &str| scene.worker.reads(id)["used"].as_i64().unwrap();
    let staff = Browser::of(house, &Device::desktop());
    staff.signs_in(&scene.staff).opens("/scanner").chooses("Atelier", "Créer une boîte mail");
    staff.must_say("En ligne").runs("document.activeElement.blur()", json!([]));
    scans(&staff, &first.code);
    staff.must_say("Il reste 5 ateliers");
    // The next person comes before anybody looked: nothing is validated by that.
    scans(&staff, &second.code);
    staff.must_say("Il reste 6 ateliers");
    assert_eq!((used(&first.id), used(&second.id)), (0, 0));
    std::thread::sleep(Duration::from_millis(500));
    staff.enter().must_say("Atelier validé").must_say("Il reste 5 ateliers");
    // After an answer the next code is read without a click, and the old answer goes.
    scans(&staff, &third.code);
    staff.must_say("Il reste 7 ateliers").must_not_say("Atelier validé");
    assert_eq!((used(&second.id), used(&third.id)), (1, 0));
    // Signs that reach the list of workshops choose nothing there.
    staff.runs("document.getElementById('theme').focus()", json!([]));
    scans(&staff, &fourth.code);
    staff.must_say("Il reste 8 ateliers").must_say("Créer une boîte mail");
    let chosen = staff.runs("return document.getElementById('theme').value", json!([]));
    assert_eq!(chosen, "creer_une_boite_mail");
}

const KEEPS_NOTHING: &str = "
    IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError'); };
    Object.defineProperty(window, 'localStorage', {
        get() { throw new DOMException('refused', 'SecurityError'); },
    });";

fn a_device_that_keeps_nothing_validates_with_a_network_and_says_what_it_cannot(house: &House) {
    let scene = Scene::of(house);
    let [first, second] = [5, 6].map(|units| scene.hands_over(units));
    let weather = Weather::before(&house.address, 2);
    let staff = prepared(house, &scene, &weather.address, KEEPS_NOTHING);
    staff.types("Code du pass", &first.code).presses("Vérifier").presses("Valider 1 atelier");
    staff.must_say("Atelier validé").must_say("Il reste 4 ateliers");
    weather.is(Mood::Dropped);
    staff.types("Code du pass", &second.code).presses("Vérifier").presses("Noter");
    staff.must_say("Gardé par cette page seulement").must_not_say("tout est noté");
    weather.is(Mood::Fair);
    staff.runs("dispatchEvent(new Event('online'))", json!([]));
    staff.must_say("Acceptée. Il reste 5 ateliers");
    assert_eq!(scene.worker.reads(&second.id)["used"], 1);
    weather.ends();
}

/// What Chrome 70, Samsung Internet 8 and Firefox 68 do not have; but for what the driver needs itself.
const OLDER: &str = "
    for (const name of ['BarcodeDetector', 'BroadcastChannel', 'structuredClone', 'AbortController',
        'SyncManager', 'AggregateError', 'WeakRef', 'ResizeObserver']) delete window[name];
    for (const [of, names] of [
        [Navigator.prototype, ['locks', 'storage', 'wakeLock', 'vibrate', 'serviceWorker']],
        [AbortSignal, ['timeout', 'any']],
        [Array.prototype, ['at', 'findLast', 'flat', 'flatMap', 'toSorted']],
        [String.prototype, ['at', 'replaceAll', 'matchAll']],
        [Object, ['fromEntries', 'groupBy']],
        [Promise, ['allSettled', 'any', 'withResolvers']],
        [Promise.prototype, ['finally']],
        [Crypto.prototype, ['randomUUID']],
        [Element.prototype, ['replaceChildren', 'toggleAttribute']],
        [Document.prototype, ['replaceChildren']],
        [DocumentFragment.prototype, ['replaceChildren']],
        [window, ['requestIdleCallback', 'queueMicrotask', 'reportError']],
    ]) for (const name of names) delete of[name];";

fn a_browser_of_2018_notes_and_sends(house: &House) {
    let scene = Scene::of(house);
    let [first, second] = [5, 6].map(|units| scene.hands_over(units));
    let weather = Weather::before(&house.address, 3);
    let staff = prepared(house, &scene, &weather.address, OLDER);
    staff.types("Code du pass", &first.code).presses("Vérifier").presses("Valider 1 atelier");
    staff.must_say("Atelier validé").must_say("Il reste 4 ateliers");
    weather.is(Mood::Page);
    staff.types("Code du pass", &second.code).presses("Vérifier").presses("Noter");
    staff.must_say("Noté sur cet appareil").must_say("1 validation attend");
    staff.reloads().must_say("1 validation attend");
    weather.is(Mood::Fair);
    staff.runs("dispatchEvent(new Event('online'))", json!([]));
    staff.must_say("Acceptée. Il reste 5 ateliers");
    assert_eq!(scene.worker.reads(&second.id)["used"], 1);
    let complaints = staff.complaints();
    assert!(complaints.iter().all(|text| !text.contains("Error:")), "{complaints:?}");
    weather.ends();
}

/// A file with one newer sign in it does not run at all on an older browser.
#[test]
fn the_scripts_of_the_scanner_are_written_in_the_language_of_2018() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/http/pages/assets/scanner");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().extension().is_none_or(|extension| extension != "js") {
            continue;
        }
        read += 1;
        let text = std::fs::read_to_string(entry.path()).unwrap();
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap();
            let newer = ["??", "||=", "&&=", "?.", "static {", "await import", " #"];
            let found = newer.iter().find(|sign| code.contains(**sign));
            assert_eq!(found, None, "{}:{}: {line}", entry.path().display(), number + 1);
        }
    }
    assert!(read > 15, "{read} scripts");
}

fn a_service_that_asks_for_patience_is_shown_as_that(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let weather = Weather::before(&house.address, 4);
    let staff = prepared(house, &scene, &weather.address, "");
    // Somebody else's proxy.
    weather.is(Mood::Patience);
    staff.types("Code du pass", &pass.code).presses("Vérifier");
    staff.must_say("Le service demande d’attendre 1 seconde").must_say("Rien n’est perdu");
    weather.is(Mood::Fair);
    staff.must_say("En ligne");
    // Our own.
    for _ in 0..10 {
        scene.redeems("0000-0000-0000-0000").refused("unknown_code");
    }
    staff.types("Code du pass", &pass.code).presses("Vérifier");
    staff.must_say("attendre 10 minutes").must_not_say("Pass non reconnu");
    house.move_to("2026-03-10T09:11:00Z");
    staff.types("Code du pass", &pass.code).presses("Vérifier").presses("Valider 1 atelier");
    staff.must_say("Atelier validé");
    weather.ends();
}
