//! What the person at the door sees after a scan: what was validated last, and what is left.

use uuid::Uuid;

use super::{Error, Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::RedemptionId;
use crate::domain::pass::Pass;
use crate::domain::programme::Programme;
use crate::domain::refusal::Refused;
use crate::domain::reversal;
use crate::domain::theme;
use crate::domain::time::in_letters;
use crate::store;
use crate::store::redemption::RedemptionRow;

/// One redemption in the words of the person at the door.
#[derive(Clone, Debug)]
pub struct Recent {
    /// The redemption.
    pub id: Uuid,
    /// The theme's code.
    pub theme: String,
    /// The theme as people read it.
    pub theme_label: String,
    /// Where.
    pub venue_name: String,
    /// The serial number of the pass that was shown.
    pub serial: String,
    /// The hour in the programme's zone.
    pub hour: String,
    /// The day of the workshop in letters, when it was not the day it was validated.
    pub earlier: Option<String>,
    /// A rehearsal.
    pub training: bool,
    /// Whether it was undone.
    pub reversed: bool,
    /// Whether it may still be undone.
    pub may_undo: bool,
    /// What is left on the pass now.
    pub remaining: u8,
    /// The last day of the pass.
    pub last_day: String,
}

/// What the caller's organisation validated today, newest first, at most 200.
///
/// # Errors
/// A failure of the database.
pub fn today(services: &Services, caller: &Caller) -> Outcome<Vec<Recent>> {
    services.read(|op| {
        let own = caller.organisation;
        let rows = store::redemption::latest_of_payee(op.conn, own, 200)?;
        let mut today = Vec::new();
        for row in rows {
            let (pass, programme) = pass_and_programme(op, &row)?;
            if row.redeemed_at.day_in(programme.zone) < op.now.day_in(programme.zone) {
                break;
            }
            today.push(recent(op, row, &pass, &programme)?);
        }
        Ok(today)
    })
}

/// The redemption of that id, when the caller's organisation is owed for it.
///
/// # Errors
/// `not_found`.
pub fn by_id(services: &Services, caller: &Caller, id: RedemptionId) -> Outcome<Recent> {
    services.read(|op| {
        let found = store::redemption::of_payee(op.conn, id, caller.organisation)?;
        let row = found.ok_or_else(Refused::not_found)?;
        let (pass, programme) = pass_and_programme(op, &row)?;
        recent(op, row, &pass, &programme)
    })
}

fn recent(
    op: &mut Op<'_>,
    row: RedemptionRow,
    pass: &Pass,
    programme: &Programme,
) -> Outcome<Recent> {
    let shown = store::pass::named(op.conn, row.pass_id)?;
    let venue = store::venue::named(op.conn, row.venue_id)?;
    let today = op.now.day_in(programme.zone);
    let day = row.redeemed_at.day_in(programme.zone);
    let undone = reversal::decide(day, today, programme.undo_days, row.reversed);
    let label = theme::theme(&row.theme).map_or(row.theme.as_str(), |theme| theme.label);
    Ok(Recent {
        id: row.id.0,
        theme_label: label.to_owned(),
        venue_name: venue.name,
        hour: row.redeemed_at.hour_in(programme.zone),
        serial: shown.serial,
        earlier: (row.workshop_day != day).then(|| in_letters(row.workshop_day)),
        training: row.training,
        reversed: row.reversed,
        may_undo: undone.is_ok(),
        remaining: pass.remaining(),
        last_day: in_letters(pass.last_day),
        theme: row.theme,
    })
}

/// The pass that carries the line on now: what is left is counted on it.
fn pass_and_programme(op: &mut Op<'_>, row: &RedemptionRow) -> Outcome<(Pass, Programme)> {
    let pass = store::pass::last_of_line(op.conn, row.origin_id)?
        .ok_or_else(|| Error::failure("a line of passes without an end"))?;
    let programme = store::programme::by_id(op.conn, pass.programme_id)?
        .ok_or_else(|| Error::failure("a pass without its programme"))?;
    Ok((pass.pass()?, programme))
}
