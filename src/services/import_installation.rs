//! Bringing an export or a backup into an empty database: all of it or nothing.

use std::io::{BufRead, Read};
use std::path::Path;

use subtle::ConstantTimeEq;

use super::export_installation::{ExportedFile, FORMAT, Manifest, file_name};
use super::exported_row::texts_of;
use super::verify_ledger::Verified;
use super::{Error, Outcome};
use crate::adapters::archive::{ArchiveReader, MANIFEST};
use crate::adapters::digest::hex;
use crate::adapters::key_files::{self, KeyCopy};
use crate::adapters::keys::Keys;
use crate::domain::key_check::first_fault;
use crate::domain::refusal::{Code, Refused};
use crate::store;
use crate::store::connection::Conn;
use crate::store::dialect;
use crate::store::every_table::{TableShape, every_table};
use crate::store::installation;
use crate::store::unit_of_work::Store;

/// How many rows, and how many bytes of them, are written at a time.
const BATCH_ROWS: usize = 500;
const BATCH_BYTES: usize = 1 << 20;

fn unusable(sentence: impl Into<String>) -> Error {
    Refused::new(Code::UnusableExport, sentence).into()
}

/// Brings everything in and puts the keys into `key_folder` unless they are there; `each` hears
/// of every row.
///
/// # Errors
/// A database that holds something, an export that is incomplete, was changed or is of another
/// version, keys that are missing or are not those of the export; nothing is brought in then.
pub fn import_installation(
    store: &Store,
    archive: &mut ArchiveReader,
    key_folder: &Path,
    mut each: impl FnMut(),
) -> Outcome<Manifest> {
    let manifest = read_manifest(archive)?;
    check_files(archive, &manifest)?;
    let keys = keys_for(archive, &manifest, key_folder)?;
    let mut conn = store.connect().map_err(Error::failure)?;
    dialect::migrate(&mut conn).map_err(Error::failure)?;
    let schema = installation::schema_version(&mut conn)?;
    drop(conn);
    if schema != manifest.schema {
        return Err(unusable(format!(
            "Cet export vient d’une autre version du programme (schéma {}, ici {schema}). \
             Importez-le avec la version qui l’a fait, puis mettez à jour.",
            manifest.schema
        )));
    }
    store.write(|conn| -> Outcome<()> {
        let tables = every_table();
        must_be_empty(conn, &tables)?;
        for (table, file) in tables.iter().zip(&manifest.tables) {
            import_table(conn, table, archive, file, &mut each)?;
        }
        dialect::numbers_go_on(conn)?;
        let held = match &keys {
            Some(keys) => Some(Keys::put(key_folder, keys).map_err(Error::failure)?),
            None => Keys::present(key_folder).map_err(Error::failure)?,
        };
        let held = held.ok_or_else(|| unusable("Les clés de cet export manquent."))?;
        must_be_signed(&manifest, &held)?;
        let held = held.checks();
        first_fault(&store::key_check::all(conn)?, &held).map_or(Ok(()), |fault| {
            Err(unusable(format!("Les clés ne sont pas celles de cet export : {fault}.")))
        })
    })?;
    Ok(manifest)
}

/// The manifest is what the installation that has these keys wrote, with the digest of every file.
fn must_be_signed(manifest: &Manifest, keys: &Keys) -> Outcome<()> {
    let expected = manifest.signature_by(keys)?;
    let signed = manifest.signature.as_deref().unwrap_or_default();
    if bool::from(expected.as_bytes().ct_eq(signed.as_bytes())) {
        return Ok(());
    }
    Err(unusable("Le manifeste de cet export a été modifié, ou n’est pas signé par ces clés."))
}

fn must_be_empty(conn: &mut Conn, tables: &[TableShape]) -> Outcome<()> {
    for table in tables {
        if !table.is_empty(conn)? {
            let name = table.name;
            let sentence = format!(
                "La base n’est pas vide (table {name}). Un export s’importe dans une base neuve."
            );
            return Err(Refused::new(Code::NotEmpty, sentence).into());
        }
    }
    Ok(())
}

fn read_manifest(archive: &mut ArchiveReader) -> Outcome<Manifest> {
    let incomplete =
        || unusable("Cet export n’est pas complet : son manifeste manque ou est illisible.");
    let file = archive.file(MANIFEST).map_err(|_| incomplete())?;
    let manifest: Manifest = serde_json::from_reader(file).map_err(|_| incomplete())?;
    if manifest.format != FORMAT {
        return Err(unusable(format!("Ce format d’export ({}) n’est pas connu.", manifest.format)));
    }
    let expected = every_table();
    if !expected
        .iter()
        .map(|table| table.name)
        .eq(manifest.tables.iter().map(|one| one.name.as_str()))
    {
        return Err(unusable(
            "Le manifeste ne nomme pas les tables de cette version, dans leur ordre.",
        ));
    }
    if manifest.keys.iter().flatten().any(|key| !key_files::is_key_name(&key.name)) {
        return Err(unusable("Le manifeste nomme un fichier de clé qui n’en est pas un."));
    }
    Ok(manifest)
}

/// Every file is as the manifest says, before anything is written.
fn check_files(archive: &mut ArchiveReader, manifest: &Manifest) -> Outcome<()> {
    let tables = manifest.tables.iter().map(|one| (file_name(&one.name), one));
    let keys = manifest.keys.iter().flatten().map(|one| (one.name.clone(), one));
    for (name, expected) in tables.chain(keys) {
        match archive.digest(&name) {
            Ok(found) if found == expected.sha256 => {}
            Ok(_) => {
                return Err(unusable(format!("Le fichier {name} a été modifié depuis l’export.")));
            }
            Err(_) => return Err(unusable(format!("Le fichier {name} manque ou est illisible."))),
        }
    }
    Ok(())
}

/// The keys to put in place; `None` when those of the export are there already.
fn keys_for(
    archive: &mut ArchiveReader,
    manifest: &Manifest,
    folder: &Path,
) -> Outcome<Option<Vec<KeyCopy>>> {
    if let Some(keys) = Keys::present(folder).map_err(Error::failure)? {
        if hex(&keys.check_value()) == manifest.key_check {
            return Ok(None);
        }
        return Err(unusable(format!(
            "Les clés de {} ne sont pas celles de cet export : aucun pass ne serait reconnu.",
            folder.display()
        )));
    }
    let Some(named) = &manifest.keys else {
        return Err(unusable(format!(
            "Cet export ne contient pas les clés, sans lesquelles aucun pass n’est reconnu. \
             Copiez d’abord le dossier des clés de l’ancien serveur dans {}.",
            folder.display()
        )));
    };
    let mut copies = Vec::new();
    for key in named {
        let mut content = Vec::new();
        let mut file = archive.file(&key.name).map_err(Error::failure)?;
        file.read_to_end(&mut content).map_err(Error::failure)?;
        copies.push(KeyCopy { name: key.name.clone(), content });
    }
    Ok(Some(copies))
}

fn import_table(
    conn: &mut Conn,
    table: &TableShape,
    archive: &mut ArchiveReader,
    expected: &ExportedFile,
    each: &mut impl FnMut(),
) -> Outcome<()> {
    let name = file_name(table.name);
    let mut file = archive.file(&name).map_err(Error::failure)?;
    let mut batch = Batch::default();
    let (mut line, mut number) = (String::new(), 0);
    while file.read_line(&mut line).map_err(Error::failure)? > 0 {
        number += 1;
        let texts = texts_of(table, &line).map_err(|column| {
            let column = column.map_or_else(String::new, |column| format!(", {column}"));
            unusable(format!("{name}, ligne {number}{column} : illisible."))
        })?;
        batch.add(&texts)?;
        if batch.rows == BATCH_ROWS || batch.text.len() > BATCH_BYTES {
            batch.write(table, conn)?;
        }
        each();
        line.clear();
    }
    batch.write(table, conn)?;
    if number == expected.rows {
        return Ok(());
    }
    Err(unusable(format!("{name} compte {number} lignes, le manifeste {}.", expected.rows)))
}

/// Rows on their way into a table, as one JSON list.
#[derive(Default)]
struct Batch {
    rows: usize,
    text: String,
}

impl Batch {
    fn add(&mut self, texts: &[Option<String>]) -> Outcome<()> {
        self.text.push(if self.rows == 0 { '[' } else { ',' });
        self.text.push_str(&serde_json::to_string(texts).map_err(Error::failure)?);
        self.rows += 1;
        Ok(())
    }

    fn write(&mut self, table: &TableShape, conn: &mut Conn) -> Outcome<()> {
        if self.rows == 0 {
            return Ok(());
        }
        self.text.push(']');
        let written = table.write(conn, &self.text)?;
        if written != self.rows {
            return Err(Error::failure(format!(
                "{written} rows of {} went in, not {}",
                table.name, self.rows
            )));
        }
        *self = Self::default();
        Ok(())
    }
}

/// How what was brought in differs from what was taken out; empty when all is equal.
#[must_use]
pub fn differences(manifest: &Manifest, verified: &Verified) -> Vec<String> {
    let mut found = verified.differences.clone();
    let counts = [("postings", verified.postings), ("passes", verified.passes)];
    for (name, here) in counts {
        let there = manifest.rows_of(name);
        if here != there {
            found.push(format!("{here} {name} here, {there} in the export"));
        }
    }
    for (account, there) in &manifest.accounts {
        let here = verified.accounts.iter().find(|(one, _)| one.as_str() == account);
        let here = here.map_or(0, |(_, balance)| balance.0);
        if here != *there {
            found.push(format!("account {account}: {here} cents here, {there} in the export"));
        }
    }
    found
}
