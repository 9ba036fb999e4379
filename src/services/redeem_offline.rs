//! What is recorded of a scan that waited on a device without a network: once, whatever became of it.

use super::idempotency::Once;
use super::redeem_pass::Batch;
use super::redeem_request::{OfflineScan, Redeem, Redeemed, Request};
use super::{Error, Op, Outcome};
use crate::domain::caller::Caller;
use crate::domain::code::ending;
use crate::domain::ids::{EntryId, PassId, RedemptionId, ScheduledWorkshopId, VenueId};
use crate::domain::offline_scan::Doubt;
use crate::domain::refusal::{Code, Refused};
use crate::domain::theme;
use crate::store::offline_scan::OfflineScanRow;

impl Batch {
    /// Refuses a scan that waited too long. One from before its pass was handed over has a clock
    /// that cannot be true, and says nothing of how long it waited: that is for a person.
    ///
    /// # Errors
    /// `scan_too_old`.
    pub(super) fn must_be_recent(&self, op: &Op<'_>, request: &Request) -> Result<(), Refused> {
        let Some(OfflineScan { clocks, .. }) = &request.scan else { return Ok(()) };
        let pass = self.facts.pass(op, &request.redeem.code).ok();
        let handed_over = pass.and_then(|pass| pass.handed_over_at);
        if handed_over.is_some_and(|at| clocks.happened_at() < at) {
            return Ok(());
        }
        Ok(clocks.must_be_recent()?)
    }

    /// What a scan is refused when its pass gives nothing: a person decides when it still did at
    /// the instant of the scan, for the workshop was given.
    pub(super) fn unless_since(&self, op: &Op<'_>, request: &Request, error: Error) -> Error {
        let Error::Refused { refused, .. } = &error else { return error };
        match self.gave_then(op, request) {
            Some(true) => Refused::from(Doubt::GivesNoMore(refused.code)).into(),
            _ => error,
        }
    }

    /// Whether a pass that gives nothing now gave the workshop at the instant of the scan.
    fn gave_then(&self, op: &Op<'_>, request: &Request) -> Option<bool> {
        let happened_at = request.scan.as_ref()?.clocks.happened_at();
        let pass = self.facts.pass(op, &request.redeem.code).ok()?;
        let stood = pass.as_it_stood(happened_at, self.facts.events.get(&pass.id)?);
        let day = self.facts.scanned_on(&stood, happened_at).ok()?;
        let venue = VenueId(request.redeem.venue_id);
        Some(stood != *pass && self.facts.judge(&stood, venue, day).is_ok())
    }

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
