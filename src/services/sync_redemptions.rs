//! Scans that waited on a device without a network: each ends accepted or visibly refused, none
//! is dropped, none counts twice. Some share a transaction, and are decided alone when that fails.

mod record;
mod refused;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use self::refused::{refusal_of, unsettled};
use super::idempotency::{Key, answered, keep_answer};
use super::redeem_pass::{Redeem, Redeemed, check_request, take};
use super::venue_of_caller::venue_of_caller;
use super::{Error, Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::code::Code;
use crate::domain::ids::{EntryId, PassId, VenueId};
use crate::domain::offline_scan::Clocks;
use crate::domain::refusal::{self, Check, Kind, Refused};
use crate::domain::time::Instant;
use crate::store;

/// So many scans share a commit: few enough that nobody at a door waits long for them.
const TOGETHER: usize = 16;

/// The most scans one request may bring.
pub const MOST_ITEMS: usize = 500;

/// The scans of one device.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sync {
    /// What the device calls itself: any text, always the same.
    #[schema(example = "0b0f7c1e-8a0e-4a53-9d7e-1f2a3b4c5d6e", max_length = 100)]
    pub device_id: String,
    /// What the device's clock says now: shows by how much it is wrong.
    pub sent_at: Option<DateTime<Utc>>,
    /// The scans, at most 500.
    pub items: Vec<Scan>,
}

/// One scan.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// Made by the device when it scanned; the same each time the scan is sent.
    pub idempotency_key: Uuid,
    /// What the QR holds or what was typed.
    #[schema(example = "ABCD-EFGH-JKMN-PQRS")]
    pub code: String,
    /// Where.
    pub venue_id: Uuid,
    /// A code of the catalogue; the planned workshop's when left out.
    #[schema(example = "creer_une_boite_mail")]
    pub theme: Option<String>,
    /// The planned workshop it was, when there was one.
    pub scheduled_workshop_id: Option<Uuid>,
    /// When the device says it scanned, RFC 3339.
    pub scanned_at: DateTime<Utc>,
}

/// What became of the scans: one result for each, in the order they came.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Synced {
    /// The results.
    pub results: Vec<ScanResult>,
}

/// What became of one scan.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScanResult {
    /// The key of the scan.
    pub idempotency_key: Uuid,
    /// `accepted`, `refused`, or `retry`: not decided, send it again.
    #[schema(example = "accepted")]
    pub outcome: &'static str,
    /// Whether this was answered before.
    pub replayed: bool,
    /// Whether the device's clock was wrong.
    pub skewed: bool,
    /// The redemption, when accepted.
    pub redemption: Option<Redeemed>,
    /// The stable code of the refusal, when refused or to be sent again.
    #[schema(example = "exhausted")]
    pub code: Option<&'static str>,
    /// The refusal in two or three words.
    #[schema(example = "Pass terminé")]
    pub title: Option<&'static str>,
    /// One French sentence: why, and what to do.
    pub detail: Option<String>,
}

/// Decides the scans of a device, one after the other; those that meet no obstacle share commits.
///
/// # Errors
/// `invalid_body` about the request as a whole; what is wrong with one scan is its result.
pub fn sync_redemptions(services: &Services, caller: &Caller, request: &Sync) -> Outcome<Synced> {
    let mut check = Check::default();
    check.text(&request.device_id, 100, "/device_id");
    let fits = request.items.len() <= MOST_ITEMS;
    let detail = "Un envoi compte 500 validations au plus : envoyez le reste ensuite.";
    check.that(fits, "/items", "out_of_range", detail);
    check.days(&[(request.sent_at.map(|at| at.date_naive()), "/sent_at")]);
    check.done()?;
    let mut results = Vec::with_capacity(request.items.len());
    for scans in request.items.chunks(TOGETHER) {
        let all =
            |op: &mut Op<'_>| scans.iter().map(|scan| settle(op, caller, request, scan)).collect();
        let together: Outcome<Vec<ScanResult>> = services.write_brief(all);
        if let Ok(settled) = together {
            results.extend(settled);
        } else if !one_by_one(services, caller, request, scans, &mut results) {
            break;
        }
    }
    let rest = request.items.get(results.len()..).unwrap_or_default();
    let why = results.last().cloned();
    results.extend(rest.iter().zip(std::iter::repeat(why)).filter_map(|(scan, why)| {
        why.map(|why| ScanResult { idempotency_key: scan.idempotency_key, ..why })
    }));
    Ok(Synced { results })
}

/// Decides scans in a transaction each; answers whether the scans after them may be tried.
fn one_by_one(
    services: &Services,
    caller: &Caller,
    request: &Sync,
    scans: &[Scan],
    results: &mut Vec<ScanResult>,
) -> bool {
    for scan in scans {
        let settled = services.write_brief(|op| settle(op, caller, request, scan));
        let stop = matches!(&settled, Err(error) if must_wait(error));
        results.push(settled.unwrap_or_else(|error| unsettled(scan, error)));
        if stop {
            return false;
        }
    }
    true
}

/// Whether the scans after this one would meet the same.
fn must_wait(error: &Error) -> bool {
    match error {
        Error::Refused { refused, .. } => may_be_sent_again(refused),
        Error::Failure(failure) => {
            tracing::error!(cause = failure.for_the_log(), "a scan was not decided");
            true
        }
    }
}

fn may_be_sent_again(refused: &Refused) -> bool {
    matches!(refused.code.kind(), Kind::TooMany | Kind::Unavailable)
}

fn settle(op: &mut Op<'_>, caller: &Caller, request: &Sync, scan: &Scan) -> Outcome<ScanResult> {
    let seen = Seen::now(op, caller, request, scan)?;
    let before = answered::<Redeemed>(op, caller.organisation, scan.idempotency_key)?;
    let replayed = before.is_some();
    let answer = match before {
        Some(answer) => answer,
        None => decide(op, caller, scan, &seen.clocks)?,
    };
    if let Ok(redeemed) = &answer {
        seen.must_be_of(Some(PassId(redeemed.pass_id)))?;
    }
    if !replayed {
        keep_answer(op, &key_of(op, caller, scan), &answer)?;
    }
    if !seen.recorded {
        let row = record::of(op, caller, &seen, &answer);
        store::offline_scan::insert(op.conn, &row)?;
    }
    let skewed = seen.clocks.skewed();
    Ok(match answer {
        Ok(redeemed) => ScanResult {
            idempotency_key: scan.idempotency_key,
            outcome: "accepted",
            replayed,
            skewed,
            redemption: Some(redeemed),
            code: None,
            title: None,
            detail: None,
        },
        Err(refused) => ScanResult { replayed, skewed, ..refusal_of(scan, &refused, "refused") },
    })
}

/// What is known of a scan before it is decided.
struct Seen<'a> {
    scan: &'a Scan,
    device: &'a str,
    venue: VenueId,
    /// The pass, when the code is one's.
    pass: Option<PassId>,
    clocks: Clocks,
    /// Whether it came before by this route.
    recorded: bool,
}

impl<'a> Seen<'a> {
    fn now(op: &mut Op<'_>, caller: &Caller, request: &'a Sync, scan: &'a Scan) -> Outcome<Self> {
        let mut check = Check::default();
        check.days(&[(Some(scan.scanned_at.date_naive()), "/scanned_at")]);
        check.done()?;
        let venue = venue_of_caller(op, caller, scan.venue_id)?.id;
        let pass = match Code::read(&scan.code) {
            Ok(code) => store::pass::by_code_hash(op.conn, &op.services.keys.code_hash(&code))?,
            Err(_) => None,
        };
        let clocks = Clocks {
            scanned_at: Instant::from_utc(scan.scanned_at),
            sent_at: request.sent_at.map(Instant::from_utc),
            received_at: op.now,
        };
        let key = EntryId(scan.idempotency_key);
        let before = store::offline_scan::by_key(op.conn, caller.organisation, key)?;
        let recorded = before.is_some();
        let (device, pass) = (request.device_id.as_str(), pass.map(|pass| pass.id));
        let seen = Self { scan, device, venue, pass, clocks, recorded };
        if let Some(before) = before {
            seen.must_be_of(before.pass_id)?;
        }
        Ok(seen)
    }

    /// A key belongs to one scan of one pass.
    fn must_be_of(&self, pass: Option<PassId>) -> Result<(), Refused> {
        if self.pass == pass {
            return Ok(());
        }
        let sentence = "Cette clé d'idempotence a déjà servi pour un autre pass : créez-en une \
            nouvelle.";
        Err(Refused::new(refusal::Code::IdempotencyKeyReused, sentence))
    }
}

/// Decides a scan that was not decided before. A refusal is a result as well.
fn decide(
    op: &mut Op<'_>,
    caller: &Caller,
    scan: &Scan,
    clocks: &Clocks,
) -> Outcome<Result<Redeemed, Refused>> {
    use refusal::Code::{MalformedCode, UnknownCode};
    let redeem = Redeem {
        code: scan.code.clone(),
        venue_id: scan.venue_id,
        theme: scan.theme.clone(),
        scheduled_workshop_id: scan.scheduled_workshop_id,
        minutes: None,
        mode: None,
    };
    let decided = check_request(&redeem)
        .and_then(|()| Ok(clocks.must_be_recent()?))
        .map_err(Error::from)
        .and_then(|()| take(op, caller, &redeem, clocks.happened_at()));
    match decided {
        Ok(redeemed) => Ok(Ok(redeemed)),
        Err(Error::Refused { refused, .. }) if !may_be_sent_again(&refused) => {
            if matches!(refused.code, MalformedCode | UnknownCode) {
                store::wrong_code::insert(op.conn, EntryId(op.id()), caller.user, op.now)?;
            }
            Ok(Err(*refused))
        }
        Err(error) => Err(error),
    }
}

fn key_of(op: &Op<'_>, caller: &Caller, scan: &Scan) -> Key {
    let bound = format!("{} {}", scan.code, scan.venue_id);
    Key {
        organisation: caller.organisation,
        key: scan.idempotency_key,
        request_hash: op.services.keys.request_hash("SYNC", "", bound.as_bytes()),
        personal: false,
    }
}
