//! Scans that waited on a device without a network: each ends accepted or visibly refused, none
//! is dropped, none counts twice.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use super::idempotency::Once;
use super::redeem_request::{Credential, OfflineScan, Redeem, Redeemed, Request};
use super::{Error, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::offline_scan::Clocks;
use crate::domain::refusal::{self, Check, Refused};
use crate::domain::time::{Instant, in_calendar};

/// So many scans are decided together: few enough that nobody at a door waits long for them.
const AT_ONCE: usize = 16;

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
    #[serde(default, deserialize_with = "when_readable")]
    pub sent_at: Option<DateTime<Utc>>,
    /// The scans, at most 500.
    #[schema(value_type = Vec<Scan>, max_items = 500)]
    pub items: Vec<Sent>,
}

/// A scan as it came: one that cannot be read keeps none of the others back.
#[derive(Clone)]
pub enum Sent {
    /// It was read.
    Scan(Scan),
    /// It was not, but for its key.
    Unreadable(Option<Uuid>),
}

/// What is looked for in a scan that cannot be read.
#[derive(Deserialize)]
struct Keyed {
    idempotency_key: Uuid,
}

impl<'de> Deserialize<'de> for Sent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let item = Box::<RawValue>::deserialize(deserializer)?;
        Ok(serde_json::from_str(item.get()).map_or_else(|_| Self::unread(&item), Self::Scan))
    }
}

impl Sent {
    fn unread(item: &RawValue) -> Self {
        let keyed: Option<Keyed> = serde_json::from_str(item.get()).ok();
        Self::Unreadable(keyed.map(|keyed| keyed.idempotency_key))
    }

    fn key(&self) -> Option<Uuid> {
        match self {
            Self::Scan(scan) => Some(scan.idempotency_key),
            Self::Unreadable(key) => *key,
        }
    }
}

/// A clock that says what no clock can say has said nothing.
fn when_readable<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    let told = Box::<RawValue>::deserialize(deserializer)?;
    let at: Option<DateTime<Utc>> = serde_json::from_str(told.get()).ok();
    Ok(at.filter(|at| in_calendar(at.date_naive())))
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

/// How the scans of a device reach the function that decides them: [`redeem`], or a queue before it.
///
/// [`redeem`]: super::redeem_pass::redeem
pub type Door<'a> = dyn Fn(Vec<Request>) -> Vec<Outcome<Once<Redeemed>>> + 'a;

/// Decides the scans of a device in their order, some at a time.
///
/// # Errors
/// `invalid_body` about the request as a whole; what is wrong with one scan is its result.
pub fn sync_redemptions(
    services: &Services,
    caller: &Caller,
    request: &Sync,
    door: &Door<'_>,
) -> Outcome<Synced> {
    let mut check = Check::default();
    check.text(&request.device_id, 100, "/device_id");
    let fits = request.items.len() <= MOST_ITEMS;
    let detail = "Un envoi compte 500 validations au plus : envoyez le reste ensuite.";
    check.that(fits, "/items", "out_of_range", detail);
    let keys = keys(&request.items, &mut check);
    check.done()?;
    let received_at = services.clock.now();
    let mut results: Vec<ScanResult> = Vec::with_capacity(request.items.len());
    for (scans, keys) in request.items.chunks(AT_ONCE).zip(keys.chunks(AT_ONCE)) {
        let requests: Vec<Outcome<Request>> = scans
            .iter()
            .map(|scan| Ok(request_of(services, caller, request, scan, received_at)?))
            .collect();
        let sent = requests.iter().filter_map(|request| request.as_ref().ok().cloned()).collect();
        let mut answers = door(sent).into_iter();
        for (key, request) in keys.iter().zip(requests) {
            let skewed = request.as_ref().is_ok_and(Request::skewed);
            let none = || Err(Error::failure("a scan without an answer"));
            let answer = request.and_then(|_| answers.next().unwrap_or_else(none));
            results.push(result_of(*key, skewed, answer));
        }
        if results.last().is_some_and(|last| last.outcome == "retry") {
            // What follows would meet the same: nobody waits for that.
            break;
        }
    }
    let rest = keys.get(results.len()..).unwrap_or_default();
    let why = results.last().cloned();
    results.extend(
        rest.iter()
            .zip(std::iter::repeat(why))
            .filter_map(|(key, why)| why.map(|why| ScanResult { idempotency_key: *key, ..why })),
    );
    Ok(Synced { results })
}

/// The key of each scan: without one nobody could be told what became of it.
fn keys(items: &[Sent], check: &mut Check) -> Vec<Uuid> {
    let mut keys = Vec::with_capacity(items.len());
    for (position, sent) in items.iter().enumerate() {
        let key = sent.key();
        let pointer = format!("/items/{position}/idempotency_key");
        let detail = "Chaque validation porte sa clé, un UUID créé par l'appareil.";
        check.that(key.is_some(), &pointer, "missing", detail);
        keys.push(key.unwrap_or_default());
    }
    keys
}

fn request_of(
    services: &Services,
    caller: &Caller,
    request: &Sync,
    sent: &Sent,
    received_at: Instant,
) -> Result<Request, Refused> {
    let Sent::Scan(scan) = sent else {
        let sentence = "Cette validation est mal écrite : relevez le pass et le jour, et prévenez \
                        l'opérateur du dispositif.";
        return Err(Refused::new(refusal::Code::InvalidBody, sentence));
    };
    let mut check = Check::default();
    check.days(&[(Some(scan.scanned_at.date_naive()), "/scanned_at")]);
    check.done()?;
    let bound = format!("{} {}", scan.code, scan.venue_id);
    Ok(Request {
        by: Credential::User(caller.user),
        key: scan.idempotency_key,
        request_hash: services.keys.request_hash("SYNC", "", bound.as_bytes()),
        redeem: Redeem {
            code: scan.code.clone(),
            venue_id: scan.venue_id,
            theme: scan.theme.clone(),
            scheduled_workshop_id: scan.scheduled_workshop_id,
            minutes: None,
            mode: None,
        },
        scan: Some(OfflineScan {
            device: request.device_id.clone(),
            clocks: Clocks {
                scanned_at: Instant::from_utc(scan.scanned_at),
                sent_at: request.sent_at.map(Instant::from_utc),
                received_at,
            },
        }),
    })
}

fn result_of(key: Uuid, skewed: bool, answer: Outcome<Once<Redeemed>>) -> ScanResult {
    let result = ScanResult {
        idempotency_key: key,
        outcome: "accepted",
        replayed: false,
        skewed,
        redemption: None,
        code: None,
        title: None,
        detail: None,
    };
    let (refused, replayed) = match answer {
        Ok(once) => {
            let redemption = Some(once.value);
            return ScanResult { replayed: once.replayed, redemption, ..result };
        }
        Err(Error::Refused { refused, replayed }) => (*refused, replayed),
        Err(Error::Failure(failure)) => {
            tracing::error!(cause = failure.for_the_log(), "a scan was not decided");
            let sentence = "Le service n'a pas pu traiter cette validation : elle sera renvoyée.";
            (Refused::new(refusal::Code::InternalError, sentence), false)
        }
    };
    let again = refused.may_be_sent_again() || refused.code == refusal::Code::InternalError;
    ScanResult {
        outcome: if again { "retry" } else { "refused" },
        replayed,
        code: Some(refused.code.as_str()),
        title: Some(refused.code.title()),
        detail: Some(refused.sentence),
        ..result
    }
}
