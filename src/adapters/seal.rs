//! Sealing what must be kept and read again, and nobody else may read: XChaCha20-Poly1305.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use super::randomness::Random;

/// What is sealed cannot be opened: another key, other surroundings, or somebody touched it.
#[derive(Debug)]
pub struct Unsealed;

impl std::fmt::Display for Unsealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a sealed value cannot be opened with this key")
    }
}

impl std::error::Error for Unsealed {}

const NONCE: usize = 24;

/// Seals bytes under a key. `about` is bound to them: what is sealed for one thing does not open
/// for another.
///
/// # Errors
/// [`Unsealed`], when the cipher refuses, which it does for no size of ours.
pub fn seal(
    key: &[u8; 32],
    about: &[u8],
    bytes: &[u8],
    random: &dyn Random,
) -> Result<Vec<u8>, Unsealed> {
    let mut nonce = [0; NONCE];
    random.fill(&mut nonce);
    let payload = Payload { msg: bytes, aad: about };
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| Unsealed)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what was sealed.
///
/// # Errors
/// [`Unsealed`].
pub fn open(key: &[u8; 32], about: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Unsealed> {
    let (nonce, bytes) = sealed.split_first_chunk::<NONCE>().ok_or(Unsealed)?;
    let payload = Payload { msg: bytes, aad: about };
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| Unsealed)
}
