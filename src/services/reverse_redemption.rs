//! Undoing a redemption: a new entry, once; the redemption stays visible as undone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::idempotency::{Key, Once, once};
use super::redemption_postings::parts_of_slot;
use super::{Error, Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::{RedemptionId, ReversalId};
use crate::domain::ledger::{self, PostingKind, Subject};
use crate::domain::pass::Pass;
use crate::domain::programme::Programme;
use crate::domain::refusal::{Check, Refused};
use crate::domain::reversal::{self, ReversalRefusal};
use crate::domain::statement::StatementState;
use crate::domain::time::Month;
use crate::store;
use crate::store::redemption::{NewReversal, RedemptionRow};

/// Why a redemption is undone.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reverse {
    /// In the words of the person who undoes it.
    #[schema(example = "Mauvais pass scanné")]
    pub reason: String,
}

/// A redemption that was undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reversed {
    /// The reversal.
    pub id: Uuid,
    /// The redemption it undoes.
    pub redemption_id: Uuid,
    /// The pass as it was shown then.
    pub pass_id: Uuid,
    /// The slot it gives back.
    pub slot: u8,
    /// Workshops left now.
    pub remaining: u8,
    /// When, RFC 3339.
    pub reversed_at: String,
}

/// Undoes a redemption of the caller's organisation.
///
/// # Errors
/// A [`ReversalRefusal`], or `not_found` for another organisation's redemption.
pub fn reverse_redemption(
    services: &Services,
    caller: &Caller,
    id: RedemptionId,
    request: &Reverse,
    key: Option<&Key>,
) -> Outcome<Once<Reversed>> {
    let mut check = Check::default();
    check.text(&request.reason, 500, "/reason");
    check.done()?;
    once(services, key, |op| {
        let seen = of_caller(op, caller, id)?;
        store::pass::lock_line(op.conn, seen.origin_id)?;
        let redemption = of_caller(op, caller, id)?;
        let (pass, programme) = live_pass(op, &redemption)?;

        let today = op.now.day_in(programme.zone);
        let redeemed_day = redemption.redeemed_at.day_in(programme.zone);
        reversal::decide(redeemed_day, today, programme.undo_days, redemption.reversed)?;
        not_approved(op, &redemption)?;

        if !store::redemption::mark_reversed(op.conn, id)? {
            return Err(ReversalRefusal::AlreadyReversed.into());
        }
        let reversal = ReversalId(op.id());
        let row = NewReversal {
            id: reversal,
            redemption_id: id,
            user_id: caller.user,
            reason: request.reason.trim(),
            reversed_at: op.now,
        };
        store::redemption::insert_reversal(op.conn, &row)?;
        give_back(op, &redemption, &pass, &programme)
            .and_then(|remaining| answer(op, reversal, &redemption, remaining))
    })
}

fn of_caller(op: &mut Op<'_>, caller: &Caller, id: RedemptionId) -> Outcome<RedemptionRow> {
    let found = store::redemption::of_payee(op.conn, id, caller.organisation)?;
    Ok(found.ok_or_else(Refused::not_found)?)
}

/// A redemption on a statement that somebody approved stays. The statement is locked: an approval
/// under way is waited for, and one that comes later sees the reversal on the next statement.
fn not_approved(op: &mut Op<'_>, redemption: &RedemptionRow) -> Outcome<()> {
    let Some(month) = store::statement_line::month_of(op.conn, redemption.id)? else {
        return Ok(());
    };
    let payee = redemption.organisation_id;
    let Some(issued) = store::statement::of_month(op.conn, payee, month)? else { return Ok(()) };
    let statement = store::statement::locked(op.conn, issued.id)?;
    match statement {
        Some(statement) if statement.state != StatementState::Draft => {
            Err(ReversalRefusal::StatementApproved { reference: statement.reference() }.into())
        }
        _ => Ok(()),
    }
}

/// The pass that carries the line on now: it may not be the one that was scanned.
fn live_pass(op: &mut Op<'_>, redemption: &RedemptionRow) -> Outcome<(Pass, Programme)> {
    let row = store::pass::last_of_line(op.conn, redemption.origin_id)?
        .ok_or_else(|| Error::failure("a line of passes without an end"))?;
    let programme = store::programme::by_id(op.conn, row.programme_id)?
        .ok_or_else(|| Error::failure("a pass without its programme"))?;
    Ok((row.pass()?, programme))
}

/// Frees the slot and gives the same cents back: to the pass while it lives, and on to its
/// funders once it is dead.
fn give_back(
    op: &mut Op<'_>,
    redemption: &RedemptionRow,
    pass: &Pass,
    programme: &Programme,
) -> Outcome<u8> {
    let mask = pass.mask.give_back(redemption.slot()?);
    store::pass::set_mask(op.conn, pass.id, mask)?;

    let fundings = store::pass_funding::of_line(op.conn, pass.origin)?;
    let parts = parts_of_slot(programme.price, &fundings, redemption.slot()?);
    let leader = super::hand_over::leader(&fundings);
    let month = op.accounting_month(programme.zone)?;
    let subject = Subject {
        pass: Some(pass.origin),
        redemption: Some(redemption.id),
        venue: Some(redemption.venue_id),
        payee: Some(redemption.organisation_id),
        workshops: 1,
        starts: -i8::from(mask.used() == 0),
        ..Subject::default()
    };
    let lines = ledger::event(PostingKind::Reversal, month, &parts, leader, subject);
    let workshop_month = Month::of(redemption.workshop_day);
    store::ledger::insert(op.conn, &lines, Some(workshop_month), op.now)?;
    if !pass.holds_money() {
        let lapsed = Subject { pass: Some(pass.origin), workshops: 1, ..Subject::default() };
        // It lapses now, whenever the workshop was.
        let lines = ledger::event(PostingKind::Release, month, &parts, leader, lapsed);
        store::ledger::insert(op.conn, &lines, None, op.now)?;
        for (agreement, amount) in &parts {
            store::agreement::add_available(op.conn, *agreement, *amount)?;
        }
    }
    Ok(pass.units.saturating_sub(mask.used()))
}

fn answer(
    op: &Op<'_>,
    id: ReversalId,
    redemption: &RedemptionRow,
    remaining: u8,
) -> Outcome<Reversed> {
    Ok(Reversed {
        id: id.0,
        redemption_id: redemption.id.0,
        pass_id: redemption.pass_id.0,
        slot: redemption.slot()?,
        remaining,
        reversed_at: op.now.to_string(),
    })
}
