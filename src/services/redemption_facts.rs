//! What the rule looks at, read for all requests of a batch at once. What one of them changes
//! counts for the next.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use chrono::NaiveDate;

use super::guessing::{WRONG_CODE_SECONDS, stop_guessing};
use super::redeem_pass::{Credential, Request};
use super::redemption_rows::Share;
use super::{Error, Op, Outcome};
use crate::domain::caller::{Caller, Right};
use crate::domain::code::Code;
use crate::domain::ids::{
    EntryId, OrganisationId, PassId, ProgrammeId, ScheduledWorkshopId, UserId, VenueId,
};
use crate::domain::pass::Pass;
use crate::domain::programme::Programme;
use crate::domain::redemption::{Facts, RedemptionRefusal, Taken, decide};
use crate::domain::refusal::Refused;
use crate::domain::scheduled_workshop::ScheduledWorkshop;
use crate::domain::time::{Day, Instant, Month};
use crate::store;
use crate::store::idempotency::AnswerRow;
use crate::store::redeem_batch as rows;
use crate::store::venue::VenueOnDays;

/// A key of an organisation.
pub(super) type OwnKey = (OrganisationId, EntryId);

/// What was read for a batch.
#[derive(Default)]
pub(super) struct BatchFacts {
    sessions: HashMap<Vec<u8>, UserId>,
    accounts: HashMap<UserId, Caller>,
    pub answers: HashMap<OwnKey, AnswerRow>,
    /// The pass of each scan that came before, when its code was one's.
    pub scans: HashMap<OwnKey, Option<PassId>>,
    pub wrong_codes: HashMap<UserId, Vec<Instant>>,
    passes: HashMap<Vec<u8>, Pass>,
    shares: HashMap<PassId, Vec<Share>>,
    workshops: HashMap<PassId, Vec<(Day, Instant)>>,
    programmes: HashMap<ProgrammeId, Programme>,
    venues: HashMap<VenueId, VenueOnDays>,
    accepted: HashSet<(ProgrammeId, VenueId)>,
    planned: HashMap<ScheduledWorkshopId, ScheduledWorkshop>,
    pub closed: Option<Month>,
}

/// A pass and what the rule gives of it.
pub(super) struct Decided<'a> {
    pub pass: &'a Pass,
    pub programme: &'a Programme,
    pub venue: &'a VenueOnDays,
    pub day: Day,
    pub taken: Taken,
}

impl BatchFacts {
    /// Locks the passes, and reads.
    pub(super) fn locked(op: &mut Op<'_>, requests: &[Request]) -> Outcome<Self> {
        rows::lock_lines(op.conn, &hashes(op, requests))?;
        Self::read(op, requests)
    }

    pub(super) fn read(op: &mut Op<'_>, requests: &[Request]) -> Outcome<Self> {
        let mut facts = Self::default();
        facts.read_callers(op, requests)?;
        facts.read_passes(op, &hashes(op, requests))?;
        let venues = distinct(requests.iter().map(|request| VenueId(request.redeem.venue_id)));
        facts.venues = store::venue::on_days(op.conn, &venues)?;
        facts.accepted = rows::accepted(op.conn, &venues)?;
        for id in requests.iter().filter_map(|request| request.redeem.scheduled_workshop_id) {
            let id = ScheduledWorkshopId(id);
            let planned = store::scheduled_workshop::by_id(op.conn, id)?;
            facts.planned.extend(planned.map(|planned| (id, planned)));
        }
        facts.closed = store::closed_month::last(op.conn)?.map(|closed| closed.month);
        Ok(facts)
    }

    /// Who asks, and what was answered before.
    fn read_callers(&mut self, op: &mut Op<'_>, requests: &[Request]) -> Outcome<()> {
        let (mut users, mut sessions) = (HashSet::new(), HashSet::new());
        for request in requests {
            match &request.by {
                Credential::User(user) => drop(users.insert(*user)),
                Credential::Session(hash) => drop(sessions.insert(hash.clone())),
            }
        }
        if !sessions.is_empty() {
            self.sessions = rows::sessions(op.conn, &distinct(sessions), op.now)?;
            users.extend(self.sessions.values());
        }
        for account in rows::accounts(op.conn, &distinct(users))? {
            self.accounts.insert(account.id, account.caller()?);
        }
        let keys = distinct(requests.iter().map(|request| EntryId(request.key)));
        let own = rows::answers(op.conn, &keys)?.into_iter();
        self.answers = own.map(|row| ((row.organisation_id, row.key), row)).collect();
        if requests.iter().any(|request| request.scan.is_some()) {
            let theirs = distinct(self.accounts.values().map(|caller| caller.organisation));
            let scans = rows::scans(op.conn, &theirs, &keys)?.into_iter();
            self.scans = scans.map(|row| ((row.organisation_id, row.key), row.pass_id)).collect();
        }
        let since = op.now.plus_seconds(-WRONG_CODE_SECONDS);
        let users = distinct(self.accounts.keys().copied());
        self.wrong_codes = rows::wrong_codes(op.conn, &users, since)?;
        Ok(())
    }

    fn read_passes(&mut self, op: &mut Op<'_>, hashes: &[Vec<u8>]) -> Outcome<()> {
        self.passes = rows::passes(op.conn, hashes)?;
        let lines = distinct(self.passes.values().map(|pass| pass.origin));
        self.shares = rows::shares(op.conn, &lines)?;
        self.workshops = rows::workshops(op.conn, &lines)?;
        let programmes = distinct(self.passes.values().map(|pass| pass.programme));
        let programmes = store::programme::by_ids(op.conn, &programmes)?.into_iter();
        self.programmes = programmes.map(|programme| (programme.id, programme)).collect();
        Ok(())
    }

    /// Who asks.
    ///
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
    pub(super) fn venue(&self, caller: &Caller, id: VenueId) -> Result<&VenueOnDays, Refused> {
        let venue = self.venues.get(&id);
        let theirs = venue.filter(|venue| venue.organisation == caller.organisation);
        theirs.ok_or_else(Refused::not_found)
    }

    /// The pass with that code.
    pub(super) fn pass(&self, op: &Op<'_>, code: &str) -> Result<&Pass, RedemptionRefusal> {
        let code = Code::read(code).map_err(RedemptionRefusal::Malformed)?;
        self.passes.get(&op.services.keys.code_hash(&code)).ok_or(RedemptionRefusal::UnknownCode)
    }

    /// What the rule says of a workshop at `at`, or on `day` when that is given.
    pub(super) fn decide(
        &self,
        op: &Op<'_>,
        request: &Request,
        day: Option<NaiveDate>,
    ) -> Outcome<Decided<'_>> {
        let caller = self.caller(&request.by)?;
        let venue_id = VenueId(request.redeem.venue_id);
        let venue = self.venue(&caller, venue_id)?;
        let wrong = self.wrong_codes.get(&caller.user).map(Vec::as_slice).unwrap_or_default();
        stop_guessing(wrong, op.now)?;
        let pass = self.pass(op, &request.redeem.code)?;
        let programme = self.programmes.get(&pass.programme);
        let programme = programme.ok_or_else(|| Error::failure("a pass without its programme"))?;
        let day = day.unwrap_or_else(|| request.happened_at(op.now).day_in(programme.zone));
        let workshops = self.workshops.get(&pass.origin).map(Vec::as_slice).unwrap_or_default();
        let that_day = workshops.iter().filter(|(workshop_day, _)| *workshop_day == day);
        let hours: Vec<String> = that_day.map(|(_, at)| at.hour_in(programme.zone)).collect();
        let taken = decide(&Facts {
            pass,
            max_per_day: programme.max_per_day,
            workshop_day: day,
            venue_accepted: self.accepted.contains(&(programme.id, venue_id)),
            venue_labelled: venue.labelled_on(day),
            validated_that_day: &hours,
        })?;
        Ok(Decided { pass, programme, venue, day, taken })
    }

    /// Who pays for a line of replacements.
    ///
    /// # Errors
    /// A failure when nobody does although the line is no rehearsal.
    pub(super) fn shares(&self, line: PassId) -> &[Share] {
        self.shares.get(&line).map(Vec::as_slice).unwrap_or_default()
    }

    /// The planned workshop of that id, when there is one.
    pub(super) fn planned(&self, id: ScheduledWorkshopId) -> Option<&ScheduledWorkshop> {
        self.planned.get(&id)
    }

    /// Notes what a pass gave, for the requests after this one.
    pub(super) fn took(&mut self, op: &Op<'_>, code: &str, taken: Taken, day: Day) {
        let Ok(code) = Code::read(code) else { return };
        let Some(pass) = self.passes.get_mut(&op.services.keys.code_hash(&code)) else { return };
        pass.mask = taken.mask;
        self.workshops.entry(pass.origin).or_default().push((day, op.now));
    }
}

/// The hashes of the codes that can be read.
fn hashes(op: &Op<'_>, requests: &[Request]) -> Vec<Vec<u8>> {
    let codes = requests.iter().filter_map(|request| Code::read(&request.redeem.code).ok());
    distinct(codes.map(|code| op.services.keys.code_hash(&code)))
}

fn distinct<T: Eq + Hash>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    values.into_iter().collect::<HashSet<T>>().into_iter().collect()
}
