//! A request to redeem, and what it is answered, whichever door it comes by.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::adapters::digest::sha256;
use crate::domain::ids::UserId;
use crate::domain::offline_scan::Clocks;
use crate::domain::refusal::{Check, Refused};
use crate::domain::theme;

/// A workshop to take from a pass.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Redeem {
    /// What the QR holds or what was typed.
    #[schema(example = "ABCD-EFGH-JKMN-PQRS")]
    pub code: String,
    /// Where.
    pub venue_id: Uuid,
    /// A code of the catalogue; the planned workshop's when left out.
    #[schema(example = "creer_une_boite_mail")]
    pub theme: Option<String>,
    /// The planned workshop it was, when there was one. It fills in theme, length and mode.
    pub scheduled_workshop_id: Option<Uuid>,
    /// How long, in minutes.
    #[schema(example = 120, minimum = 1, maximum = 600)]
    pub minutes: Option<u16>,
    /// `individual` or `group`.
    #[schema(example = "group")]
    pub mode: Option<String>,
}

/// A workshop that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Redeemed {
    /// The redemption.
    pub id: Uuid,
    /// The pass.
    pub pass_id: Uuid,
    /// The slot it took, 1 to 10.
    #[schema(example = 3)]
    pub slot: u8,
    /// Workshops left.
    #[schema(example = 7)]
    pub remaining: u8,
    /// Last day of the pass.
    pub last_day: NaiveDate,
    /// What was taught.
    pub theme: String,
    /// Where.
    pub venue_id: Uuid,
    /// The day in the programme's zone.
    pub workshop_day: NaiveDate,
    /// When, RFC 3339.
    #[schema(example = "2026-11-22T14:05:09.123456Z")]
    pub redeemed_at: String,
    /// The price of the workshop.
    #[schema(example = 1000)]
    pub price_cents: i64,
}

/// How a request says who sends it: looked up with everything else.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// An account, proved by a token or by the extractor.
    User(UserId),
    /// A session of the pages: the hash of its secret.
    Session(Vec<u8>),
}

impl Credential {
    /// A session by its secret, which is not stored.
    #[must_use]
    pub fn session(secret: &str) -> Self {
        Self::Session(sha256(secret.as_bytes()))
    }
}

/// A request to redeem, from whichever door.
#[derive(Clone)]
pub struct Request {
    /// Who sends it.
    pub by: Credential,
    /// Its idempotency key.
    pub key: Uuid,
    /// Keyed hash of what it came with.
    pub request_hash: Vec<u8>,
    /// What is wanted.
    pub redeem: Redeem,
    /// The scan it was, when it waited on a device without a network.
    pub scan: Option<OfflineScan>,
}

/// A scan that waited on a device.
#[derive(Clone, Debug)]
pub struct OfflineScan {
    /// What the device calls itself.
    pub device: String,
    /// The clocks that saw it.
    pub clocks: Clocks,
}

impl Request {
    /// A request of an account that is known already.
    #[must_use]
    pub fn new(user: UserId, key: Uuid, redeem: Redeem) -> Self {
        Self { by: Credential::User(user), key, request_hash: Vec::new(), redeem, scan: None }
    }

    /// Whether it was scanned by a clock that is wrong.
    pub(super) fn skewed(&self) -> bool {
        self.scan.as_ref().is_some_and(|scan| scan.clocks.skewed())
    }
}

/// Looks at what needs no database.
pub(super) fn check_request(request: &Redeem) -> Result<(), Refused> {
    let mut check = Check::default();
    let said = request.theme.is_some() || request.scheduled_workshop_id.is_some();
    let detail = "Choisissez le thème de l'atelier.";
    check.that(said, "/theme", "missing", detail);
    let known = request.theme.as_deref().is_none_or(|theme| theme::theme(theme).is_some());
    let detail = "Ce thème n'est pas dans le catalogue : choisissez-en un autre.";
    check.that(known, "/theme", "unknown_value", detail);
    let length = request.minutes.is_none_or(|minutes| (1..=600).contains(&minutes));
    let detail = "La durée doit être comprise entre 1 et 600 minutes.";
    check.that(length, "/minutes", "out_of_range", detail);
    let mode = request.mode.as_deref().is_none_or(|mode| matches!(mode, "individual" | "group"));
    let detail = "Le mode est « individual » ou « group ».";
    check.that(mode, "/mode", "unknown_value", detail);
    check.done()
}
