//! The file of the embedded database while it is open. A file that was deleted can be written on: what
//! is committed to it is gone with the process.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::connection::DatabaseUrl;

/// Where a file lies on the machine, whatever its name.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    device: u64,
    inode: u64,
}

/// The file that was opened.
pub struct DatabaseFile {
    path: PathBuf,
    opened: Place,
}

/// The file is not there any more, or is another one.
#[derive(Debug)]
pub struct TakenAway(PathBuf);

impl std::fmt::Display for TakenAway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} was deleted or replaced while it was open: nothing is kept; stop the service and \
             restore a backup",
            self.0.display()
        )
    }
}

impl std::error::Error for TakenAway {}

impl DatabaseFile {
    /// The file of a database that was just opened, where it has one.
    ///
    /// # Errors
    /// The file cannot be looked at.
    pub fn of(url: &DatabaseUrl) -> std::io::Result<Option<Self>> {
        let Some(path) = url.file() else { return Ok(None) };
        let opened = place(path)?;
        Ok(Some(Self { path: path.to_owned(), opened }))
    }

    /// Whether the name still leads to the file.
    ///
    /// # Errors
    /// [`TakenAway`] when it does not.
    pub fn must_be_there(&self) -> Result<(), TakenAway> {
        match place(&self.path) {
            Ok(now) if now == self.opened => Ok(()),
            _ => Err(TakenAway(self.path.clone())),
        }
    }
}

fn place(path: &Path) -> std::io::Result<Place> {
    let metadata = fs::metadata(path)?;
    Ok(Place { device: metadata.dev(), inode: metadata.ino() })
}
