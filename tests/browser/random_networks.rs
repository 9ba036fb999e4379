//! Five hundred scans a run through networks that answer at random: every scan ends redeemed once or
//! shown with a reason, none vanishes, none counts twice.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use pass_numerique::domain::code::Code;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::chromium::Device;
use crate::house::House;
use crate::report::report;
use crate::scene::Scene;
use crate::weather::{Mood, Weather};

on_both_engines![every_scan_is_redeemed_once_or_shown_whatever_the_network_does];
on_one_engine![no_answer_of_a_network_passes_for_ours];

const SCANS: usize = 500;
const REFUSED: usize = 50;
/// Wrong codes of one account: with ten it would have to wait.
const UNKNOWN: u64 = 6;
const ROUNDS: usize = 5;

/// Types one code after the other, as soon as the page has said something of the one before, and
/// keeps all that the page says.
const FEEDS: &str = "
    const [codes] = arguments;
    const answer = document.getElementById('answer');
    globalThis.fed = 0;
    globalThis.said = [];
    new MutationObserver(() => said.push(answer.textContent))
        .observe(answer, { childList: true, subtree: true });
    const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));
    const says = async () => {
        for (let looks = 0; looks < 2000; looks += 1) {
            await sleep(4);
            const button = answer.querySelector('[data-do=note]');
            if (button) button.click();
            else if (answer.textContent.trim()) return;
        }
    };
    (async () => {
        for (const code of codes) {
            const field = document.getElementById('code');
            field.value = code;
            field.dispatchEvent(new Event('input', { bubbles: true }));
            field.form.querySelector('button.main:not([type])').click();
            await says();
            fed += 1;
            if (fed % 7 === 0) dispatchEvent(new Event('online'));
            if (fed % 3 === 0) await sleep(Math.random() * 40);
        }
    })();";

/// What the device keeps of every scan.
const KEPT: &str = "const done = arguments[0];
    const opened = indexedDB.open('pass-numerique');
    opened.onsuccess = () => {
        const asked = opened.result.transaction('scans').objectStore('scans').getAll();
        asked.onsuccess = () => {
            opened.result.close();
            done(asked.result);
        };
    };";

/// Ready at the door in a group, with the page kept for the hours without a network.
fn at_the_door(house: &House, scene: &Scene<'_>, weather: &Weather) -> Browser {
    let staff = Browser::at(&weather.address, &Device::phone());
    staff.lives_at_the_same_time(house).signs_in(&scene.staff).opens("/scanner");
    staff.chooses("Atelier", "Créer une boîte mail").ticks("Groupe").must_say("En ligne");
    let kept = "const done = arguments[0];
        navigator.serviceWorker.ready.then(async () => done(Boolean(await caches.match('/scanner'))));";
    let is_kept = || (staff.runs_and_waits(kept, json!([])) == true).then_some(());
    staff.until(is_kept, "is not kept for the hours without a network");
    staff
}

fn feeds(staff: &Browser, codes: &[String]) -> Vec<String> {
    staff.runs(FEEDS, json!([codes]));
    let begun = Instant::now();
    while staff.runs("return globalThis.fed", json!([])) != codes.len() {
        if begun.elapsed() > Duration::from_mins(3) {
            let fed = staff.runs("return fed", json!([]));
            staff.fails(&format!("stands still after {fed}"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    serde_json::from_value(staff.runs("return globalThis.said", json!([]))).unwrap()
}

/// The network is good again: all that waits is sent.
fn clears_up(staff: &Browser, weather: &Weather) -> Vec<Value> {
    weather.is(Mood::Fair);
    let waits = |scan: &Value| scan["state"] == "waiting" || scan["state"] == "sending";
    let begun = Instant::now();
    loop {
        staff.runs("dispatchEvent(new Event('online'))", json!([]));
        let kept = staff.runs_and_waits(KEPT, json!([])).as_array().unwrap().clone();
        if !kept.iter().any(waits) {
            return kept;
        }
        let left: Vec<_> = kept.iter().filter(|scan| waits(scan)).collect();
        assert!(begun.elapsed() < Duration::from_mins(2), "still waiting: {left:?}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The last four signs of a code.
fn ending(code: &str) -> String {
    code.chars().skip(code.chars().count() - 4).collect()
}

fn is_shown(code: &str, said: &[String], kept: &[Value]) -> bool {
    let ending = ending(code);
    let in_words = |text: &String| text.contains("Refusé") && text.contains(&ending);
    let in_list = |scan: &Value| scan["state"] == "refused" && scan["ending"] == ending.as_str();
    said.iter().any(in_words) || kept.iter().any(in_list)
}

fn every_scan_is_redeemed_once_or_shown_whatever_the_network_does(house: &House) {
    let seed = house.key().as_u64_pair().1;
    let scene = Scene::with(house, &json!({}), &[(1, 10_000, 10_000_000)]);
    let weather = Weather::before(&house.address, seed);
    let good: Vec<_> = (0..150).map(|_| scene.hands_over(5)).collect();
    let refused = usize::try_from(UNKNOWN).unwrap();
    let void: Vec<_> = (0..REFUSED - refused).map(|_| scene.hands_over(5)).collect();
    for pass in &void {
        scene.worker.does("void", &pass.id).must_be(200);
    }
    let mut wrong: Vec<String> = void.iter().map(|pass| pass.code.clone()).collect();
    wrong.extend((1..=UNKNOWN).map(|n| Code::from_bytes([u8::try_from(n).unwrap(); 9]).grouped()));
    let mut codes = wrong.clone();
    codes.extend(good.iter().cycle().take(SCANS - REFUSED).map(|pass| pass.code.clone()));
    for place in (1..codes.len()).rev() {
        codes.swap(place, usize::try_from(weather.draws(place as u64 + 1)).unwrap());
    }

    let staff = at_the_door(house, &scene, &weather);
    let begun = Instant::now();
    let mut said = Vec::new();
    for (round, piece) in codes.chunks(SCANS / ROUNDS).enumerate() {
        weather.turns([30, 60, 90, 50, 70][round % 5]);
        said.extend(feeds(&staff, piece));
        // The page goes away in the middle of what it does, and comes again.
        staff.reloads().must_say("Code du pass");
    }
    let kept = clears_up(&staff, &weather);
    weather.ends();

    let mut expected: BTreeMap<&str, i64> = BTreeMap::new();
    for code in &codes {
        *expected.entry(code).or_default() += 1;
    }
    let (mut lost, mut double, mut redeemed) = (0, 0, 0);
    for pass in &good {
        let used = scene.worker.reads(&pass.id)["used"].as_i64().unwrap();
        let scans = expected[pass.code.as_str()];
        redeemed += used;
        lost += (scans - used).max(0);
        double += (used - scans).max(0);
    }
    let shown = wrong.iter().filter(|code| is_shown(code, &said, &kept)).count();
    let line = format!(
        "seed {seed}: scans {}, redeemed {redeemed}, shown {shown}, lost {lost}, double {double}; \
         {} requests, {} s",
        codes.len(),
        weather.asked.load(std::sync::atomic::Ordering::SeqCst),
        begun.elapsed().as_secs()
    );
    println!("{line}");
    report("random-networks", &line);
    assert_eq!((lost, double, shown), (0, 0, REFUSED), "{line}");
    assert_eq!(redeemed, i64::try_from(SCANS - REFUSED).unwrap(), "{line}");
}

fn no_answer_of_a_network_passes_for_ours(house: &House) {
    let scene = Scene::of(house);
    let weather = Weather::before(&house.address, 1);
    let staff = at_the_door(house, &scene, &weather);
    for mood in Mood::BAD {
        let pass = scene.hands_over(5);
        staff.must_say("En ligne");
        weather.is(mood);
        let said = feeds(&staff, std::slice::from_ref(&pass.code));
        assert!(said.iter().all(|text| !text.contains("Refusé")), "{mood:?}: {said:?}");
        let ending = ending(&pass.code);
        let is_there = || {
            let kept = staff.runs_and_waits(KEPT, json!([]));
            let line = kept
                .as_array()?
                .iter()
                .find(|scan| scan["code"].as_str().is_some_and(|code| code.ends_with(&ending)))?;
            (line["state"] == "waiting").then_some(())
        };
        if mood != Mood::Slow {
            staff.until(is_there, &format!("does not keep what met {mood:?}"));
            staff.runs("dispatchEvent(new Event('online'))", json!([]));
            std::thread::sleep(Duration::from_millis(150));
            staff.until(is_there, &format!("does not keep what was sent again and met {mood:?}"));
        }
        clears_up(&staff, &weather);
        assert_eq!(scene.worker.reads(&pass.id)["used"], 1, "{mood:?}");
    }
    weather.ends();
}
