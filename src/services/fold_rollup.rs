//! Folding the journal into the rollup that reports are read from. Everything is exact without it;
//! it makes reports fast.

use std::ops::Range;

use super::{Error, Op, Outcome, Services};
use crate::domain::time::Zone;
use crate::store;
use crate::store::rollup::{FAMILIES, Piece};

/// Families of sums that are folded together.
struct Tier {
    families: Range<usize>,
    /// Fewer postings than this are left for the next time.
    worth: i64,
    /// Unless that was so long ago.
    seconds: i64,
    /// How many are folded in one transaction beside other work.
    piece: i64,
}

/// What most reports and pages ask: sums by month, agreement and kind, a few hundred rows that are
/// added to. Nothing but postings is read for them.
const PLAIN: Tier = Tier { families: 0..1, worth: 2_000, seconds: i64::MAX, piece: 20_000 };

/// Sums by theme, person, venue and place, for which each posting's redemption and pass are read.
/// Many at once cost less each, and in a rush those who redeem go first: a report by one of these
/// adds what waits by itself.
const DETAILED: Tier =
    Tier { families: 1..FAMILIES.len(), worth: 100_000, seconds: 60, piece: 50_000 };

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
    let mut count = 0;
    for tier in [PLAIN, DETAILED] {
        if worth_it(services, &tier)? {
            let piece = if single { IN_THE_WAY } else { tier.piece };
            count += fold(services, &tier, piece, BRIEFLY)?.unwrap_or_default();
        }
    }
    Ok(count)
}

/// Folds everything, in large pieces: after a move, or before measuring.
///
/// # Errors
/// As [`fold_rollup`].
pub fn fold_whole_rollup(services: &Services) -> Outcome<i64> {
    fold(services, &PLAIN, ALONE, PATIENT)?.ok_or_else(Error::busy)?;
    fold(services, &DETAILED, ALONE, PATIENT)?.ok_or_else(Error::busy)
}

fn worth_it(services: &Services, tier: &Tier) -> Outcome<bool> {
    services.read(|op| {
        let families: Vec<usize> = tier.families.clone().collect();
        let folded = folded(op, &families)?.into_iter().min().unwrap_or_default();
        let waiting = store::ledger::last_number(op.conn)? - folded;
        let last = store::rollup::folded_at(op.conn, tier.families.start)?;
        let long_ago = last.is_none_or(|last| {
            op.now.micros().saturating_sub(last.micros()) / 1_000_000 >= tier.seconds
        });
        Ok(waiting >= tier.worth || (waiting >= PLAIN.worth && long_ago))
    })
}

/// How many postings were folded; `None` when somebody who writes some takes longer than that many
/// looks.
fn fold(services: &Services, tier: &Tier, piece: i64, looks: usize) -> Outcome<Option<i64>> {
    let last = services.read(|op| Ok(store::rollup::settled(op.conn, looks)?))?;
    let Some(last) = last else { return Ok(None) };
    let mut count = 0;
    loop {
        let Some(read) = services.read(|op| next(op, tier, last, piece))? else {
            return Ok(Some(count));
        };
        let added = read.added();
        count += services.write(|op| {
            store::rollup::lock(op.conn)?;
            let faster = |folded: i64| folded != read.after;
            if folded(op, read.families())?.into_iter().any(faster) {
                return Ok(0); // another instance
            }
            added.add(op.conn)?;
            let day = op.now.day_in(Zone::PARIS);
            store::rollup::mark(op.conn, read.families(), day, read.up_to, op.now)?;
            Ok(read.up_to - read.after)
        })?;
    }
}

/// The next postings up to the last, a piece of them at most, for the families that are furthest
/// behind: all of a tier, unless a program that knew fewer of them folded.
fn next(op: &mut Op<'_>, tier: &Tier, last: i64, piece: i64) -> Outcome<Option<Piece>> {
    let families: Vec<usize> = tier.families.clone().collect();
    let folded = folded(op, &families)?;
    let after = folded.iter().copied().min().unwrap_or_default();
    let ahead = folded.iter().copied().filter(|folded| *folded > after).min();
    let up_to = last.min(after + piece).min(ahead.unwrap_or(last));
    if up_to <= after {
        return Ok(None);
    }
    let behind = families.into_iter().zip(folded).filter(|(_, folded)| *folded == after);
    let behind = behind.map(|(family, _)| family).collect();
    Ok(Some(Piece::read(op.conn, behind, after, up_to)?))
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
