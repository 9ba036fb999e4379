//! Redeeming over HTTP/1.1 with keep-alive: each connection is a thread that waits for its answer.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const PASSWORD: &str = "demo-pass-numerique";

/// Of the cookies that a sign-in sets, the one that is the session.
const SESSION: &str = "pass_numerique_session=";

/// A line of the file of codes.
struct Target {
    code: String,
    venue: String,
    token: usize,
}

/// By what the service knows who asks.
#[derive(Clone, Copy)]
pub enum Door {
    /// An access token of the API.
    Token,
    /// The session's cookie, as the pages send it.
    Cookie,
}

impl Door {
    pub fn of(name: &str) -> Self {
        match name {
            "token" => Self::Token,
            "cookie" => Self::Cookie,
            _ => panic!("{name} is no door"),
        }
    }

    /// Signs in, and answers the header that says so from then on.
    fn header(self, connection: &mut Connection, email: &str) -> String {
        match self {
            Self::Token => {
                let body = format!("{{\"email\":\"{email}\",\"password\":\"{PASSWORD}\"}}");
                let answer = connection.post(
                    "/api/v1/auth/tokens",
                    "Content-Type: application/json\r\n",
                    &body,
                );
                assert_eq!(answer.status, 200, "{}", answer.body);
                let (_, rest) = answer.body.split_once("\"access_token\":\"").unwrap();
                format!("Authorization: Bearer {}", rest.split('"').next().unwrap())
            }
            Self::Cookie => {
                let body = format!("email={}&password={PASSWORD}", email.replace('@', "%40"));
                let form = "Content-Type: application/x-www-form-urlencoded\r\n";
                let answer = connection.post("/connexion", form, &body);
                assert_eq!(answer.status, 303, "{}", answer.body);
                format!("Cookie: {}", answer.cookie)
            }
        }
    }
}

pub fn run(
    address: &str,
    door: Door,
    codes: &str,
    skip: usize,
    connections: usize,
    seconds: usize,
) -> String {
    let (targets, tokens) = targets(address, door, codes);
    let next = AtomicUsize::new(skip);
    let begun = Instant::now();
    let ends = begun + Duration::from_secs(seconds as u64);
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|thread| {
                let (targets, tokens, next) = (&targets, &tokens, &next);
                scope.spawn(move || drive(address, targets, tokens, next, ends, thread))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let outcomes = outcomes.into_iter().map(|one| (one.micros, one.other)).collect();
    summary(connections, begun.elapsed().as_secs_f64(), next.load(Ordering::Relaxed), outcomes)
}

/// What all connections saw, as one line of JSON.
pub fn summary(
    connections: usize,
    took: f64,
    next: usize,
    outcomes: Vec<(Vec<u64>, BTreeMap<String, usize>)>,
) -> String {
    let mut micros: Vec<u64> = outcomes.iter().flat_map(|one| one.0.iter().copied()).collect();
    micros.sort_unstable();
    let mut other: BTreeMap<String, usize> = BTreeMap::new();
    for (what, count) in outcomes.iter().flat_map(|one| &one.1) {
        *other.entry(what.clone()).or_default() += count;
    }
    let at = |share: f64| micros.get((micros.len() as f64 * share) as usize).copied().unwrap_or(0);
    let mean = micros.iter().sum::<u64>() / micros.len().max(1) as u64;
    let other: Vec<String> = other.iter().map(|(what, n)| format!("\"{what}\":{n}")).collect();
    format!(
        "{{\"connections\":{connections},\"seconds\":{took:.2},\"redeemed\":{},\"per_second\":{:.1},\
         \"mean_us\":{mean},\"p50_us\":{},\"p95_us\":{},\"p99_us\":{},\"max_us\":{},\"next\":{next},\"other\":{{{}}}}}",
        micros.len(),
        micros.len() as f64 / took,
        at(0.50),
        at(0.95),
        at(0.99),
        micros.last().copied().unwrap_or(0),
        other.join(",")
    )
}

#[derive(Default)]
struct Outcome {
    micros: Vec<u64>,
    other: BTreeMap<String, usize>,
}

fn targets(address: &str, door: Door, codes: &str) -> (Vec<Target>, Vec<String>) {
    let text = std::fs::read_to_string(codes).unwrap();
    let mut emails: BTreeMap<&str, usize> = BTreeMap::new();
    let mut targets = Vec::new();
    for line in text.lines() {
        let parts: Vec<&str> = line.split(',').collect();
        let known = emails.len();
        let token = *emails.entry(parts[2]).or_insert(known);
        targets.push(Target { code: parts[0].into(), venue: parts[1].into(), token });
    }
    // Signing in costs the service as much as hundreds of redemptions: once for several runs, while
    // the tokens last.
    let kept = match door {
        Door::Token => format!("{codes}.tokens"),
        Door::Cookie => format!("{codes}.cookies"),
    };
    let fresh = std::fs::metadata(&kept)
        .and_then(|file| file.modified())
        .is_ok_and(|at| at.elapsed().is_ok_and(|age| age < Duration::from_secs(600)));
    if fresh && let Ok(kept) = std::fs::read_to_string(&kept) {
        return (targets, kept.lines().map(str::to_owned).collect());
    }
    let mut tokens = vec![String::new(); emails.len()];
    let mut connection = Connection::open(address);
    for (email, place) in emails {
        tokens[place] = door.header(&mut connection, email);
    }
    std::fs::write(kept, tokens.join("\n")).unwrap();
    (targets, tokens)
}

fn drive(
    address: &str,
    targets: &[Target],
    tokens: &[String],
    next: &AtomicUsize,
    ends: Instant,
    thread: usize,
) -> Outcome {
    let mut connection = Connection::open(address);
    let mut outcome = Outcome::default();
    let mut count = 0;
    while Instant::now() < ends {
        let Some(target) = targets.get(next.fetch_add(1, Ordering::Relaxed)) else {
            *outcome.other.entry("no codes left".into()).or_default() += 1;
            break;
        };
        count += 1;
        let headers = format!(
            "{}\r\nContent-Type: application/json\r\nIdempotency-Key: {}\r\n",
            tokens[target.token],
            key(thread, count)
        );
        let body = format!(
            "{{\"code\":\"{}\",\"venue_id\":\"{}\",\"theme\":\"creer_une_boite_mail\"}}",
            target.code, target.venue
        );
        let sent = Instant::now();
        let answer = connection.post("/api/v1/redemptions", &headers, &body);
        if answer.status == 201 {
            outcome.micros.push(sent.elapsed().as_micros() as u64);
        } else {
            *outcome.other.entry(answer.refusal()).or_default() += 1;
        }
    }
    outcome
}

/// A time-ordered UUID, as clients make them.
pub fn key(thread: usize, count: usize) -> String {
    let millis = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
    let mix = (thread as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (count as u64) << 20;
    format!(
        "{:08x}-{:04x}-7{:03x}-8{:03x}-{:012x}",
        millis >> 16,
        millis & 0xffff,
        count & 0xfff,
        thread & 0xfff,
        mix & 0xffff_ffff_ffff
    )
}

pub struct Answer {
    pub status: u16,
    pub body: String,
    cookie: String,
}

impl Answer {
    /// Status and code of a refusal.
    pub fn refusal(&self) -> String {
        let code = self.body.split("\"code\":\"").nth(1).and_then(|rest| rest.split('"').next());
        format!("{} {}", self.status, code.unwrap_or_default())
    }
}

pub struct Connection {
    address: String,
    stream: BufReader<TcpStream>,
}

impl Connection {
    pub fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { address: address.to_owned(), stream: BufReader::new(stream) }
    }

    /// Sends a request, `headers` each with its line end; status 0 when the connection broke, which is then opened again.
    pub fn post(&mut self, path: &str, headers: &str, body: &str) -> Answer {
        self.try_post(path, headers, body).unwrap_or_else(|_| {
            std::thread::sleep(Duration::from_millis(20));
            if let Ok(stream) = TcpStream::connect(&self.address) {
                self.stream = BufReader::new(stream);
            }
            let body = "\"code\":\"connection lost\"".into();
            Answer { status: 0, body, cookie: String::new() }
        })
    }

    fn try_post(&mut self, path: &str, headers: &str, body: &str) -> std::io::Result<Answer> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\n{headers}\
             Content-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
        let (mut length, mut cookie) = (0, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            if line == "\r\n" || line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            } else if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("set-cookie")
                && value.trim().starts_with(SESSION)
            {
                cookie = value.trim().split(';').next().unwrap_or_default().to_owned();
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        if status == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let body = String::from_utf8_lossy(&answer).into_owned();
        Ok(Answer { status, body, cookie })
    }
}
