//! Proving the closed months from the postings: nothing was added or touched since, the figures
//! are those that were frozen, and statements and funding calls are what the postings say.

use std::collections::BTreeMap;

use super::month_postings::MonthPostings;
use super::{Op, Outcome};
use crate::domain::accounting::ClosedMonth;
use crate::domain::funding_call::FundingCall;
use crate::domain::ids::OrganisationId;
use crate::domain::statement::Statement;
use crate::store;
use crate::store::month_figures::Share;
use crate::store::statement::Filter;

/// Re-derives every closed month and compares; what differs goes to `differences`.
pub(super) fn compare_closings(op: &mut Op<'_>, differences: &mut Vec<String>) -> Outcome<()> {
    let mut closed = store::closed_month::all(op.conn)?;
    closed.reverse();
    let (mut before, mut numbers): (Option<ClosedMonth>, Numbers) = (None, Numbers::default());
    for month in closed {
        if let Some(before) = &before
            && before.month.next() != month.month
        {
            differences.push(format!("{} is closed, the month before it is not", month.month));
        }
        let digest_before = before.as_ref().map(|before| before.digest.as_slice());
        let postings = MonthPostings::read(op, month.month, digest_before)?;
        compare_digest(&month, &postings, differences);
        let figures = store::closed_month::figures(op.conn, month.month)?;
        if figures != store::month_figures::figures(op.conn, month.month)? {
            differences.push(format!("{}: figures are not those that were frozen", month.month));
        }
        compare_documents(op, &month, &postings.earned, &mut numbers, differences)?;
        before = Some(month);
    }
    differences.extend(numbers.gaps());
    Ok(())
}

fn compare_digest(closed: &ClosedMonth, postings: &MonthPostings, differences: &mut Vec<String>) {
    let (month, count, frozen) = (closed.month, postings.count, closed.postings);
    if count != frozen {
        differences.push(format!("{month}: {count} postings, not {frozen}"));
    }
    if postings.digest != closed.digest {
        differences.push(format!("{month}: postings are not those that were frozen"));
    }
}

/// The numbers that were given in each year, of statements and of calls.
#[derive(Default)]
struct Numbers(BTreeMap<(&'static str, i32), Vec<i32>>);

impl Numbers {
    fn note(&mut self, kind: &'static str, year: i32, number: i32) {
        self.0.entry((kind, year)).or_default().push(number);
    }

    fn gaps(mut self) -> Vec<String> {
        let mut found = Vec::new();
        for ((kind, year), numbers) in &mut self.0 {
            numbers.sort_unstable();
            if (1..).zip(numbers.iter()).any(|(place, number)| place != *number) {
                found.push(format!("{kind} of {year} are not numbered without gaps"));
            }
        }
        found
    }
}

fn compare_documents(
    op: &mut Op<'_>,
    closed: &ClosedMonth,
    earned: &[Share],
    numbers: &mut Numbers,
    differences: &mut Vec<String>,
) -> Outcome<()> {
    let statements = statements(op, closed)?;
    let issued = statements.iter().map(|one| (one.organisation, one.workshops, one.amount.0));
    if by_organisation(issued) != by_organisation(earned.iter().map(share)) {
        let month = closed.month;
        differences.push(format!("{month}: statements are not what the postings say"));
    }
    let calls = calls(op, closed)?;
    let consumed = store::month_figures::consumed(op.conn, closed.month)?;
    let issued = calls.iter().map(|one| (one.funder, 0, one.amount.0));
    let derived = consumed.iter().map(|one| (one.organisation, 0, one.cents));
    if by_organisation(issued) != by_organisation(derived) {
        let month = closed.month;
        differences.push(format!("{month}: funding calls are not what the postings say"));
    }
    for one in &statements {
        numbers.note("statements", one.year, one.number);
        let carried = store::statement::carried_into(op.conn, one.id)?;
        if carried.iter().map(Statement::due).sum::<crate::domain::money::Cents>() != one.carried {
            differences.push(format!("{}: takes over another total than it says", one.reference()));
        }
    }
    for one in &calls {
        numbers.note("funding calls", one.year, one.number);
    }
    Ok(())
}

fn share(share: &Share) -> (OrganisationId, i64, i64) {
    (share.organisation, share.workshops, share.cents)
}

fn by_organisation(
    shares: impl Iterator<Item = (OrganisationId, i64, i64)>,
) -> BTreeMap<OrganisationId, Vec<(i64, i64)>> {
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (organisation, workshops, cents) in shares {
        found.entry(organisation).or_default().push((workshops, cents));
    }
    found
}

fn statements(op: &mut Op<'_>, closed: &ClosedMonth) -> Outcome<Vec<Statement>> {
    let filter = Filter { month: Some(closed.month), ..Filter::default() };
    Ok(store::statement::page(op.conn, &filter, None, i64::MAX)?)
}

fn calls(op: &mut Op<'_>, closed: &ClosedMonth) -> Outcome<Vec<FundingCall>> {
    Ok(store::funding_call::page(op.conn, None, Some(closed.month), None, i64::MAX)?)
}
