//! The accounting months: those that are closed, with their figures, and the next to close.

use std::collections::HashSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::close_month::earliest_today;
use super::{Op, Outcome, Services};
use crate::adapters::digest::hex;
use crate::domain::accounting::ClosedMonth;
use crate::domain::ids::AgreementId;
use crate::domain::time::Month;
use crate::store;
use crate::store::closed_month::ClosedFigures;

/// A closed month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClosedMonthView {
    /// Which.
    #[schema(example = "2026-03")]
    pub month: String,
    /// When it was closed, RFC 3339.
    pub closed_at: String,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// How many postings it holds.
    pub postings: i64,
    /// SHA-256 over the digest before and this month's postings, in hexadecimal.
    pub digest: String,
    /// Its figures as they were frozen.
    pub figures: MonthFigures,
}

/// The figures of a month over all agreements, in cents and workshops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MonthFigures {
    /// Paid in by funders.
    pub received_cents: i64,
    /// Committed by handovers.
    pub committed_cents: i64,
    /// Redeemed less undone.
    pub consumed_cents: i64,
    /// Released by expiry and void.
    pub released_cents: i64,
    /// Paid to venues' organisations.
    pub paid_cents: i64,
    /// Given back to funders.
    pub refunded_cents: i64,
    /// Owed to venues' organisations at the end.
    pub payable_cents: i64,
    /// In cash at the end.
    pub cash_cents: i64,
}

impl MonthFigures {
    fn of(rows: &[ClosedFigures]) -> Self {
        rows.iter().fold(Self::default(), |sum, row| Self {
            received_cents: sum.received_cents + row.received_cents,
            committed_cents: sum.committed_cents + row.committed_cents,
            consumed_cents: sum.consumed_cents + row.consumed_cents,
            released_cents: sum.released_cents + row.released_cents,
            paid_cents: sum.paid_cents + row.paid_cents,
            refunded_cents: sum.refunded_cents + row.refunded_cents,
            payable_cents: sum.payable_cents + row.payable_cents,
            cash_cents: sum.cash_cents + row.cash_cents,
        })
    }
}

/// The accounting months.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountingMonths {
    /// Those that are closed, the latest first.
    pub closed: Vec<ClosedMonthView>,
    /// Those that are over and open, in order: what a closing of the last of them closes.
    #[schema(example = json!(["2026-02", "2026-03"]))]
    pub to_close: Vec<String>,
    /// The figures of those months together, as they stand now.
    pub open_figures: Option<MonthFigures>,
}

/// The accounting months.
///
/// # Errors
/// A failure of the database.
pub fn accounting_months(services: &Services) -> Outcome<AccountingMonths> {
    services.read(|op| {
        let closed = store::closed_month::all(op.conn)?;
        let to_close = to_close(op, closed.first())?;
        let rehearsed = store::agreement::of_rehearsals(op.conn)?;
        let mut open = Vec::new();
        for month in &to_close {
            open.extend(store::month_figures::figures(op.conn, *month)?);
        }
        open.retain(|row| !rehearsed.contains(&row.agreement_id));
        let views: Outcome<Vec<_>> =
            closed.iter().map(|closed| view(op, closed, &rehearsed)).collect();
        Ok(AccountingMonths {
            closed: views?,
            to_close: to_close.iter().map(Month::to_string).collect(),
            open_figures: (!to_close.is_empty()).then(|| last_balances(&open)),
        })
    })
}

/// Movements add up over months; balances are those of the last one.
fn last_balances(rows: &[ClosedFigures]) -> MonthFigures {
    let last = rows.iter().map(|row| row.month).max().unwrap_or_default();
    let end: Vec<ClosedFigures> = rows.iter().filter(|row| row.month == last).cloned().collect();
    let end = MonthFigures::of(&end);
    MonthFigures {
        payable_cents: end.payable_cents,
        cash_cents: end.cash_cents,
        ..MonthFigures::of(rows)
    }
}

fn to_close(op: &mut Op<'_>, last: Option<&ClosedMonth>) -> Outcome<Vec<Month>> {
    let Some(first) = store::balances::first_month(op.conn)? else { return Ok(Vec::new()) };
    let current = Month::of(earliest_today(op)?);
    let begin = last.map_or(first, |last| last.month.next());
    let months = std::iter::successors(Some(begin), |month| Some(month.next()));
    Ok(months.take_while(|month| *month < current).collect())
}

/// Money of rehearsals is frozen like any other, and stands in no figure.
fn view(
    op: &mut Op<'_>,
    closed: &ClosedMonth,
    rehearsed: &HashSet<AgreementId>,
) -> Outcome<ClosedMonthView> {
    let by = match closed.closed_by {
        Some(user) => store::user::by_id(op.conn, user)?.map(|user| user.name),
        None => None,
    };
    let mut figures = store::closed_month::figures(op.conn, closed.month)?;
    figures.retain(|row| !rehearsed.contains(&row.agreement_id));
    Ok(ClosedMonthView {
        month: closed.month.to_string(),
        closed_at: closed.closed_at.to_string(),
        closed_by: by,
        postings: closed.postings,
        digest: hex(&closed.digest),
        figures: MonthFigures::of(&figures),
    })
}
