//! The national schema "lieux de médiation numérique" 1.0.2 as CSV: read leniently, written
//! exactly.

mod cells;
mod lines;
#[cfg(test)]
mod tests;
mod text;

use std::collections::HashMap;
use std::io;

use super::formula::blunted;
use crate::domain::venue::{MOST_COLUMNS, MOST_LINES, MOST_NAMED, Sheet, VenueSheet};

use cells::{Cells, Columns};
use lines::LineNumbers;
use text::{decoded, delimiter};

/// The 32 columns in their normative order.
pub const COLUMNS: [&str; 32] = [
    "id",
    "pivot",
    "nom",
    "commune",
    "code_postal",
    "code_insee",
    "adresse",
    "complement_adresse",
    "latitude",
    "longitude",
    "typologie",
    "telephone",
    "courriels",
    "site_web",
    "horaires",
    "presentation_resume",
    "presentation_detail",
    "source",
    "itinerance",
    "structure_parente",
    "date_maj",
    "services",
    "publics_specifiquement_adresses",
    "prise_en_charge_specifique",
    "frais_a_charge",
    "dispositif_programmes_nationaux",
    "formations_labels",
    "autres_formations_labels",
    "modalites_acces",
    "modalites_accompagnement",
    "fiche_acces_libre",
    "prise_rdv",
];

const REQUIRED: [&str; 7] = ["id", "pivot", "nom", "commune", "code_postal", "adresse", "date_maj"];

/// What the schema's pattern accepts and real files write where no number is known.
const NO_PIVOT: &str = "00000000000000";

/// Why a whole file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnreadableSheet {
    /// It says UTF-8 or UTF-16 and is not.
    Encoding,
    /// On that line stands a sign that no text has.
    Sign(usize),
    /// Not a CSV, from this line on.
    Csv(u64),
    /// A required column is missing.
    Column(&'static str),
    /// A column is there twice, so that nobody knows which one counts.
    Twice(&'static str),
    /// More lines than a file may have.
    TooLong,
    /// More columns than a file may have.
    TooWide,
}

impl UnreadableSheet {
    /// One French sentence: what is wrong and what to do.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Encoding => {
                "Ce fichier annonce un encodage qui n'est pas le sien : enregistrez-le en CSV UTF-8."
                    .into()
            }
            Self::Sign(line) => format!(
                "La ligne {line} contient un signe invisible (NUL ou Ctrl-Z) : le fichier est \
                 abîmé, ou ce n'est pas un CSV. Enregistrez-le de nouveau en CSV UTF-8."
            ),
            Self::Csv(line) => {
                format!("La ligne {line} du fichier n'est pas du CSV : vérifiez-la.")
            }
            Self::Column(name) => {
                format!("La colonne « {name} » manque : partez du modèle du schéma national 1.0.2.")
            }
            Self::TooLong => {
                format!("Ce fichier dépasse {MOST_LINES} lignes : coupez-le en plusieurs.")
            }
            Self::TooWide => format!(
                "Ce fichier dépasse {MOST_COLUMNS} colonnes : gardez celles du schéma national."
            ),
            Self::Twice(name) => {
                format!("La colonne « {name} » est là deux fois : gardez-en une seule.")
            }
        }
    }
}

/// Reads a file: any order of columns, separated by `,`, `;`, tabs or `|`, in any encoding of
/// spreadsheets, empty lines left out.
/// Values of older versions of the schema are kept; what makes a line unusable is told.
///
/// # Errors
/// [`UnreadableSheet`] when no line can be read.
pub fn read(bytes: &[u8]) -> Result<Sheet, UnreadableSheet> {
    let text = decoded(bytes)?;
    let text = text.as_str();
    let mut numbers = LineNumbers::new(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .from_reader(text.as_bytes());
    let heading = reader.headers().map_err(|_| UnreadableSheet::Csv(1))?;
    if heading.len() > MOST_COLUMNS {
        return Err(UnreadableSheet::TooWide);
    }
    let columns = Columns { places: places(heading)?, width: heading.len() };
    let mut seen = HashMap::new();
    let mut sheet = Sheet::default();
    for (place, record) in (1..).zip(reader.records()) {
        if place > MOST_LINES {
            return Err(UnreadableSheet::TooLong);
        }
        let record = record.map_err(|error| {
            UnreadableSheet::Csv(error.position().map_or(0, csv::Position::line))
        })?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let line = numbers.of(&record);
        match Cells::new(&columns, &record, line).sheet(&mut seen) {
            Ok((read, notes)) => {
                let room = MOST_NAMED.saturating_sub(sheet.notes.len());
                sheet.notes.extend(notes.into_iter().take(room));
                sheet.lines.push((line, read));
            }
            Err(_) if sheet.wrong.len() >= MOST_NAMED => sheet.more_wrong += 1,
            Err(wrong) => sheet.wrong.extend(wrong),
        }
    }
    sheet.wrong.truncate(MOST_NAMED);
    Ok(sheet)
}

/// Where each column of the schema stands; other columns are left alone.
fn places(heading: &csv::StringRecord) -> Result<HashMap<&'static str, usize>, UnreadableSheet> {
    let mut places = HashMap::new();
    for (place, cell) in heading.iter().enumerate() {
        let written = cell.trim().to_lowercase().replace([' ', '-'], "_").replace('é', "e");
        if let Some(name) = COLUMNS.iter().find(|name| **name == written)
            && places.insert(*name, place).is_some()
        {
            return Err(UnreadableSheet::Twice(name));
        }
    }
    match REQUIRED.iter().find(|name| !places.contains_key(**name)) {
        Some(missing) => Err(UnreadableSheet::Column(missing)),
        None => Ok(places),
    }
}

/// Writes a file of the schema: UTF-8, `,`, all columns in order, several values joined by `|`.
/// An unknown `pivot` becomes zeros, as in the national file, because the schema requires one.
///
/// # Errors
/// Only what writing to memory can fail of.
pub fn write<'a>(sheets: impl IntoIterator<Item = &'a VenueSheet>) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for sheet in sheets {
        writer.write_record(row(sheet).map(|cell| blunted(&cell).into_owned()))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn row(sheet: &VenueSheet) -> [String; 32] {
    let some = |value: &Option<String>| value.clone().unwrap_or_default();
    let degrees = |value: Option<f64>| value.map(|degrees| degrees.to_string()).unwrap_or_default();
    [
        sheet.external_id.clone(),
        sheet.pivot.clone().unwrap_or_else(|| NO_PIVOT.to_owned()),
        sheet.name.clone(),
        sheet.commune.clone(),
        sheet.postal_code.clone(),
        some(&sheet.insee_code),
        sheet.address.clone(),
        some(&sheet.address_complement),
        degrees(sheet.latitude),
        degrees(sheet.longitude),
        sheet.typology.join("|"),
        some(&sheet.phone),
        sheet.emails.join("|"),
        sheet.websites.join("|"),
        some(&sheet.opening_hours),
        some(&sheet.summary),
        some(&sheet.detail),
        some(&sheet.source),
        some(&sheet.roaming),
        some(&sheet.parent_organisation),
        sheet.updated_on.to_string(),
        sheet.services.join("|"),
        sheet.publics.join("|"),
        sheet.special_care.join("|"),
        sheet.fees.join("|"),
        sheet.national_programmes.join("|"),
        sheet.trainings.join("|"),
        sheet.other_trainings.join("|"),
        sheet.access_modes.join("|"),
        sheet.support_modes.join("|"),
        some(&sheet.accessibility_url),
        some(&sheet.booking_url),
    ]
}
