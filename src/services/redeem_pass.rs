//! Redeeming: workshops taken from passes by venues. The central story of the house: whichever door
//! a request came to, it is decided here, with all that came while the last ones were committed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::guessing;
use super::idempotency::{self, Once};
use super::redeem_request::{Redeem, Redeemed, Request, check_request};
use super::redemption_facts::{self, Decided};
use super::redemption_postings::consumption;
use super::scheduled_workshops::planned_at;
use super::{Error, Op, Outcome, Services};
use crate::domain::accounting;
use crate::domain::caller::Caller;
use crate::domain::ids::{EntryId, RedemptionId, ScheduledWorkshopId, UserId, VenueId};
use crate::domain::pass::Pass;
use crate::domain::redemption::Taken;
use crate::domain::refusal::Refused;
use crate::domain::time::Month;
use crate::store::ledger::NewPosting;
use crate::store::redeem_batch::{BatchFacts, Written};
use crate::store::redemption::RedemptionRow;
use crate::store::wrong_code::WrongCodeRow;

/// Decides requests in the order they came, in one transaction; one answer each. A batch that
/// fails is split and decided again, so that a request can only fail for itself.
///
/// # Errors
/// Of each: a [`RedemptionRefusal`], a refusal about the caller, the venue, the theme, the key or
/// too many wrong codes, or a failure. `busy` when the database is not there: the same request,
/// under the same key, may be sent again.
///
/// [`RedemptionRefusal`]: crate::domain::redemption::RedemptionRefusal
pub fn redeem(services: &Services, requests: &[Request]) -> Vec<Outcome<Once<Redeemed>>> {
    let batch = catch_unwind(AssertUnwindSafe(|| redeem_together(services, requests)));
    let error = match batch.unwrap_or_else(|_| Err(Error::failure("a batch panicked"))) {
        Ok(answers) => return answers,
        Err(error) => error,
    };
    match (requests, error) {
        ([_], error) => vec![Err(error)],
        (_, Error::Refused { refused, .. }) => {
            requests.iter().map(|_| Err((*refused).clone().into())).collect()
        }
        (_, Error::Failure(failure)) => {
            tracing::warn!(cause = failure.for_the_log(), "a batch is split");
            let (first, second) = requests.split_at(requests.len() / 2);
            let mut answers = redeem(services, first);
            answers.extend(redeem(services, second));
            answers
        }
    }
}

fn redeem_together(
    services: &Services,
    requests: &[Request],
) -> Outcome<Vec<Outcome<Once<Redeemed>>>> {
    services.write(|op| {
        let mut batch = Batch {
            facts: redemption_facts::read(op, requests, true)?,
            written: Written::default(),
        };
        let answers = requests.iter().map(|request| batch.answer(op, request)).collect();
        batch.written.write(op.conn)?;
        Ok(answers)
    })
}

/// What was read for a batch, and what is to be written.
pub(super) struct Batch {
    pub facts: BatchFacts,
    pub written: Written,
}

impl Batch {
    /// What a request is answered: what it was before, or what is decided now.
    fn answer(&mut self, op: &Op<'_>, request: &Request) -> Outcome<Once<Redeemed>> {
        let caller = self.facts.caller(&request.by)?;
        let stored = self.facts.answers.get(&(caller.organisation, EntryId(request.key)));
        let outcome = if let Some(stored) = stored {
            // A scan may have come by another door before: with other bytes, of the same pass.
            let bound_to = request.scan.is_none().then_some(&request.request_hash);
            idempotency::replay(stored, bound_to)
        } else {
            let taken = self.take(op, &caller, request);
            self.store_answer(op, &caller, request, &taken)?;
            taken.map(|value| Once { value, replayed: false })
        };
        self.record_scan(op, &caller, request, &outcome)?;
        outcome
    }

    /// Takes one workshop from a pass.
    fn take(&mut self, op: &Op<'_>, caller: &Caller, request: &Request) -> Outcome<Redeemed> {
        check_request(&request.redeem)?;
        self.must_be_recent(op, request)?;
        let decided = self.facts.decide(op, request, None);
        let decided = decided.map_err(|error| self.unless_since(op, request, error))?;
        let row = self.row(op, caller.user, &request.redeem, &decided)?;
        if let Some(scan) = &request.scan {
            self.facts.must_be_believed(op, scan, &decided)?;
        }
        book(op, &self.facts, &mut self.written, &decided, &row)?;
        let (pass, taken) = (decided.pass.clone(), decided.taken);
        self.facts.took(op, &request.redeem.code, taken, &row);
        Ok(answer(&pass, taken, row))
    }

    /// What the request says, and what the planned workshop says where the request is silent.
    pub(super) fn row(
        &self,
        op: &Op<'_>,
        user: UserId,
        redeem: &Redeem,
        decided: &Decided<'_>,
    ) -> Result<RedemptionRow, Refused> {
        let venue = VenueId(redeem.venue_id);
        let id = redeem.scheduled_workshop_id.map(ScheduledWorkshopId);
        let find = |id| {
            planned_at(self.facts.planned.get(&id), venue, decided.programme.zone, decided.day)
        };
        let planned = id.map(find).transpose()?;
        let theme = redeem.theme.as_ref().or(planned.map(|planned| &planned.theme));
        Ok(RedemptionRow {
            id: RedemptionId(op.id()),
            pass_id: decided.pass.id,
            origin_id: decided.pass.origin,
            slot: i32::from(decided.taken.slot),
            venue_id: venue,
            organisation_id: decided.venue.organisation,
            user_id: user,
            theme: theme.cloned().unwrap_or_default(),
            minutes: redeem.minutes.map(i32::from).or(planned.map(|planned| planned.minutes)),
            mode: redeem.mode.clone().or(planned.map(|_| "group".to_owned())),
            workshop_day: decided.day,
            redeemed_at: op.now,
            price_cents: decided.programme.price.0,
            training: decided.pass.training,
            reversed: false,
            scheduled_workshop_id: id,
        })
    }

    /// Keeps what was answered, so that the same key gets the same answer; notes a wrong code.
    fn store_answer(
        &mut self,
        op: &Op<'_>,
        caller: &Caller,
        request: &Request,
        outcome: &Outcome<Redeemed>,
    ) -> Outcome<()> {
        let answer = match outcome {
            Err(Error::Failure(_)) => return Ok(()),
            Err(Error::Refused { refused, .. }) => {
                if guessing::counts(refused.code) {
                    let id = EntryId(op.id());
                    let row = WrongCodeRow { id, user_id: caller.user, at: op.now };
                    self.written.wrong_codes.push(row);
                    self.facts.wrong_codes.entry(caller.user).or_default().insert(0, op.now);
                }
                // A device does not ask again: whatever it was refused is its answer.
                let settles = request.scan.is_some() && !refused.may_be_sent_again();
                if !settles && !idempotency::worth_storing(refused) {
                    return Ok(());
                }
                Err(&**refused)
            }
            Ok(value) => Ok(value),
        };
        let key = idempotency::Key {
            organisation: caller.organisation,
            key: request.key,
            request_hash: request.request_hash.clone(),
            personal: false,
        };
        let row = idempotency::answer_row(&key, answer, op.now)?;
        self.facts.answers.insert((row.organisation_id, row.key), row.clone());
        self.written.answers.push(row);
        Ok(())
    }
}

/// Adds to what is `written`: the slot, the redemption and its postings.
pub(super) fn book(
    op: &Op<'_>,
    facts: &BatchFacts,
    written: &mut Written,
    decided: &Decided<'_>,
    row: &RedemptionRow,
) -> Outcome<()> {
    let pass = decided.pass;
    let shares = facts.shares.get(&pass.origin).map(Vec::as_slice).unwrap_or_default();
    let month = accounting::month_of(op.now.day_in(decided.programme.zone), facts.closed);
    for posting in consumption(pass, row, shares, month)? {
        let workshop_month = Some(Month::of(row.workshop_day));
        written.postings.push(NewPosting::new(&posting, workshop_month, op.now));
    }
    written.masks.insert(pass.id, decided.taken.mask);
    written.redemptions.push(row.clone());
    Ok(())
}

fn answer(pass: &Pass, taken: Taken, row: RedemptionRow) -> Redeemed {
    Redeemed {
        id: row.id.0,
        pass_id: pass.id.0,
        slot: taken.slot,
        remaining: taken.remaining,
        last_day: pass.last_day,
        theme: row.theme,
        venue_id: row.venue_id.0,
        workshop_day: row.workshop_day,
        redeemed_at: row.redeemed_at.to_string(),
        price_cents: row.price_cents,
    }
}
