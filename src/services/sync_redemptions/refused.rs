//! Scans that were not taken, as their devices are told.

use super::{Scan, ScanResult, may_be_sent_again};
use crate::domain::refusal::{self, Refused};
use crate::services::Error;

/// A scan that ended without a record: refused for good when it is the request's fault, else to
/// be sent again.
pub(super) fn unsettled(scan: &Scan, error: Error) -> ScanResult {
    match error {
        Error::Refused { refused, .. } if may_be_sent_again(&refused) => {
            refusal_of(scan, &refused, "retry")
        }
        Error::Refused { refused, .. } => refusal_of(scan, &refused, "refused"),
        Error::Failure(_) => {
            let sentence = "Le service n'a pas pu traiter cette validation : elle sera renvoyée.";
            let refused = Refused::new(refusal::Code::InternalError, sentence);
            refusal_of(scan, &refused, "retry")
        }
    }
}

/// A refusal as the result of a scan.
pub(super) fn refusal_of(scan: &Scan, refused: &Refused, outcome: &'static str) -> ScanResult {
    ScanResult {
        idempotency_key: scan.idempotency_key,
        outcome,
        replayed: false,
        skewed: false,
        redemption: None,
        code: Some(refused.code.as_str()),
        title: Some(refused.code.title()),
        detail: Some(refused.sentence.clone()),
    }
}
