//! Files that hold codes, account numbers or figures: for whoever runs the command alone.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

const OWNER_ALONE: u32 = 0o600;

/// Opens a file to write it anew. One that was there for others to read is so no more.
pub fn create(path: &Path) -> io::Result<File> {
    let mut how = OpenOptions::new();
    let file = how.write(true).create(true).truncate(true).mode(OWNER_ALONE).open(path)?;
    if file.metadata()?.is_file() {
        file.set_permissions(Permissions::from_mode(OWNER_ALONE))?;
    }
    Ok(file)
}

/// Writes a whole file.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    create(path)?.write_all(bytes)
}
