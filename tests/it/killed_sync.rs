//! A service that dies halfway through the scans a device sends.

use std::time::Duration;

use pass_numerique::adapters::clock::{Clock, SystemClock};
use serde_json::{Value, json};

use crate::actors::{scan, text};
use crate::door::Call;
use crate::ground::Ground;
use crate::processes::{Instance, must_verify};
use crate::races::{Town, keys};

on_both_engines![a_kill_in_the_middle_of_a_batch_loses_no_scan_and_counts_none_twice];

const PASSES: usize = 30;
const EACH: usize = 6;

fn a_kill_in_the_middle_of_a_batch_loses_no_scan_and_counts_none_twice(ground: &Ground) {
    let mut town = Town::on(ground);
    let passes: Vec<Value> = (0..PASSES).map(|_| town.hands_over(10)).collect();
    let now = SystemClock.now().to_string();
    let scans: Vec<Value> = passes
        .iter()
        .flat_map(|pass| keys(EACH).into_iter().map(move |key| (text(pass, "code"), key)))
        .map(|(code, key)| scan(key, &code, &town.venue, &now))
        .collect();
    let batch = Call::new("POST", "/redemptions/sync")
        .json(&json!({"device_id": "téléphone", "items": scans}))
        .bearer(&town.staff);
    let victim = town.instances.remove(0);
    let door = victim.door();
    let cut = std::thread::scope(|scope| {
        let (sender, call) = (door.clone(), batch.clone());
        let sent = scope.spawn(move || sender.try_ask(&call).is_err());
        // Some scans are counted, most are not: the service dies in between.
        let first = Call::new("GET", &format!("/passes/{}", text(&passes[1], "id")));
        let first = first.bearer(&town.worker);
        while door.ask(&first).must_be(200)["used"] == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        victim.kill();
        sent.join().unwrap()
    });
    town.instances.insert(0, Instance::start(ground));
    let before: i64 = passes.iter().map(|pass| town.used(pass)).sum();
    let answer = town.door(0).ask(&batch).must_be(200);
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), PASSES * EACH);
    assert!(results.iter().all(|result| result["outcome"] == "accepted"), "{answer}");
    let replayed = results.iter().filter(|result| result["replayed"] == true).count();
    assert_eq!(i64::try_from(replayed).unwrap(), before, "what was counted is answered again");
    for pass in &passes {
        assert_eq!(usize::try_from(town.used(pass)).unwrap(), EACH);
    }
    println!("killed with {before} of {} scans counted (cut off: {cut})", scans.len());
    must_verify(ground);
}
