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

/// The operating system's randomness, asked anew for every secret, over that of a generator seeded at
/// the start: two copies of a running machine share the generator, and no secret.
pub struct SecureRandom {
    generator: Mutex<ChaCha20Rng>,
    fresh: bool,
    last: Mutex<(u64, u16)>,
}

impl SecureRandom {
    /// # Errors
    /// When the operating system gives no randomness: the service must not start then.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system")]
    pub fn from_system() -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self { fresh: true, ..Self::from_seed(seed) })
    }

    /// Mixes fresh bytes in. Should the system have none, which it had at the start, the generator's
    /// stay as they are.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system")]
    fn freshen(bytes: &mut [u8]) {
        let mut fresh = [0; 64];
        for piece in bytes.chunks_mut(fresh.len()) {
            if getrandom::fill(&mut fresh).is_ok() {
                piece.iter_mut().zip(fresh).for_each(|(byte, fresh)| *byte ^= fresh);
            }
        }
    }

    /// The same bytes for the same seed: for the demo and the data generator.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let generator = Mutex::new(ChaCha20Rng::from_seed(seed));
        Self { generator, fresh: false, last: Mutex::new((0, 0)) }
    }
}

impl Random for SecureRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // A thread that panicked while it held the generator leaves it as random as before.
        let mut generator =
            self.generator.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        generator.fill_bytes(bytes);
        drop(generator);
        if self.fresh {
            Self::freshen(bytes);
        }
    }

    /// Ids of one process made within a millisecond count up (RFC 9562, method 1), so that what
    /// was made earlier sorts earlier.
    fn id(&self, at: Instant) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        let [high, low, rest @ ..] = random;
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Begins in the lower half of its twelve bits, which leaves two thousand ids to count.
        let start = u16::from_be_bytes([high, low]) & 0x07ff;
        let count = if last.0 == at.millis() { last.1.saturating_add(1) } else { start };
        *last = (at.millis(), count);
        let [high, low] = count.to_be_bytes();
        let mut counted = [high, low, 0, 0, 0, 0, 0, 0, 0, 0];
        counted.iter_mut().skip(2).zip(rest).for_each(|(byte, random)| *byte = random);
        uuid::Builder::from_unix_timestamp_millis(at.millis(), &counted).into_uuid()
    }
}
