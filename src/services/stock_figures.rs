//! The passes of programmes: made, and in stock. Reports, the desk and the end of a programme tell
//! the same figures.

use std::collections::BTreeMap;

use super::{Op, Outcome};
use crate::domain::ids::ProgrammeId;
use crate::domain::report::{By, Group, Stock};
use crate::domain::time::{Month, Zone};
use crate::store;
use crate::store::report_scope::Scope;

/// Everything a scope's programmes ever did, whoever pays.
pub(super) fn ever(op: &Op<'_>, programme: Option<ProgrammeId>) -> Scope {
    let today = Month::of(op.now.day_in(Zone::PARIS));
    Scope {
        funder: None,
        programme,
        from: Month::FIRST,
        to: today.next(),
        by: By::AccountingMonth,
        as_of: None,
        with_training: true,
    }
}

/// The passes of each programme that the agreements of a scope pay for, as of its instant.
pub(super) fn by_programme(
    op: &mut Op<'_>,
    scope: &Scope,
) -> Outcome<BTreeMap<ProgrammeId, Stock>> {
    let (as_of, with_training) = (scope.as_of, scope.with_training);
    let ever = Scope { as_of, with_training, ..ever(op, scope.programme) };
    let moved = store::figures::consumption(op.conn, &ever, &[Group::Programme])?;
    let handed_over = |programme: ProgrammeId| {
        let key = Some(programme.0.simple().to_string());
        let row = moved.iter().find(|row| row.keys == [(Group::Programme, key.clone())]);
        row.map_or(0, |row| row.counters.passes_handed_over)
    };
    let found = store::stock_figures::in_stock(op.conn, scope)?;
    let stocks = found.into_iter();
    Ok(stocks
        .map(|one| (one.programme, Stock::of(handed_over(one.programme), one.passes)))
        .collect())
}

/// The passes of all programmes, rehearsals left out.
pub(super) fn all(op: &mut Op<'_>) -> Outcome<Stock> {
    let ever = Scope { with_training: false, ..ever(op, None) };
    let moved = store::figures::consumption(op.conn, &ever, &[])?;
    let handed_over = moved.iter().map(|row| row.counters.passes_handed_over).sum();
    Ok(Stock::of(handed_over, store::stock_figures::all_in_stock(op.conn)?))
}
