//! Proving every pass from the postings of its line of replacements.

use std::collections::{HashMap, HashSet};

use super::verify_journal::{Journal, Share};
use super::{Error, Op, Outcome};
use crate::domain::agreement::Funding;
use crate::domain::ids::{PassId, ProgrammeId};
use crate::domain::mask::SlotMask;
use crate::domain::money::Cents;
use crate::domain::pass::{Pass, PassState, unused};
use crate::domain::programme::Programme;
use crate::domain::split::{self, ShareBp};
use crate::domain::time::Day;
use crate::store;
use crate::store::pass::PassRow;

/// How many rows are read at a time.
const BATCH: i64 = 2_000;

/// Compares every pass and answers how many there are; what differs goes to `differences`.
pub(super) fn compare_passes(
    op: &mut Op<'_>,
    journal: &mut Journal,
    differences: &mut Vec<String>,
) -> Outcome<u64> {
    let mut after = PassId(uuid::Uuid::nil());
    let mut count = 0;
    loop {
        let rows = store::pass::page(op.conn, after, BATCH)?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        let passes: Vec<Pass> = rows.iter().map(PassRow::pass).collect::<Result<_, _>>()?;
        let lines = Lines::read(op, &passes)?;
        for pass in &passes {
            lines.compare(op, journal, pass, differences)?;
            count += 1;
        }
    }
    for ((pass, agreement), _) in journal.shares.iter().filter(|(_, share)| !share.found) {
        let posted = "is posted to, and there is no such pass that it pays";
        differences.push(format!("pass {pass}, agreement {agreement}: {posted}"));
    }
    Ok(count)
}

/// What the tables hold of some lines of replacements.
struct Lines {
    masks: HashMap<PassId, SlotMask>,
    fundings: HashMap<PassId, Vec<Funding>>,
    programmes: HashMap<ProgrammeId, Programme>,
}

impl Lines {
    fn read(op: &mut Op<'_>, passes: &[Pass]) -> Outcome<Self> {
        let origins: Vec<PassId> = passes.iter().map(|pass| pass.origin).collect();
        let programmes: HashSet<ProgrammeId> = passes.iter().map(|pass| pass.programme).collect();
        let programmes: Vec<ProgrammeId> = programmes.into_iter().collect();
        let found = store::programme::by_ids(op.conn, &programmes)?;
        let programmes = found.into_iter().map(|one| (one.id, one)).collect();
        let masks = store::redemption::masks_of_lines(op.conn, &origins)?;
        let fundings = store::pass_funding::of_lines(op.conn, &origins)?;
        Ok(Self { masks, fundings, programmes })
    }

    fn compare(
        &self,
        op: &Op<'_>,
        journal: &mut Journal,
        pass: &Pass,
        differences: &mut Vec<String>,
    ) -> Outcome<()> {
        let programme = self.programmes.get(&pass.programme);
        let programme = programme.ok_or_else(|| Error::failure("a pass without its programme"))?;
        let fundings = self.fundings.get(&pass.origin).map(Vec::as_slice).unwrap_or_default();
        let mut found = promised(journal, programme.price, pass, fundings);
        if pass.state != PassState::Replaced {
            let standing = self.masks.get(&pass.origin).copied().unwrap_or_default();
            if standing != pass.mask {
                found.push("used slots are not those of its redemptions".to_owned());
            }
            found.extend(committed(journal, programme.price, pass, fundings));
            found.extend(wound_up(pass, op.now.day_in(programme.zone)).map(str::to_owned));
        }
        if op.services.keys.serial(pass.id).as_str() != pass.serial {
            found.push("its number is not that of its id".to_owned());
        }
        differences.extend(found.into_iter().map(|what| format!("pass {}: {what}", pass.id)));
        Ok(())
    }
}

/// Units and shares, living or dead, are those of the commitment at handover.
fn promised(journal: &Journal, price: Cents, pass: &Pass, fundings: &[Funding]) -> Vec<String> {
    let shares: Vec<ShareBp> = fundings.iter().map(|funding| funding.share).collect();
    let mut found = Vec::new();
    for (funding, whole) in fundings.iter().zip(split::cumulative(price, &shares, pass.units)) {
        let Share { promised, workshops, .. } = journal.share(pass.origin, funding.agreement);
        if (promised, workshops) != (funding.amount, pass.units) || promised != whole {
            found.push(format!(
                "agreement {} promised {promised} for {workshops} workshops by the postings, not \
                 {whole} for {}",
                funding.agreement, pass.units
            ));
        }
    }
    found
}

/// What is still committed is what its free slots cost.
fn committed(
    journal: &mut Journal,
    price: Cents,
    pass: &Pass,
    fundings: &[Funding],
) -> Vec<String> {
    let mut found = Vec::new();
    for (agreement, free) in unused(price, fundings, pass.mask, pass.units) {
        let expected = if pass.holds_money() { free } else { Cents::ZERO };
        let share = journal.shares.entry((pass.origin, agreement)).or_default();
        let derived = if share.found { Cents::ZERO } else { share.committed };
        share.found = true;
        if derived != expected {
            found.push(format!(
                "agreement {agreement} has {derived} committed by the postings, not {expected}"
            ));
        }
    }
    found
}

/// A pass is wound up once its days are over or when it is cancelled, and not before.
fn wound_up(pass: &Pass, today: Day) -> Option<&'static str> {
    let handed_over = pass.handed_over_at.is_some();
    match pass.state {
        PassState::Active | PassState::Suspended
            if pass.released && today <= pass.redeemable_until =>
        {
            Some("is wound up before its last day")
        }
        PassState::Void if handed_over && !pass.released => Some("is void and not wound up"),
        _ => None,
    }
}
