//! What a programme is created and changed with, and which values it may have.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::commune_code;
use crate::domain::ids::ProgrammeId;
use crate::domain::money::Cents;
use crate::domain::programme::{OpenedBy, Programme, SIZES};
use crate::domain::refusal::{Check, Refused};
use crate::domain::territory::Territory;
use crate::domain::time::Zone;

/// A programme to create.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProgramme {
    /// Its name as printed.
    #[schema(example = "Pass numérique Charente 2026")]
    pub name: String,
    /// The price of a workshop.
    #[schema(example = 1000, minimum = 1, maximum = 100_000)]
    pub price_cents: i64,
    /// The sizes of pass it allows, 5 to 10 workshops.
    #[schema(example = json!([5, 10]))]
    pub sizes: Vec<i64>,
    /// The first day a pass may be handed over.
    pub first_day: NaiveDate,
    /// The last day of every pass.
    pub last_day: NaiveDate,
    /// How many days after the last day a pass is still taken; 31.
    #[schema(minimum = 0, maximum = 366)]
    pub tolerance_days: Option<i64>,
    /// Where its days begin; `Europe/Paris`.
    #[schema(example = "Europe/Paris")]
    pub time_zone: Option<String>,
    /// At most so many redemptions of one pass a day; 1.
    #[schema(minimum = 1, maximum = 10)]
    pub max_per_day: Option<i64>,
    /// At most so many live passes for one person; 1.
    #[schema(minimum = 1, maximum = 100)]
    pub passes_per_person: Option<i64>,
    /// So many days a redemption may be undone; 7.
    #[schema(minimum = 0, maximum = 366)]
    pub undo_days: Option<i64>,
    /// `signature` (default) or `receipt`.
    #[schema(example = "signature")]
    pub opened_by: Option<String>,
    /// A rehearsal: its passes count nowhere.
    #[serde(default)]
    pub training: bool,
    /// Communes (INSEE code) and départements where the people live.
    #[schema(example = json!(["16"]))]
    #[serde(default, deserialize_with = "commune_code::many")]
    pub territory: Option<Vec<String>>,
}

/// What may change of a programme. What a handed-over pass was promised may not.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeChange {
    /// Its name as printed.
    pub name: Option<String>,
    /// The price of a workshop; only before the first pass.
    #[schema(minimum = 1, maximum = 100_000)]
    pub price_cents: Option<i64>,
    /// The sizes of pass it allows.
    pub sizes: Option<Vec<i64>>,
    /// The first day a pass may be handed over; only before the first pass.
    pub first_day: Option<NaiveDate>,
    /// The last day of passes handed over from now on.
    pub last_day: Option<NaiveDate>,
    /// The tolerance of passes handed over from now on.
    #[schema(minimum = 0, maximum = 366)]
    pub tolerance_days: Option<i64>,
    /// Where its days begin; only before the first pass.
    pub time_zone: Option<String>,
    /// Redemptions of one pass a day.
    #[schema(minimum = 1, maximum = 10)]
    pub max_per_day: Option<i64>,
    /// Live passes for one person.
    #[schema(minimum = 1, maximum = 100)]
    pub passes_per_person: Option<i64>,
    /// Days a redemption may be undone.
    #[schema(minimum = 0, maximum = 366)]
    pub undo_days: Option<i64>,
    /// What opens an envelope; only before the first pass.
    pub opened_by: Option<String>,
    /// A rehearsal; only before the first pass.
    pub training: Option<bool>,
    /// Where the people live; an empty list lifts the limit.
    #[serde(default, deserialize_with = "commune_code::many")]
    pub territory: Option<Vec<String>>,
}

pub(super) fn merged(before: &Programme, change: &ProgrammeChange) -> NewProgramme {
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

pub(super) fn checked(id: ProgrammeId, request: NewProgramme) -> Result<Programme, Refused> {
    let mut check = Check::default();
    check.text(&request.name, 200, "/name");
    let price = (1..=DEAREST).contains(&request.price_cents);
    let detail = "Le prix d'un atelier va de 1 à 100 000 centimes.";
    check.that(price, "/price_cents", "out_of_range", detail);
    check.list(&request.sizes, 50, "/sizes");
    let sizes = checked_sizes(&mut check, &request.sizes);
    let (first, last) = (request.first_day, request.last_day);
    check.days(&[(Some(first), "/first_day"), (Some(last), "/last_day")]);
    let order = request.first_day <= request.last_day;
    let detail = "Le dernier jour doit suivre le premier.";
    check.that(order, "/last_day", "out_of_range", detail);
    let zone = request.time_zone.as_deref().unwrap_or("Europe/Paris").parse::<Zone>();
    let detail = "Ce fuseau horaire n'existe pas : par exemple Europe/Paris ou Indian/Reunion.";
    check.that(zone.is_ok(), "/time_zone", "unknown_value", detail);
    let opened_by = OpenedBy::from_name(request.opened_by.as_deref().unwrap_or("signature"));
    let detail = "L'ouverture est « signature » ou « receipt ».";
    check.that(opened_by.is_some(), "/opened_by", "unknown_value", detail);
    let territory = request.territory.filter(|codes| !codes.is_empty()).map(Territory);
    check_territory(&mut check, territory.as_ref());
    let mut number = |value: Option<i64>, default: i64, most: i64, pointer: &str, least: i64| {
        let value = value.unwrap_or(default);
        let detail = format!("Cette valeur va de {least} à {most}.");
        check.that((least..=most).contains(&value), pointer, "out_of_range", &detail);
        u16::try_from(value).unwrap_or(0)
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
        handovers_stopped: None,
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
    check.list(codes, 40_000, "/territory");
    for (position, code) in codes.iter().enumerate() {
        let known = Territory::well_formed(code)
            && (geography::commune(code).is_some() || geography::departement_exists(code));
        let pointer = format!("/territory/{position}");
        let detail = "Ce code n'est ni une commune (INSEE) ni un département.";
        check.that(known, &pointer, "unknown_value", detail);
    }
}
