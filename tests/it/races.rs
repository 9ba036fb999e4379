//! Many at once, over real HTTP, against real processes; and processes that are killed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use pass_numerique::adapters::clock::{Clock, SystemClock};
use pass_numerique::adapters::randomness::{Random, SecureRandom};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::actors::{redemption, text};
use crate::door::{Answer, Call, Door};
use crate::ground::Ground;
use crate::processes::{Instance, must_verify, sign_in};
use crate::scene::{agreement, programme};

on_both_engines![
    the_last_workshop_is_taken_once_by_two_hundred_requests_and_their_retries,
    fifty_undos_of_one_redemption_happen_once,
    what_was_answered_is_there_after_a_kill,
    retries_after_a_kill_in_full_flight_give_one_redemption_a_key,
    passes_that_are_suspended_under_a_crowd_count_exactly_what_was_answered,
    a_venue_that_is_suspended_at_one_instance_is_refused_at_every_other,
];

on_empty_databases![two_instances_that_start_at_once_share_one_schema_and_one_set_of_keys];

/// A town on running processes.
pub struct Town {
    pub instances: Vec<Instance>,
    operator: String,
    pub worker: String,
    pub staff: String,
    programme: String,
    pub venue: String,
}

impl Town {
    /// One process on SQLite, two on PostgreSQL.
    pub fn on(ground: &Ground) -> Self {
        let count = if ground.url.starts_with("sqlite:") { 1 } else { 2 };
        let instances: Vec<Instance> = (0..count).map(|_| Instance::start(ground)).collect();
        let door = instances[0].door();
        let operator = sign_in(ground, &door, "operator", None);
        let make = |path: &str, body: &Value| {
            let answer = door.ask(&Call::new("POST", path).json(body).bearer(&operator));
            assert!(answer.status < 300, "{}", answer.text());
            if answer.bytes.is_empty() { String::new() } else { text(&answer.json(), "id") }
        };
        let organisation = |role: &str| make("/organisations", &json!({"name": role, role: true}));
        let (prescriber, runner) = (organisation("prescriber"), organisation("venue_operator"));
        let venue = make(
            "/venues",
            &json!({
                "organisation_id": runner, "name": "Médiathèque", "address": "1 place de la Mairie",
                "postal_code": "16000", "commune": "16015",
            }),
        );
        let always = json!({"valid_from": "2020-01-01", "valid_until": "2199-12-31"});
        make(&format!("/venues/{venue}/labels"), &always);
        let fields = json!({"first_day": "2020-01-01", "last_day": "2199-12-31"});
        let programme = make("/programmes", &programme(&fields));
        for share in [5_000, 3_000, 2_000] {
            let line = agreement(&organisation("funder"), (1, share, 1_000_000));
            make(&format!("/programmes/{programme}/agreements"), &line);
        }
        let accept = |what: &str, body: &Value| {
            let call = Call::new("POST", &format!("/programmes/{programme}/{what}"));
            assert!(door.ask(&call.json(body).bearer(&operator)).status < 300);
        };
        accept("prescribers", &json!({"organisation_id": prescriber}));
        accept("venues", &json!({"venue_id": venue}));
        let worker = sign_in(ground, &door, "social_worker", Some(&prescriber));
        let staff = sign_in(ground, &door, "venue_staff", Some(&runner));
        Self { instances, operator, worker, staff, programme, venue }
    }

    pub fn door(&self, number: usize) -> Door {
        self.instances[number % self.instances.len()].door()
    }

    pub fn hands_over(&self, units: u8) -> Value {
        let call = self.handing_over(&json!({"units": units}), keys(1)[0]);
        self.door(0).ask(&call).must_be(201)
    }

    /// A handover of the programme.
    pub fn handing_over(&self, fields: &Value, key: Uuid) -> Call {
        let mut body = fields.clone();
        body["programme_id"] = json!(self.programme);
        Call::new("POST", "/passes").json(&body).key(key).bearer(&self.worker)
    }

    fn redeeming(&self, code: &str, key: Uuid) -> Call {
        let body = redemption(code, &self.venue);
        Call::new("POST", "/redemptions").json(&body).key(key).bearer(&self.staff)
    }

    pub fn used(&self, pass: &Value) -> i64 {
        let call =
            Call::new("GET", &format!("/passes/{}", text(pass, "id"))).bearer(&self.operator);
        self.door(0).ask(&call).must_be(200)["used"].as_i64().unwrap()
    }
}

pub fn keys(count: usize) -> Vec<Uuid> {
    let random = SecureRandom::from_system().unwrap();
    (0..count).map(|_| random.id(SystemClock.now())).collect()
}

/// Sends every call at once, spread over the instances; answers in the order of the calls.
pub fn all_at_once(town: &Town, calls: &[Call]) -> Vec<Answer> {
    let go = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let send = |(number, call): (usize, &Call)| {
            let (door, call, go) = (town.door(number), call.clone(), &go);
            scope.spawn(move || {
                while !go.load(Ordering::Acquire) {
                    std::thread::yield_now();
                }
                door.ask(&call)
            })
        };
        let threads: Vec<_> = calls.iter().enumerate().map(send).collect();
        go.store(true, Ordering::Release);
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn the_last_workshop_is_taken_once_by_two_hundred_requests_and_their_retries(ground: &Ground) {
    let town = Town::on(ground);
    let pass = town.hands_over(5);
    let code = text(&pass, "code");
    for key in keys(4) {
        town.door(0).ask(&town.redeeming(&code, key)).must_be(201);
    }
    let keys = keys(100);
    // Each key twice; its two requests go to different instances.
    let calls: Vec<Call> = keys
        .iter()
        .chain(&keys[1..])
        .chain(&keys[..1])
        .map(|key| town.redeeming(&code, *key))
        .collect();
    let answers = all_at_once(&town, &calls);
    let order = keys.iter().chain(&keys[1..]).chain(&keys[..1]);
    let mut by_key: HashMap<Uuid, Vec<&Answer>> = HashMap::new();
    for (key, answer) in order.zip(&answers) {
        by_key.entry(*key).or_default().push(answer);
    }
    for pair in by_key.values() {
        assert_eq!(pair[0].status, pair[1].status, "{} {}", pair[0].text(), pair[1].text());
        assert_eq!(pair[0].json()["detail"], pair[1].json()["detail"]);
        assert_eq!(pair[0].json()["id"], pair[1].json()["id"]);
        assert_eq!(pair.iter().filter(|answer| answer.replayed()).count(), 1);
    }
    let count = |status: u16, replayed: bool| {
        let like = |answer: &&Answer| answer.status == status && answer.replayed() == replayed;
        answers.iter().filter(like).count()
    };
    let counts = [count(201, false), count(201, true), count(409, false), count(409, true)];
    println!(
        "races: {} instances, 200 requests on the last workshop: {} taken, {} replayed, {} refused, \
         {} refusals replayed",
        town.instances.len(),
        counts[0],
        counts[1],
        counts[2],
        counts[3],
    );
    assert_eq!(counts, [1, 1, 99, 99]);
    for refused in answers.iter().filter(|answer| answer.status == 409) {
        refused.refused("exhausted");
    }
    assert_eq!(town.used(&pass), 5);
    must_verify(ground);
}

fn fifty_undos_of_one_redemption_happen_once(ground: &Ground) {
    let town = Town::on(ground);
    let pass = town.hands_over(5);
    let code = text(&pass, "code");
    let taken = town.door(0).ask(&town.redeeming(&code, keys(1)[0])).must_be(201);
    let path = format!("/redemptions/{}/reversal", text(&taken, "id"));
    let undo = |key| {
        let reason = json!({"reason": "Erreur"});
        Call::new("POST", &path).json(&reason).key(key).bearer(&town.staff)
    };
    let calls: Vec<Call> = keys(50).into_iter().map(undo).collect();
    let answers = all_at_once(&town, &calls);
    let done = answers.iter().filter(|answer| answer.status == 201).count();
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        refused.refused("already_reversed");
    }
    println!("races: {} instances, 50 undos: {done} done", town.instances.len());
    assert_eq!((done, town.used(&pass)), (1, 0));
    must_verify(ground);
}

/// What a batch read of a pass may be old when it writes: somebody else changes the pass meanwhile.
fn passes_that_are_suspended_under_a_crowd_count_exactly_what_was_answered(ground: &Ground) {
    let town = Town::on(ground);
    let passes: Vec<Value> = (0..6).map(|_| town.hands_over(10)).collect();
    let calls: Vec<Call> = (0..120)
        .map(|number| town.redeeming(&text(&passes[number % passes.len()], "code"), keys(1)[0]))
        .collect();
    let change = |pass: &Value, verb: &str| {
        let call = Call::new("POST", &format!("/passes/{}/{verb}", text(pass, "id")));
        let call = call.json(&json!({"reason": "Vérification"})).bearer(&town.worker);
        town.door(1).ask(&call).must_be(200);
    };
    let over = AtomicBool::new(false);
    let (answers, changes) = std::thread::scope(|scope| {
        let changing = scope.spawn(|| {
            let mut changes = 0;
            while !over.load(Ordering::Acquire) {
                for verb in ["suspend", "resume"] {
                    for pass in &passes {
                        change(pass, verb);
                    }
                    changes += passes.len();
                }
            }
            changes
        });
        let answers = all_at_once(&town, &calls);
        over.store(true, Ordering::Release);
        (answers, changing.join().unwrap())
    });
    for (number, pass) in passes.iter().enumerate() {
        let own = answers.iter().skip(number).step_by(passes.len());
        let (taken, refused): (Vec<_>, Vec<_>) = own.partition(|answer| answer.status == 201);
        assert_eq!(i64::try_from(taken.len()).unwrap(), town.used(pass));
        for answer in refused {
            let code = answer.problem()["code"].clone();
            assert!(code == "suspended" || code == "exhausted", "{}", answer.text());
        }
    }
    assert!(changes > 0 && answers.iter().any(|answer| answer.status == 201));
    must_verify(ground);
}

/// What an instance knows of a venue is what stands in the database, whoever changed it.
fn a_venue_that_is_suspended_at_one_instance_is_refused_at_every_other(ground: &Ground) {
    let town = Town::on(ground);
    let passes: Vec<Value> = (0..8).map(|_| town.hands_over(10)).collect();
    let crowd = |rounds: usize| {
        let scans = passes.iter().cycle().take(rounds * passes.len());
        let calls: Vec<Call> =
            scans.map(|pass| town.redeeming(&text(pass, "code"), keys(1)[0])).collect();
        all_at_once(&town, &calls)
    };
    assert!(crowd(2).iter().all(|answer| answer.status == 201));
    let suspension = json!({"suspended_from": "2020-01-01", "reason": "Contrôle"});
    let path = format!("/venues/{}/suspensions", town.venue);
    let suspend = Call::new("POST", &path).json(&suspension).bearer(&town.operator);
    let (meanwhile, suspended) = std::thread::scope(|scope| {
        let scanning = scope.spawn(|| crowd(4));
        let suspended = town.door(1).ask(&suspend);
        (scanning.join().unwrap(), suspended)
    });
    suspended.must_be(201);
    for answer in crowd(1) {
        answer.refused("venue_not_labelled");
    }
    let taken = meanwhile.iter().filter(|answer| answer.status == 201).count();
    let used: i64 = passes.iter().map(|pass| town.used(pass)).sum();
    assert_eq!(used, i64::try_from(2 * passes.len() + taken).unwrap());
    must_verify(ground);
}

fn what_was_answered_is_there_after_a_kill(ground: &Ground) {
    let mut town = Town::on(ground);
    let pass = town.hands_over(10);
    let code = text(&pass, "code");
    let keys = keys(5);
    let mut answered = Vec::new();
    for key in &keys {
        answered.push(town.door(0).ask(&town.redeeming(&code, *key)).must_be(201));
        town.instances.remove(0).kill();
        town.instances.insert(0, Instance::start(ground));
    }
    assert_eq!(town.used(&pass), 5);
    for (key, before) in keys.iter().zip(&answered) {
        let again = town.door(0).ask(&town.redeeming(&code, *key));
        assert!(again.replayed());
        assert_eq!(again.must_be(201), *before);
    }
    must_verify(ground);
}

fn retries_after_a_kill_in_full_flight_give_one_redemption_a_key(ground: &Ground) {
    let mut town = Town::on(ground);
    let passes: Vec<Value> = (0..6).map(|_| town.hands_over(10)).collect();
    let codes = passes.iter().map(|pass| text(pass, "code"));
    let tries: Vec<(String, Uuid)> =
        codes.flat_map(|code| keys(9).into_iter().map(move |key| (code.clone(), key))).collect();
    let victim = town.instances.remove(0);
    let door = victim.door();
    let answered: Vec<Option<Value>> = std::thread::scope(|scope| {
        let threads: Vec<_> = tries
            .iter()
            .map(|(code, key)| {
                let (door, call) = (door.clone(), town.redeeming(code, *key));
                scope.spawn(move || door.try_ask(&call).ok().map(|answer| answer.must_be(201)))
            })
            .collect();
        // Some answers came, others have not: the service dies in between.
        while threads.iter().filter(|thread| thread.is_finished()).count() < 12 {
            std::thread::yield_now();
        }
        victim.kill();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    town.instances.insert(0, Instance::start(ground));
    let mut ids = std::collections::HashSet::new();
    for ((code, key), before) in tries.iter().zip(&answered) {
        let again = town.door(0).ask(&town.redeeming(code, *key)).must_be(201);
        assert!(before.as_ref().is_none_or(|before| *before == again), "an answer was lost");
        assert!(ids.insert(text(&again, "id")));
    }
    let before = answered.iter().flatten().count();
    println!(
        "races: killed with {before} of {} answered; all there once after retries",
        tries.len()
    );
    for pass in &passes {
        assert_eq!(town.used(pass), 9);
    }
    must_verify(ground);
}

fn two_instances_that_start_at_once_share_one_schema_and_one_set_of_keys(ground: &Ground) {
    let instances: Vec<Instance> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(|| Instance::start(ground))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let token = sign_in(ground, &instances[0].door(), "operator", None);
    for instance in &instances {
        instance.door().ask(&Call::new("GET", "/me").bearer(&token)).must_be(200);
    }
}
