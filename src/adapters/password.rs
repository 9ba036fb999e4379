//! Passwords: Argon2id with the parameters of RFC 9106 for limited memory, as the crate sets them.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, password_hash};

/// The shortest password, in characters (ANSSI and CNIL ask for twelve).
pub const SHORTEST: usize = 12;

/// The longest password, in bytes: Argon2 is work, and nobody types more.
pub const LONGEST: usize = 256;

/// A hash to verify against when there is no account, so that its absence takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZS1zYWx0LXNhbHQ$\
    kMbDuUtBGUdyRKqBvdmgFOO1UWIUtyNAkNZBxkZwHsM";

/// Hashes a password under a salt of sixteen random bytes.
///
/// # Errors
/// When the password is too long for Argon2.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String, password_hash::Error> {
    Ok(Argon2::default().hash_password_with_salt(password.as_bytes(), salt)?.to_string())
}

/// Whether the password is the one that was hashed. With no hash it takes as long and says no.
#[must_use]
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    let same = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    same && hash.is_some()
}
