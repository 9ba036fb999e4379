//! Randomness: an argument like the clock.

use std::sync::Mutex;

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use uuid::Uuid;

use crate::domain::time::Instant;

/// Something that gives random bytes.
pub trait Random: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);

    /// A time-ordered id (`UUIDv7`, RFC 9562): the instant, then 74 random bits.
    fn id(&self, at: Instant) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(at.millis(), &random).into_uuid()
    }
}

/// A generator seeded once from the operating system; reseeding is not needed for the lifetime
/// of a process.
pub struct SecureRandom(Mutex<ChaCha20Rng>);

impl SecureRandom {
    /// # Errors
    /// When the operating system gives no randomness: the service must not start then.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system")]
    pub fn from_system() -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self::from_seed(seed))
    }

    /// The same bytes for the same seed: for the demo and the data generator.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(Mutex::new(ChaCha20Rng::from_seed(seed)))
    }
}

impl Random for SecureRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // A thread that panicked while it held the generator leaves it as random as before.
        let mut generator = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        generator.fill_bytes(bytes);
    }
}
