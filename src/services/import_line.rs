//! One line of a file of venues: what it says becomes a venue, or is refused with its reason.

use std::collections::BTreeMap;

use super::check_venue::check_venue;
use super::commune_code::of_today;
use super::imported::{Imported, ImportedVenue, Rejected};
use super::venue_of_sheet::{Provenance, fill_number, organisation_of, row_of, same};
use super::{Op, Outcome};
use crate::adapters::geography::{self, Commune};
use crate::domain::place::Point;
use crate::domain::territory::same_commune;
use crate::domain::venue::{VenueSheet, with_value};
use crate::store;
use crate::store::venue::VenueRow;

/// A venue is not so far from the middle of its commune.
const FAR_KM: f64 = 100.0;

/// The lines of a file on their way into the database.
pub(super) struct Lines<'a, 'b> {
    op: &'a mut Op<'b>,
    pub(super) imported: Imported,
    /// The lines before, by commune and name: the same place twice in one file.
    earlier: BTreeMap<(String, String), u64>,
    /// The address of each venue that was there before, by commune and name.
    known: BTreeMap<String, BTreeMap<String, String>>,
}

impl<'a, 'b> Lines<'a, 'b> {
    pub(super) fn new(op: &'a mut Op<'b>, imported: Imported) -> Self {
        Self { op, imported, earlier: BTreeMap::new(), known: BTreeMap::new() }
    }
}

fn said(line: u64, column: &str, code: &str, detail: String) -> Rejected {
    Rejected { line, column: column.to_owned(), code: code.to_owned(), detail }
}

pub(super) fn import_line(lines: &mut Lines<'_, '_>, line: u64, sheet: &VenueSheet) -> Outcome<()> {
    let Some(commune) = commune_of(sheet) else {
        let value = sheet.insee_code.as_deref().unwrap_or(&sheet.commune);
        let detail = with_value(&not_found(sheet), value);
        lines.imported.reject([said(line, "code_insee", "unknown_value", detail)]);
        return Ok(());
    };
    let before = store::venue::by_external_id(lines.op.conn, &sheet.external_id)?;
    let provenance = before.as_ref().map(Provenance::of).transpose()?;
    if let Some((row, source)) = before.as_ref().zip(other_source(provenance.as_ref(), sheet)) {
        let detail = format!(
            "Cet identifiant est celui de « {} », de la source « {source} » : donnez-en un autre à \
             ce lieu, par exemple précédé du nom de votre source.",
            row.name
        );
        lines.imported.reject([said(
            line,
            "id",
            "other_source",
            with_value(&detail, &sheet.external_id),
        )]);
        return Ok(());
    }
    let mut row = row_of(lines.op, sheet, commune.code, before.as_ref());
    far_from_home(lines, line, commune, &mut row);
    if let Err(refused) = check_venue(&row) {
        let wrong = refused.fields.iter().map(|field| {
            let column = column_of(&field.pointer);
            said(line, column, field.code, with_value(&field.detail, value_of(sheet, column)))
        });
        lines.imported.reject(wrong);
        return Ok(());
    }
    look_at_commune(lines, line, sheet, commune);
    let became = match before.zip(provenance) {
        Some((before, _)) if same(&before, &row) => {
            lines.imported.unchanged += 1;
            return Ok(());
        }
        Some((before, provenance)) => {
            let what = changed(lines, line, sheet, (&before, &provenance), &row)?;
            (what, Some(before.name))
        }
        None => (created(lines, line, sheet, row)?, None),
    };
    lines.imported.name(ImportedVenue {
        line,
        what: became.0.to_owned(),
        name: sheet.name.clone(),
        name_before: became.1.filter(|name| *name != sheet.name),
    });
    Ok(())
}

fn created(
    lines: &mut Lines<'_, '_>,
    line: u64,
    sheet: &VenueSheet,
    mut row: VenueRow,
) -> Outcome<&'static str> {
    look_for_twins(lines, line, &row)?;
    if !lines.imported.dry_run {
        // Only now: a line that is refused brings no organisation along.
        row.organisation_id = organisation_of(lines.op, sheet)?;
        store::venue::insert(lines.op.conn, &row)?;
    }
    lines.imported.created += 1;
    Ok("created")
}

fn changed(
    lines: &mut Lines<'_, '_>,
    line: u64,
    sheet: &VenueSheet,
    (before, provenance): (&VenueRow, &Provenance),
    row: &VenueRow,
) -> Outcome<&'static str> {
    if provenance.is_newer_than(sheet.updated_on) {
        lines.imported.newer_here += 1;
        return Ok("newer_here");
    }
    let dry_run = lines.imported.dry_run;
    if fill_number(lines.op, before.organisation_id, sheet, dry_run)? {
        let detail = "Un autre organisme a ce numéro : le lieu reste au sien. Changez-le sur sa \
            page si c'est le même.";
        let value = sheet.pivot.as_deref().unwrap_or_default();
        let note = said(line, "pivot", "number_taken", with_value(detail, value));
        lines.imported.note(note);
    }
    if !dry_run {
        store::venue::update(lines.op.conn, row)?;
    }
    lines.imported.updated += 1;
    Ok("updated")
}

/// The source of the venue that has this id, when the file is another's.
fn other_source(provenance: Option<&Provenance>, sheet: &VenueSheet) -> Option<String> {
    let source = provenance?.source.clone()?;
    let theirs = geography::plain(sheet.source.as_deref()?);
    (geography::plain(&source) != theirs).then_some(source)
}

/// The column of the schema that holds what a venue's check points at.
fn column_of(pointer: &str) -> &str {
    match pointer.split('/').nth(1).unwrap_or_default() {
        "external_id" => "id",
        "name" => "nom",
        "address" => "adresse",
        "postal_code" => "code_postal",
        "commune" => "code_insee",
        "phone" => "telephone",
        "address_complement" => "complement_adresse",
        "opening_hours" => "horaires",
        same => same,
    }
}

fn value_of<'a>(sheet: &'a VenueSheet, column: &str) -> &'a str {
    match column {
        "id" => &sheet.external_id,
        "nom" => &sheet.name,
        "adresse" => &sheet.address,
        "code_postal" => &sheet.postal_code,
        "telephone" => sheet.phone.as_deref().unwrap_or_default(),
        "complement_adresse" => sheet.address_complement.as_deref().unwrap_or_default(),
        "horaires" => sheet.opening_hours.as_deref().unwrap_or_default(),
        _ => "",
    }
}

fn commune_of(sheet: &VenueSheet) -> Option<&'static Commune> {
    let by_code = sheet.insee_code.as_deref().and_then(|code| geography::commune(&of_today(code)));
    by_code.or_else(|| geography::resolve(&sheet.commune, &sheet.postal_code))
}

/// Why a commune is not found, and which ones may be meant.
fn not_found(sheet: &VenueSheet) -> String {
    let near = geography::by_postal_code(&sheet.postal_code);
    let named: Vec<String> =
        near.iter().take(5).map(|one| format!("{} ({})", one.name, one.code)).collect();
    if named.is_empty() {
        return format!(
            "Cette commune est introuvable, et le code postal {} aussi : ajoutez son code INSEE.",
            sheet.postal_code
        );
    }
    format!(
        "Cette commune est introuvable : ajoutez son code INSEE. À ce code postal : {}.",
        named.join(", ")
    )
}

/// A name that is another commune's than the code is told; the code holds.
fn look_at_commune(lines: &mut Lines<'_, '_>, line: u64, sheet: &VenueSheet, commune: &Commune) {
    if sheet.insee_code.is_none() || commune.is_called(&sheet.commune) {
        return;
    }
    let mut named = geography::search(&sheet.commune, 20).into_iter();
    let fits = named.any(|one| same_commune(one.code, commune.code));
    if !fits {
        let detail = format!(
            "Ce nom n'est pas celui de la commune du code INSEE {}, {} : le code est retenu.",
            commune.code, commune.name
        );
        let note = said(line, "commune", "other_commune", with_value(&detail, &sheet.commune));
        lines.imported.note(note);
    }
}

fn far_from_home(lines: &mut Lines<'_, '_>, line: u64, commune: &Commune, row: &mut VenueRow) {
    let place = row.latitude.zip(row.longitude).and_then(|(north, east)| Point::new(north, east));
    let Some((place, centre)) = place.zip(geography::centre(commune.code)) else { return };
    let km = place.km_to(centre);
    if km > FAR_KM {
        (row.latitude, row.longitude) = (None, None);
        let detail = format!(
            "Ce point est à {km:.0} km de {} : le lieu est importé sans position.",
            commune.name
        );
        lines.imported.note(said(line, "latitude", "left_out", detail));
    }
}

/// A place of that name that the commune has already is told, whatever its id.
fn look_for_twins(lines: &mut Lines<'_, '_>, line: u64, row: &VenueRow) -> Outcome<()> {
    let name = geography::plain(&row.name);
    let key = (row.commune.clone(), name.clone());
    if !lines.known.contains_key(&row.commune) {
        let known = store::venue_twin::named_in(lines.op.conn, &row.commune)?.into_iter().rev();
        let known = known.map(|(name, address)| (geography::plain(&name), address)).collect();
        lines.known.insert(row.commune.clone(), known);
    }
    let twin = lines.known.get(&row.commune).and_then(|known| known.get(&name));
    let detail = match (lines.earlier.get(&key), twin) {
        (Some(first), _) => Some(format!(
            "Un lieu du même nom et de la même commune est à la ligne {first} : si c'est le même, \
             effacez l'une des deux."
        )),
        (None, Some(address)) => Some(format!(
            "Un lieu du même nom existe déjà dans cette commune ({address}) : si c'est le même, \
             gardez-en un seul."
        )),
        (None, None) => None,
    };
    if let Some(detail) = detail {
        lines.imported.note(said(line, "nom", "likely_twin", with_value(&detail, &row.name)));
    }
    lines.earlier.entry(key).or_insert(line);
    Ok(())
}
