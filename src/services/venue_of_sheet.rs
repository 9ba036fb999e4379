//! A venue of the national schema as the database keeps it.

use chrono::NaiveDate;
use serde_json::Value;
use uuid::Uuid;

use super::{Op, Outcome};
use crate::domain::ids::{OrganisationId, VenueId};
use crate::domain::organisation::{Organisation, rna_checks, siret_checks};
use crate::domain::venue::VenueSheet;
use crate::store;
use crate::store::reading::Reading;
use crate::store::venue::VenueRow;

/// The mark of a venue that was corrected here since its file was read.
const CORRECTED: &str = "corrige_ici";

/// What is kept of the file that a venue came from.
pub(super) struct Provenance {
    /// Who collected it.
    pub(super) source: Option<String>,
    updated_on: Option<NaiveDate>,
    corrected: bool,
}

impl Provenance {
    pub(super) fn of(row: &VenueRow) -> Outcome<Self> {
        let columns = columns_of(row)?;
        let text = |name: &str| columns.get(name).and_then(Value::as_str);
        let day = text("date_maj").map(|day| {
            Reading::of("venues", row.id).parsed("sheet", day, day.parse::<NaiveDate>())
        });
        Ok(Self {
            source: text("source").map(str::to_owned),
            updated_on: day.transpose()?,
            corrected: columns.get(CORRECTED).is_some(),
        })
    }

    /// Whether a file of that day is older. A correction made here holds against one of its own day.
    pub(super) fn is_newer_than(&self, day: NaiveDate) -> bool {
        self.updated_on.is_some_and(|known| known > day || (self.corrected && known == day))
    }
}

fn columns_of(row: &VenueRow) -> Outcome<Value> {
    let read = serde_json::from_str::<Value>(&row.sheet);
    Ok(Reading::of("venues", row.id).parsed("sheet", &row.sheet, read)?)
}

/// The same venue, corrected here today: an older file does not take that back.
pub(super) fn corrected(row: VenueRow, today: NaiveDate) -> Outcome<VenueRow> {
    let mut columns = columns_of(&row)?;
    if let Some(columns) = columns.as_object_mut() {
        columns.insert("date_maj".to_owned(), today.to_string().into());
        columns.insert(CORRECTED.to_owned(), true.into());
    }
    Ok(VenueRow { sheet: columns.to_string(), ..row })
}

pub(super) fn organisation_of(op: &mut Op<'_>, sheet: &VenueSheet) -> Outcome<OrganisationId> {
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

/// Gives the organisation of a venue the number that it had not when the venue came in; answers
/// whether another organisation has that number.
pub(super) fn fill_number(
    op: &mut Op<'_>,
    id: OrganisationId,
    sheet: &VenueSheet,
    dry_run: bool,
) -> Outcome<bool> {
    let pivot = sheet.pivot.as_deref();
    let siret = pivot.filter(|number| siret_checks(number));
    let rna = pivot.filter(|number| rna_checks(number));
    let known = store::organisation::named(op.conn, id)?;
    if siret.or(rna).is_none() || known.siret.is_some() || known.rna.is_some() {
        return Ok(false);
    }
    if store::organisation::by_number(op.conn, siret, rna)?.is_some() {
        return Ok(true);
    }
    if !dry_run {
        let (siret, rna) = (siret.map(str::to_owned), rna.map(str::to_owned));
        store::organisation::update(op.conn, &Organisation { siret, rna, ..known })?;
    }
    Ok(false)
}

pub(super) fn row_of(
    op: &Op<'_>,
    sheet: &VenueSheet,
    commune: &str,
    before: Option<&VenueRow>,
) -> VenueRow {
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

pub(super) fn same(before: &VenueRow, after: &VenueRow) -> bool {
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
