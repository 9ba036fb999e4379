//! Redeeming many at once: what a lane does with the requests that came while it committed the
//! last ones. The rule is the same [`decide`], request by request; what is read is one statement
//! for all of them, and what is written another, which holds only while the passes are as they
//! were read.
//!
//! A batch takes what can be taken and repeats what was answered. Everything else (refusals, codes
//! that are mistyped, planned workshops, replaced passes) is told to go [`Answered::Alone`], the
//! ordinary way, which says why.

use std::collections::{HashMap, HashSet};

use chrono::Days;
use uuid::Uuid;

use super::guessing::{WRONG_CODE_SECONDS, WRONG_CODES};
use super::idempotency::{Once, done_of, done_text};
use super::redeem_pass::{Redeem, Redeemed, answer, check_request};
use super::redemption_rows::{By, Redemption, Workshop, lines_of, row_of};
use super::{Op, Outcome, Services};
use crate::domain::accounting;
use crate::domain::caller::Right;
use crate::domain::code::Code;
use crate::domain::ids::{PassId, UserId, VenueId};
use crate::domain::mask::SlotMask;
use crate::domain::redemption::{Facts, Taken, decide};
use crate::domain::time::{Day, Month};
use crate::store::redeem_batch::{
    About, Around, Change, Circumstance, Circumstances, Kept, Place, Seen, Written, seen,
};

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

/// Takes what can be taken of a batch: all of that, or nothing. What is `known` of venues and
/// programmes is used as long as it stands, and read again when it does not.
///
/// # Errors
/// A failure of the database: nothing was done, or it is not known whether it was. Each request
/// may then be asked by itself, under the same key.
pub fn redeem_batch(
    services: &Services,
    known: &mut Circumstances,
    asked: &[Asked],
) -> Outcome<Vec<Answered>> {
    services.write_guarded(|op| {
        let mut batch = Batch::read(op, known, asked)?;
        let mut answers = Vec::with_capacity(asked.len());
        for (place, one) in asked.iter().enumerate() {
            answers.push(batch.one(op, known, place, one)?);
        }
        batch.written.write(op.conn, op.now)?;
        Ok(answers)
    })
}

/// What was read for a batch, and what is to be written.
#[derive(Default)]
struct Batch {
    seen: HashMap<usize, Seen>,
    keys: HashSet<(Uuid, Uuid)>,
    masks: HashMap<PassId, SlotMask>,
    taken: HashMap<(PassId, Day), usize>,
    written: Written,
}

impl Batch {
    fn read(op: &mut Op<'_>, known: &mut Circumstances, asked: &[Asked]) -> Outcome<Self> {
        let about: Vec<About> = asked
            .iter()
            .enumerate()
            .filter_map(|(place, one)| about(op.services, place, one))
            .collect();
        let today = op.now.to_utc().date_naive();
        let around =
            Around { since: op.now.plus_seconds(-WRONG_CODE_SECONDS), first: today - Days::new(1) };
        let found = seen(op.conn, &about, around)?;
        if let Some(one) = found.first() {
            let places =
                found.iter().filter_map(|seen| Some(place_of(seen, asked.get(seen.place)?)));
            known.know(op.conn, one.stamp, places)?;
        }
        let may = found.into_iter().filter(|one| one.caller.may(Right::Redeem));
        Ok(Self { seen: may.map(|one| (one.place, one)).collect(), ..Self::default() })
    }

    fn one(
        &mut self,
        op: &Op<'_>,
        known: &Circumstances,
        place: usize,
        asked: &Asked,
    ) -> Outcome<Answered> {
        let Some(mut seen) = self.seen.remove(&place) else { return Ok(Answered::Alone) };
        let key = (seen.caller.organisation.0, asked.key);
        if let Some((hash, kept)) = &seen.answered {
            let done = if *hash == asked.request_hash { done_of(kept) } else { None };
            let again = |value| Answered::Done(Box::new(Once { value, replayed: true }));
            return Ok(done.map_or(Answered::Alone, again));
        }
        let Some(circumstance) = known.of(place_of(&seen, asked)) else {
            return Ok(Answered::Alone);
        };
        if self.keys.contains(&key) {
            return Ok(Answered::Alone);
        }
        if let Some(mask) = self.masks.get(&seen.pass.id) {
            seen.pass.mask = *mask;
        }
        let day = op.now.day_in(circumstance.zone);
        let Some(taken) = self.decided(&seen, circumstance, day) else {
            return Ok(Answered::Alone);
        };
        let month = accounting::month_of(day, seen.closed);
        let value = self.note(op, &asked.request, &seen, circumstance, (day, month), taken)?;
        self.keys.insert(key);
        self.written.answers.push(Kept {
            organisation: seen.caller.organisation,
            key: asked.key,
            request_hash: asked.request_hash.clone(),
            answer: done_text(&value)?,
        });
        Ok(Answered::Done(Box::new(Once { value, replayed: false })))
    }

    /// What the rule gives, if anything.
    fn decided(&self, seen: &Seen, circumstance: &Circumstance, day: Day) -> Option<Taken> {
        let guessing = usize::try_from(seen.wrong_codes).is_ok_and(|wrong| wrong >= WRONG_CODES);
        if guessing || circumstance.organisation != seen.caller.organisation {
            return None;
        }
        let before = self.taken.get(&(seen.pass.id, day)).copied().unwrap_or_default();
        let facts = Facts {
            pass: &seen.pass,
            max_per_day: circumstance.max_per_day,
            workshop_day: day,
            venue_accepted: circumstance.accepted,
            venue_labelled: circumstance.labelled_on(day),
            validated_that_day: &vec![String::new(); seen.validated_on(day) + before],
        };
        decide(&facts).ok()
    }

    /// One workshop, to be written.
    #[expect(clippy::too_many_arguments, reason = "goes with the batch")]
    fn note(
        &mut self,
        op: &Op<'_>,
        request: &Redeem,
        seen: &Seen,
        circumstance: &Circumstance,
        (day, month): (Day, Month),
        taken: Taken,
    ) -> Outcome<Redeemed> {
        let (pass, price) = (&seen.pass, circumstance.price);
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
            organisation: circumstance.organisation,
        };
        let row = row_of(op, Redemption { by, pass, price, taken, workshop });
        let lines = lines_of(pass, price, &row, &seen.shares, month)?;
        let value = answer(pass, taken, row.clone());
        self.written.redemptions.push((row, lines));
        let change = Change { version: seen.version, mask: taken.mask };
        self.written.changes.insert(pass.id, change);
        self.masks.insert(pass.id, taken.mask);
        *self.taken.entry((pass.id, day)).or_default() += 1;
        Ok(value)
    }
}

/// Where a request would take a workshop: the programme of the pass, and the venue.
fn place_of(seen: &Seen, asked: &Asked) -> Place {
    (seen.pass.programme, VenueId(asked.request.venue_id))
}

/// What is looked up for a request that a batch can take; `None` when it must go alone.
fn about(services: &Services, place: usize, asked: &Asked) -> Option<About> {
    let request = &asked.request;
    let plain = request.scheduled_workshop_id.is_none() && check_request(request).is_ok();
    let code = Code::read(&request.code).ok().filter(|_| plain)?;
    Some(About { place, hash: services.keys.code_hash(&code), user: asked.user, key: asked.key })
}
