//! To whom a report is told: a funder reads nothing about a few people.

use super::{Op, Outcome};
use crate::domain::caller::{Caller, Role};
use crate::domain::refusal::Check;
use crate::domain::report::{Group, Report};
use crate::domain::small_cells;
use crate::domain::time::Instant;
use crate::store;

/// To whom a report is told, and of which moment.
#[derive(Clone, Copy)]
pub(super) struct Audience {
    role: Role,
    /// Whether the moment is one of which a funder is told nothing about people.
    between_months: bool,
}

impl Audience {
    pub(super) fn of(caller: &Caller, as_of: Option<Instant>) -> Self {
        let between_months = as_of.is_some_and(|at| !small_cells::may_be_disclosed_as_of(at));
        Self { role: caller.role, between_months }
    }

    /// The report as it is told: to a funder nothing about a few people.
    pub(super) fn disclose(self, mut report: Report) -> Report {
        let place = report.groups.iter().position(|group| group.is_about_people());
        report.rows = match (self.role, place) {
            (Role::Funder, Some(_)) if self.between_months => small_cells::merged(report.rows),
            (Role::Funder, Some(place)) => small_cells::disclosed(report.rows, place),
            _ => report.rows,
        };
        report
    }
}

/// An agreement for some communes or publics alone is about them: for a funder it crosses no group
/// about people.
pub(super) fn must_not_cross_bounded(
    op: &mut Op<'_>,
    caller: &Caller,
    groups: &[Group],
) -> Outcome<()> {
    if caller.role == Role::Funder
        && small_cells::crosses_bounded_agreement(groups)
        && store::agreement::any_bounded(op.conn, caller.organisation)?
    {
        let mut check = Check::default();
        let detail = "Une de vos conventions est réservée à une commune ou à un public : elle ne se \
                      croise pas avec un groupe de personnes.";
        check.that(false, "/group_by", "out_of_range", detail);
        check.done()?;
    }
    Ok(())
}
