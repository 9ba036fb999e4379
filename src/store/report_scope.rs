//! Which postings a report is about.

use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::Nullable;

use super::connection::{Conn, MultiBackend};
use super::dialect;
use super::sql_types::{Id, Moment};
use crate::domain::ids::{OrganisationId, ProgrammeId};
use crate::domain::report::By;
use crate::domain::time::{Instant, Month};

/// Which postings a report is about.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Only this funder's agreements.
    pub funder: Option<OrganisationId>,
    /// Only this programme's.
    pub programme: Option<ProgrammeId>,
    /// First month.
    pub from: Month,
    /// Last month.
    pub to: Month,
    /// Which month a redemption counts in.
    pub by: By,
    /// Only what the journal held at that instant; all of it when `None`.
    pub as_of: Option<Instant>,
    /// Whether programmes for rehearsals count: their money is nobody's, and no report tells it.
    pub with_training: bool,
}

/// The column that holds the month a posting counts in.
#[must_use]
pub fn month(by: By) -> &'static str {
    match by {
        By::AccountingMonth => "month",
        By::WorkshopDay => "workshop_month",
    }
}

impl Scope {
    /// The condition on months. `table` goes before the column. On postings it begins with a `+`,
    /// which keeps SQLite from reading a whole month by its index to find the few last numbers.
    #[must_use]
    pub fn months(&self, table: &str) -> String {
        let (column, from, to) = (month(self.by), self.from.number(), self.to.number());
        format!("{table}{column} >= {from} AND {table}{column} <= {to}")
    }

    /// The agreements, as a condition on `a` and its programme `g` with the first two parameters.
    #[must_use]
    pub fn agreements(&self, conn: &Conn) -> String {
        // The parameters are always bound; a filter that is not wanted lets everything through.
        let filter = |column: &str, number: usize, wanted: bool| {
            let parameter = dialect::parameter(conn, number);
            if wanted { format!("{column} = {parameter}") } else { format!("{parameter} IS NULL") }
        };
        format!(
            "{} AND {} AND {}",
            filter("a.funder_id", 1, self.funder.is_some()),
            filter("a.programme_id", 2, self.programme.is_some()),
            if self.with_training { "1 = 1" } else { "NOT g.training" }
        )
    }

    /// The same as a condition on postings or sums `p`.
    #[must_use]
    pub fn of_agreements(&self, conn: &Conn) -> String {
        // A join would let SQLite read the journal once for each agreement.
        format!(
            "p.agreement_id IN (SELECT a.id FROM agreements a \
             JOIN programmes g ON g.id = a.programme_id WHERE {})",
            self.agreements(conn)
        )
    }

    /// What the journal held at the instant, as a condition with the third parameter. `table` goes
    /// before the column.
    #[must_use]
    pub fn recorded(&self, conn: &Conn, table: &str) -> String {
        let parameter = dialect::parameter(conn, 3);
        match self.as_of {
            Some(_) => format!("{table}recorded_at <= {parameter}"),
            None => format!("{parameter} IS NULL"),
        }
    }

    /// Binds the three parameters.
    pub fn bind(&self, sql: String) -> Bound {
        diesel::sql_query(sql)
            .into_boxed()
            .bind::<Nullable<Id>, _>(self.funder)
            .bind::<Nullable<Id>, _>(self.programme)
            .bind::<Nullable<Moment>, _>(self.as_of)
    }
}

/// A statement with the parameters of a scope.
pub type Bound = BoxedSqlQuery<'static, MultiBackend, SqlQuery>;
