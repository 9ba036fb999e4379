//! The whole installation, with its evidence, as files another operator can take over: the exit
//! plan (`docs/exit-plan.md`). A backup is the same in one file, with the keys.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::exported_row::line_of;
use super::{Error, Op, Outcome, Services};
use crate::adapters::archive::ArchiveWriter;
use crate::adapters::digest::hex;
use crate::adapters::key_files::KeyCopy;
use crate::adapters::keys::Keys;
use crate::store;
use crate::store::every_table::{LEFT_OUT, TableShape, every_table};

/// The shape of the files; an import reads no other.
pub const FORMAT: u32 = 1;

/// What an export holds: enough to prove that what was brought in is what was taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The shape of the files.
    pub format: u32,
    /// The version of the program that made it.
    pub program: String,
    /// The version of the database's schema.
    pub schema: String,
    /// The instant all of it is of.
    pub made_at: DateTime<Utc>,
    /// What ties the database to its keys.
    pub key_check: String,
    /// The files of the tables, in the order they are brought in.
    pub tables: Vec<ExportedFile>,
    /// The balance of each account over the whole journal, in cents.
    pub accounts: BTreeMap<String, i64>,
    /// The key files, when they were asked for.
    pub keys: Option<Vec<ExportedFile>>,
    /// What was left out, with the reasons.
    pub left_out: BTreeMap<String, String>,
    /// HMAC-SHA-256 of all the rest under a key of the installation: who has the files alone cannot
    /// make another one.
    #[serde(default)]
    pub signature: Option<String>,
}

/// One file of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedFile {
    /// The name of the table or of the key file.
    pub name: String,
    /// Its lines.
    pub rows: u64,
    /// Its SHA-256.
    pub sha256: String,
}

impl Manifest {
    /// The signature that belongs under what it says.
    ///
    /// # Errors
    /// A failure of the writer, which writes to memory.
    pub fn signature_by(&self, keys: &Keys) -> Outcome<String> {
        let plain = serde_json::to_vec(&Self { signature: None, ..self.clone() })?;
        Ok(hex(&keys.manifest_signature(&plain)))
    }

    /// The rows of all tables.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// The rows of one table.
    #[must_use]
    pub fn rows_of(&self, name: &str) -> u64 {
        self.tables.iter().find(|table| table.name == name).map_or(0, |table| table.rows)
    }
}

/// The name of a table's file.
#[must_use]
pub fn file_name(table: &str) -> String {
    format!("{table}.jsonl")
}

/// Writes everything as it was at one moment, while the service goes on; `each` hears of every
/// row. Without `keys` no pass can be recognised where it is brought in, unless they are there.
///
/// # Errors
/// A failure of the database or of the file system.
pub fn export_installation(
    services: &Services,
    mut archive: ArchiveWriter,
    keys: Option<&[KeyCopy]>,
    mut each: impl FnMut(),
) -> Outcome<Manifest> {
    services.read(|op| {
        let mut manifest = Manifest {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            schema: store::installation::schema_version(op.conn)?,
            made_at: op.now.to_utc(),
            key_check: hex(&services.keys.check_value()),
            tables: Vec::new(),
            accounts: store::ledger::account_balances(op.conn)?,
            keys: None,
            signature: None,
            left_out: LEFT_OUT.map(|(name, why)| (name.to_owned(), why.to_owned())).into(),
        };
        for table in every_table() {
            manifest.tables.push(export_table(op, &table, &mut archive, &mut each)?);
        }
        if let Some(keys) = keys {
            let written = keys.iter().map(|key| export_key(&mut archive, key));
            manifest.keys = Some(written.collect::<Outcome<_>>()?);
        }
        manifest.signature = Some(manifest.signature_by(&services.keys)?);
        let text = serde_json::to_vec_pretty(&manifest).map_err(Error::failure)?;
        archive.finish(&text)?;
        Ok(manifest)
    })
}

fn export_table(
    op: &mut Op<'_>,
    table: &TableShape,
    archive: &mut ArchiveWriter,
    each: &mut impl FnMut(),
) -> Outcome<ExportedFile> {
    let mut rows = 0;
    let sha256 = archive.file::<Error>(&file_name(table.name), |file| {
        table.read(op.conn, |row| {
            file.write_all(line_of(table, row)?.as_bytes())?;
            rows += 1;
            each();
            Ok(())
        })
    })?;
    Ok(ExportedFile { name: table.name.to_owned(), rows, sha256 })
}

fn export_key(archive: &mut ArchiveWriter, key: &KeyCopy) -> Outcome<ExportedFile> {
    let sha256 = archive.file(&key.name, |file| file.write_all(&key.content))?;
    Ok(ExportedFile { name: key.name.clone(), rows: 1, sha256 })
}
