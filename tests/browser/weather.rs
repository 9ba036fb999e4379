//! A network between the browser and the service that answers as bad networks do: a hotel's sign-in
//! page, a proxy's excuse, nothing, half of an answer.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a network does to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// The request and its answer pass.
    Fair,
    /// A redirect to the sign-in page of the network.
    Portal,
    /// That page itself, as if it were the answer.
    Page,
    /// The service did it, and that page stands in place of its answer.
    PageInstead,
    /// The status of a proxy that reaches nobody, in HTML.
    Proxy(u16),
    /// A proxy that asks for patience.
    Patience,
    /// A redirect to a sign-in page on the address of the service.
    SignIn,
    /// JSON of something else.
    OtherJson,
    /// JSON of something else that looks like ours.
    LikeOurs,
    /// What the service would say of another scan.
    OtherScan,
    /// Late.
    Slow,
    /// The service did it, and half of its answer comes.
    Cut,
    /// The service did it, and nothing comes.
    Swallowed,
    /// The line is dropped before anything was sent on.
    Dropped,
}

impl Mood {
    pub const BAD: [Self; 16] = [
        Self::Portal,
        Self::Page,
        Self::PageInstead,
        Self::Proxy(502),
        Self::Proxy(503),
        Self::Proxy(504),
        Self::Proxy(403),
        Self::Patience,
        Self::SignIn,
        Self::OtherJson,
        Self::LikeOurs,
        Self::OtherScan,
        Self::Slow,
        Self::Cut,
        Self::Swallowed,
        Self::Dropped,
    ];
}

enum Forecast {
    Always(Mood),
    /// Bad in so many of a hundred requests.
    Random(u64),
}

pub struct Weather {
    pub address: String,
    forecast: Mutex<Forecast>,
    pub service: String,
    seed: AtomicU64,
    pub asked: AtomicUsize,
    over: AtomicBool,
}

impl Weather {
    /// Stands before the service at `address`.
    pub fn before(address: &str, seed: u64) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let weather = Arc::new(Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            forecast: Mutex::new(Forecast::Always(Mood::Fair)),
            service: address.trim_start_matches("http://").to_owned(),
            seed: AtomicU64::new(seed),
            asked: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        });
        let held = Arc::clone(&weather);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if held.over.load(Ordering::SeqCst) {
                    break;
                }
                let weather = Arc::clone(&held);
                // A browser that goes away in the middle is no failure of the test.
                std::thread::spawn(move || drop(weather.serves(client)));
            }
        });
        weather
    }

    pub fn is(&self, mood: Mood) {
        *self.forecast.lock().unwrap() = Forecast::Always(mood);
    }

    /// Of a hundred requests of the scripts so many meet one of the bad moods.
    pub fn turns(&self, bad: u64) {
        *self.forecast.lock().unwrap() = Forecast::Random(bad);
    }

    /// A number below `most`, from the seed.
    pub fn draws(&self, most: u64) -> u64 {
        let drawn = self.seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
        let mixed = (drawn ^ (drawn >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 29)) % most
    }

    fn mood(&self, path: &str) -> Mood {
        if !path.starts_with("/api/") {
            return Mood::Fair;
        }
        self.asked.fetch_add(1, Ordering::SeqCst);
        match &*self.forecast.lock().unwrap() {
            Forecast::Always(mood) => *mood,
            Forecast::Random(bad) if self.draws(100) < *bad => {
                Mood::BAD[usize::try_from(self.draws(Mood::BAD.len() as u64)).unwrap()]
            }
            Forecast::Random(_) => Mood::Fair,
        }
    }

    fn serves(&self, mut client: TcpStream) -> std::io::Result<()> {
        let Some((path, request)) = read_request(&mut client)? else { return Ok(()) };
        let mood = self.mood(&path);
        let done = || self.asks_the_service(&request);
        let answer = match mood {
            Mood::Fair => done()?,
            Mood::Portal => redirect("http://portail.invalid/connexion"),
            Mood::SignIn => redirect("/?suite=/scanner"),
            Mood::Page => html(200, ""),
            Mood::PageInstead => {
                done()?;
                html(200, "")
            }
            Mood::Proxy(status) => html(status, ""),
            Mood::Patience => html(429, "Retry-After: 1\r\n"),
            Mood::OtherJson => json(200, r#"{"status":"ok","results":[null,7]}"#),
            Mood::LikeOurs => json(
                201,
                r#"{"remaining":3,"last_day":"2026-12-31","redeemable":"yes","code":"void"}"#,
            ),
            Mood::OtherScan => json(
                200,
                r#"{"results":[{"idempotency_key":"018f0000-0000-7000-8000-000000000000",
                "outcome":"accepted","redemption":{"remaining":3}}]}"#,
            ),
            Mood::Slow => {
                std::thread::sleep(Duration::from_millis(200 + self.draws(800)));
                done()?
            }
            Mood::Cut => {
                let whole = done()?;
                whole[..whole.len() - 20.min(whole.len())].to_vec()
            }
            Mood::Swallowed => {
                done()?;
                Vec::new()
            }
            Mood::Dropped => Vec::new(),
        };
        client.write_all(&answer)
    }

    fn asks_the_service(&self, request: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut service = TcpStream::connect(&self.service)?;
        service.write_all(request)?;
        let mut answer = Vec::new();
        service.read_to_end(&mut answer)?;
        Ok(answer)
    }

    pub fn ends(&self) {
        self.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address.trim_start_matches("http://")));
    }
}

/// The path, and the request as the service may have it: one on a connection.
fn read_request(client: &mut TcpStream) -> std::io::Result<Option<(String, Vec<u8>)>> {
    client.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut all = Vec::new();
    let mut piece = [0_u8; 16 * 1024];
    loop {
        let read = client.read(&mut piece)?;
        if read == 0 {
            return Ok(None);
        }
        all.extend_from_slice(&piece[..read]);
        let Some(end) = all.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        if all.len() < end + 4 + length.unwrap_or(0_usize) {
            continue;
        }
        let kept = head.lines().filter(|line| !line.to_lowercase().starts_with("connection:"));
        let mut request = kept.collect::<Vec<_>>().join("\r\n").into_bytes();
        request.extend_from_slice(b"\r\nConnection: close\r\n\r\n");
        request.extend_from_slice(&all[end + 4..]);
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        return Ok(Some((path, request)));
    }
}

fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status} Answer\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn html(status: u16, headers: &str) -> Vec<u8> {
    let body = "<!doctype html><html><title>Wi-Fi Invité</title><form>Acceptez</form></html>";
    answer(status, &format!("{headers}Content-Type: text/html; charset=utf-8\r\n"), body)
}

fn json(status: u16, body: &str) -> Vec<u8> {
    answer(status, "Content-Type: application/json\r\n", body)
}

fn redirect(to: &str) -> Vec<u8> {
    answer(302, &format!("Location: {to}\r\n"), "")
}
