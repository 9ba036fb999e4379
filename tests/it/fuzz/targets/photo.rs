//! A photo of a pass.

use std::time::{Duration, Instant};

use pass_numerique::adapters::qr_photo::{BUDGET, PhotoError, decode};
use pass_numerique::domain::code::Code;

/// The budget, and as long again and more for the look that is under way when it ends: a slow
/// build on a busy machine needs it.
const LONGEST: Duration = Duration::from_secs(8);

pub fn photo(bytes: &[u8]) {
    let started = Instant::now();
    match decode(bytes) {
        Ok(text) => drop(Code::read(&text)),
        Err(PhotoError::OutOfTime) => assert!(started.elapsed() >= BUDGET),
        Err(error) => assert!(error.to_string().ends_with('.')),
    }
    assert!(started.elapsed() < LONGEST, "took {:?}", started.elapsed());
}
