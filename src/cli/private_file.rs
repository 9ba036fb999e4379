//! Files that hold codes, account numbers or figures: for whoever runs the command alone.

use std::fs::{self, File, OpenOptions, Permissions};
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

/// Writes a whole file, which appears whole or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.metadata().is_ok_and(|there| !there.is_file()) {
        return create(path)?.write_all(bytes); // a pipe or a device
    }
    let mut draft = path.to_owned().into_os_string();
    draft.push(".part");
    let draft = Path::new(&draft);
    let written = create(draft).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(draft, path)).inspect_err(|_| {
        if let Err(error) = fs::remove_file(draft) {
            tracing::debug!(%error, "no draft to take away");
        }
    })
}
