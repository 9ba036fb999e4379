//! What the rule looks at for one request, out of what was read for its batch.

use std::collections::HashSet;
use std::hash::Hash;

use chrono::NaiveDate;

use super::guessing::{WRONG_CODE_SECONDS, stop_guessing};
use super::redeem_request::{Credential, OfflineScan, Request};
use super::{Error, Op, Outcome};
use crate::domain::caller::{Caller, Right};
use crate::domain::code::Code;
use crate::domain::ids::{EntryId, ScheduledWorkshopId, VenueId};
use crate::domain::offline_scan::{Arrival, Doubt};
use crate::domain::pass::Pass;
use crate::domain::programme::Programme;
use crate::domain::redemption::{Facts, RedemptionRefusal, Taken, decide};
use crate::domain::refusal::Refused;
use crate::domain::time::{Day, Instant};
use crate::store::label::VenueOnDays;
use crate::store::redeem_batch::{self, BatchFacts, BatchKeys, GivenWorkshop};
use crate::store::redemption::RedemptionRow;

/// A pass and what the rule gives of it.
pub(super) struct Decided<'a> {
    pub pass: &'a Pass,
    pub programme: &'a Programme,
    pub venue: &'a VenueOnDays,
    pub day: Day,
    pub taken: Taken,
}

/// Reads what the rule looks at, as it stands now. The passes are locked, if so wished.
pub(super) fn read(op: &mut Op<'_>, requests: &[Request], lock: bool) -> Outcome<BatchFacts> {
    let wrong_since = op.now.plus_seconds(-WRONG_CODE_SECONDS);
    let batch_keys = batch_keys(op, requests);
    Ok(redeem_batch::read(op.conn, &batch_keys, op.now, wrong_since, lock)?)
}

fn batch_keys(op: &Op<'_>, requests: &[Request]) -> BatchKeys {
    let codes = requests.iter().filter_map(|request| Code::read(&request.redeem.code).ok());
    let mut batch_keys = BatchKeys {
        codes: distinct(codes.map(|code| op.services.keys.code_hash(&code))),
        keys: distinct(requests.iter().map(|request| EntryId(request.key))),
        venues: distinct(requests.iter().map(|request| VenueId(request.redeem.venue_id))),
        scans: requests.iter().any(|request| request.scan.is_some()),
        ..BatchKeys::default()
    };
    for by in distinct(requests.iter().map(|request| request.by.clone())) {
        match by {
            Credential::User(user) => batch_keys.users.push(user),
            Credential::Session(hash) => batch_keys.sessions.push(hash),
        }
    }
    let planned = requests.iter().filter_map(|request| request.redeem.scheduled_workshop_id);
    batch_keys.planned = distinct(planned.map(ScheduledWorkshopId));
    batch_keys
}

fn distinct<T: Eq + Hash>(values: impl Iterator<Item = T>) -> Vec<T> {
    values.collect::<HashSet<T>>().into_iter().collect()
}

impl BatchFacts {
    /// # Errors
    /// `unauthenticated` for nobody, `forbidden` for those who do not redeem.
    pub(super) fn caller(&self, by: &Credential) -> Result<Caller, Refused> {
        let user = match by {
            Credential::User(user) => Some(user),
            Credential::Session(hash) => self.sessions.get(hash),
        };
        let caller = user.and_then(|user| self.accounts.get(user));
        let caller = caller.ok_or_else(Refused::unauthenticated)?;
        if caller.may(Right::Redeem) { Ok(*caller) } else { Err(Refused::forbidden()) }
    }

    /// The venue, when it is of the caller's organisation.
    pub(super) fn venue_of(&self, caller: &Caller, id: VenueId) -> Result<&VenueOnDays, Refused> {
        let venue = self.venues.get(&id);
        let theirs = venue.filter(|venue| venue.organisation == caller.organisation);
        theirs.ok_or_else(Refused::not_found)
    }

    pub(super) fn pass(&self, op: &Op<'_>, code: &str) -> Result<&Pass, RedemptionRefusal> {
        let code = Code::read(code).map_err(RedemptionRefusal::Malformed)?;
        self.passes.get(&op.services.keys.code_hash(&code)).ok_or(RedemptionRefusal::UnknownCode)
    }

    /// What the rule says of a workshop on `day`, or on the day the request says.
    pub(super) fn decide(
        &self,
        op: &Op<'_>,
        request: &Request,
        day: Option<NaiveDate>,
    ) -> Outcome<Decided<'_>> {
        let caller = self.caller(&request.by)?;
        let venue_id = VenueId(request.redeem.venue_id);
        self.venue_of(&caller, venue_id)?;
        stop_guessing(self.wrong_codes.get(&caller.user).map_or(&[], Vec::as_slice), op.now)?;
        let pass = self.pass(op, &request.redeem.code)?;
        let day = match &request.scan {
            Some(scan) => self.scanned_on(pass, scan.clocks.happened_at())?,
            None => day.unwrap_or(op.now.day_in(self.programme(pass)?.zone)),
        };
        self.judge(pass, venue_id, day)
    }

    fn programme(&self, pass: &Pass) -> Outcome<&Programme> {
        let programme = self.programmes.get(&pass.programme);
        programme.ok_or_else(|| Error::failure("a pass without its programme"))
    }

    /// The day of a workshop that was scanned at that instant. A clock that went wrong may say a
    /// day before the handover: the person was there on that day at the earliest.
    pub(super) fn scanned_on(&self, pass: &Pass, happened_at: Instant) -> Outcome<Day> {
        Ok(happened_at.day_in(self.programme(pass)?.zone).max(pass.first_day))
    }

    /// What the rule says of that pass in that venue on that day.
    pub(super) fn judge<'a>(
        &'a self,
        pass: &'a Pass,
        venue_id: VenueId,
        day: Day,
    ) -> Outcome<Decided<'a>> {
        let venue = self.venues.get(&venue_id).ok_or_else(Refused::not_found)?;
        let programme = self.programme(pass)?;
        let workshops = self.workshops_of(pass);
        let that_day = || workshops.iter().filter(|workshop| workshop.day == day);
        // When a person was somewhere else is nobody's business here.
        let own = that_day().filter(|one| one.organisation_id == venue.organisation);
        let hours: Vec<String> = own.map(|one| one.redeemed_at.hour_in(programme.zone)).collect();
        let taken = decide(&Facts {
            pass,
            max_per_day: programme.max_per_day,
            workshop_day: day,
            venue_accepted: self.accepted.contains(&(programme.id, venue_id)),
            venue_labelled: venue.labelled_on(day),
            validated_that_day: that_day().count(),
            own_hours: &hours,
        })?;
        Ok(Decided { pass, programme, venue, day, taken })
    }

    /// Whether a scan that the rule would take is believed at once.
    ///
    /// # Errors
    /// A [`Doubt`]: it waits for the operator.
    ///
    /// [`Doubt`]: crate::domain::offline_scan::Doubt
    pub(super) fn must_be_believed(
        &self,
        op: &Op<'_>,
        scan: &OfflineScan,
        decided: &Decided<'_>,
    ) -> Result<(), Doubt> {
        let zone = decided.programme.zone;
        let received_day = op.now.day_in(zone);
        let came = self.workshops_of(decided.pass).iter();
        Arrival {
            happened_at: scan.clocks.happened_at(),
            workshop_day: decided.day,
            received_day,
            handed_over_at: decided.pass.handed_over_at,
            venue_labelled: decided.venue.labelled_on(received_day),
            came_that_day: came.filter(|one| one.redeemed_at.day_in(zone) == received_day).count(),
            max_per_day: decided.programme.max_per_day,
        }
        .must_be_believed()
    }

    fn workshops_of(&self, pass: &Pass) -> &[GivenWorkshop] {
        self.workshops.get(&pass.origin).map(Vec::as_slice).unwrap_or_default()
    }

    /// Forgets the workshops that other organisations gave.
    pub(super) fn forget_elsewhere(&mut self, caller: &Caller) {
        for workshops in self.workshops.values_mut() {
            workshops.retain(|one| one.organisation_id == caller.organisation);
        }
    }

    /// Notes what a pass gave, for the requests after this one.
    pub(super) fn took(&mut self, op: &Op<'_>, code: &str, taken: Taken, row: &RedemptionRow) {
        let Ok(code) = Code::read(code) else { return };
        let Some(pass) = self.passes.get_mut(&op.services.keys.code_hash(&code)) else { return };
        pass.mask = taken.mask;
        let given = GivenWorkshop {
            day: row.workshop_day,
            redeemed_at: row.redeemed_at,
            organisation_id: row.organisation_id,
        };
        self.workshops.entry(pass.origin).or_default().push(given);
    }
}
