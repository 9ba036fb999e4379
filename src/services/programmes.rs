//! Programmes: created, changed, listed, and who may hand out and redeem in them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::{Listed, Page};
use super::{Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::{OrganisationId, ProgrammeId, VenueId};
use crate::domain::money::Cents;
use crate::domain::programme::{OpenedBy, Programme, SIZES};
use crate::domain::refusal::{Check, Code, Refused};
use crate::domain::territory::Territory;
use crate::domain::time::Zone;
use crate::store;

/// A programme to create.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProgramme {
    /// Its name as printed.
    #[schema(example = "Pass numérique Charente 2026")]
    pub name: String,
    /// The price of a workshop.
    #[schema(example = 1000)]
    pub price_cents: i64,
    /// The sizes of pass it allows, 5 to 10 workshops.
    #[schema(example = json!([5, 10]))]
    pub sizes: Vec<i64>,
    /// The first day a pass may be handed over.
    pub first_day: NaiveDate,
    /// The last day of every pass.
    pub last_day: NaiveDate,
    /// How many days after the last day a pass is still taken; 31.
    pub tolerance_days: Option<i64>,
    /// Where its days begin; `Europe/Paris`.
    #[schema(example = "Europe/Paris")]
    pub time_zone: Option<String>,
    /// At most so many redemptions of one pass a day; 1.
    pub max_per_day: Option<i64>,
    /// At most so many live passes for one person; 1.
    pub passes_per_person: Option<i64>,
    /// So many days a redemption may be undone; 7.
    pub undo_days: Option<i64>,
    /// `signature` (default) or `receipt`.
    #[schema(example = "signature")]
    pub opened_by: Option<String>,
    /// A rehearsal: its passes count nowhere.
    #[serde(default)]
    pub training: bool,
    /// Communes (INSEE code) and départements where the people live.
    #[schema(example = json!(["16"]))]
    pub territory: Option<Vec<String>>,
}

/// What may change of a programme. What a handed-over pass was promised may not.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeChange {
    /// Its name as printed.
    pub name: Option<String>,
    /// The price of a workshop; only before the first pass.
    pub price_cents: Option<i64>,
    /// The sizes of pass it allows.
    pub sizes: Option<Vec<i64>>,
    /// The first day a pass may be handed over; only before the first pass.
    pub first_day: Option<NaiveDate>,
    /// The last day of passes handed over from now on.
    pub last_day: Option<NaiveDate>,
    /// The tolerance of passes handed over from now on.
    pub tolerance_days: Option<i64>,
    /// Where its days begin; only before the first pass.
    pub time_zone: Option<String>,
    /// Redemptions of one pass a day.
    pub max_per_day: Option<i64>,
    /// Live passes for one person.
    pub passes_per_person: Option<i64>,
    /// Days a redemption may be undone.
    pub undo_days: Option<i64>,
    /// What opens an envelope; only before the first pass.
    pub opened_by: Option<String>,
    /// A rehearsal; only before the first pass.
    pub training: Option<bool>,
    /// Where the people live; an empty list lifts the limit.
    pub territory: Option<Vec<String>>,
}

/// A programme.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ProgrammeView {
    /// The programme.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The price of a workshop.
    pub price_cents: i64,
    /// The sizes it allows.
    pub sizes: Vec<u16>,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// Days of tolerance.
    pub tolerance_days: u16,
    /// Time zone.
    pub time_zone: String,
    /// Redemptions of one pass a day.
    pub max_per_day: u8,
    /// Live passes for one person.
    pub passes_per_person: u8,
    /// Days a redemption may be undone.
    pub undo_days: u16,
    /// What opens an envelope.
    pub opened_by: String,
    /// A rehearsal.
    pub training: bool,
    /// Where the people live, when limited.
    pub territory: Option<Vec<String>>,
}

impl From<Programme> for ProgrammeView {
    fn from(programme: Programme) -> Self {
        Self {
            id: programme.id.0,
            name: programme.name,
            price_cents: programme.price.0,
            sizes: programme.sizes.iter().copied().map(u16::from).collect(),
            first_day: programme.first_day,
            last_day: programme.last_day,
            tolerance_days: programme.tolerance_days,
            time_zone: programme.zone.name().to_owned(),
            max_per_day: programme.max_per_day,
            passes_per_person: programme.passes_per_person,
            undo_days: programme.undo_days,
            opened_by: programme.opened_by.as_str().to_owned(),
            training: programme.training,
            territory: programme.territory.map(|territory| territory.0),
        }
    }
}

/// Creates a programme.
///
/// # Errors
/// Wrong values, all named.
pub fn create(services: &Services, request: &NewProgramme) -> Outcome<ProgrammeView> {
    let mut salt = [0; 32];
    services.random.fill(&mut salt);
    services.write(|op| {
        let programme = checked(ProgrammeId(op.id()), request.clone())?;
        store::programme::insert(op.conn, &programme, &salt, op.now)?;
        Ok(programme.into())
    })
}

/// Changes a programme. Passes already handed over keep their days, price and funding.
///
/// # Errors
/// `not_found`, wrong values, or `in_use`.
pub fn change(
    services: &Services,
    id: ProgrammeId,
    request: &ProgrammeChange,
) -> Outcome<ProgrammeView> {
    services.write(|op| {
        let found = store::programme::by_id(op.conn, id)?;
        let before = found.ok_or_else(Refused::not_found)?;
        let programme = checked(id, merged(&before, request))?;
        let promised = |programme: &Programme| {
            let Programme { price, first_day, zone, opened_by, training, .. } = *programme;
            (price, first_day, zone.name(), opened_by, training)
        };
        if promised(&before) != promised(&programme)
            && store::pass::any_of_programme(op.conn, id)?
        {
            let sentence = "Des pass de ce dispositif existent déjà : le prix, le premier jour, \
                le fuseau, l'ouverture et le mode d'entraînement ne changent plus.";
            return Err(Refused::new(Code::InUse, sentence).into());
        }
        store::programme::update(op.conn, &programme)?;
        Ok(programme.into())
    })
}

/// The programme of that id.
///
/// # Errors
/// `not_found`.
pub fn by_id(services: &Services, id: ProgrammeId) -> Outcome<ProgrammeView> {
    let found = services.read(|op| Ok(store::programme::by_id(op.conn, id)?))?;
    Ok(found.ok_or_else(Refused::not_found)?.into())
}

/// The programmes of the installation.
///
/// # Errors
/// A failure of the database.
pub fn list(services: &Services, page: Page) -> Outcome<Listed<ProgrammeView>> {
    let after = ProgrammeId(page.after);
    let found = services.read(|op| Ok(store::programme::page(op.conn, after, page.fetch())?))?;
    Ok(page.cut(found, |programme| programme.id.0).map(ProgrammeView::from))
}

/// The programmes whose passes the caller's organisation may hand out.
///
/// # Errors
/// A failure of the database.
pub fn of_prescriber(services: &Services, caller: &Caller) -> Outcome<Vec<ProgrammeView>> {
    let organisation = caller.organisation;
    let found =
        services.read(|op| Ok(store::programme::of_prescriber(op.conn, organisation)?))?;
    Ok(found.into_iter().map(ProgrammeView::from).collect())
}

/// Lets an organisation hand out passes of a programme.
///
/// # Errors
/// `not_found`, or `not_a_prescriber`.
pub fn accept_prescriber(
    services: &Services,
    programme: ProgrammeId,
    organisation: OrganisationId,
) -> Outcome<()> {
    services.write(|op| {
        store::programme::by_id(op.conn, programme)?.ok_or_else(Refused::not_found)?;
        let found = store::organisation::by_id(op.conn, organisation)?;
        if !found.ok_or_else(Refused::not_found)?.prescriber {
            let sentence = "Cet organisme n'est pas prescripteur : modifiez-le d'abord.";
            return Err(Refused::new(Code::NotAPrescriber, sentence).into());
        }
        Ok(store::programme::accept_prescriber(op.conn, programme, organisation)?)
    })
}

/// Lets a venue redeem passes of a programme.
///
/// # Errors
/// `not_found`.
pub fn accept_venue(
    services: &Services,
    programme: ProgrammeId,
    venue: VenueId,
) -> Outcome<()> {
    services.write(|op| {
        store::programme::by_id(op.conn, programme)?.ok_or_else(Refused::not_found)?;
        store::venue::by_id(op.conn, venue)?.ok_or_else(Refused::not_found)?;
        Ok(store::programme::accept_venue(op.conn, programme, venue)?)
    })
}

fn merged(before: &Programme, change: &ProgrammeChange) -> NewProgramme {
    let before = before.clone();
    let change = change.clone();
    let territory = before.territory.map(|territory| territory.0);
    NewProgramme {
        name: change.name.unwrap_or(before.name),
        price_cents: change.price_cents.unwrap_or(before.price.0),
        sizes: change
            .sizes
            .unwrap_or_else(|| before.sizes.iter().copied().map(i64::from).collect()),
        first_day: change.first_day.unwrap_or(before.first_day),
        last_day: change.last_day.unwrap_or(before.last_day),
        tolerance_days: change.tolerance_days.or(Some(i64::from(before.tolerance_days))),
        time_zone: change.time_zone.or_else(|| Some(before.zone.name().to_owned())),
        max_per_day: change.max_per_day.or(Some(i64::from(before.max_per_day))),
        passes_per_person: change.passes_per_person.or(Some(i64::from(before.passes_per_person))),
        undo_days: change.undo_days.or(Some(i64::from(before.undo_days))),
        opened_by: change.opened_by.or_else(|| Some(before.opened_by.as_str().to_owned())),
        training: change.training.unwrap_or(before.training),
        territory: change.territory.or(territory).filter(|codes| !codes.is_empty()),
    }
}

/// The dearest workshop, 1 000 €: a guard against a misplaced comma.
const DEAREST: i64 = 100_000;

fn checked(id: ProgrammeId, request: NewProgramme) -> Result<Programme, Refused> {
    let mut check = Check::default();
    check.text(&request.name, 200, "/name");
    let price = (1..=DEAREST).contains(&request.price_cents);
    let detail = "Le prix d'un atelier va de 1 à 100 000 centimes.";
    check.that(price, "/price_cents", "out_of_range", detail);
    let sizes = checked_sizes(&mut check, &request.sizes);
    let order = request.first_day <= request.last_day;
    let detail = "Le dernier jour doit suivre le premier.";
    check.that(order, "/last_day", "out_of_range", detail);
    let zone = request.time_zone.as_deref().unwrap_or("Europe/Paris").parse::<Zone>();
    let detail = "Ce fuseau horaire n'existe pas : par exemple Europe/Paris ou Indian/Reunion.";
    check.that(zone.is_ok(), "/time_zone", "unknown_value", detail);
    let opened_by = OpenedBy::from_name(request.opened_by.as_deref().unwrap_or("signature"));
    let detail = "L'ouverture est « signature » ou « receipt ».";
    check.that(opened_by.is_some(), "/opened_by", "unknown_value", detail);
    let territory = request.territory.map(Territory);
    check_territory(&mut check, territory.as_ref());
    let mut number = |value: Option<i64>, default: i64, most: i64, pointer: &str, least: i64| {
        let value = value.unwrap_or(default);
        let detail = format!("Cette valeur va de {least} à {most}.");
        check.that((least..=most).contains(&value), pointer, "out_of_range", &detail);
        u16::try_from(value).unwrap_or_default()
    };
    let tolerance_days = number(request.tolerance_days, 31, 366, "/tolerance_days", 0);
    let undo_days = number(request.undo_days, 7, 366, "/undo_days", 0);
    let max_per_day = number(request.max_per_day, 1, 10, "/max_per_day", 1);
    let passes_per_person = number(request.passes_per_person, 1, 100, "/passes_per_person", 1);
    check.done()?;
    Ok(Programme {
        id,
        name: request.name.trim().to_owned(),
        price: Cents(request.price_cents),
        sizes,
        first_day: request.first_day,
        last_day: request.last_day,
        tolerance_days,
        zone: zone.unwrap_or(Zone::PARIS),
        max_per_day: u8::try_from(max_per_day).unwrap_or(1),
        passes_per_person: u8::try_from(passes_per_person).unwrap_or(1),
        undo_days,
        opened_by: opened_by.unwrap_or(OpenedBy::Signature),
        training: request.training,
        territory,
    })
}

fn checked_sizes(check: &mut Check, sizes: &[i64]) -> Vec<u8> {
    let detail = "Indiquez au moins une taille de pass.";
    check.that(!sizes.is_empty(), "/sizes", "missing", detail);
    let mut allowed = Vec::new();
    for (position, size) in sizes.iter().enumerate() {
        let size = u8::try_from(*size).ok().filter(|size| SIZES.contains(size));
        let pointer = format!("/sizes/{position}");
        let detail = "Un pass compte de 5 à 10 ateliers.";
        check.that(size.is_some(), &pointer, "out_of_range", detail);
        allowed.extend(size);
    }
    allowed.sort_unstable();
    allowed.dedup();
    allowed
}

/// Every code of a territory must be a commune's or a département's.
pub(super) fn check_territory(check: &mut Check, territory: Option<&Territory>) {
    use crate::adapters::geography;
    let codes = territory.map(|territory| territory.0.as_slice()).unwrap_or_default();
    for (position, code) in codes.iter().enumerate() {
        let known = Territory::well_formed(code)
            && (geography::commune(code).is_some() || geography::departement_exists(code));
        let pointer = format!("/territory/{position}");
        let detail = "Ce code n'est ni une commune (INSEE) ni un département.";
        check.that(known, &pointer, "unknown_value", detail);
    }
}
