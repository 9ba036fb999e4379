//! A row of figures: read as the engine added it up, or added up here from rows of sums.

use std::collections::HashMap;

use diesel::deserialize::{FromSql, QueryableByName, Result};
use diesel::prelude::*;
use diesel::row::NamedRow;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::connection::MultiBackend;
use crate::domain::ids::AgreementId;
use crate::domain::ledger::PostingKind;
use crate::domain::report::{Counters, Group, Sums};

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

/// Sums of postings of one kind, then the keys they belong to.
pub(super) struct SumRow {
    kind: PostingKind,
    /// Whether their events are counted on them.
    tell: bool,
    sums: Sums,
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

impl QueryableByName<MultiBackend> for SumRow {
    fn build<'a>(row: &impl NamedRow<'a, MultiBackend>) -> Result<Self> {
        let mut columns = Columns { row, next: 0 };
        let kind = columns.take::<Text, String>()?;
        let kind = PostingKind::from_name(&kind).ok_or("no kind of posting")?;
        let tell = columns.take::<Bool, _>()?;
        let mut number = || columns.take::<BigInt, i64>();
        let [postings, workshops, starts, amount_cents] =
            [number()?, number()?, number()?, number()?];
        let sums = Sums { postings, workshops, starts, amount_cents };
        Ok(Self { kind, tell, sums, keys: columns.keys()? })
    }
}

impl AddedUp {
    pub(super) fn row(self, groups: &[Group]) -> FigureRow {
        FigureRow { keys: groups.iter().copied().zip(self.keys).collect(), counters: self.counters }
    }
}

/// Adds sums up, by their keys.
pub(super) fn add_up(
    rows: impl Iterator<Item = QueryResult<SumRow>>,
) -> QueryResult<impl Iterator<Item = AddedUp>> {
    let mut kept: HashMap<Vec<Option<String>>, Counters> = HashMap::new();
    for row in rows {
        let SumRow { kind, tell, sums, keys } = row?;
        kept.entry(keys).or_default().book(kind, tell, &sums);
    }
    Ok(kept.into_iter().map(|(keys, counters)| AddedUp { counters, keys }))
}
