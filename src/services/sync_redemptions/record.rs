//! What is kept of every scan that came.

use super::{Scan, Seen};
use crate::domain::caller::Caller;
use crate::domain::ids::{EntryId, RedemptionId};
use crate::domain::refusal::Refused;
use crate::domain::theme;
use crate::services::Op;
use crate::services::redeem_pass::Redeemed;
use crate::store::offline_scan::OfflineScanRow;

/// The row of a scan that was decided.
pub(super) fn of(
    op: &Op<'_>,
    caller: &Caller,
    seen: &Seen<'_>,
    answer: &Result<Redeemed, Refused>,
) -> OfflineScanRow {
    let (scan, refused) = (seen.scan, answer.as_ref().err());
    OfflineScanRow {
        id: EntryId(op.id()),
        organisation_id: caller.organisation,
        key: EntryId(scan.idempotency_key),
        device: seen.device.to_owned(),
        user_id: caller.user,
        venue_id: seen.venue,
        pass_id: seen.pass,
        code_ending: ending(&scan.code),
        theme: known_theme(scan),
        scanned_at: seen.clocks.scanned_at,
        received_at: seen.clocks.received_at,
        skew_seconds: seen.clocks.skew_seconds(),
        skewed: seen.clocks.skewed(),
        redemption_id: answer.as_ref().ok().map(|redeemed| RedemptionId(redeemed.id)),
        refusal: refused.map(|refused| refused.code.as_str().to_owned()),
        sentence: refused.map(|refused| refused.sentence.clone()),
        resolved_at: None,
        resolved_by: None,
        resolution: None,
    }
}

/// Whatever else a device writes there is not worth keeping.
fn known_theme(scan: &Scan) -> String {
    let known = scan.theme.as_deref().and_then(theme::theme);
    known.map_or_else(String::new, |theme| theme.code.to_owned())
}

/// The last four signs: enough for a person to recognise a pass, too few to redeem it.
fn ending(code: &str) -> String {
    let signs = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    let signs: Vec<char> = signs.collect();
    signs.get(signs.len().saturating_sub(4)..).unwrap_or_default().iter().collect()
}
