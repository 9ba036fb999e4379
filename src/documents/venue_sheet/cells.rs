//! One line of a file: its cells become a venue, or a list of what is wrong with them.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::documents::formula::as_it_was;
use crate::domain::organisation::{rna_checks, siret_checks};
use crate::domain::place::Point;
use crate::domain::time::in_calendar;
use crate::domain::venue::{LONGEST_CELL, SheetError, VenueSheet, phone_put_right, with_value};

const ZERO_LOST: &str = "Les tableurs effacent le zéro du début : écrivez-le, comme dans 01400.";

/// The heading: where each column of the schema stands, and how many cells there are.
pub(super) struct Columns {
    pub(super) places: HashMap<&'static str, usize>,
    pub(super) width: usize,
}

pub(super) struct Cells<'a> {
    columns: &'a Columns,
    record: &'a csv::StringRecord,
    line: u64,
    wrong: Vec<SheetError>,
    notes: Vec<SheetError>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(columns: &'a Columns, record: &'a csv::StringRecord, line: u64) -> Self {
        Self { columns, record, line, wrong: Vec::new(), notes: Vec::new() }
    }

    /// The venue; `seen` holds the ids of the lines before, with their numbers.
    pub(super) fn sheet(
        mut self,
        seen: &mut HashMap<String, u64>,
    ) -> Result<(VenueSheet, Vec<SheetError>), Vec<SheetError>> {
        let mut sheet = VenueSheet {
            external_id: self.needed("id"),
            pivot: self.pivot(),
            name: self.needed("nom"),
            commune: self.needed("commune"),
            postal_code: self.postal_code(),
            insee_code: self.insee_code(),
            address: self.needed("adresse"),
            address_complement: self.some("complement_adresse"),
            latitude: self.degrees("latitude"),
            longitude: self.degrees("longitude"),
            typology: self.list("typologie"),
            phone: self.some("telephone").map(|phone| phone_put_right(&phone)),
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
        self.check_whole(&sheet, seen);
        self.place(&mut sheet);
        if self.wrong.is_empty() { Ok((sheet, self.notes)) } else { Err(self.wrong) }
    }

    fn check_whole(&mut self, sheet: &VenueSheet, seen: &mut HashMap<String, u64>) {
        for column in self.columns.places.keys() {
            if self.text(column).chars().count() > LONGEST_CELL {
                let detail = format!("Ce texte dépasse {LONGEST_CELL} caractères.");
                self.refuse(column, "out_of_range", &detail);
            }
        }
        if !sheet.external_id.is_empty() {
            let first = *seen.entry(sheet.external_id.clone()).or_insert(self.line);
            if first != self.line {
                let detail = format!(
                    "Cet identifiant est déjà à la ligne {first} : donnez-en un autre à ce lieu, \
                     ou effacez la ligne en trop."
                );
                self.refuse("id", "duplicate", &detail);
            }
        }
        let degrees_wrong =
            self.wrong.iter().any(|w| ["latitude", "longitude"].contains(&w.column));
        let point = sheet.latitude.zip(sheet.longitude).map(|(lat, lon)| Point::new(lat, lon));
        let alone = sheet.latitude.is_some() != sheet.longitude.is_some();
        if !degrees_wrong && (point == Some(None) || alone) {
            let detail = "Donnez une latitude entre -90 et 90 et une longitude entre -180 et 180, \
                          ou aucune des deux.";
            self.refuse("latitude", "out_of_range", detail);
        }
        if self.record.iter().skip(self.columns.width).any(|cell| !cell.trim().is_empty()) {
            let detail = "Cette ligne a plus de cellules que la première : mettez entre \
                          guillemets les textes qui contiennent le séparateur.";
            self.refuse("id", "malformed", detail);
        }
    }

    /// A place that is none in France is left out: a venue in the sea would be the nearest to nobody,
    /// or to everybody.
    fn place(&mut self, sheet: &mut VenueSheet) {
        let Some((latitude, longitude)) = sheet.latitude.zip(sheet.longitude) else { return };
        if Point::new(latitude, longitude).is_none_or(Point::in_france) {
            return;
        }
        let swapped = Point::new(longitude, latitude).is_some_and(Point::in_france);
        if swapped {
            (sheet.latitude, sheet.longitude) = (Some(longitude), Some(latitude));
            self.note(
                "latitude",
                "swapped",
                "Latitude et longitude étaient inversées : remises en ordre.",
            );
        } else {
            (sheet.latitude, sheet.longitude) = (None, None);
            let detail = "Ce point n'est pas en France : le lieu est importé sans position.";
            self.note("latitude", "left_out", detail);
        }
    }

    fn text(&self, column: &str) -> &'a str {
        let place = self.columns.places.get(column).copied();
        let cell = place.and_then(|place| self.record.get(place)).unwrap_or_default();
        as_it_was(cell.trim()).trim()
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
            self.refuse(
                column,
                "missing",
                "Cette cellule est vide : cette valeur est obligatoire.",
            );
        }
        text
    }

    /// A SIRET, an RNA number, or the number of an overseas register. Real files put zeros where
    /// they know none: 67 of the 188 venues of the Charente.
    fn pivot(&mut self) -> Option<String> {
        let text: String = self.text("pivot").split_whitespace().collect();
        let text = text.to_ascii_uppercase();
        let digits = text.bytes().all(|sign| sign.is_ascii_digit());
        let letters = text.bytes().all(|sign| sign.is_ascii_alphanumeric());
        // New Caledonia and Polynesia have registers of their own.
        let overseas = self.text("code_postal").starts_with("98");
        if text.is_empty() {
            let detail = "Écrivez le numéro SIRET ou RNA, ou quatorze zéros s'il est inconnu.";
            self.refuse("pivot", "missing", detail);
            return None;
        }
        if text.bytes().all(|sign| sign == b'0') {
            return None;
        }
        if siret_checks(&text) || rna_checks(&text) {
            return Some(text);
        }
        if digits && text.len() == 14 {
            let detail = "La clé de ce SIRET est fausse : un chiffre est mal recopié. Le lieu est \
                          importé sans numéro, ajoutez-le plus tard.";
            self.note("pivot", "left_out", detail);
            return None;
        }
        let registered = letters && (9..14).contains(&text.len()) && !text.starts_with('W');
        if registered && (overseas || !digits) {
            return Some(text);
        }
        let detail = match (digits, text.len()) {
            (true, 9) => {
                "C'est un SIREN : écrivez le SIRET de l'établissement (14 chiffres).".to_owned()
            }
            (true, count) => format!("Un SIRET compte 14 chiffres, celui-ci {count}."),
            _ => "Ce n'est ni un SIRET (14 chiffres) ni un numéro RNA (W et 9 signes). Dans un \
                  tableur, mettez cette colonne au format texte."
                .to_owned(),
        };
        self.refuse("pivot", "malformed", &detail);
        None
    }

    fn postal_code(&mut self) -> String {
        let text = self.needed("code_postal");
        let right = text.len() == 5 && text.bytes().all(|sign| sign.is_ascii_digit());
        if !text.is_empty() && !right {
            let detail = format!("Un code postal compte cinq chiffres. {ZERO_LOST}");
            self.refuse("code_postal", "malformed", &detail);
        }
        text
    }

    fn insee_code(&mut self) -> Option<String> {
        let code = self.some("code_insee")?.to_ascii_uppercase();
        if !is_insee_code(&code) {
            let detail = format!(
                "Un code INSEE compte cinq signes, comme 16015 ou 2A004. {ZERO_LOST} Si vous ne \
                 le connaissez pas, laissez la cellule vide."
            );
            self.refuse("code_insee", "malformed", &detail);
        }
        Some(code)
    }

    fn degrees(&mut self, column: &'static str) -> Option<f64> {
        let text = self.some(column)?.replace(',', ".");
        let degrees = text.parse::<f64>().ok().filter(|degrees| degrees.is_finite());
        if degrees.is_none() {
            let detail = "Ce n'est pas un nombre de degrés, comme 45.648 : corrigez-le ou \
                          effacez-le.";
            self.refuse(column, "malformed", detail);
        }
        degrees
    }

    /// A day as the schema or as French people write it, alone or at the beginning of an instant.
    fn day(&mut self, column: &'static str) -> NaiveDate {
        let text = self.needed(column);
        let day = text.split(['T', ' ']).next().and_then(day_of).filter(|day| in_calendar(*day));
        if day.is_none() && !text.is_empty() {
            let detail = "Cette date n'existe pas : écrivez-la comme 2026-03-31 ou 31/03/2026.";
            self.refuse(column, "malformed", detail);
        }
        day.unwrap_or_default()
    }

    fn note(&mut self, column: &'static str, code: &'static str, detail: &str) {
        let note = self.said(column, code, detail);
        self.notes.push(note);
    }

    fn refuse(&mut self, column: &'static str, code: &'static str, detail: &str) {
        let wrong = self.said(column, code, detail);
        self.wrong.push(wrong);
    }

    fn said(&self, column: &'static str, code: &'static str, detail: &str) -> SheetError {
        let detail = with_value(detail, self.text(column));
        SheetError { line: self.line, column, code, detail }
    }
}

/// `2026-03-31`, `2026/03/31`, or the day first: `31/03/2026`, `31.3.2026`.
fn day_of(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let [first, second, third] = *parts.as_slice() else { return None };
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 4);
    let (year, day) = if first.len() == 4 { (first, third) } else { (third, first) };
    let year =
        number(year).filter(|_| year.len() == 4).and_then(|year| i32::try_from(year).ok())?;
    NaiveDate::from_ymd_opt(year, number(second)?, number(day)?)
}

/// `^([013-9]\d|2[AB1-9])\d{3}$`, as the schema has it.
fn is_insee_code(code: &str) -> bool {
    let [first, second, rest @ ..] = code.as_bytes() else { return false };
    let begins = match first {
        b'2' => matches!(second, b'A' | b'B' | b'1'..=b'9'),
        _ => first.is_ascii_digit() && second.is_ascii_digit(),
    };
    begins && rest.len() == 3 && rest.iter().all(u8::is_ascii_digit)
}
