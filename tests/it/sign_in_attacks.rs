//! Whoever guesses passwords, or wants to know who has an account, or floods the door.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::actors::PASSWORD;
use crate::door::{Answer, Call};
use crate::ground::Ground;
use crate::house::House;
use crate::processes::{Instance, sign_in};

on_both_engines![
    sixty_guesses_at_once_are_no_more_than_ten,
    an_e_mail_without_an_account_is_answered_like_one_with,
    strangers_cannot_lock_out_a_device_that_its_owner_signed_in_on,
    one_network_cannot_try_one_password_on_every_e_mail,
    a_stopped_account_stays_stopped_whatever_its_owner_does,
];

mod processes {
    use crate::ground::Ground;

    #[test]
    fn two_hundred_sign_ins_at_once_cost_no_memory_and_hold_nobody_up() {
        super::two_hundred_sign_ins_at_once_cost_no_memory_and_hold_nobody_up(&Ground::on_sqlite());
    }
}

fn attempt(house: &House, email: &str, password: &str) -> Answer {
    house.door().post("/auth/tokens", &json!({"email": email, "password": password}))
}

fn statuses(answers: impl IntoIterator<Item = Answer>) -> BTreeMap<u16, usize> {
    let mut counts = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer.status).or_insert(0) += 1;
    }
    counts
}

fn sixty_guesses_at_once_are_no_more_than_ten(house: &House) {
    let person = house.operator();
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let guess = |number| attempt(house, &person.email, &format!("une phrase fausse {number}"));
        let threads: Vec<_> = (0..60).map(|number| scope.spawn(move || guess(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let counts = statuses(answers);
    // One that found no place among the passwords in time is counted and was not tried.
    assert!((1..=10).contains(&counts.get(&401).copied().unwrap_or(0)), "{counts:?}");
    assert!(counts.keys().all(|status| [401, 429, 503].contains(status)), "{counts:?}");
}

fn an_e_mail_without_an_account_is_answered_like_one_with(house: &House) {
    let known = house.operator().email.clone();
    let answers = |email: &str| -> Vec<(u16, String)> {
        let tries = (0..12).map(|_| attempt(house, email, "une phrase fausse"));
        tries.map(|answer| (answer.status, answer.problem()["detail"].to_string())).collect()
    };
    assert_eq!(answers(&known), answers("personne@exemple.fr"));
}

fn page_sign_in(house: &House, email: &str, password: &str, device: &str) -> Answer {
    let fields = format!("email={email}&password={password}");
    let call = Call::page("POST", "/connexion").header("cookie", device);
    house.door().ask(&call.body("application/x-www-form-urlencoded", fields.as_bytes()))
}

fn strangers_cannot_lock_out_a_device_that_its_owner_signed_in_on(house: &House) {
    let owner = house.operator();
    let opened = page_sign_in(house, &owner.email, PASSWORD, "");
    assert_eq!(opened.status, 303);
    let cookies = opened.headers.get_all("set-cookie");
    let device = cookies.iter().map(|cookie| cookie.to_str().unwrap());
    let device = device.filter_map(|cookie| cookie.split(';').next());
    let device =
        device.into_iter().find(|pair| pair.starts_with("pass_numerique_device=")).unwrap();
    for _ in 0..60 {
        attempt(house, &owner.email, "une phrase fausse");
    }
    attempt(house, &owner.email, PASSWORD).refused("too_many_sign_ins");
    assert_eq!(page_sign_in(house, &owner.email, PASSWORD, device).status, 303);
    // The mark is the owner's alone: on somebody else's account the device is a stranger's.
    let other = house.operator();
    for _ in 0..10 {
        page_sign_in(house, &other.email, "faux", device);
    }
    assert_eq!(page_sign_in(house, &other.email, PASSWORD, device).status, 429);
}

fn one_network_cannot_try_one_password_on_every_e_mail(house: &House) {
    let person = house.operator();
    let from = |network: u8, email: &str| {
        let body = json!({"email": email, "password": "la phrase que tout le monde prend"});
        let call = Call::new("POST", "/auth/tokens").json(&body);
        house.door().ask(&call.header("x-forwarded-for", &format!("198.51.100.{network}")))
    };
    for number in 0..100 {
        from(1, &format!("agent{number}@exemple.fr")).refused("invalid_credentials");
    }
    from(1, &person.email).refused("too_many_sign_ins");
    from(2, &person.email).refused("invalid_credentials");
}

/// Their own sign-ins write to their own account while the operator stops it.
fn a_stopped_account_stays_stopped_whatever_its_owner_does(house: &House) {
    let operator = house.operator();
    for _ in 0..4 {
        let leaving = house.operator();
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let (leaving, over) = (&leaving, &over);
                scope.spawn(move || {
                    while !over.load(Ordering::SeqCst) {
                        let password = if thread % 2 == 0 { PASSWORD } else { "faux" };
                        attempt(house, &leaving.email, password);
                    }
                });
            }
            std::thread::sleep(std::time::Duration::from_millis(150));
            let path = format!("/users/{}", leaving.id);
            let stopped = operator.patch(&path, &json!({"active": false})).must_be(200);
            assert_eq!(stopped["active"], false);
            std::thread::sleep(std::time::Duration::from_millis(150));
            over.store(true, Ordering::SeqCst);
        });
        let accounts = operator.get("/users?limit=200").must_be(200);
        let accounts = accounts["data"].as_array().unwrap();
        let found = accounts.iter().find(|one| one["id"] == leaving.id.to_string()).unwrap();
        assert_eq!(found["active"], false);
    }
}

/// Nobody needs an account to try this: each wrong password costs 19 MiB while it is looked at.
fn two_hundred_sign_ins_at_once_cost_no_memory_and_hold_nobody_up(ground: &Ground) {
    let instance = Instance::started(ground, &[], Stdio::null());
    let token = sign_in(ground, &instance.door(), "operator", None);
    let before = instance.megabytes();
    let (mut slowest, mut counts) = (std::time::Duration::ZERO, BTreeMap::new());
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..200)
            .map(|number| {
                let door = instance.door();
                scope.spawn(move || {
                    let email = format!("inconnu{number}@exemple.fr");
                    let body = json!({"email": email, "password": "une phrase fausse"});
                    door.post("/auth/tokens", &body)
                })
            })
            .collect();
        for _ in 0..20 {
            let begun = std::time::Instant::now();
            instance.door().ask(&Call::new("GET", "/me").bearer(&token)).must_be(200);
            slowest = slowest.max(begun.elapsed());
        }
        counts = statuses(threads.into_iter().map(|thread| thread.join().unwrap()));
    });
    let grown = instance.megabytes().saturating_sub(before);
    println!("{counts:?}, {grown} MB more, the slowest other answer {slowest:?}");
    assert!(grown < 150, "{grown} MB more");
    assert!(slowest < std::time::Duration::from_secs(8), "{slowest:?}");
    assert!(counts.keys().all(|status| [401, 429, 503].contains(status)), "{counts:?}");
}
