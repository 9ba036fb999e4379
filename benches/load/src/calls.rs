//! One route called over and over: the bodies of a file in turn, each with a key of its own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::http::{Connection, key, summary};

pub fn run(
    address: &str,
    token: &str,
    path: &str,
    bodies: &str,
    connections: usize,
    seconds: usize,
) -> String {
    let text = std::fs::read_to_string(bodies).unwrap();
    let bodies: Vec<&str> = text.lines().collect();
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    let ends = begun + Duration::from_secs(seconds as u64);
    let drive = |thread: usize| {
        let mut connection = Connection::open(address);
        let (mut micros, mut other) = (Vec::new(), BTreeMap::new());
        while Instant::now() < ends {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let bearer = if token == "-" {
                String::new()
            } else {
                format!("Authorization: Bearer {token}\r\n")
            };
            let headers = format!(
                "{bearer}Content-Type: application/json\r\nIdempotency-Key: {}\r\n",
                key(thread, number)
            );
            let sent = Instant::now();
            let answer = connection.post(path, &headers, bodies[number % bodies.len()]);
            if (200..300).contains(&answer.status) {
                micros.push(sent.elapsed().as_micros() as u64);
            } else {
                *other.entry(answer.refusal()).or_default() += 1;
            }
        }
        (micros, other)
    };
    let outcomes = std::thread::scope(|scope| {
        let drive = &drive;
        let threads: Vec<_> =
            (0..connections).map(|thread| scope.spawn(move || drive(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    summary(connections, begun.elapsed().as_secs_f64(), next.load(Ordering::Relaxed), outcomes)
}
