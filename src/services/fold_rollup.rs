//! Folding the journal into the rollup that reports are read from. Everything is exact without it;
//! it makes reports fast.

use std::collections::BTreeMap;

use super::{Error, Op, Outcome, Services};
use crate::domain::time::Zone;
use crate::store;
use crate::store::rollup::{FAMILIES, Pace, Piece};

/// When the families of a pace are folded.
struct Tier {
    pace: Pace,
    /// Fewer postings than this are left for the next time.
    worth: i64,
    /// Unless that was so long ago.
    seconds: i64,
    /// How many are folded in one transaction beside other work.
    piece: i64,
}

/// What most reports and pages ask: sums by month, agreement and kind, a few hundred rows that are
/// added to. Nothing but postings is read for them.
const SOON: Tier = Tier { pace: Pace::Soon, worth: 2_000, seconds: i64::MAX, piece: 20_000 };

/// Sums by theme, person, venue and place, for which each posting's redemption and pass are read.
/// Many at once cost less each, and in a rush those who redeem go first: a report by one of these
/// adds what waits by itself.
const GATHERED: Tier = Tier { pace: Pace::Gathered, worth: 100_000, seconds: 60, piece: 50_000 };

/// In a rush, sums that are folded late are left behind, up to so many postings. Sums of quarters and
/// years are read where they go as far as those of months; to the others a report adds what waits.
const LEFT_BEHIND: i64 = 1_000_000;

/// How many are folded late at a time, where many wait: others have their turn between.
const A_TURN: i64 = 200_000;

/// How many are folded in one transaction where everybody who writes waits for it.
const IN_THE_WAY: i64 = 4_000;

/// How many when nothing else is done.
const ALONE: i64 = 200_000;

/// How often to look whether those who write postings are done, when there is a next time.
const BRIEFLY: usize = 40;

/// How often, when there is none: for a minute.
const PATIENT: usize = 12_000;

/// Folds what was posted since the last time, where it is worth it; answers how many postings.
///
/// # Errors
/// A failure of the database. What was folded until then stays folded.
pub fn fold_rollup(services: &Services) -> Outcome<i64> {
    let single = services.store.url().single_writer();
    let piece = |beside: i64| if single { IN_THE_WAY } else { beside };
    let rush = worth_it(services, &SOON)?;
    let mut count = 0;
    for tier in [SOON, GATHERED] {
        if worth_it(services, &tier)?
            && let Some(last) = settled(services, BRIEFLY)?
        {
            count += fold(services, &of_pace(tier.pace), last, piece(tier.piece))?;
        }
    }
    let (gathered, late) = services.read(late)?;
    for (after, families) in late.into_iter().rev() {
        if !rush || gathered - after >= LEFT_BEHIND {
            let last = gathered.min(after + A_TURN);
            count += fold(services, &families, last, piece(GATHERED.piece))?;
        }
    }
    Ok(count)
}

/// How far the gathered families go; and the late ones, by how far each goes: one that is new to an
/// installation holds up no other.
fn late(op: &mut Op<'_>) -> Outcome<(i64, BTreeMap<i64, Vec<usize>>)> {
    let families = of_pace(Pace::Late);
    let mut late: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (family, after) in families.iter().zip(folded(op, &families)?) {
        late.entry(after).or_default().push(*family);
    }
    Ok((furthest_back(op, Pace::Gathered)?, late))
}

/// Folds everything, in large pieces: after a move, or before measuring.
///
/// # Errors
/// As [`fold_rollup`].
pub fn fold_whole_rollup(services: &Services) -> Outcome<i64> {
    let last = settled(services, PATIENT)?.ok_or_else(Error::busy)?;
    let folded = |pace| fold(services, &of_pace(pace), last, ALONE);
    Ok(folded(Pace::Soon)?.max(folded(Pace::Gathered)?).max(folded(Pace::Late)?))
}

/// The number up to which postings can be folded; `None` when somebody who writes some takes longer
/// than that many looks.
fn settled(services: &Services, looks: usize) -> Outcome<Option<i64>> {
    services.read(|op| Ok(store::rollup::settled(op.conn, looks)?))
}

fn worth_it(services: &Services, tier: &Tier) -> Outcome<bool> {
    services.read(|op| {
        let waiting = store::ledger::last_number(op.conn)? - furthest_back(op, tier.pace)?;
        let last = match of_pace(tier.pace).first() {
            Some(family) => store::rollup::folded_at(op.conn, *family)?,
            None => None,
        };
        let long_ago = last.is_none_or(|last| {
            op.now.micros().saturating_sub(last.micros()) / 1_000_000 >= tier.seconds
        });
        Ok(waiting >= tier.worth || (waiting >= SOON.worth && long_ago))
    })
}

/// The numbers of the families of a pace.
fn of_pace(pace: Pace) -> Vec<usize> {
    let of_it = FAMILIES.iter().enumerate().filter(|(_, family)| family.pace == pace);
    of_it.map(|(number, _)| number).collect()
}

/// Folds up to a number; answers how many postings.
fn fold(services: &Services, families: &[usize], last: i64, piece: i64) -> Outcome<i64> {
    let mut count = 0;
    loop {
        let Some(read) = services.read(|op| next(op, families, last, piece))? else {
            return Ok(count);
        };
        let added = read.added();
        count += services.write(|op| {
            store::rollup::lock(op.conn)?;
            let moved = |folded: i64| folded != read.after;
            if folded(op, read.families())?.into_iter().any(moved) {
                return Ok(0); // another instance was faster
            }
            added.add(op.conn)?;
            let day = op.now.day_in(Zone::PARIS);
            store::rollup::mark(op.conn, read.families(), day, read.up_to, op.now)?;
            Ok(read.up_to - read.after)
        })?;
    }
}

/// The next postings up to the last, a piece of them at most, for the families that are furthest
/// behind: all of these, unless a program that knew fewer of them folded.
fn next(op: &mut Op<'_>, families: &[usize], last: i64, piece: i64) -> Outcome<Option<Piece>> {
    let folded = folded(op, families)?;
    let after = folded.iter().copied().min().unwrap_or_default();
    let ahead = folded.iter().copied().filter(|folded| *folded > after).min();
    let up_to = last.min(after + piece).min(ahead.unwrap_or(last));
    if up_to <= after {
        return Ok(None);
    }
    let behind = families.iter().zip(folded).filter(|(_, folded)| *folded == after);
    let behind = behind.map(|(family, _)| *family).collect();
    Ok(Some(Piece::read(op.conn, behind, after, up_to)?))
}

/// How far all families of a pace go.
fn furthest_back(op: &mut Op<'_>, pace: Pace) -> Outcome<i64> {
    Ok(folded(op, &of_pace(pace))?.into_iter().min().unwrap_or_default())
}

/// How far each of these families goes.
fn folded(op: &mut Op<'_>, families: &[usize]) -> Outcome<Vec<i64>> {
    let folded = families.iter().map(|family| store::rollup::folded(op.conn, *family, None));
    Ok(folded.map(|folded| folded.map(|(up_to, _)| up_to)).collect::<Result<_, _>>()?)
}

/// The rollup against the postings it was folded from; what differs goes to `differences`.
pub(super) fn compare_rollup(op: &mut Op<'_>, differences: &mut Vec<String>) -> Outcome<()> {
    for (number, family) in FAMILIES.iter().enumerate() {
        let rows = store::rollup::differences(op.conn, number, family)?;
        if rows > 0 {
            differences
                .push(format!("rollup family {number}: {rows} sums are not those of the postings"));
        }
    }
    Ok(())
}
