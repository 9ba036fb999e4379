//! The list of live passes that a scanner holds for the hours without a network.
//!
//! It opens only with the QR itself: it holds short fingerprints of keyed hashes of the codes,
//! under a key that is made for this list alone. Who steals it learns no code; who forges one is
//! recognised once in 65,536 times, and the service still decides.

use super::time::Instant;

/// The bytes of the key of one list.
pub type ListKey = [u8; 32];

/// A list of live passes.
#[derive(Clone, Debug)]
pub struct LiveList {
    /// When it was made.
    pub made_at: Instant,
    /// How many passes are on it.
    pub passes: u32,
    /// The key its hashes are made with.
    pub key: ListKey,
    /// A binary fuse filter with 16-bit fingerprints: seed (8 bytes), segment length, its mask,
    /// segment count length (4 each), then the fingerprints (2 each), all little-endian.
    pub filter: Vec<u8>,
}
