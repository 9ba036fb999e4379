//! Redeeming many at once: what a lane does with the requests that came while it committed the
//! last ones. The rule is the same [`decide`], request by request; what is read and written is one
//! statement each for all of them.
//!
//! A batch takes what can be taken and repeats what was answered. Everything else (refusals, codes
//! that are mistyped, planned workshops, replaced passes) is told to go [`Answered::Alone`], the
//! ordinary way, which says why.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::guessing::{WRONG_CODE_SECONDS, WRONG_CODES};
use super::idempotency::{Once, done_of, done_text};
use super::redeem_pass::{Redeem, Redeemed, answer, check_request};
use super::redemption_rows::{By, Workshop, lines_of, row_of};
use super::{Op, Outcome, Services};
use crate::domain::accounting;
use crate::domain::caller::Right;
use crate::domain::code::Code;
use crate::domain::ids::{PassId, ProgrammeId, UserId, VenueId};
use crate::domain::programme::Programme;
use crate::domain::redemption::{Facts, decide};
use crate::store;
use crate::store::redeem_batch::{self as tables, About, Circumstances, Kept, Locked, Written};

/// A request that waits in a lane. Who sent it is known by the token alone.
#[derive(Clone)]
pub struct Asked {
    /// Whose token it came with.
    pub user: UserId,
    /// What is asked.
    pub request: Redeem,
    /// Its idempotency key.
    pub key: Uuid,
    /// What the key is bound to.
    pub request_hash: Vec<u8>,
}

/// What became of a request of a batch.
#[derive(Clone, Debug)]
pub enum Answered {
    /// It was done, now or before.
    Done(Box<Once<Redeemed>>),
    /// It must be asked by itself.
    Alone,
}

/// Takes what can be taken of a batch, in one transaction.
///
/// # Errors
/// A failure of the database: nothing was done, or it is not known whether it was. Each request
/// may then be asked by itself, under the same key.
pub fn redeem_batch(services: &Services, asked: &[Asked]) -> Outcome<Vec<Answered>> {
    services.write_lists(|op| {
        let mut batch = Batch::read(op, asked)?;
        let mut answers = Vec::with_capacity(asked.len());
        for (place, one) in asked.iter().enumerate() {
            answers.push(batch.one(op, place, one)?);
        }
        batch.written.write(op.conn, op.now)?;
        Ok(answers)
    })
}

/// What was read for a batch, and what is to be written.
#[derive(Default)]
struct Batch {
    hashes: Vec<Option<Vec<u8>>>,
    passes: HashMap<Vec<u8>, Locked>,
    programmes: HashMap<ProgrammeId, Programme>,
    circumstances: HashMap<usize, Circumstances>,
    keys: HashSet<(Uuid, Uuid)>,
    taken: HashMap<(PassId, chrono::NaiveDate), usize>,
    written: Written,
}

impl Batch {
    fn read(op: &mut Op<'_>, asked: &[Asked]) -> Outcome<Self> {
        let mut batch = Self::default();
        batch.read_passes(op, asked)?;
        batch.read_circumstances(op, asked)?;
        Ok(batch)
    }

    fn read_passes(&mut self, op: &mut Op<'_>, asked: &[Asked]) -> Outcome<()> {
        let keys = &op.services.keys;
        self.hashes = asked
            .iter()
            .map(|one| {
                let plain = one.request.scheduled_workshop_id.is_none()
                    && check_request(&one.request).is_ok();
                let code = Code::read(&one.request.code).ok().filter(|_| plain);
                code.map(|code| keys.code_hash(&code))
            })
            .collect();
        let hashes: HashSet<&[u8]> = self.hashes.iter().flatten().map(Vec::as_slice).collect();
        let hashes: Vec<&[u8]> = hashes.into_iter().collect();
        let locked = tables::lock_passes(op.conn, &hashes)?;
        self.passes = locked.into_iter().map(|one| (one.hash.clone(), one)).collect();
        let programmes: HashSet<ProgrammeId> =
            self.passes.values().map(|one| one.pass.programme).collect();
        let programmes: Vec<ProgrammeId> = programmes.into_iter().collect();
        let found = store::programme::by_ids(op.conn, &programmes)?;
        self.programmes = found.into_iter().map(|one| (one.id, one)).collect();
        Ok(())
    }

    fn read_circumstances(&mut self, op: &mut Op<'_>, asked: &[Asked]) -> Outcome<()> {
        let since = op.now.plus_seconds(-WRONG_CODE_SECONDS);
        let about = asked.iter().enumerate().filter_map(|(place, one)| {
            let (locked, programme) = self.pass(place)?;
            Some(About {
                place,
                venue: VenueId(one.request.venue_id),
                programme: programme.id,
                pass: locked.pass.id,
                day: op.now.day_in(programme.zone),
                user: one.user,
                since,
                key: one.key,
            })
        });
        let about: Vec<About> = about.collect();
        let found = tables::circumstances(op.conn, &about)?;
        let may = found.into_iter().filter(|one| one.caller.may(Right::Redeem));
        self.circumstances = may.map(|one| (one.place, one)).collect();
        Ok(())
    }

    fn pass(&self, place: usize) -> Option<(&Locked, &Programme)> {
        let locked = self.passes.get(self.hashes.get(place)?.as_ref()?)?;
        Some((locked, self.programmes.get(&locked.pass.programme)?))
    }

    fn one(&mut self, op: &Op<'_>, place: usize, asked: &Asked) -> Outcome<Answered> {
        let Some(seen) = self.circumstances.remove(&place) else { return Ok(Answered::Alone) };
        let key = (seen.caller.organisation.0, asked.key);
        if let Some((hash, kept)) = &seen.answered {
            let done = if *hash == asked.request_hash { done_of(kept) } else { None };
            let again = |value| Answered::Done(Box::new(Once { value, replayed: true }));
            return Ok(done.map_or(Answered::Alone, again));
        }
        if self.keys.contains(&key) {
            return Ok(Answered::Alone);
        }
        let Some(value) = self.take(op, place, asked, &seen) else { return Ok(Answered::Alone) };
        self.keys.insert(key);
        self.written.answers.push(Kept {
            organisation: seen.caller.organisation,
            key: asked.key,
            request_hash: asked.request_hash.clone(),
            answer: done_text(&value)?,
        });
        Ok(Answered::Done(Box::new(Once { value, replayed: false })))
    }

    /// One workshop, when the rule gives it.
    fn take(
        &mut self,
        op: &Op<'_>,
        place: usize,
        asked: &Asked,
        seen: &Circumstances,
    ) -> Option<Redeemed> {
        let (Locked { pass, shares, .. }, programme) = self.pass(place)?;
        let guessing = usize::try_from(seen.wrong_codes).is_ok_and(|wrong| wrong >= WRONG_CODES);
        if guessing || seen.organisation != seen.caller.organisation {
            return None;
        }
        let day = op.now.day_in(programme.zone);
        let before = self.taken.get(&(pass.id, day)).copied().unwrap_or_default();
        let facts = Facts {
            pass,
            programme,
            workshop_day: day,
            venue_accepted: seen.accepted,
            venue_labelled: seen.labelled,
            validated_that_day: &vec![String::new(); seen.that_day + before],
        };
        let Ok(taken) = decide(&facts) else { return None };
        let request = &asked.request;
        let workshop = Workshop {
            day,
            theme: request.theme.clone().unwrap_or_default(),
            minutes: request.minutes.map(i32::from),
            mode: request.mode.clone(),
            planned: None,
        };
        let by = By {
            user: seen.caller.user,
            venue: VenueId(request.venue_id),
            organisation: seen.organisation,
        };
        let row = row_of(op, by, pass, programme.price, taken, workshop);
        let month = accounting::month_of(day, seen.closed);
        let lines = lines_of(pass, programme.price, &row, shares, month);
        let (pass_id, value) = (pass.id, answer(pass, taken, row.clone()));
        self.written.redemptions.push((row, lines));
        self.written.masks.insert(pass_id, taken.mask);
        *self.taken.entry((pass_id, day)).or_default() += 1;
        let hash = self.hashes.get(place).and_then(Option::as_ref);
        if let Some(locked) = hash.and_then(|hash| self.passes.get_mut(hash)) {
            locked.pass.mask = taken.mask;
        }
        Some(value)
    }
}
