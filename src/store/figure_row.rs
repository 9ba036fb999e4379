//! A row of figures, as the engine added it up.

use diesel::deserialize::{FromSql, QueryableByName, Result};
use diesel::row::NamedRow;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::connection::MultiBackend;
use crate::domain::ids::AgreementId;
use crate::domain::report::{Counters, Group};

/// One row of a report: the keys it was grouped by, and the counters.
#[derive(Clone, Debug)]
pub struct FigureRow {
    /// What it was grouped by, as text; nothing where nobody knows.
    pub keys: Vec<(Group, Option<String>)>,
    /// The counters.
    pub counters: Counters,
}

impl FigureRow {
    /// Whether it is that agreement's.
    #[must_use]
    pub fn is_of(&self, agreement: AgreementId) -> bool {
        self.keys.contains(&(Group::Agreement, Some(agreement.0.simple().to_string())))
    }
}

/// A row as the engine added it up: the counters, then the keys.
pub(super) struct AddedUp {
    counters: Counters,
    keys: Vec<Option<String>>,
}

/// The columns of a row, in their order: finding each by its name takes longer than reading it.
struct Columns<'r, R> {
    row: &'r R,
    next: usize,
}

impl<R> Columns<'_, R> {
    fn take<'a, ST, T>(&mut self) -> Result<T>
    where
        R: NamedRow<'a, MultiBackend>,
        T: FromSql<ST, MultiBackend>,
    {
        self.next += 1;
        self.row.get_value::<ST, T, usize>(self.next - 1)
    }

    /// All that are left.
    fn keys<'a>(&mut self) -> Result<Vec<Option<String>>>
    where
        R: NamedRow<'a, MultiBackend>,
    {
        (self.next..self.row.field_count()).map(|_| self.take::<Nullable<Text>, _>()).collect()
    }
}

impl QueryableByName<MultiBackend> for AddedUp {
    fn build<'a>(row: &impl NamedRow<'a, MultiBackend>) -> Result<Self> {
        let mut columns = Columns { row, next: 0 };
        let counters = Counters::of_values(|| columns.take::<BigInt, _>())?;
        Ok(Self { counters, keys: columns.keys()? })
    }
}

impl AddedUp {
    pub(super) fn row(self, groups: &[Group]) -> FigureRow {
        FigureRow { keys: groups.iter().copied().zip(self.keys).collect(), counters: self.counters }
    }
}
