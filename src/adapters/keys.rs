//! The installation's secrets: files outside the database, made on first start.
//!
//! A pass's code is derived from its id under a numbered code key, so that a letter can be
//! printed again, and the database keeps only a keyed hash of it: a stolen database redeems
//! nothing. Key files are hexadecimal, one a file, readable by their owner alone.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::randomness::Random;
use crate::domain::code::{Code, Serial};
use crate::domain::ids::PassId;
use crate::domain::time::Day;

/// A key: 256 bits.
pub type Secret = [u8; 32];

/// Why the keys cannot be used.
#[derive(Debug)]
pub enum KeyError {
    /// A file or folder could not be read or made.
    File(PathBuf, io::Error),
    /// A file does not hold 64 hexadecimal digits.
    NotAKey(PathBuf),
    /// Some keys are there and others are gone: making new ones would orphan every pass.
    Missing(PathBuf),
    /// No code key has that number.
    NoCodeKey(i32),
    /// No seal key has that number.
    NoSealKey(i32),
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, _) => write!(f, "cannot use key file {}", path.display()),
            Self::NotAKey(path) => {
                write!(f, "{} does not hold 64 hexadecimal digits", path.display())
            }
            Self::Missing(path) => write!(
                f,
                "{} is missing while other keys are there: bring it back from a backup",
                path.display()
            ),
            Self::NoSealKey(number) => write!(f, "there is no seal key number {number}"),
            Self::NoCodeKey(number) => write!(f, "there is no code key number {number}"),
        }
    }
}

impl std::error::Error for KeyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File(_, source) => Some(source),
            _ => None,
        }
    }
}

/// What stands in the file that says that all keys are there.
pub(super) const COMPLETE: &[u8] = b"Keep these files with the backups of the database.\n";
/// The same for the keys of bank details, which came later.
pub(super) const SEAL_COMPLETE: &[u8] = b"Without the seal keys no bank details can be read.\n";

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

    pub(super) fn read(folder: &Path) -> Result<Self, KeyError> {
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

    /// What ties a database to these keys.
    #[must_use]
    pub fn check_value(&self) -> Vec<u8> {
        mac(&self.lookup, &[b"installation", &self.fingerprints]).to_vec()
    }

    /// The keyed fingerprint of a person: names and birth date normalised, then an HMAC under
    /// the programme's key, which dies with its salt. Nothing of the person can be read from it.
    #[must_use]
    pub fn fingerprint(&self, salt: &[u8], given: &str, family: &str, birth: Day) -> Vec<u8> {
        let programme_key = mac(&self.fingerprints, &[b"programme", salt]);
        let (given, family) = (normalised(given), normalised(family));
        let birth = birth.to_string();
        mac(&programme_key, &[given.as_bytes(), family.as_bytes(), birth.as_bytes()]).to_vec()
    }

    /// The keyed hash of a request: to compare, not to read, since a body may hold a name.
    #[must_use]
    pub fn request_hash(&self, method: &str, path: &str, body: &[u8]) -> Vec<u8> {
        mac(&self.lookup, &[b"request", method.as_bytes(), path.as_bytes(), body]).to_vec()
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

    /// The token that protects the forms of a session.
    #[must_use]
    pub fn form_token(&self, session: &[u8]) -> String {
        hex(&mac(&self.lookup, &[b"form", session]))
    }
}

/// Letters only, without case or accents: "Jean-Noël" and "JEAN NOEL" are one person.
fn normalised(name: &str) -> String {
    name.nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
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

/// SHA-256, for tokens that are random enough to need no key.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// Hexadecimal, small letters.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| DIGITS.get(usize::from(value)).map_or('0', |digit| char::from(*digit));
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn first<const N: usize>(secret: &Secret) -> [u8; N] {
    secret.first_chunk().copied().unwrap_or([0; N])
}

fn read_numbered(folder: &Path, prefix: &str) -> Result<BTreeMap<i32, Secret>, KeyError> {
    let file_error = |source| KeyError::File(folder.to_owned(), source);
    let mut keys = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(file_error)? {
        let path = entry.map_err(file_error)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let number = name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(".key"));
        if let Some(number) = number.and_then(|digits| digits.parse().ok()) {
            keys.insert(number, read_key(&path)?);
        }
    }
    if keys.is_empty() {
        return Err(KeyError::Missing(folder.join(format!("{prefix}1.key"))));
    }
    Ok(keys)
}

fn read_key(path: &Path) -> Result<Secret, KeyError> {
    let text =
        fs::read_to_string(path).map_err(|source| KeyError::File(path.to_owned(), source))?;
    let digits = text.trim().as_bytes();
    let bytes: Option<Vec<u8>> = digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    bytes
        .filter(|_| digits.len() == 64)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| KeyError::NotAKey(path.to_owned()))
}

pub(super) fn make_folder(folder: &Path) -> Result<(), KeyError> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|source| KeyError::File(folder.to_owned(), source))
}

fn make_key(path: &Path, random: &dyn Random) -> Result<(), KeyError> {
    let mut secret = [0; 32];
    random.fill(&mut secret);
    make_once(path, hex(&secret).as_bytes())
}

/// Writes a file that others see whole or not at all; when it is already there, that one stays.
pub(super) fn make_once(path: &Path, content: &[u8]) -> Result<(), KeyError> {
    use std::os::unix::fs::OpenOptionsExt;
    let error = |source| KeyError::File(path.to_owned(), source);
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .map_err(error)?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(error)?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft).map_err(error)?;
    match linked {
        Err(source) if source.kind() != io::ErrorKind::AlreadyExists => Err(error(source)),
        _ => Ok(()),
    }
}
