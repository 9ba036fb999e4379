//! Passwords: Argon2id with the parameters of RFC 9106 for limited memory, as the crate sets them.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use parking_lot::Mutex;
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;

/// The shortest password, in characters (ANSSI and CNIL ask for twelve).
pub const SHORTEST: usize = 12;

/// The longest password, in bytes: Argon2 is work, and nobody types more.
pub const LONGEST: usize = 256;

/// A hash to verify against when there is no account, so that its absence takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZS1zYWx0LXNhbHQ$\
    kMbDuUtBGUdyRKqBvdmgFOO1UWIUtyNAkNZBxkZwHsM";

/// The 19 MiB of each computation under way, used again by the next: an allocator would keep what
/// was given back, and grow with every sign-in.
static MEMORY: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// Hashes a password under a salt of sixteen random bytes.
///
/// # Errors
/// When the password is too long for Argon2.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String, password_hash::Error> {
    let password = prepared(password);
    Ok(Argon2::default().hash_password_with_salt(password.as_bytes(), salt)?.to_string())
}

/// A password as it is hashed, the same from every keyboard (PRECIS, `OpaqueString` of RFC 8265):
/// every blank is a space, and a letter with its accent is one sign.
#[must_use]
pub fn prepared(password: &str) -> String {
    let blank = |sign: char| if sign.is_whitespace() && !sign.is_control() { ' ' } else { sign };
    password.chars().map(blank).nfc().collect()
}

/// What may have been hashed when passwords were hashed as they came: as it is typed now, and with
/// every accent apart.
fn hashed_before(password: &str, prepared: &str) -> Vec<String> {
    let mut before = vec![password.to_owned(), password.nfd().collect()];
    before.dedup();
    before.retain(|before| before != prepared);
    before
}

/// Whether the password is the one that was hashed. With no hash, or a password that is too long,
/// it takes as long and says no.
#[must_use]
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let fits = password.len() <= LONGEST;
    let (password, known) = (if fits { password } else { "" }, hash.unwrap_or(NOBODY));
    let prepared = prepared(password);
    // Letters without accents have one form: one computation, as ever.
    let same = matches(&prepared, known)
        || hashed_before(password, &prepared).iter().any(|before| matches(before, known));
    same && fits && hash.is_some()
}

fn matches(password: &str, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    let (Some(salt), Some(expected)) = (&parsed.salt, &parsed.hash) else { return false };
    let Ok(params) = Params::try_from(&parsed) else { return false };
    let mut memory = MEMORY.lock().pop().unwrap_or_default();
    memory.resize(params.block_count().max(memory.len()), Block::default());
    let mut found = vec![0; expected.len()];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let done =
        argon.hash_password_into_with_memory(password.as_bytes(), salt, &mut found, &mut memory);
    MEMORY.lock().push(memory);
    done.is_ok() && bool::from(found.ct_eq(expected.as_bytes()))
}

#[cfg(test)]
mod tests {
    use argon2::Argon2;
    use argon2::password_hash::PasswordHasher;

    use super::{LONGEST, hash, verify};

    #[test]
    fn a_password_is_one_from_every_keyboard_and_as_it_was_hashed_before() {
        let (composed, apart) = ("\u{e9}l\u{e9}phant rose", "e\u{301}le\u{301}phant\u{a0}rose");
        let stored = hash(composed, &[7; 16]).unwrap();
        assert!(verify(apart, Some(&stored)) && verify(composed, Some(&stored)));
        for raw in [composed, "e\u{301}le\u{301}phant rose", apart] {
            let before = Argon2::default().hash_password_with_salt(raw.as_bytes(), &[7; 16]);
            let before = before.unwrap().to_string();
            assert!(verify(raw, Some(&before)), "{raw:?}");
            assert!(!verify("elephant rose", Some(&before)));
        }
        let before = Argon2::default().hash_password_with_salt(b"e\xcc\x81toile polaire", &[7; 16]);
        assert!(verify("\u{e9}toile polaire", Some(&before.unwrap().to_string())));
    }

    #[test]
    fn a_password_is_recognised_and_no_other() {
        let stored = hash("une longue phrase facile", &[7; 16]).unwrap();
        assert!(verify("une longue phrase facile", Some(&stored)));
        assert!(!verify("une longue phrase facilE", Some(&stored)));
        assert!(!verify("", Some(&stored)));
        assert!(!verify("une longue phrase facile", None));
        assert!(!verify(&"x".repeat(LONGEST + 1), Some(&stored)));
        assert!(!verify("une longue phrase facile", Some("no hash at all")));
    }
}
