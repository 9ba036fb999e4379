//! What is recorded of a scan that waited on a device without a network: once, whatever became of it.

use super::idempotency::Once;
use super::redeem_pass::Batch;
use super::redeem_request::{Redeem, Redeemed, Request};
use super::{Error, Op, Outcome};
use crate::domain::caller::Caller;
use crate::domain::code::ending;
use crate::domain::ids::{EntryId, PassId, RedemptionId, ScheduledWorkshopId, VenueId};
use crate::domain::refusal::{Code, Refused};
use crate::domain::theme;
use crate::store::offline_scan::OfflineScanRow;

impl Batch {
    /// Records a scan that was decided, by this door or another.
    ///
    /// # Errors
    /// `idempotency_key_reused` when its key came with another pass before.
    pub(super) fn record_scan(
        &mut self,
        op: &Op<'_>,
        caller: &Caller,
        request: &Request,
        outcome: &Outcome<Once<Redeemed>>,
    ) -> Result<(), Refused> {
        let Some(scan) = &request.scan else { return Ok(()) };
        let key = (caller.organisation, EntryId(request.key));
        let pass = self.facts.pass(op, &request.redeem.code).ok().map(|pass| pass.id);
        if let Some(before) = self.facts.scans.get(&key) {
            return if *before == pass { Ok(()) } else { Err(of_another_pass()) };
        }
        let (redemption, refused) = match outcome {
            Ok(once) if pass != Some(PassId(once.value.pass_id)) => return Err(of_another_pass()),
            Ok(once) => (Some(RedemptionId(once.value.id)), None),
            Err(Error::Refused { refused, .. }) if !refused.may_be_sent_again() => {
                (None, Some(&**refused))
            }
            Err(_) => return Ok(()),
        };
        let venue = VenueId(request.redeem.venue_id);
        if self.facts.venue_of(caller, venue).is_err() {
            // Nobody's door: there is nobody to show it to.
            return Ok(());
        }
        self.written.scans.push(OfflineScanRow {
            id: EntryId(op.id()),
            organisation_id: caller.organisation,
            key: EntryId(request.key),
            device: scan.device.clone(),
            user_id: caller.user,
            venue_id: venue,
            pass_id: pass,
            code_ending: ending(&request.redeem.code),
            theme: known_theme(&request.redeem),
            scanned_at: scan.clocks.scanned_at,
            received_at: scan.clocks.received_at,
            skew_seconds: scan.clocks.skew_seconds(),
            skewed: scan.clocks.skewed(),
            redemption_id: redemption,
            refusal: refused.map(|refused| refused.code.as_str().to_owned()),
            sentence: refused.map(|refused| refused.sentence.clone()),
            resolved_at: None,
            resolved_by: None,
            resolution: None,
            scheduled_workshop_id: self.planned(&request.redeem),
        });
        self.facts.scans.insert(key, pass);
        Ok(())
    }

    /// A planned workshop that there is: a device may write any id.
    fn planned(&self, redeem: &Redeem) -> Option<ScheduledWorkshopId> {
        let id = redeem.scheduled_workshop_id.map(ScheduledWorkshopId);
        id.filter(|id| self.facts.planned.contains_key(id))
    }
}

/// A key belongs to one scan of one pass.
fn of_another_pass() -> Refused {
    let sentence =
        "Cette clé d'idempotence a déjà servi pour un autre pass : créez-en une nouvelle.";
    Refused::new(Code::IdempotencyKeyReused, sentence)
}

/// Whatever else a device writes there is not worth keeping.
fn known_theme(redeem: &Redeem) -> String {
    let known = redeem.theme.as_deref().and_then(theme::theme);
    known.map_or_else(String::new, |theme| theme.code.to_owned())
}
