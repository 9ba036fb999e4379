//! Listing the passes an organisation handed over, and counting those that need a call.

use chrono::{Days, NaiveDate};

use super::list::{Listed, Page};
use super::read_pass::{PassView, views};
use super::{Op, Outcome, Services};
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::PassId;
use crate::domain::pass_status::{ASLEEP_AFTER_DAYS, PassStatus};
use crate::domain::refusal::Check;
use crate::domain::time::{Day, Month, Zone};
use crate::store;
use crate::store::pass_list::Filter;

/// Which passes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Only those in this state.
    pub status: Option<PassStatus>,
    /// Whether a workshop was taken; void and replaced passes are left out then.
    pub started: Option<bool>,
    /// Only those handed over so long ago that somebody should ask why they sleep.
    pub asleep: bool,
    /// First day of handover.
    pub from: Option<NaiveDate>,
    /// Last day of handover.
    pub to: Option<NaiveDate>,
}

/// How many passes of an organisation there are, rehearsals left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Handed over since the month began.
    pub this_month: i64,
    /// Active, and no workshop taken yet.
    pub not_started: i64,
    /// Those of them that were handed over long ago.
    pub asleep: i64,
}

/// One page of the passes the caller's organisation handed over, newest first; of all passes for
/// the operator.
///
/// # Errors
/// Days that are in no calendar or in the wrong order.
pub fn list(
    services: &Services,
    caller: &Caller,
    wanted: Wanted,
    page: Page,
) -> Outcome<Listed<PassView>> {
    let mut check = Check::default();
    check.days(&[(wanted.from, "/handed_over_from"), (wanted.to, "/handed_over_to")]);
    let ordered = wanted.from.zip(wanted.to).is_none_or(|(from, to)| from <= to);
    let detail = "Le dernier jour doit suivre le premier.";
    check.that(ordered, "/handed_over_to", "out_of_range", detail);
    check.done()?;
    services.read(|op| {
        let filter = filter(op, caller, wanted)?;
        let rows = store::pass_list::page(op.conn, &filter, PassId(page.after), page.fetch())?;
        let Listed { items, next } = page.cut(rows, |row| row.id.0);
        Ok(Listed { items: views(op, items)?, next })
    })
}

/// What the caller's organisation handed over and what sleeps.
///
/// # Errors
/// A failure of the database.
pub fn counts(services: &Services, caller: &Caller) -> Outcome<Counts> {
    services.read(|op| {
        let first = Month::of(today(op, caller)?).first_day();
        let handed_over = Wanted { from: Some(first), ..Wanted::default() };
        let not_started =
            Wanted { status: Some(PassStatus::Active), started: Some(false), ..Wanted::default() };
        let asleep = Wanted { asleep: true, ..not_started };
        let [handed_over, not_started, asleep] = [
            filter(op, caller, handed_over)?,
            filter(op, caller, not_started)?,
            filter(op, caller, asleep)?,
        ];
        Ok(Counts {
            this_month: store::pass_list::count_handovers(op.conn, &handed_over)?,
            not_started: store::pass_list::count(op.conn, &not_started)?,
            asleep: store::pass_list::count(op.conn, &asleep)?,
        })
    })
}

/// The first day of this month where the caller's organisation hands out.
///
/// # Errors
/// A failure of the database.
pub fn month_begins(services: &Services, caller: &Caller) -> Outcome<NaiveDate> {
    services.read(|op| Ok(Month::of(today(op, caller)?).first_day()))
}

fn filter(op: &mut Op<'_>, caller: &Caller, wanted: Wanted) -> Outcome<Filter> {
    let awake = today(op, caller)?.checked_sub_days(Days::new(ASLEEP_AFTER_DAYS + 1));
    let to = match awake.filter(|_| wanted.asleep) {
        Some(day) => Some(wanted.to.map_or(day, |to| to.min(day))),
        None => wanted.to,
    };
    Ok(Filter {
        prescriber: (caller.role != Role::Operator).then_some(caller.organisation),
        status: wanted.status,
        started: wanted.started,
        from: wanted.from,
        to,
        days: days(op)?,
    })
}

/// Today where the caller's organisation hands out: in its first programme's zone.
fn today(op: &mut Op<'_>, caller: &Caller) -> Outcome<Day> {
    let programmes = store::programme::of_prescriber(op.conn, caller.organisation)?;
    let zone = programmes.first().map_or(Zone::PARIS, |programme| programme.zone);
    Ok(op.now.day_in(zone))
}

/// What day it is in the zones of the programmes.
fn days(op: &mut Op<'_>) -> Outcome<store::pass_list::Days> {
    let utc = op.now.to_utc().date_naive();
    let before = utc.pred_opt().unwrap_or(utc);
    let after = utc.succ_opt().unwrap_or(utc);
    let mut days = [(before, Vec::new()), (utc, Vec::new()), (after, Vec::new())];
    for name in store::pass_list::zones(op.conn)? {
        let zone = store::programme::zone(&name)?;
        let today = op.now.day_in(zone);
        if let Some((_, zones)) = days.iter_mut().find(|(day, _)| *day == today) {
            zones.push(name);
        }
    }
    Ok(days)
}
