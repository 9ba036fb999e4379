//! An installation on its way to another server, and its backups.

use std::path::Path;

use super::{App, Settings};
use crate::adapters::archive::{ArchiveReader, ArchiveWriter};
use crate::adapters::key_files;
use crate::services::export_installation::{Manifest, export_installation};
use crate::services::import_installation::{differences, import_installation};
use crate::services::verify_ledger::verify_ledger;
use crate::services::{Error, Outcome};
use crate::store::unit_of_work::Store;

/// Writes the installation into a folder, with its keys when asked.
///
/// # Errors
/// A folder that holds something, or a failure.
pub fn export(
    app: &App,
    settings: &Settings,
    folder: &Path,
    with_keys: bool,
    each: impl FnMut(),
) -> Outcome<Manifest> {
    let keys = with_keys.then(|| key_files::copies(&keys_of(settings))).transpose();
    let archive = ArchiveWriter::folder(folder).map_err(Error::failure)?;
    let keys = keys.map_err(Error::failure)?;
    export_installation(&app.services, archive, keys.as_deref(), each)
}

/// Writes the installation into one file, with its keys or without, and notes when.
///
/// # Errors
/// A file that is there already, or a failure.
pub fn back_up(
    app: &App,
    settings: &Settings,
    file: &Path,
    with_keys: bool,
    each: impl FnMut(),
) -> Outcome<Manifest> {
    let keys = with_keys.then(|| key_files::copies(&keys_of(settings))).transpose();
    let keys = keys.map_err(Error::failure)?;
    let archive = ArchiveWriter::zip(file).map_err(Error::failure)?;
    let manifest = export_installation(&app.services, archive, keys.as_deref(), each)?;
    std::fs::write(
        settings.data_dir.join(super::data_dir::LAST_BACKUP),
        manifest.made_at.to_rfc3339(),
    )
    .map_err(Error::failure)?;
    Ok(manifest)
}

/// Brings an export or a backup into an empty installation, proves its ledger there, and answers
/// what differs from what was taken out: nothing, when all is well.
///
/// # Errors
/// What [`import_installation`] refuses, or a failure.
pub fn bring_in(
    settings: &Settings,
    from: &Path,
    each: impl FnMut(),
) -> Outcome<(Manifest, Vec<String>)> {
    let mut archive = ArchiveReader::open(from).map_err(Error::failure)?;
    let folder = &settings.data_dir;
    super::data_dir::make(folder).map_err(Error::failure)?;
    let store =
        Store::open(&settings.database_url, settings.connections).map_err(Error::failure)?;
    let manifest = import_installation(&store, &mut archive, &keys_of(settings), each)?;
    drop(store);
    let app = App::build(settings).map_err(Error::failure)?;
    app.prepare().map_err(Error::failure)?;
    let verified = verify_ledger(&app.services)?;
    let found = differences(&manifest, &verified);
    Ok((manifest, found))
}

fn keys_of(settings: &Settings) -> std::path::PathBuf {
    settings.data_dir.join("keys")
}
