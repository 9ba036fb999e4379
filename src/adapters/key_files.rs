//! The key files: made once, read whole, and copied for an archive that another server takes over.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use super::digest::hex;
use super::randomness::Random;

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
    /// The code key of that number is not the one that a pass was made with.
    OtherCodeKey(i32),
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
            Self::OtherCodeKey(number) => write!(
                f,
                "code-{number}.key gives another code than the pass was made with: nothing is \
                 printed; put the right key file back"
            ),
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

pub(super) fn read_numbered(
    folder: &Path,
    prefix: &str,
) -> Result<BTreeMap<i32, Secret>, KeyError> {
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

pub(super) fn read_key(path: &Path) -> Result<Secret, KeyError> {
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

pub(super) fn make_key(path: &Path, random: &dyn Random) -> Result<(), KeyError> {
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

/// Makes the next key after `name`, such as `seal-1`, when that one is lost and no other of its
/// kind is there. Does nothing for a folder without keys.
///
/// # Errors
/// [`KeyError`] says which file.
pub fn make_successor(folder: &Path, name: &str, random: &dyn Random) -> Result<(), KeyError> {
    let Some((kind, number)) = name.split_once('-') else { return Ok(()) };
    let known = ["code", "seal", "token"].contains(&kind) && folder.join("complete").exists();
    let Some(number) = number.parse::<i32>().ok().filter(|_| known) else { return Ok(()) };
    match read_numbered(folder, &format!("{kind}-")) {
        Err(KeyError::Missing(_)) => {
            make_key(&folder.join(format!("{kind}-{}.key", number.saturating_add(1))), random)
        }
        other => other.map(drop),
    }
}

/// One key file: its name and what it holds.
pub struct KeyCopy {
    /// Its name in the folder.
    pub name: String,
    /// What it holds.
    pub content: Vec<u8>,
}

/// Whether a name is that of a key file, and of no other place.
#[must_use]
pub fn is_key_name(name: &str) -> bool {
    let stem = name.strip_suffix(".key").unwrap_or_default();
    !stem.is_empty()
        && stem
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Every key file of a folder, by name.
///
/// # Errors
/// [`KeyError`] says which file.
pub fn copies(folder: &Path) -> Result<Vec<KeyCopy>, KeyError> {
    let error = |source| KeyError::File(folder.to_owned(), source);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(error)? {
        let name = entry.map_err(error)?.file_name().to_string_lossy().into_owned();
        if is_key_name(&name) {
            let content = fs::read(folder.join(&name)).map_err(error)?;
            found.push(KeyCopy { name, content });
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}
