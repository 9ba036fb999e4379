//! Importing venues from a file of the national schema: all or nothing unless asked otherwise.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::check_venue::check_venue;
use super::idempotency::{Key, Once, once};
use super::{Op, Outcome, Services};
use crate::adapters::geography;
use crate::domain::ids::{OrganisationId, VenueId};
use crate::domain::organisation::{Organisation, rna_checks, siret_checks};
use crate::domain::refusal::{Code, FieldError, Refused};
use crate::domain::venue::{MOST_NAMED, Sheet, VenueSheet};
use crate::store;
use crate::store::venue::VenueRow;

/// A value of a file that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rejected {
    /// The line, the heading being 1.
    pub line: u64,
    /// The column of the national schema.
    #[schema(example = "code_insee")]
    pub column: String,
    /// What is wrong with it.
    #[schema(example = "unknown_value")]
    pub code: String,
    /// One French sentence.
    pub detail: String,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Imported {
    /// Venues added.
    pub created: u64,
    /// Venues changed.
    pub updated: u64,
    /// Venues that were already so.
    pub unchanged: u64,
    /// Lines left out, each with its reason: at most 100 values are named.
    pub rejected: Vec<Rejected>,
    /// How many lines more were left out and are not named.
    #[serde(default)]
    pub more_rejected: u64,
}

impl Imported {
    /// Names what is wrong with a line while there is room for it.
    fn reject(&mut self, wrong: impl IntoIterator<Item = Rejected>) {
        let room = MOST_NAMED.saturating_sub(self.rejected.len());
        if room == 0 {
            self.more_rejected += 1;
        }
        self.rejected.extend(wrong.into_iter().take(room));
    }
}

/// Imports venues; the organisation of each is found by its SIRET or RNA number and added when it
/// is new, and a venue without a number belongs to an organisation of its own name.
///
/// # Errors
/// `sheet_rejected` with every wrong value when a line is wrong and `partial` is not asked.
pub fn import_venues(
    services: &Services,
    sheet: &Sheet,
    partial: bool,
    key: Option<&Key>,
) -> Outcome<Once<Imported>> {
    once(services, key, |op| {
        let rejected = sheet.wrong.iter().map(|wrong| Rejected {
            line: wrong.line,
            column: wrong.column.to_owned(),
            code: wrong.code.to_owned(),
            detail: wrong.detail.clone(),
        });
        let mut imported = Imported {
            rejected: rejected.collect(),
            more_rejected: sheet.more_wrong,
            ..Imported::default()
        };
        for (line, read) in &sheet.lines {
            import_line(op, *line, read, &mut imported)?;
        }
        if imported.rejected.is_empty() || partial {
            return Ok(imported);
        }
        Err(all_rejected(&imported).into())
    })
}

fn all_rejected(imported: &Imported) -> Refused {
    let fields = imported.rejected.iter().map(|wrong| FieldError {
        pointer: format!("/{}/{}", wrong.line, wrong.column),
        code: "rejected",
        detail: wrong.detail.clone(),
    });
    let named = imported.rejected.len();
    let sentence = match imported.more_rejected {
        0 => format!("{named} valeurs du fichier sont à corriger : rien n'a été importé."),
        more => format!(
            "Plus de {named} valeurs du fichier sont à corriger, {more} lignes ne sont pas \
             détaillées : corrigez celles-ci et recommencez. Rien n'a été importé."
        ),
    };
    Refused { fields: fields.collect(), ..Refused::new(Code::SheetRejected, sentence) }
}

fn import_line(
    op: &mut Op<'_>,
    line: u64,
    sheet: &VenueSheet,
    imported: &mut Imported,
) -> Outcome<()> {
    let reject = |column: &str, code: &str, detail: &str| Rejected {
        line,
        column: column.to_owned(),
        code: code.to_owned(),
        detail: detail.to_owned(),
    };
    let Some(commune) = commune_of(sheet) else {
        let detail = "Cette commune est introuvable : ajoutez son code INSEE.";
        imported.reject([reject("code_insee", "unknown_value", detail)]);
        return Ok(());
    };
    let before = store::venue::by_external_id(op.conn, &sheet.external_id)?;
    let mut row = row_of(op, sheet, commune, before.as_ref());
    if let Err(refused) = check_venue(&row) {
        let wrong = refused
            .fields
            .iter()
            .map(|field| reject(column_of(&field.pointer), field.code, &field.detail));
        imported.reject(wrong);
        return Ok(());
    }
    match before {
        None => {
            // Only now: a line that is refused brings no organisation along.
            row.organisation_id = organisation_of(op, sheet)?;
            store::venue::insert(op.conn, &row)?;
            imported.created += 1;
        }
        Some(before) if same(&before, &row) => imported.unchanged += 1,
        Some(_) => {
            store::venue::update(op.conn, &row)?;
            imported.updated += 1;
        }
    }
    Ok(())
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

fn commune_of(sheet: &VenueSheet) -> Option<&'static str> {
    let by_code = sheet.insee_code.as_deref().and_then(geography::commune);
    let found = by_code.or_else(|| geography::resolve(&sheet.commune, &sheet.postal_code));
    found.map(|commune| commune.code)
}

fn organisation_of(op: &mut Op<'_>, sheet: &VenueSheet) -> Outcome<OrganisationId> {
    let pivot = sheet.pivot.as_deref();
    let siret = pivot.filter(|number| siret_checks(number));
    let rna = pivot.filter(|number| rna_checks(number));
    if siret.or(rna).is_some()
        && let Some(known) = store::organisation::by_number(op.conn, siret, rna)?
    {
        if !known.venue_operator {
            let runs_venues = Organisation { venue_operator: true, ..known.clone() };
            store::organisation::update(op.conn, &runs_venues)?;
        }
        return Ok(known.id);
    }
    let organisation = Organisation {
        id: OrganisationId(op.id()),
        name: sheet.name.clone(),
        siret: siret.map(str::to_owned),
        rna: rna.map(str::to_owned),
        funder: false,
        prescriber: false,
        venue_operator: true,
        frozen: false,
    };
    store::organisation::insert(op.conn, &organisation, op.now)?;
    Ok(organisation.id)
}

fn row_of(op: &Op<'_>, sheet: &VenueSheet, commune: &str, before: Option<&VenueRow>) -> VenueRow {
    VenueRow {
        id: before.map_or_else(|| VenueId(op.id()), |venue| venue.id),
        organisation_id: before.map_or(OrganisationId(Uuid::nil()), |venue| venue.organisation_id),
        external_id: Some(sheet.external_id.clone()),
        name: sheet.name.clone(),
        address: sheet.address.clone(),
        address_complement: sheet.address_complement.clone(),
        postal_code: sheet.postal_code.clone(),
        commune: commune.to_owned(),
        latitude: sheet.latitude,
        longitude: sheet.longitude,
        phone: sheet.phone.clone(),
        services: sheet.services.join("|"),
        opening_hours: sheet.opening_hours.clone(),
        sheet: other_columns(sheet),
        created_at: before.map_or(op.now, |venue| venue.created_at),
        updated_at: op.now,
    }
}

fn same(before: &VenueRow, after: &VenueRow) -> bool {
    let facts = |row: &VenueRow| {
        let places = (row.latitude, row.longitude);
        let words = (row.name.clone(), row.address.clone(), row.address_complement.clone());
        let rest = (row.phone.clone(), row.opening_hours.clone(), row.sheet.clone());
        (words, row.postal_code.clone(), row.commune.clone(), places, row.services.clone(), rest)
    };
    facts(before) == facts(after)
}

/// The columns that have none of their own in the database, by their names in the schema.
fn other_columns(sheet: &VenueSheet) -> String {
    serde_json::json!({
        "pivot": sheet.pivot,
        "typologie": sheet.typology,
        "courriels": sheet.emails,
        "site_web": sheet.websites,
        "presentation_resume": sheet.summary,
        "presentation_detail": sheet.detail,
        "source": sheet.source,
        "itinerance": sheet.roaming,
        "structure_parente": sheet.parent_organisation,
        "date_maj": sheet.updated_on.to_string(),
        "publics_specifiquement_adresses": sheet.publics,
        "prise_en_charge_specifique": sheet.special_care,
        "frais_a_charge": sheet.fees,
        "dispositif_programmes_nationaux": sheet.national_programmes,
        "formations_labels": sheet.trainings,
        "autres_formations_labels": sheet.other_trainings,
        "modalites_acces": sheet.access_modes,
        "modalites_accompagnement": sheet.support_modes,
        "fiche_acces_libre": sheet.accessibility_url,
        "prise_rdv": sheet.booking_url,
    })
    .to_string()
}
