//! What the person at the door sees after a scan: what was validated last, and what is left.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::{Error, Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::{PassId, ProgrammeId, RedemptionId, VenueId};
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
        let facts = Facts::read(op, &rows)?;
        let mut today = Vec::new();
        for row in rows {
            let zone = facts.programme(&facts.pass(&row)?)?.zone;
            if row.redeemed_at.day_in(zone) < op.now.day_in(zone) {
                break;
            }
            today.push(facts.recent(op, row)?);
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
        Facts::read(op, std::slice::from_ref(&row))?.recent(op, row)
    })
}

/// What some redemptions are told with: a statement a table, however many they are.
struct Facts {
    /// By line: the pass that carries it on now. What is left is counted on it.
    lasts: HashMap<PassId, Pass>,
    serials: HashMap<PassId, String>,
    venues: HashMap<VenueId, String>,
    programmes: HashMap<ProgrammeId, Programme>,
}

impl Facts {
    fn read(op: &mut Op<'_>, rows: &[RedemptionRow]) -> Outcome<Self> {
        let origins: Vec<PassId> = each_once(rows.iter().map(|row| row.origin_id));
        let passes: Vec<PassId> = each_once(rows.iter().map(|row| row.pass_id));
        let venues: Vec<VenueId> = each_once(rows.iter().map(|row| row.venue_id));
        let mut lasts = HashMap::new();
        for row in store::redemption_line::lasts_of_lines(op.conn, &origins)? {
            lasts.insert(row.origin_id, row.pass()?);
        }
        let programmes = each_once(lasts.values().map(|pass: &Pass| pass.programme));
        let programmes = store::programme::by_ids(op.conn, &programmes)?;
        let venues = store::venue::by_ids(op.conn, &venues)?;
        Ok(Self {
            lasts,
            serials: store::redemption_line::serials(op.conn, &passes)?.into_iter().collect(),
            venues: venues.into_iter().map(|row| (row.id, row.name)).collect(),
            programmes: programmes.into_iter().map(|one| (one.id, one)).collect(),
        })
    }

    fn pass(&self, row: &RedemptionRow) -> Outcome<Pass> {
        let last = self.lasts.get(&row.origin_id);
        last.cloned().ok_or_else(|| Error::failure("a line of passes without an end"))
    }

    fn programme(&self, pass: &Pass) -> Outcome<&Programme> {
        let found = self.programmes.get(&pass.programme);
        found.ok_or_else(|| Error::failure("a pass without its programme"))
    }

    fn recent(&self, op: &Op<'_>, row: RedemptionRow) -> Outcome<Recent> {
        let pass = self.pass(&row)?;
        let programme = self.programme(&pass)?;
        let venue = self.venues.get(&row.venue_id);
        let serial = self.serials.get(&row.pass_id);
        let today = op.now.day_in(programme.zone);
        let day = row.redeemed_at.day_in(programme.zone);
        let undone = reversal::decide(day, today, programme.undo_days, row.reversed);
        let label = theme::theme(&row.theme).map_or(row.theme.as_str(), |theme| theme.label);
        let gone = || Error::failure("a redemption without its pass or venue");
        Ok(Recent {
            id: row.id.0,
            theme_label: label.to_owned(),
            venue_name: venue.cloned().ok_or_else(gone)?,
            hour: row.redeemed_at.hour_in(programme.zone),
            serial: serial.cloned().ok_or_else(gone)?,
            earlier: (row.workshop_day != day).then(|| in_letters(row.workshop_day)),
            training: row.training,
            reversed: row.reversed,
            may_undo: undone.is_ok(),
            remaining: pass.remaining(),
            last_day: in_letters(pass.last_day),
            theme: row.theme,
        })
    }
}

fn each_once<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    ids.collect::<BTreeSet<T>>().into_iter().collect()
}
