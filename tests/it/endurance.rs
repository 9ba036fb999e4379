//! What must not stop the service: a log that nobody reads, a database that holds still, bodies that
//! never end, and more requests from one address than anybody needs.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use serde_json::json;

use crate::actors::PASSWORD;
use crate::door::{Call, Door};
use crate::ground::Ground;
use crate::processes::{Instance, sign_in};

on_both_engines![
    a_log_that_cannot_be_written_holds_up_no_request,
    a_database_that_cannot_be_written_to_is_busy_and_not_a_mistake,
    whoever_tells_it_to_stop_it_answers_what_is_under_way,
];

mod one_engine {
    use crate::ground::Ground;

    macro_rules! stories {
        ($($story:ident)+) => {
            $(#[test]
            fn $story() {
                super::$story(&Ground::on_sqlite());
            })+
        };
    }

    stories! {
        a_body_that_never_ends_is_cut
        a_body_that_nobody_reads_keeps_no_connection
        a_form_of_anybody_takes_no_file
        one_address_asks_no_more_than_it_may
        machines_have_an_address_of_their_own
        over_https_browsers_are_told_to_stay_there
    }
}

const PATIENCE: Duration = Duration::from_secs(16);

fn organisation(door: &Door, token: &str) -> u16 {
    let body = json!({"name": "Mairie", "prescriber": true});
    let call = Call::new("POST", "/organisations").json(&body).bearer(token);
    door.try_ask(&call).map_or(0, |answer| answer.status)
}

fn ready(door: &Door) -> u16 {
    door.ask(&Call::outside("/readyz")).status
}

fn a_log_that_cannot_be_written_holds_up_no_request(ground: &Ground) {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let nobody_reads = Stdio::piped();
    for log in [Stdio::from(full), nobody_reads] {
        let instance = Instance::started(ground, &[("PASSNUM_LOG", "debug")], log);
        for _ in 0..600 {
            assert_eq!(instance.door().ask(&Call::outside("/healthz")).status, 200);
        }
        assert_eq!(ready(&instance.door()), 200);
        instance.signal("TERM");
        assert_eq!(instance.exit_code(), Some(0));
    }
}

/// Somebody else's transaction on SQLite; a server that only reads on PostgreSQL.
fn a_database_that_cannot_be_written_to_is_busy_and_not_a_mistake(ground: &Ground) {
    let instance = Instance::start(ground);
    let door = instance.door();
    let token = sign_in(ground, &door, "operator", None);
    assert_eq!((organisation(&door, &token), ready(&door)), (201, 200));
    let sqlite = ground.url.starts_with("sqlite:");
    let mut other = ground.database_url().connect().unwrap();
    if sqlite {
        other.batch_execute("BEGIN IMMEDIATE").unwrap();
    } else {
        let name = ground.url.rsplit('/').next().unwrap().to_owned();
        ground
            .administers(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
        ground.administers(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' \
             AND pid <> pg_backend_pid()"
        ));
    }
    let body = json!({"name": "Mairie", "prescriber": true});
    let call = Call::new("POST", "/organisations").json(&body).bearer(&token);
    for _ in 0..3 {
        let begun = Instant::now();
        let answer = door.ask(&call);
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert!(answer.header("retry-after").is_some());
        assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    }
    // What the last check found counts for a second.
    std::thread::sleep(Duration::from_secs(1));
    let begun = Instant::now();
    assert_eq!(ready(&door), 503);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    if sqlite {
        other.batch_execute("ROLLBACK").unwrap();
    } else {
        let name = ground.url.rsplit('/').next().unwrap().to_owned();
        ground.administers(&format!("ALTER DATABASE {name} RESET default_transaction_read_only"));
    }
    let back = Instant::now();
    while organisation(&door, &token) != 201 {
        assert!(back.elapsed() < PATIENCE, "it does not come back");
        std::thread::sleep(Duration::from_millis(200));
    }
    while ready(&door) != 200 {
        assert!(back.elapsed() < PATIENCE, "it is not ready again");
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn whoever_tells_it_to_stop_it_answers_what_is_under_way(ground: &Ground) {
    for signal in ["TERM", "INT", "HUP"] {
        let instance = Instance::start(ground);
        let mut stream =
            TcpStream::connect(instance.address.trim_start_matches("http://")).unwrap();
        let head = "POST /api/v1/auth/tokens HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
            content-length: 2\r\nexpect: 100-continue\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        let mut under_way = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
        stream.read_exact(&mut under_way).unwrap();
        assert_eq!(&under_way, b"HTTP/1.1 100 Continue\r\n\r\n", "{signal}");
        instance.signal(signal);
        std::thread::sleep(Duration::from_millis(300));
        stream.write_all(b"{}").unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 422", "{signal}");
        drop(stream);
        assert_eq!(instance.exit_code(), Some(0), "{signal}");
    }
}

fn a_body_that_never_ends_is_cut(ground: &Ground) {
    let instance = Instance::start(ground);
    let mut stream = TcpStream::connect(instance.address.trim_start_matches("http://")).unwrap();
    let head = "POST /connexion HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\
        content-type: application/x-www-form-urlencoded\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let begun = Instant::now();
    let mut answer = [0; 12];
    while stream.read_exact(&mut answer).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(30), "it waits for ever");
        stream.write_all(b"a").unwrap();
    }
    assert_eq!(&answer, b"HTTP/1.1 408");
}

/// Whoever answers without reading: a page, a refusal, a method that does not exist.
fn a_body_that_nobody_reads_keeps_no_connection(ground: &Ground) {
    let instance = Instance::start(ground);
    for line in ["GET /healthz", "GET /lieux", "DELETE /p", "POST /api/v1/passes"] {
        let mut stream =
            TcpStream::connect(instance.address.trim_start_matches("http://")).unwrap();
        let head = format!("{line} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(b"1\r\na\r\n").unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(25))).unwrap();
        let mut all = Vec::new();
        let ended = stream.read_to_end(&mut all);
        assert!(ended.is_ok(), "{line}: {ended:?}");
        assert!(all.starts_with(b"HTTP/1.1 "), "{line}");
    }
}

fn a_form_of_anybody_takes_no_file(ground: &Ground) {
    let instance = Instance::start(ground);
    let part = "--b\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\n";
    let mut body = part.as_bytes().to_vec();
    body.extend(vec![0; 200_000]);
    body.extend(b"\r\n--b--\r\n");
    for path in ["/connexion", "/p", "/invitation/x"] {
        let call = Call::page("POST", path).body("multipart/form-data; boundary=b", &body);
        assert_eq!(instance.door().ask(&call).status, 413, "{path}");
    }
}

fn one_address_asks_no_more_than_it_may(ground: &Ground) {
    let settings = [("PASSNUM_REQUESTS_PER_SECOND", "1")];
    let instance = Instance::started(ground, &settings, Stdio::null());
    let door = instance.door();
    let token = sign_in(ground, &door, "operator", None);
    let from =
        |address: &str| door.ask(&Call::outside("/lieux").header("x-forwarded-for", address));
    let refused = (0..400).map(|_| from("198.51.100.7")).find(|answer| answer.status == 429);
    assert!(refused.unwrap().header("retry-after").is_some());
    assert_eq!(from("198.51.100.8").status, 200, "another address");
    for _ in 0..60 {
        let me = Call::new("GET", "/me").bearer(&token);
        door.ask(&me.header("x-forwarded-for", "198.51.100.7")).must_be(200);
    }
    let forged = |number: u32| {
        let cookie = format!("pass_numerique_session={number:064x}.{number:032x}");
        let call = Call::new("GET", "/me").header("cookie", &cookie);
        door.ask(&call.header("x-forwarded-for", "198.51.100.9")).status
    };
    assert!((0..400).map(forged).any(|status| status == 429), "forged sessions are nobody's");
    let ended = ended_session(&door);
    let with_ended = |_| {
        let call = Call::outside("/p").header("cookie", &ended);
        door.ask(&call.header("x-forwarded-for", "198.51.100.10")).status
    };
    assert!((0..400).map(with_ended).any(|status| status == 429), "nor is one that has ended");
}

/// The cookie of a session that was opened on the pages and signed out.
fn ended_session(door: &Door) -> String {
    let form = |path: &str, cookie: &str, body: &str| {
        let call = Call::page("POST", path).header("cookie", cookie);
        door.ask(&call.body("application/x-www-form-urlencoded", body.as_bytes()))
    };
    let password = PASSWORD.replace(' ', "+");
    let opened = form("/connexion", "", &format!("email=operator@exemple.fr&password={password}"));
    let cookie = opened.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let page = door.ask(&Call::outside("/gestion").header("cookie", &cookie)).text();
    let (_, rest) = page.split_once("name=\"jeton\" value=\"").unwrap();
    let token = rest.split('"').next().unwrap();
    assert_eq!(form("/deconnexion", &cookie, &format!("jeton={token}")).status, 303);
    cookie
}

fn machines_have_an_address_of_their_own(ground: &Ground) {
    let machine = format!("127.0.0.1:{}", free_port());
    let settings = [("PASSNUM_MACHINE_LISTEN", machine.as_str())];
    let instance = Instance::started(ground, &settings, Stdio::null());
    for path in ["/metrics", "/readyz"] {
        assert_eq!(instance.door().ask(&Call::outside(path)).status, 404, "{path}");
        let apart = Door::at(&format!("http://{machine}"));
        assert_eq!(apart.ask(&Call::outside(path)).status, 200, "{path}");
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn over_https_browsers_are_told_to_stay_there(ground: &Ground) {
    let plain = [("PASSNUM_PUBLIC_URL", "http://pass.test")];
    let secure = [("PASSNUM_PUBLIC_URL", "https://pass.test")];
    for (settings, expected) in [(plain, None), (secure, Some("max-age=31536000"))] {
        let instance = Instance::started(ground, &settings, Stdio::null());
        let page = instance.door().ask(&Call::outside("/lieux"));
        assert_eq!(page.header("strict-transport-security"), expected);
    }
}
