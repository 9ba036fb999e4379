//! Open data as anybody reads it: the vintages, and their files as they were published.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Op, Outcome, Services};
use crate::adapters::digest::hex;
use crate::domain::open_data::{LICENCE, Vintage, read_name};
use crate::domain::refusal::Refused;
use crate::store;

/// What is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenData {
    /// The licence of every file.
    #[schema(example = "etalab-2.0")]
    pub licence: String,
    /// The vintages, the latest months first.
    pub data: Vec<VintageView>,
}

/// Some months' open data: it never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VintageView {
    /// Its name in addresses.
    #[schema(example = "2026-01_2026-03")]
    pub name: String,
    /// Its first month.
    #[schema(example = "2026-01")]
    pub from: String,
    /// Its last month.
    #[schema(example = "2026-03")]
    pub to: String,
    /// When it was published, RFC 3339.
    pub published_at: String,
    /// How many numbers the table of consumption has.
    pub numbers: i32,
    /// How many of them are hidden.
    pub hidden: i32,
    /// Its files.
    pub files: Vec<OpenDataFile>,
}

/// A file of a vintage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenDataFile {
    /// Its name.
    #[schema(example = "consommation.csv")]
    pub name: String,
    /// Where it is.
    #[schema(example = "/api/v1/open-data/2026-01_2026-03/consommation.csv")]
    pub path: String,
    /// How many bytes it has.
    pub bytes: usize,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A file as it was published.
pub struct PublishedFile {
    /// Its name.
    pub name: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Every vintage.
///
/// # Errors
/// A failure of the database.
pub fn list(services: &Services) -> Outcome<OpenData> {
    services.read(|op| {
        let mut data = Vec::new();
        for vintage in store::open_data::all(op.conn)? {
            data.push(view(op, &vintage)?);
        }
        Ok(OpenData { licence: LICENCE.to_owned(), data })
    })
}

/// A file of a vintage.
///
/// # Errors
/// `not_found`.
pub fn file(services: &Services, vintage: &str, name: &str) -> Outcome<PublishedFile> {
    let (from, to) = read_name(vintage).ok_or_else(Refused::not_found)?;
    services.read(|op| {
        let found = store::open_data::by_months(op.conn, from, to)?;
        let found = found.ok_or_else(Refused::not_found)?;
        let file = store::open_data::file(op.conn, found.id, name)?;
        let file = file.ok_or_else(Refused::not_found)?;
        Ok(PublishedFile { name: file.name, sha256: hex(&file.digest), content: file.content })
    })
}

pub(super) fn view(op: &mut Op<'_>, vintage: &Vintage) -> Outcome<VintageView> {
    let name = vintage.name();
    let files = store::open_data::files(op.conn, vintage.id)?;
    let files = files.into_iter().map(|file| OpenDataFile {
        path: format!("/api/v1/open-data/{name}/{}", file.name),
        bytes: file.content.len(),
        sha256: hex(&file.digest),
        name: file.name,
    });
    Ok(VintageView {
        from: vintage.from.to_string(),
        to: vintage.to.to_string(),
        published_at: vintage.published_at.to_string(),
        numbers: vintage.numbers,
        hidden: vintage.hidden,
        files: files.collect(),
        name,
    })
}
