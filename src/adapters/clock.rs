//! The clock: an argument, so that a year of the demo or of a test passes in seconds.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::domain::time::Instant;

/// Something that tells the time.
pub trait Clock: Send + Sync {
    /// This instant.
    fn now(&self) -> Instant;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn now(&self) -> Instant {
        Instant::from_utc(chrono::Utc::now())
    }
}

/// A clock that stands still until it is moved.
pub struct MovedClock(AtomicI64);

impl MovedClock {
    /// A clock that shows `at`.
    #[must_use]
    pub fn at(at: Instant) -> Self {
        Self(AtomicI64::new(at.micros()))
    }

    /// Moves the clock to `at`.
    pub fn move_to(&self, at: Instant) {
        self.0.store(at.micros(), Ordering::SeqCst);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Instant {
        let micros = self.0.load(Ordering::SeqCst);
        Instant::from_micros(micros).unwrap_or_else(|| SystemClock.now())
    }
}
