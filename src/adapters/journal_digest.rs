//! The chain of digests that makes a journal's past provable.

use sha2::{Digest, Sha256};

/// A SHA-256 that goes on from the digest before it.
pub struct JournalDigest(Sha256);

impl JournalDigest {
    /// Begins after `previous`; nothing comes before the first.
    #[must_use]
    pub fn after(previous: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(previous);
        Self(hash)
    }

    /// Takes one line in.
    pub fn line(&mut self, line: &str) {
        self.0.update(line.as_bytes());
        self.0.update(b"\n");
    }

    /// The digest of everything that came before.
    #[must_use]
    pub fn end(self) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}
