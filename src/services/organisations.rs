//! Organisations: created, changed, listed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::idempotency::{Key, Once, once};
use super::list::{Listed, Page};
use super::{Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::OrganisationId;
use crate::domain::organisation::{Organisation, rna_checks, siret_checks};
use crate::domain::refusal::{Check, Code, Refused};
use crate::domain::venue::unless_empty;
use crate::store;

/// An organisation to create.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrganisation {
    /// Its name as people know it.
    #[schema(example = "CCAS d'Angoulême")]
    pub name: String,
    /// SIRET, 14 digits.
    #[schema(example = "73282932000074")]
    pub siret: Option<String>,
    /// RNA number of an association.
    pub rna: Option<String>,
    /// Pays for passes.
    #[serde(default)]
    pub funder: bool,
    /// Hands passes over.
    #[serde(default)]
    pub prescriber: bool,
    /// Runs venues and is paid for workshops.
    #[serde(default)]
    pub venue_operator: bool,
}

/// What may change of an organisation.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationChange {
    /// Its name.
    pub name: Option<String>,
    /// SIRET, 14 digits.
    pub siret: Option<String>,
    /// RNA number.
    pub rna: Option<String>,
    /// Pays for passes.
    pub funder: Option<bool>,
    /// Hands passes over.
    pub prescriber: Option<bool>,
    /// Runs venues.
    pub venue_operator: Option<bool>,
    /// Stops all its accounts and its payments, or lets it act again.
    pub frozen: Option<bool>,
}

/// An organisation.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "what a body does, each by itself, and a stop")]
pub struct OrganisationView {
    /// The organisation.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// SIRET.
    pub siret: Option<String>,
    /// RNA number.
    pub rna: Option<String>,
    /// Pays for passes.
    pub funder: bool,
    /// Hands passes over.
    pub prescriber: bool,
    /// Runs venues.
    pub venue_operator: bool,
    /// All its accounts are stopped, and it is not paid.
    pub frozen: bool,
}

impl From<Organisation> for OrganisationView {
    fn from(organisation: Organisation) -> Self {
        Self {
            id: organisation.id.0,
            name: organisation.name,
            siret: organisation.siret,
            rna: organisation.rna,
            funder: organisation.funder,
            prescriber: organisation.prescriber,
            venue_operator: organisation.venue_operator,
            frozen: organisation.frozen,
        }
    }
}

/// Creates an organisation.
///
/// # Errors
/// Wrong values, or `siret_taken`.
pub fn create(
    services: &Services,
    request: &NewOrganisation,
    key: Option<&Key>,
) -> Outcome<Once<OrganisationView>> {
    once(services, key, |op| {
        let organisation = Organisation {
            id: OrganisationId(op.id()),
            name: request.name.trim().to_owned(),
            siret: request.siret.as_deref().map(without_spaces),
            rna: request.rna.as_deref().map(rna_as_written),
            funder: request.funder,
            prescriber: request.prescriber,
            venue_operator: request.venue_operator,
            frozen: false,
        };
        check(op, &organisation)?;
        store::organisation::insert(op.conn, &organisation, op.now)?;
        Ok(organisation.into())
    })
}

/// Changes an organisation.
///
/// # Errors
/// `not_found`, wrong values, `siret_taken`, or `forbidden` for whoever would freeze their own.
pub fn change(
    services: &Services,
    caller: &Caller,
    id: OrganisationId,
    request: &OrganisationChange,
) -> Outcome<OrganisationView> {
    services.write(|op| {
        let found = store::organisation::by_id(op.conn, id)?;
        let before = found.ok_or_else(Refused::not_found)?;
        let organisation = Organisation {
            id,
            name: request.name.as_deref().map_or(before.name, |name| name.trim().to_owned()),
            siret: unless_empty(request.siret.as_deref().map(without_spaces).or(before.siret)),
            rna: unless_empty(request.rna.as_deref().map(rna_as_written).or(before.rna)),
            funder: request.funder.unwrap_or(before.funder),
            prescriber: request.prescriber.unwrap_or(before.prescriber),
            venue_operator: request.venue_operator.unwrap_or(before.venue_operator),
            frozen: request.frozen.unwrap_or(before.frozen),
        };
        check(op, &organisation)?;
        if organisation.frozen && id == caller.organisation {
            let sentence = "Vous ne pouvez pas geler votre propre organisme.";
            return Err(Refused::new(Code::Forbidden, sentence).into());
        }
        store::organisation::update(op.conn, &organisation)?;
        Ok(organisation.into())
    })
}

/// An organisation: any for the operator and the auditor, their own for the others.
///
/// # Errors
/// `not_found`.
pub fn by_id(
    services: &Services,
    caller: &Caller,
    id: OrganisationId,
) -> Outcome<OrganisationView> {
    if !caller.sees_all() && caller.organisation != id {
        return Err(Refused::not_found().into());
    }
    let found = services.read(|op| Ok(store::organisation::by_id(op.conn, id)?))?;
    Ok(found.ok_or_else(Refused::not_found)?.into())
}

/// The organisation of exactly that name, for the command line.
///
/// # Errors
/// A failure of the database.
pub fn by_name(services: &Services, name: &str) -> Outcome<Option<OrganisationView>> {
    let found = services.read(|op| Ok(store::organisation::by_name(op.conn, name)?))?;
    Ok(found.map(OrganisationView::from))
}

/// The organisations the caller may know.
///
/// # Errors
/// A failure of the database.
pub fn list(services: &Services, caller: &Caller, page: Page) -> Outcome<Listed<OrganisationView>> {
    if !caller.sees_all() {
        let own = by_id(services, caller, caller.organisation)?;
        let items = if page.after < own.id { vec![own] } else { Vec::new() };
        return Ok(Listed { items, next: None });
    }
    let after = OrganisationId(page.after);
    let found = services.read(|op| Ok(store::organisation::page(op.conn, after, page.fetch())?))?;
    Ok(page.cut(found, |organisation| organisation.id.0).map(OrganisationView::from))
}

fn rna_as_written(number: &str) -> String {
    without_spaces(number).to_uppercase()
}

fn without_spaces(number: &str) -> String {
    number.split_whitespace().collect()
}

fn check(op: &mut Op<'_>, organisation: &Organisation) -> Outcome<()> {
    let mut check = Check::default();
    check.text(&organisation.name, 200, "/name");
    let siret = organisation.siret.as_deref();
    let detail = "Ce numéro SIRET est incorrect : il compte 14 chiffres, vérifiez-les.";
    check.that(siret.is_none_or(siret_checks), "/siret", "malformed", detail);
    let rna = organisation.rna.as_deref();
    let detail = "Ce numéro RNA est incorrect : W suivi de neuf signes.";
    check.that(rna.is_none_or(rna_checks), "/rna", "malformed", detail);
    check.done()?;
    let other = store::organisation::by_number(op.conn, siret, rna)?
        .filter(|other| other.id != organisation.id);
    if other.is_some() {
        let sentence = "Un organisme a déjà ce numéro : utilisez-le ou vérifiez le numéro.";
        return Err(Refused::new(Code::SiretTaken, sentence).into());
    }
    Ok(())
}
