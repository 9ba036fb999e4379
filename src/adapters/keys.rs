//! The installation's secrets: files outside the database, made on first start.
//!
//! A pass's code is derived from its id under a numbered code key, so that a letter can be
//! printed again, and the database keeps only a keyed hash of it: a stolen database redeems
//! nothing. Key files are hexadecimal, one a file, readable by their owner alone.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::digest::hex;
use super::key_files::{
    COMPLETE, KeyCopy, KeyError, SEAL_COMPLETE, Secret, make_folder, make_key, make_once, read_key,
    read_numbered,
};
use super::person_name::{folded, spelt_before};
use super::randomness::Random;
use crate::domain::code::{Code, Serial};
use crate::domain::holder::Fingerprint;
use crate::domain::ids::{PassId, UserId};
use crate::domain::key_check::KeyCheck;
use crate::domain::time::Day;

/// The keys of one installation.
pub struct Keys {
    codes: BTreeMap<i32, Secret>,
    lookup: Secret,
    fingerprints: Secret,
    tokens: BTreeMap<i32, Secret>,
    seals: BTreeMap<i32, Secret>,
}

/// Keys are never printed.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// Reads the keys of `folder`, or makes them when there is none. Two instances that start at
    /// once end with the same keys: a file appears whole or not at all, and only once.
    ///
    /// # Errors
    /// [`KeyError`] says which file.
    pub fn open(folder: &Path, random: &dyn Random) -> Result<Self, KeyError> {
        let complete = folder.join("complete");
        if !complete.exists() {
            make_folder(folder)?;
            for name in ["code-1.key", "lookup.key", "fingerprint.key", "token-1.key"] {
                make_key(&folder.join(name), random)?;
            }
            make_once(&complete, COMPLETE)?;
        }
        // Installations older than bank details have the other keys and no seal key.
        let sealed = folder.join("seal-complete");
        if !sealed.exists() {
            make_key(&folder.join("seal-1.key"), random)?;
            make_once(&sealed, SEAL_COMPLETE)?;
        }
        Self::read(folder)
    }

    /// Makes the next code key and answers its number. Passes printed under the keys before keep
    /// working: the database knows each by the hash of its code, and the number of its key.
    ///
    /// # Errors
    /// [`KeyError`] says which file.
    pub fn rotate_codes(folder: &Path, random: &dyn Random) -> Result<i32, KeyError> {
        let number = Self::open(folder, random)?.current_code_key() + 1;
        make_key(&folder.join(format!("code-{number}.key")), random)?;
        Ok(number)
    }

    /// The keys of a folder; `None` when there are none yet. Makes nothing.
    ///
    /// # Errors
    /// [`KeyError`] says which file cannot be used.
    pub fn present(folder: &Path) -> Result<Option<Self>, KeyError> {
        if folder.join("complete").exists() { Self::read(folder).map(Some) } else { Ok(None) }
    }

    /// Puts copies into a folder that has no keys yet; what says that they are complete comes last.
    ///
    /// # Errors
    /// [`KeyError`] says which file.
    pub fn put(folder: &Path, keys: &[KeyCopy]) -> Result<Self, KeyError> {
        make_folder(folder)?;
        for key in keys {
            make_once(&folder.join(&key.name), &key.content)?;
        }
        let found = Self::read(folder)?;
        make_once(&folder.join("seal-complete"), SEAL_COMPLETE)?;
        make_once(&folder.join("complete"), COMPLETE)?;
        Ok(found)
    }

    fn read(folder: &Path) -> Result<Self, KeyError> {
        let single = |name: &str| {
            let path = folder.join(name);
            if path.exists() { read_key(&path) } else { Err(KeyError::Missing(path)) }
        };
        Ok(Self {
            codes: read_numbered(folder, "code-")?,
            lookup: single("lookup.key")?,
            fingerprints: single("fingerprint.key")?,
            tokens: read_numbered(folder, "token-")?,
            seals: read_numbered(folder, "seal-")?,
        })
    }

    /// The number of the key that new codes are derived with: the highest there is.
    #[must_use]
    pub fn current_code_key(&self) -> i32 {
        self.codes.keys().next_back().copied().unwrap_or(0)
    }

    /// The code of a pass under the key of that number.
    ///
    /// # Errors
    /// [`KeyError::NoCodeKey`] when the file was taken away.
    pub fn code(&self, pass: PassId, key_number: i32) -> Result<Code, KeyError> {
        let key = self.codes.get(&key_number).ok_or(KeyError::NoCodeKey(key_number))?;
        Ok(Code::from_bytes(first(&mac(key, &[b"code", pass.0.as_bytes()]))))
    }

    /// The serial number of a pass: it has nothing to do with the code.
    #[must_use]
    pub fn serial(&self, pass: PassId) -> Serial {
        Serial::from_bytes(first(&mac(&self.lookup, &[b"serial", pass.0.as_bytes()])))
    }

    /// What the database keeps of a code.
    #[must_use]
    pub fn code_hash(&self, code: &Code) -> Vec<u8> {
        mac(&self.lookup, &[b"code", code.as_str().as_bytes()]).to_vec()
    }

    /// What ties a database to the two keys that are not numbered.
    #[must_use]
    pub fn check_value(&self) -> Vec<u8> {
        mac(&self.lookup, &[b"installation", &self.fingerprints]).to_vec()
    }

    /// What ties a database to each key file, by its name.
    #[must_use]
    pub fn checks(&self) -> Vec<KeyCheck> {
        let numbered = [("code", &self.codes), ("seal", &self.seals), ("token", &self.tokens)];
        let numbered = numbered.into_iter().flat_map(|(kind, keys)| {
            keys.iter().map(move |(number, key)| (format!("{kind}-{number}"), key))
        });
        let single = [("lookup", &self.lookup), ("fingerprint", &self.fingerprints)];
        let single = single.into_iter().map(|(name, key)| (name.to_owned(), key));
        single.chain(numbered).map(|(name, key)| check_of(name, key)).collect()
    }

    /// The keyed fingerprint of a person: names and birth date normalised, then an HMAC under
    /// the programme's key, which dies with its salt. Nothing of the person can be read from it.
    #[must_use]
    pub fn fingerprint(
        &self,
        salt: &[u8],
        (given, family): (&str, &str),
        birth: Day,
    ) -> Fingerprint {
        let programme_key = mac(&self.fingerprints, &[b"programme", salt]);
        let birth = birth.to_string();
        let of = |given: &str, family: &str| {
            mac(&programme_key, &[given.as_bytes(), family.as_bytes(), birth.as_bytes()]).to_vec()
        };
        let given = (folded(given), spelt_before(given));
        let family = (folded(family), spelt_before(family));
        let now = of(&given.0, &family.0);
        let before =
            given.1.iter().flat_map(|given| family.1.iter().map(|family| of(given, family)));
        let before = before.filter(|before| *before != now).collect();
        Fingerprint { now, before }
    }

    /// The keyed hash of a request: to compare, not to read, since a body may hold a name.
    #[must_use]
    pub fn request_hash(&self, method: &str, path: &str, body: &[u8]) -> Vec<u8> {
        mac(&self.lookup, &[b"request", method.as_bytes(), path.as_bytes(), body]).to_vec()
    }

    /// What tells two people of one device apart, and is worth nothing else.
    #[must_use]
    pub fn device_mark(&self, user: UserId) -> String {
        hex(&first::<8>(&mac(&self.lookup, &[b"device", user.0.as_bytes()])))
    }

    /// The digest of an entry of the audit journal: who has the database alone cannot make one.
    #[must_use]
    pub fn audit_digest(&self, plain: &[u8]) -> Vec<u8> {
        mac(&self.lookup, &[b"audit", plain]).to_vec()
    }

    /// What only whoever has the keys can write under the manifest of an export.
    #[must_use]
    pub fn manifest_signature(&self, plain: &[u8]) -> Vec<u8> {
        mac(&self.lookup, &[b"manifest", plain]).to_vec()
    }

    /// The key that signs new access tokens, with its number.
    #[must_use]
    pub fn current_token_key(&self) -> Option<(i32, &[u8])> {
        self.tokens.iter().next_back().map(|(number, key)| (*number, key.as_slice()))
    }

    /// The token key of that number.
    #[must_use]
    pub fn token_key(&self, number: i32) -> Option<&[u8]> {
        self.tokens.get(&number).map(<[u8; 32]>::as_slice)
    }

    /// The key that seals what must be read again, with its number: the highest there is.
    #[must_use]
    pub fn current_seal_key(&self) -> Option<(i32, &Secret)> {
        self.seals.iter().next_back().map(|(number, key)| (*number, key))
    }

    /// The seal key of that number.
    ///
    /// # Errors
    /// [`KeyError::NoSealKey`] when the file was taken away.
    pub fn seal_key(&self, number: i32) -> Result<&Secret, KeyError> {
        self.seals.get(&number).ok_or(KeyError::NoSealKey(number))
    }

    /// The key under which wrong passwords are counted: an e-mail, and a place or nothing.
    #[must_use]
    pub fn attempts_key(&self, email: &str, place: &str) -> Vec<u8> {
        mac(&self.lookup, &[b"attempts", email.as_bytes(), place.as_bytes()]).to_vec()
    }

    /// What shows that a session's secret was made here, without a look at the database.
    #[must_use]
    pub fn session_mark(&self, secret: &str) -> String {
        hex(&first::<16>(&mac(&self.lookup, &[b"session", secret.as_bytes()])))
    }

    /// What shows that a person has signed in on a device before.
    #[must_use]
    pub fn known_device_mark(&self, user: UserId, device: &str) -> String {
        hex(&first::<16>(&mac(
            &self.lookup,
            &[b"known device", user.0.as_bytes(), device.as_bytes()],
        )))
    }

    /// The token that protects the forms of a session.
    #[must_use]
    pub fn form_token(&self, session: &[u8]) -> String {
        hex(&mac(&self.lookup, &[b"form", session]))
    }
}

fn check_of(name: String, key: &Secret) -> KeyCheck {
    let value = mac(key, &[b"key file", name.as_bytes()]).to_vec();
    KeyCheck { name, value }
}

/// HMAC-SHA-256 over length-prefixed parts, so that no two lists of parts read the same.
fn mac(key: &Secret, parts: &[&[u8]]) -> Secret {
    // HMAC pads a key with zeros to the hash's block of 64 bytes; done here, nothing can fail.
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block.iter_mut().zip(key).for_each(|(padded, byte)| *padded = *byte);
    let mut mac = Hmac::<Sha256>::new(&block);
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn first<const N: usize>(secret: &Secret) -> [u8; N] {
    secret.first_chunk().copied().unwrap_or([0; N])
}

#[cfg(test)]
mod tests;
