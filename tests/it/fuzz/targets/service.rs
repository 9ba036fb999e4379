//! A service on an empty SQLite database, on a clock that stands still.

use std::path::Path;
use std::sync::Arc;

use pass_numerique::adapters::clock::MovedClock;
use pass_numerique::adapters::randomness::SecureRandom;
use pass_numerique::app::{App, Settings};
use pass_numerique::domain::time::Instant;

/// The same ids each time, so that what failed fails again.
const SEED: [u8; 32] = [19; 32];

pub fn new_service(folder: &Path) -> App {
    let settings = Settings {
        listen: String::new(),
        data_dir: folder.to_owned(),
        database_url: format!("sqlite:{}", folder.join("fuzz.sqlite").display()).parse().unwrap(),
        public_url: "https://pass.test".to_owned(),
        connections: 2,
        contact_email: None,
        machine_listen: None,
        proxies: Vec::new(),
        requests_per_second: 0,
    };
    let morning = Instant::from_utc("2026-03-10T09:00:00Z".parse().unwrap());
    let random = SecureRandom::from_seed(SEED);
    let app =
        App::build_with(&settings, Arc::new(MovedClock::at(morning)), Arc::new(random)).unwrap();
    app.prepare().unwrap();
    app
}
