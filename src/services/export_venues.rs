//! Venues in the words of the national schema, as an import reads them.

use chrono::NaiveDate;
use serde_json::Value;

use super::list::{Listed, Page};
use super::venues::{VenueFilter, commune_name};
use super::{Outcome, Services};
use crate::domain::ids::VenueId;
use crate::domain::time::Zone;
use crate::domain::venue::VenueSheet;
use crate::store;
use crate::store::reading::Reading;
use crate::store::venue::VenueRow;

/// One page of venues, each with its organisation's number.
///
/// # Errors
/// A failure of the database.
pub fn sheets(
    services: &Services,
    filter: &VenueFilter,
    page: Page,
) -> Outcome<Listed<VenueSheet>> {
    let after = VenueId(page.after);
    let rows = services.read(|op| {
        let rows = store::venue::page(op.conn, &filter.stored(), after, page.fetch())?;
        let mut numbered = Vec::new();
        for row in rows {
            let organisation = store::organisation::by_id(op.conn, row.organisation_id)?;
            let number = organisation.and_then(|known| known.siret.or(known.rna));
            numbered.push((row, number));
        }
        Ok(numbered)
    })?;
    let listed = page.cut(rows, |(row, _)| row.id.0);
    let sheets = listed.items.into_iter().map(|(row, number)| sheet(row, number));
    Ok(Listed { items: sheets.collect::<Outcome<_>>()?, next: listed.next })
}

fn sheet(row: VenueRow, number: Option<String>) -> Outcome<VenueSheet> {
    let reading = Reading::of("venues", row.id);
    let others = reading.parsed("sheet", &row.sheet, serde_json::from_str::<Value>(&row.sheet))?;
    let text = |column: &str| others.get(column).and_then(Value::as_str).map(str::to_owned);
    let list = |column: &str| -> Vec<String> {
        let values = others.get(column).and_then(Value::as_array);
        let texts = values.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    };
    let changed = row.updated_at.day_in(Zone::PARIS);
    let updated_on = text("date_maj")
        .map(|day| reading.parsed("sheet", &day, day.parse::<NaiveDate>()))
        .transpose()?;
    Ok(VenueSheet {
        external_id: row.external_id.unwrap_or_else(|| row.id.to_string()),
        pivot: number.or_else(|| text("pivot")),
        name: row.name,
        commune: commune_name(&row.commune),
        postal_code: row.postal_code,
        insee_code: Some(row.commune),
        address: row.address,
        address_complement: row.address_complement,
        latitude: row.latitude,
        longitude: row.longitude,
        typology: list("typologie"),
        phone: row.phone,
        emails: list("courriels"),
        websites: list("site_web"),
        opening_hours: row.opening_hours,
        summary: text("presentation_resume"),
        detail: text("presentation_detail"),
        source: text("source"),
        roaming: text("itinerance"),
        parent_organisation: text("structure_parente"),
        updated_on: updated_on.unwrap_or(changed),
        services: row.services.split('|').filter(|s| !s.is_empty()).map(str::to_owned).collect(),
        publics: list("publics_specifiquement_adresses"),
        special_care: list("prise_en_charge_specifique"),
        fees: list("frais_a_charge"),
        national_programmes: list("dispositif_programmes_nationaux"),
        trainings: list("formations_labels"),
        other_trainings: list("autres_formations_labels"),
        access_modes: list("modalites_acces"),
        support_modes: list("modalites_accompagnement"),
        accessibility_url: text("fiche_acces_libre"),
        booking_url: text("prise_rdv"),
    })
}
