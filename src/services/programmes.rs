//! Programmes: created, changed, listed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::idempotency::{Key, Once, once};
use super::list::{Listed, Page};
pub use super::programme_request::{NewProgramme, ProgrammeChange};
use super::programme_request::{checked, merged};
use super::{Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::funding_plan::PlanRefusal;
use crate::domain::ids::ProgrammeId;
use crate::domain::programme::Programme;
use crate::domain::refusal::{Code, Refused};
use crate::domain::split::worth_a_cent;
use crate::store;

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
pub fn create(
    services: &Services,
    request: &NewProgramme,
    key: Option<&Key>,
) -> Outcome<Once<ProgrammeView>> {
    let mut salt = [0; 32];
    services.random.fill(&mut salt);
    once(services, key, |op| {
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
    // A programme that is prolonged after its key was destroyed counts people from then on.
    let mut salt = [0; 32];
    services.random.fill(&mut salt);
    services.write(|op| {
        let found = store::programme::by_id(op.conn, id)?;
        let before = found.ok_or_else(Refused::not_found)?;
        let mut programme = checked(id, merged(&before, request))?;
        // Prolonged, it ends anew.
        let prolonged = programme.last_day > before.last_day;
        programme.handovers_stopped = before.handovers_stopped.filter(|_| !prolonged);
        let promised = |programme: &Programme| {
            let Programme { price, first_day, zone, opened_by, training, .. } = *programme;
            (price, first_day, zone.name(), opened_by, training)
        };
        if promised(&before) != promised(&programme) && store::pass::any_of_programme(op.conn, id)?
        {
            let sentence = "Des pass de ce dispositif existent déjà : le prix, le premier jour, \
                le fuseau, l'ouverture et le mode d'entraînement ne changent plus.";
            return Err(Refused::new(Code::InUse, sentence).into());
        }
        if prolonged && store::closing_statement::of_programme(op.conn, id)?.is_some() {
            let sentence = "L'état contradictoire de ce dispositif est établi : il ne se prolonge \
                plus. Créez un nouveau dispositif.";
            return Err(Refused::new(Code::InUse, sentence).into());
        }
        let plan = store::agreement::plan(op.conn, id)?;
        if !plan.iter().all(|line| worth_a_cent(programme.price, line.share)) {
            return Err(PlanRefusal::ShareTooSmall.into());
        }
        store::programme::update(op.conn, &programme)?;
        let over = programme.redeemable_until() < op.now.day_in(programme.zone);
        if !over && store::programme::fingerprint_salt(op.conn, id)?.is_none() {
            store::programme::set_salt(op.conn, id, Some(&salt))?;
        }
        Ok(programme.into())
    })
}

/// The programme of that id, for those who take part in it.
///
/// # Errors
/// `not_found`, also for a programme the caller's organisation has no part in.
pub fn by_id(services: &Services, caller: &Caller, id: ProgrammeId) -> Outcome<ProgrammeView> {
    services.read(|op| {
        let found = store::programme::by_id(op.conn, id)?;
        let known =
            caller.sees_all() || store::programme::has_member(op.conn, id, caller.organisation)?;
        Ok(found.filter(|_| known).ok_or_else(Refused::not_found)?.into())
    })
}

/// The programmes the caller's organisation takes part in; all for the operator and the auditor.
///
/// # Errors
/// A failure of the database.
pub fn list(services: &Services, caller: &Caller, page: Page) -> Outcome<Listed<ProgrammeView>> {
    let wanted = usize::from(page.limit) + 1;
    let found = services.read(|op| {
        let (mut known, mut after) = (Vec::new(), ProgrammeId(page.after));
        while known.len() < wanted {
            let batch = store::programme::page(op.conn, after, page.fetch())?;
            let Some(last) = batch.last() else { break };
            after = last.id;
            for programme in batch {
                let (id, own) = (programme.id, caller.organisation);
                if caller.sees_all() || store::programme::has_member(op.conn, id, own)? {
                    known.push(programme);
                }
            }
        }
        Ok(known)
    })?;
    Ok(page.cut(found, |programme| programme.id.0).map(ProgrammeView::from))
}

/// The programmes whose passes the caller's organisation may hand out.
///
/// # Errors
/// A failure of the database.
pub fn of_prescriber(services: &Services, caller: &Caller) -> Outcome<Vec<ProgrammeView>> {
    let organisation = caller.organisation;
    let found = services.read(|op| Ok(store::programme::of_prescriber(op.conn, organisation)?))?;
    Ok(found.into_iter().map(ProgrammeView::from).collect())
}

/// Those of them whose passes are handed over today.
///
/// # Errors
/// A failure of the database.
pub fn open_to_prescriber(services: &Services, caller: &Caller) -> Outcome<Vec<ProgrammeView>> {
    let organisation = caller.organisation;
    services.read(|op| {
        let mut known = store::programme::of_prescriber(op.conn, organisation)?;
        known.retain(|programme| programme.must_be_open(op.now.day_in(programme.zone)).is_ok());
        Ok(known.into_iter().map(ProgrammeView::from).collect())
    })
}
