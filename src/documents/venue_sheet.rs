//! The national schema "lieux de médiation numérique" 1.0.2 as CSV: read leniently, written
//! exactly.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use crate::domain::place::Point;
use crate::domain::venue::{SheetError, VenueSheet};

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

const REQUIRED: [&str; 8] =
    ["id", "nom", "commune", "code_postal", "adresse", "pivot", "date_maj", "services"];

/// Why a whole file cannot be read.
#[derive(Debug)]
pub enum UnreadableSheet {
    /// Not UTF-8.
    Encoding,
    /// Not a CSV.
    Csv(u64),
    /// A required column is missing.
    Column(&'static str),
}

impl UnreadableSheet {
    /// One French sentence: what is wrong and what to do.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Encoding => "Ce fichier n'est pas en UTF-8 : enregistrez-le en CSV UTF-8.".into(),
            Self::Csv(line) => format!("La ligne {line} du fichier n'est pas du CSV : vérifiez-la."),
            Self::Column(name) => format!(
                "La colonne « {name} » manque : partez du modèle du schéma national 1.0.2."
            ),
        }
    }
}

/// One line of a file: its number, the heading being 1, and what was read.
pub type Line = (u64, Result<VenueSheet, Vec<SheetError>>);

/// Reads a file: any order of columns, `,` or `;`, with or without BOM. Values of older versions
/// of the schema are kept; what makes a line unusable is told.
///
/// # Errors
/// [`UnreadableSheet`] when no line can be read.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, UnreadableSheet> {
    let text = std::str::from_utf8(bytes).map_err(|_| UnreadableSheet::Encoding)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let heading = text.lines().next().unwrap_or_default();
    let delimiter = if heading.matches(';').count() > heading.matches(',').count() { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|_| UnreadableSheet::Csv(1))?.clone();
    let places: HashMap<String, usize> = headers
        .iter()
        .enumerate()
        .map(|(place, name)| (name.trim().to_lowercase(), place))
        .collect();
    if let Some(missing) = REQUIRED.iter().find(|name| !places.contains_key(**name)) {
        return Err(UnreadableSheet::Column(missing));
    }
    let mut seen = HashSet::new();
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            UnreadableSheet::Csv(error.position().map_or(0, csv::Position::line))
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = Cells { places: &places, record: &record, line, wrong: Vec::new() };
        lines.push((line, cells.sheet(&mut seen)));
    }
    Ok(lines)
}

struct Cells<'a> {
    places: &'a HashMap<String, usize>,
    record: &'a csv::StringRecord,
    line: u64,
    wrong: Vec<SheetError>,
}

impl Cells<'_> {
    fn sheet(mut self, seen: &mut HashSet<String>) -> Result<VenueSheet, Vec<SheetError>> {
        let sheet = VenueSheet {
            external_id: self.needed("id"),
            pivot: self.pivot(),
            name: self.needed("nom"),
            commune: self.needed("commune"),
            postal_code: self.postal_code(),
            insee_code: self.some("code_insee"),
            address: self.needed("adresse"),
            address_complement: self.some("complement_adresse"),
            latitude: self.degrees("latitude", 90.0),
            longitude: self.degrees("longitude", 180.0),
            typology: self.list("typologie"),
            phone: self.some("telephone"),
            emails: self.list("courriels"),
            websites: self.list("site_web"),
            opening_hours: self.some("horaires"),
            summary: self.some("presentation_resume"),
            detail: self.some("presentation_detail"),
            source: self.some("source"),
            roaming: self.some("itinerance"),
            parent_organisation: self.some("structure_parente"),
            updated_on: self.day("date_maj"),
            services: self.list("services"),
            publics: self.list("publics_specifiquement_adresses"),
            special_care: self.list("prise_en_charge_specifique"),
            fees: self.list("frais_a_charge"),
            national_programmes: self.list("dispositif_programmes_nationaux"),
            trainings: self.list("formations_labels"),
            other_trainings: self.list("autres_formations_labels"),
            access_modes: self.list("modalites_acces"),
            support_modes: self.list("modalites_accompagnement"),
            accessibility_url: self.some("fiche_acces_libre"),
            booking_url: self.some("prise_rdv"),
        };
        if !sheet.external_id.is_empty() && !seen.insert(sheet.external_id.clone()) {
            self.refuse("id", "duplicate", "Cet identifiant est déjà dans le fichier.");
        }
        let place = sheet.latitude.zip(sheet.longitude);
        if place.is_some_and(|(latitude, longitude)| Point::new(latitude, longitude).is_none())
            || sheet.latitude.is_some() != sheet.longitude.is_some()
        {
            let detail = "Donnez une latitude et une longitude en degrés, ou aucune des deux.";
            self.refuse("latitude", "out_of_range", detail);
        }
        if self.wrong.is_empty() { Ok(sheet) } else { Err(self.wrong) }
    }

    fn text(&self, column: &str) -> &str {
        let place = self.places.get(column).copied();
        place.and_then(|place| self.record.get(place)).unwrap_or_default().trim()
    }

    fn some(&self, column: &str) -> Option<String> {
        let text = self.text(column);
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn list(&self, column: &str) -> Vec<String> {
        let values = self.text(column).split('|').map(str::trim);
        values.filter(|value| !value.is_empty()).map(str::to_owned).collect()
    }

    fn needed(&mut self, column: &'static str) -> String {
        let text = self.text(column).to_owned();
        if text.is_empty() {
            self.refuse(column, "missing", "Cette valeur est obligatoire.");
        }
        text
    }

    /// Real files put zeros where they know no number.
    fn pivot(&self) -> Option<String> {
        self.some("pivot").filter(|pivot| !pivot.bytes().all(|byte| byte == b'0'))
    }

    fn postal_code(&mut self) -> String {
        let text = self.needed("code_postal");
        if !text.is_empty() && (text.len() != 5 || !text.bytes().all(|b| b.is_ascii_digit())) {
            self.refuse("code_postal", "malformed", "Le code postal compte cinq chiffres.");
        }
        text
    }

    fn degrees(&mut self, column: &'static str, most: f64) -> Option<f64> {
        let text = self.some(column)?.replace(',', ".");
        match text.parse::<f64>() {
            Ok(degrees) if degrees.abs() <= most => Some(degrees),
            _ => {
                let detail = "Ce nombre de degrés est incorrect : vérifiez-le ou effacez-le.";
                self.refuse(column, "out_of_range", detail);
                None
            }
        }
    }

    fn day(&mut self, column: &'static str) -> NaiveDate {
        let text = self.needed(column);
        let day = text.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
        if day.is_none() && !text.is_empty() {
            let detail = "Cette date n'existe pas : écrivez-la comme 2026-03-31.";
            self.refuse(column, "malformed", detail);
        }
        day.unwrap_or_default()
    }

    fn refuse(&mut self, column: &'static str, code: &'static str, detail: &str) {
        self.wrong.push(SheetError { line: self.line, column, code, detail: detail.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_venues_of_the_charente_and_the_schemas_own_example_are_read() {
        let charente = include_bytes!("../../data/lieux-charente.csv");
        let lines = read(charente).unwrap();
        assert_eq!(lines.len(), 188);
        assert!(lines.iter().all(|(_, row)| row.is_ok()), "{lines:?}");
        let example = include_bytes!("../../data/lieux-exemple-valide.csv");
        assert!(read(example).unwrap().iter().all(|(_, row)| row.is_ok()));
    }

    #[test]
    fn a_wrong_line_is_told_by_its_number_and_column() {
        let text = "id;pivot;nom;commune;code_postal;adresse;date_maj;services\n\
            a;0;Lieu;Cognac;16100;1 rue;2026-02-30;\na;0;;Cognac;161;1 rue;2026-02-01;\n";
        let lines = read(text.as_bytes()).unwrap();
        let wrong = |line: usize| {
            let errors = lines[line].1.as_ref().unwrap_err();
            errors.iter().map(|e| (e.line, e.column, e.code)).collect::<Vec<_>>()
        };
        assert_eq!(wrong(0), [(2, "date_maj", "malformed")]);
        assert_eq!(
            wrong(1),
            [(3, "nom", "missing"), (3, "code_postal", "malformed"), (3, "id", "duplicate")]
        );
        assert!(matches!(read(b"nom\nx\n"), Err(UnreadableSheet::Column("id"))));
        assert!(matches!(read(b"\xff\xfe"), Err(UnreadableSheet::Encoding)));
    }
}
