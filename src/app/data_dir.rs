//! The data directory: for its owner alone, and with the database that belongs to its keys.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::{App, Settings, StartError};
use crate::services::installation;
use crate::store::connection::DatabaseUrl;

/// The file in the data directory that says when the last backup was made.
pub const LAST_BACKUP: &str = "last-backup";

/// The file that says that there was a database once: one without tables is there by mistake.
const MADE: &str = "database-made";

/// Makes the directory where there is none.
pub(super) fn make(folder: &Path) -> Result<(), StartError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|source| StartError::DataDir(folder.to_owned(), source))
}

/// Refuses to make a new database beside keys that had one: every printed pass would be unknown.
pub(super) fn must_have_its_database(settings: &Settings) -> Result<(), StartError> {
    let complete = settings.data_dir.join("keys").join("complete").exists();
    match settings.database_url.file() {
        Some(file) if complete && !file.exists() => {
            let found = databases(&settings.data_dir);
            Err(StartError::DatabaseGone { file: file.to_owned(), found })
        }
        _ => Ok(()),
    }
}

/// What says that there was a database once, for one that is embedded.
pub(super) fn marker(settings: &Settings) -> Option<PathBuf> {
    settings.database_url.file().map(|_| settings.data_dir.join(MADE))
}

/// The same of a database that is there and holds nothing.
pub(super) fn must_hold_its_database(app: &App, settings: &Settings) -> Result<(), StartError> {
    let Some(file) = settings.database_url.file() else { return Ok(()) };
    let noted = app.marker.as_ref().is_some_and(|marker| marker.exists());
    if noted && installation::is_bare(&app.services).map_err(StartError::prepare)? {
        let found = databases(&settings.data_dir);
        return Err(StartError::DatabaseGone { file: file.to_owned(), found });
    }
    Ok(())
}

/// Notes that there is a database now.
pub(super) fn note_database(marker: &Path) -> Result<(), StartError> {
    if marker.exists() {
        return Ok(());
    }
    let made = OpenOptions::new().create(true).append(true).mode(0o600).open(marker);
    made.map(drop).map_err(|source| StartError::DataDir(marker.to_owned(), source))
}

fn databases(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|ending| ending == "sqlite")).collect()
}

/// The files of the database that are there: beside the one that is named stand two of its log.
fn files_of(url: &DatabaseUrl) -> Vec<PathBuf> {
    let named = url.file().into_iter();
    let files = named.flat_map(|file| ["", "-wal", "-shm"].map(|ending| beside(file, ending)));
    files.filter(|file| file.is_file()).collect()
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn keys(folder: &Path) -> Vec<PathBuf> {
    let keys = folder.join("keys");
    let entries = fs::read_dir(&keys).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.is_file()).chain([keys.clone()]).collect()
}

/// What others may read of the installation, or write.
#[must_use]
pub fn open_to_others(settings: &Settings) -> Vec<PathBuf> {
    let folder = [settings.data_dir.clone()];
    let all =
        folder.into_iter().chain(keys(&settings.data_dir)).chain(files_of(&settings.database_url));
    all.filter(|path| mode(path).is_some_and(|mode| mode & 0o077 != 0)).collect()
}

/// Takes from others what an earlier version, a copy or a restore left open. A directory that holds
/// other things too is left as it is: `doctor` names it.
pub(super) fn close_to_others(settings: &Settings) {
    for path in open_to_others(settings) {
        let folder = path.is_dir();
        if path == settings.data_dir && !holds_nothing_else(settings) {
            continue;
        }
        let closed =
            fs::set_permissions(&path, Permissions::from_mode(if folder { 0o700 } else { 0o600 }));
        let path = path.display();
        match closed {
            Ok(()) => tracing::warn!(%path, "was open to others and is not any more"),
            Err(cause) => tracing::warn!(%path, %cause, "is open to others"),
        }
    }
}

fn mode(path: &Path) -> Option<u32> {
    fs::metadata(path).map(|metadata| metadata.permissions().mode()).ok()
}

fn holds_nothing_else(settings: &Settings) -> bool {
    let ours = files_of(&settings.database_url);
    let known = |path: PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        ours.contains(&path) || ["keys", MADE, LAST_BACKUP].contains(&name)
    };
    let entries = |entries: fs::ReadDir| -> io::Result<bool> {
        for entry in entries {
            if !known(entry?.path()) {
                return Ok(false);
            }
        }
        Ok(true)
    };
    fs::read_dir(&settings.data_dir).and_then(entries).unwrap_or(false)
}
