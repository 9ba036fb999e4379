//! Copies of the installation's keys, for an archive that another server takes over.

use std::fs;
use std::path::Path;

use super::keys::{COMPLETE, KeyError, Keys, SEAL_COMPLETE, make_folder, make_once};

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

/// The keys of a folder; `None` when there are none yet. Makes nothing.
///
/// # Errors
/// [`KeyError`] says which file cannot be used.
pub fn present(folder: &Path) -> Result<Option<Keys>, KeyError> {
    if folder.join("complete").exists() { Keys::read(folder).map(Some) } else { Ok(None) }
}

/// Puts copies into a folder that has no keys yet; what says that they are complete comes last.
///
/// # Errors
/// [`KeyError`] says which file.
pub fn put(folder: &Path, keys: &[KeyCopy]) -> Result<Keys, KeyError> {
    make_folder(folder)?;
    for key in keys {
        make_once(&folder.join(&key.name), &key.content)?;
    }
    let found = Keys::read(folder)?;
    make_once(&folder.join("seal-complete"), SEAL_COMPLETE)?;
    make_once(&folder.join("complete"), COMPLETE)?;
    Ok(found)
}
