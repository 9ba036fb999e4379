//! Folding the journal into the rollup that reports are read from. Everything is exact without it;
//! it makes reports fast.

use super::{Error, Op, Outcome, Services};
use crate::domain::refusal::Code;
use crate::domain::time::Zone;
use crate::store;

/// Fewer postings than this are as quickly read as folded.
const WORTH_FOLDING: i64 = 2_000;

/// How many postings are folded in one transaction beside other work.
const BESIDE_WORK: i64 = 20_000;

/// How many where everybody who writes waits for it.
const IN_THE_WAY: i64 = 4_000;

/// How many when nothing else is done.
const ALONE: i64 = 1_000_000;

/// Folds what was posted since the last time, when it is worth it; answers how many postings.
///
/// # Errors
/// A failure of the database. What was folded until then stays folded.
pub fn fold_rollup(services: &Services) -> Outcome<i64> {
    let alone = services.store.url().single_writer();
    fold(services, WORTH_FOLDING, if alone { IN_THE_WAY } else { BESIDE_WORK })
}

/// Folds everything, in large pieces: after a move, or before measuring.
///
/// # Errors
/// As [`fold_rollup`].
pub fn fold_whole_rollup(services: &Services) -> Outcome<i64> {
    fold(services, 1, ALONE)
}

fn fold(services: &Services, worth: i64, piece: i64) -> Outcome<i64> {
    let waiting = services.read(|op| Ok(store::ledger::last_number(op.conn)? - folded(op)?))?;
    if waiting < worth {
        return Ok(0);
    }
    // Numbers are given before they are committed: none below the last is still to come.
    let last = services.write(|op| {
        store::closed_month::lock_journal_soon(op.conn)?;
        Ok(store::ledger::last_number(op.conn)?)
    });
    if let Err(Error::Refused { refused, .. }) = &last
        && refused.code == Code::Busy
    {
        return Ok(0);
    }
    let last = last?;
    let mut count = 0;
    loop {
        let done = services.write(|op| {
            store::rollup::lock(op.conn)?;
            let after = folded(op)?;
            let up_to = last.min(after + piece);
            if up_to > after {
                store::rollup::fold(op.conn, after, up_to)?;
                let day = op.now.day_in(Zone::PARIS);
                store::rollup::mark(op.conn, day, up_to, op.now)?;
            }
            Ok(up_to - after)
        })?;
        if done <= 0 {
            return Ok(count);
        }
        count += done;
    }
}

fn folded(op: &mut Op<'_>) -> Outcome<i64> {
    Ok(store::rollup::folded(op.conn, None)?)
}

/// The rollup against the postings it was folded from; what differs goes to `differences`.
pub(super) fn compare_rollup(op: &mut Op<'_>, differences: &mut Vec<String>) -> Outcome<()> {
    for family in 0..store::rollup::FAMILIES.len() {
        let rows = store::rollup::differences(op.conn, family)?;
        if rows > 0 {
            differences
                .push(format!("rollup family {family}: {rows} sums are not those of the postings"));
        }
    }
    Ok(())
}
