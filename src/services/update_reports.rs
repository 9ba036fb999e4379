//! Keeping sums and facts of the journal for reports. Everything is exact without them; they make
//! reports fast.

use super::{Error, Op, Outcome, Services};
use crate::store;
use crate::store::watermark::{Part, watermark};
use crate::store::{report_facts, report_sums};

/// How a part is kept.
struct Pace {
    part: Part,
    /// Fewer postings than this wait for the next time: a report reads them from the journal.
    worth: i64,
    /// How many one transaction takes.
    piece: i64,
    /// How many one run takes at most, so that others have their turn.
    turn: i64,
}

/// A few hundred rows that are added to. Nothing but postings is read.
const SUMS: Pace = Pace { part: Part::Sums, worth: 2_000, piece: 50_000, turn: i64::MAX };

/// Each posting's pass and redemption is read. The larger a piece, the closer together the facts
/// of one agreement lie.
const FACTS: Pace = Pace { part: Part::Facts, worth: 20_000, piece: 500_000, turn: 500_000 };

/// While many redeem, facts wait until so many are missing: the processor is for those who redeem.
const FACTS_WAIT_UNDER_LOAD: i64 = 1_000_000;

/// How many postings one transaction takes where everybody who writes waits for it.
const SINGLE_WRITER_PIECE: i64 = 4_000;

/// How often to look whether those who write postings are done, when there is a next time.
const LOOKS_OF_A_JOB: usize = 40;

/// How often, when there is none: for a minute.
const LOOKS_OF_A_COMMAND: usize = 12_000;

/// Adds what was posted since the last time, where it is worth it; answers how many postings.
///
/// # Errors
/// A failure of the database. What was added until then stays.
pub fn update_reports(services: &Services) -> Outcome<i64> {
    let rush = services.read(|op| waiting(op, Part::Sums))? >= SUMS.worth;
    let mut count = 0;
    for pace in [SUMS, FACTS] {
        let many = services.read(|op| waiting(op, pace.part))?;
        let left_behind = rush && pace.part == Part::Facts;
        if many >= if left_behind { FACTS_WAIT_UNDER_LOAD } else { pace.worth }
            && let Some(last) = settled(services, LOOKS_OF_A_JOB)?
        {
            count += update(services, &pace, last)?;
        }
    }
    Ok(count)
}

/// Adds everything: after an import, or before measuring.
///
/// # Errors
/// As [`update_reports`].
pub fn update_whole_reports(services: &Services) -> Outcome<i64> {
    let last = settled(services, LOOKS_OF_A_COMMAND)?.ok_or_else(Error::busy)?;
    let mut most = 0;
    for pace in [SUMS, FACTS] {
        most = most.max(update(services, &Pace { turn: i64::MAX, ..pace }, last)?);
    }
    Ok(most)
}

/// The number up to which postings can be added; `None` when somebody who writes some takes longer
/// than that many looks.
fn settled(services: &Services, looks: usize) -> Outcome<Option<i64>> {
    services.read(|op| Ok(store::watermark::settled(op.conn, looks)?))
}

fn waiting(op: &mut Op<'_>, part: Part) -> Outcome<i64> {
    Ok(store::ledger::last_number(op.conn)? - watermark(op.conn, part)?.up_to)
}

/// Adds postings up to a number, piece by piece; answers how many.
fn update(services: &Services, pace: &Pace, last: i64) -> Outcome<i64> {
    let piece = if services.store.url().single_writer() { SINGLE_WRITER_PIECE } else { pace.piece };
    let mut count = 0;
    while count < pace.turn {
        let added = services.write(|op| add_piece(op, pace.part, last, piece))?;
        if added == 0 {
            break;
        }
        count += added;
    }
    Ok(count)
}

/// Adds the next postings up to a number, a piece of them at most; answers how many.
fn add_piece(op: &mut Op<'_>, part: Part, last: i64, piece: i64) -> Outcome<i64> {
    store::watermark::lock(op.conn)?;
    let after = watermark(op.conn, part)?.up_to;
    let up_to = last.min(after + piece);
    if up_to <= after {
        return Ok(0);
    }
    match part {
        Part::Sums => report_sums::append(op.conn, after, up_to)?,
        Part::Facts => report_facts::append(op.conn, after, up_to)?,
    }
    store::watermark::advance(op.conn, part, after, up_to)?;
    Ok(up_to - after)
}

/// Sums and facts against the postings; what differs goes to `differences`.
pub(super) fn compare_reports(op: &mut Op<'_>, differences: &mut Vec<String>) -> Outcome<()> {
    let sums = report_sums::differences(op.conn)?;
    if sums > 0 {
        differences.push(format!("report sums: {sums} are not those of the postings"));
    }
    let facts = report_facts::differences(op.conn)?;
    if facts > 0 {
        differences.push(format!("report facts: {facts} are not those of the postings"));
    }
    Ok(())
}
