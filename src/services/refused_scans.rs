//! Scans without a network that were refused when they came: kept for a person to settle.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::accept_scan;
use super::idempotency::{Key, Once, once};
use super::list::{Listed, Page};
use super::{Op, Outcome, Services};
use crate::domain::caller::{Caller, Right};
use crate::domain::ids::{EntryId, OrganisationId};
use crate::domain::refusal::{Check, Code, Refused};
use crate::domain::theme;
use crate::domain::time::{Zone, in_letters};
use crate::store;
use crate::store::offline_scan::{OfflineScanRow, RefusedFilter};

/// A refused scan.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RefusedScan {
    /// The scan.
    pub id: Uuid,
    /// Where.
    pub venue_id: Uuid,
    /// The venue's name.
    pub venue_name: String,
    /// The serial number of the pass, when the code was one's.
    pub serial: Option<String>,
    /// The last four signs of the code.
    pub code_ending: String,
    /// What was taught.
    pub theme: String,
    /// The theme as people read it.
    pub theme_label: String,
    /// When the device says it scanned, RFC 3339.
    pub scanned_at: String,
    /// The day and hour of it, by the clocks of the venue.
    pub scanned_on: String,
    /// When it came, RFC 3339.
    pub received_at: String,
    /// By how many seconds the device was ahead, when it said so.
    pub skew_seconds: Option<i64>,
    /// Whether the device's clock was wrong.
    pub skewed: bool,
    /// The stable code of the refusal.
    pub refusal: String,
    /// Why, in one French sentence.
    pub detail: String,
    /// When a person settled it, RFC 3339.
    pub resolved_at: Option<String>,
    /// In their words.
    pub resolution: Option<String>,
    /// Whether only the operator settles it: nothing is paid until then.
    #[serde(default)]
    pub held: bool,
    /// The redemption it became when the operator accepted it.
    #[serde(default)]
    pub redemption_id: Option<Uuid>,
}

/// Which refused scans are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct RefusedSearch {
    /// Only those that nobody settled.
    pub unresolved: bool,
    /// Only those that wait, or waited, for the operator.
    pub held: bool,
}

/// How a person settled a refused scan.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolve {
    /// In their words.
    #[schema(example = "Vu avec le CCAS : un nouveau pass a été remis")]
    pub resolution: String,
    /// `true` when the operator accepts a scan that waits: its workshop counts from now on.
    #[serde(default)]
    pub accept: bool,
}

/// One page of refused scans: the caller's organisation's, or all for the operator.
///
/// # Errors
/// A failure of the database.
pub fn list(
    services: &Services,
    caller: &Caller,
    search: RefusedSearch,
    page: Page,
) -> Outcome<Listed<RefusedScan>> {
    services.read(|op| {
        let RefusedSearch { unresolved, held } = search;
        let filter = RefusedFilter { organisation: whose(caller), unresolved, held };
        let after = EntryId(page.after);
        let rows = store::offline_scan::refused(op.conn, filter, after, page.fetch())?;
        let views: Outcome<Vec<_>> = rows.into_iter().map(|row| view(op, row)).collect();
        Ok(page.cut(views?, |view| view.id))
    })
}

/// Notes how a refused scan was settled. A workshop is counted by it only when the operator accepts
/// a scan that waited for that.
///
/// # Errors
/// `not_found`, `already_resolved`, no words, `forbidden` for others than the operator when it is
/// held, or why the pass no longer gives the workshop.
pub fn resolve(
    services: &Services,
    caller: &Caller,
    id: Uuid,
    request: &Resolve,
    key: Option<&Key>,
) -> Outcome<Once<RefusedScan>> {
    let mut check = Check::default();
    check.text(&request.resolution, 500, "/resolution");
    check.done()?;
    once(services, key, |op| {
        let id = EntryId(id);
        let find = |op: &mut Op<'_>| store::offline_scan::refused_by_id(op.conn, id, whose(caller));
        let scan = find(op)?.ok_or_else(Refused::not_found)?;
        must_be_whose_to_settle(caller, &scan, request)?;
        let words = request.resolution.trim();
        if !store::offline_scan::resolve(op.conn, id, caller.user, words, op.now)? {
            let sentence = "Cette validation refusée est déjà traitée.";
            return Err(Refused::new(Code::AlreadyResolved, sentence).into());
        }
        if request.accept {
            let redemption = accept_scan::accept(op, &scan)?;
            store::offline_scan::became(op.conn, id, redemption)?;
        }
        let settled = find(op)?.ok_or_else(Refused::not_found)?;
        view(op, settled)
    })
}

fn must_be_whose_to_settle(
    caller: &Caller,
    scan: &OfflineScanRow,
    request: &Resolve,
) -> Result<(), Refused> {
    let judges = caller.may(Right::JudgeScans);
    if scan.held() && !judges {
        let sentence = "Cette validation attend l'opérateur du dispositif : lui seul l'accepte ou \
            la refuse.";
        return Err(Refused::new(Code::Forbidden, sentence));
    }
    let mut check = Check::default();
    let detail = "Seule une validation en attente de l'opérateur peut être acceptée par lui.";
    check.that(!request.accept || scan.held(), "/accept", "not_allowed", detail);
    check.done()
}

fn whose(caller: &Caller) -> Option<OrganisationId> {
    (!caller.sees_all()).then_some(caller.organisation)
}

fn view(op: &mut Op<'_>, row: OfflineScanRow) -> Outcome<RefusedScan> {
    let venue = store::venue::named(op.conn, row.venue_id)?;
    let zone = Zone::of_commune(&venue.commune);
    let pass = match row.pass_id {
        Some(id) => store::pass::by_id(op.conn, id)?,
        None => None,
    };
    let label = theme::theme(&row.theme).map_or(row.theme.as_str(), |theme| theme.label);
    let held = row.held();
    let day = in_letters(row.scanned_at.day_in(zone));
    Ok(RefusedScan {
        id: row.id.0,
        venue_id: row.venue_id.0,
        venue_name: venue.name,
        serial: pass.map(|pass| pass.serial),
        code_ending: row.code_ending,
        theme_label: label.to_owned(),
        scanned_at: row.scanned_at.to_string(),
        scanned_on: format!("{day} à {}", row.scanned_at.hour_in(zone)),
        received_at: row.received_at.to_string(),
        skew_seconds: row.skew_seconds,
        skewed: row.skewed,
        refusal: row.refusal.unwrap_or_default(),
        detail: row.sentence.unwrap_or_default(),
        resolved_at: row.resolved_at.map(|at| at.to_string()),
        resolution: row.resolution,
        theme: row.theme,
        held,
        redemption_id: row.redemption_id.map(|id| id.0),
    })
}
