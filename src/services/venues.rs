//! Venues: created, described, labelled, suspended, found.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::check_venue::check_venue;
use super::idempotency::{Key, Once, once};
use super::list::{Listed, Page};
use super::venue_of_sheet::{corrected, same};
use super::{Outcome, Services, commune_code};
use crate::adapters::geography;
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{OrganisationId, VenueId};
use crate::domain::refusal::{Code, Refused};
use crate::domain::time::Zone;
use crate::domain::venue::unless_empty;
use crate::store;
use crate::store::venue::{Filter, VenueRow};

/// A venue to create.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVenue {
    /// Who runs it and is paid.
    pub organisation_id: Uuid,
    /// Its name.
    #[schema(example = "Médiathèque de Soyaux")]
    pub name: String,
    /// Street and number.
    #[schema(example = "2 boulevard Léon Blum")]
    pub address: String,
    /// Building, floor.
    pub address_complement: Option<String>,
    /// Postal code.
    #[schema(example = "16800")]
    pub postal_code: String,
    /// INSEE code of its commune.
    #[schema(example = "16374")]
    #[serde(deserialize_with = "commune_code::needed")]
    pub commune: String,
    /// WGS84.
    pub latitude: Option<f64>,
    /// WGS84.
    pub longitude: Option<f64>,
    /// Phone.
    #[schema(example = "+33545932222")]
    pub phone: Option<String>,
    /// National services it offers.
    pub services: Option<Vec<String>>,
    /// OSM `opening_hours`.
    #[schema(example = "Mo-Fr 09:00-12:00")]
    pub opening_hours: Option<String>,
}

/// What may change of a venue's description.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VenueChange {
    /// Its name.
    pub name: Option<String>,
    /// Street and number.
    pub address: Option<String>,
    /// Building, floor.
    pub address_complement: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// INSEE code of its commune.
    #[serde(default, deserialize_with = "commune_code::one")]
    pub commune: Option<String>,
    /// WGS84.
    pub latitude: Option<f64>,
    /// WGS84.
    pub longitude: Option<f64>,
    /// Phone.
    pub phone: Option<String>,
    /// National services it offers.
    pub services: Option<Vec<String>>,
    /// OSM `opening_hours`.
    pub opening_hours: Option<String>,
}

/// A venue as anybody may see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct VenueView {
    /// The venue.
    pub id: Uuid,
    /// Who runs it.
    pub organisation_id: Uuid,
    /// Its name.
    pub name: String,
    /// Street and number.
    pub address: String,
    /// Building, floor.
    pub address_complement: Option<String>,
    /// Postal code.
    pub postal_code: String,
    /// INSEE code of its commune.
    pub commune: String,
    /// Name of its commune.
    pub commune_name: String,
    /// WGS84.
    pub latitude: Option<f64>,
    /// WGS84.
    pub longitude: Option<f64>,
    /// Phone.
    pub phone: Option<String>,
    /// National services it offers.
    pub services: Vec<String>,
    /// OSM `opening_hours`.
    pub opening_hours: Option<String>,
    /// Kilometres as the crow flies, when `near` was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_km: Option<f64>,
}

impl From<VenueRow> for VenueView {
    fn from(row: VenueRow) -> Self {
        let services = row.services.split('|').filter(|service| !service.is_empty());
        Self {
            id: row.id.0,
            organisation_id: row.organisation_id.0,
            services: services.map(str::to_owned).collect(),
            commune_name: commune_name(&row.commune),
            name: row.name,
            address: row.address,
            address_complement: row.address_complement,
            postal_code: row.postal_code,
            commune: row.commune,
            latitude: row.latitude,
            longitude: row.longitude,
            phone: row.phone,
            opening_hours: row.opening_hours,
            distance_km: None,
        }
    }
}

/// Which venues to list; what is left out lets everything through.
#[derive(Clone, Debug, Default)]
pub struct VenueFilter {
    /// Only this commune.
    pub commune: Option<String>,
    /// Only this département.
    pub departement: Option<String>,
    /// Only venues that offer this service.
    pub service: Option<String>,
}

impl VenueFilter {
    pub(super) fn stored(&self) -> Filter {
        Filter {
            commune: self.commune.as_deref().map(commune_code::of_today),
            departement: self.departement.as_deref().map(commune_code::of_today),
            service: self.service.clone(),
        }
    }
}

/// Creates a venue.
///
/// # Errors
/// Wrong values, or `not_a_venue_operator`.
pub fn create(
    services: &Services,
    request: &NewVenue,
    key: Option<&Key>,
) -> Outcome<Once<VenueView>> {
    once(services, key, |op| {
        let organisation = OrganisationId(request.organisation_id);
        let found = store::organisation::by_id(op.conn, organisation)?;
        if !found.is_some_and(|found| found.venue_operator) {
            let sentence = "Cet organisme ne gère pas de lieu : modifiez-le d'abord.";
            return Err(Refused::new(Code::NotAVenueOperator, sentence).into());
        }
        let row = VenueRow {
            id: VenueId(op.id()),
            organisation_id: organisation,
            external_id: None,
            name: request.name.trim().to_owned(),
            address: request.address.trim().to_owned(),
            address_complement: request.address_complement.clone(),
            postal_code: request.postal_code.trim().to_owned(),
            commune: commune_code::of_today(&request.commune),
            latitude: request.latitude,
            longitude: request.longitude,
            phone: request.phone.clone(),
            services: request.services.clone().unwrap_or_default().join("|"),
            opening_hours: request.opening_hours.clone(),
            sheet: "{}".to_owned(),
            created_at: op.now,
            updated_at: op.now,
        };
        check_venue(&row)?;
        store::venue::insert(op.conn, &row)?;
        Ok(row.into())
    })
}

/// Changes the description of a venue: any for the operator, their organisation's for managers.
///
/// # Errors
/// `not_found` for another organisation's venue, or wrong values.
pub fn describe(
    services: &Services,
    caller: &Caller,
    id: VenueId,
    request: &VenueChange,
) -> Outcome<VenueView> {
    services.write(|op| {
        let found = store::venue::by_id(op.conn, id)?.filter(|row| {
            caller.role == Role::Operator || row.organisation_id == caller.organisation
        });
        let before = found.ok_or_else(Refused::not_found)?;
        let (change, was) = (request.clone(), before.clone());
        let row = VenueRow {
            name: change.name.unwrap_or(was.name),
            address: change.address.unwrap_or(was.address),
            address_complement: unless_empty(change.address_complement.or(was.address_complement)),
            postal_code: change.postal_code.unwrap_or(was.postal_code),
            commune: change.commune.map_or(was.commune, |code| commune_code::of_today(&code)),
            latitude: change.latitude.or(was.latitude),
            longitude: change.longitude.or(was.longitude),
            phone: unless_empty(change.phone.or(was.phone)),
            services: change.services.map_or(was.services, |services| services.join("|")),
            opening_hours: unless_empty(change.opening_hours.or(was.opening_hours)),
            updated_at: op.now,
            ..was
        };
        let from_a_file = row.external_id.is_some() && !same(&before, &row);
        let row = if from_a_file { corrected(row, op.now.day_in(Zone::PARIS))? } else { row };
        check_venue(&row)?;
        store::venue::update(op.conn, &row)?;
        Ok(row.into())
    })
}

/// The venue of that id, for anybody.
///
/// # Errors
/// `not_found`.
pub fn by_id(services: &Services, id: VenueId) -> Outcome<VenueView> {
    let found = services.read(|op| Ok(store::venue::by_id(op.conn, id)?))?;
    Ok(found.ok_or_else(Refused::not_found)?.into())
}

/// The venues of the caller's organisation.
pub fn of_caller(services: &Services, caller: &Caller) -> Outcome<Vec<VenueView>> {
    let own = caller.organisation;
    let rows = services.read(|op| Ok(store::venue::of_organisation(op.conn, own)?))?;
    Ok(rows.into_iter().map(VenueView::from).collect())
}

/// Venues for anybody, in the order they were added.
///
/// # Errors
/// A failure of the database.
pub fn list(services: &Services, filter: &VenueFilter, page: Page) -> Outcome<Listed<VenueView>> {
    let after = VenueId(page.after);
    let rows = services
        .read(|op| Ok(store::venue::page(op.conn, &filter.stored(), after, page.fetch())?))?;
    Ok(page.cut(rows, |row| row.id.0).map(VenueView::from))
}

pub(super) fn commune_name(code: &str) -> String {
    geography::commune(code).map_or_else(|| code.to_owned(), |commune| commune.name.to_owned())
}
