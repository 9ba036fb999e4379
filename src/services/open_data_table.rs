//! The table that open data publishes: workshops by département of the venue, accounting month
//! and theme, with what must stay hidden.
//!
//! The territory is where the workshop was, not where the person lives: it is known of every
//! workshop, it is a fact about a public place, and no second table about residence exists that
//! could be laid against this one. Communes are too small: few have eleven people a month and
//! theme.

use std::collections::BTreeMap;

use super::{Op, Outcome};
use crate::domain::disclosure::{self, Contribution, Number};
use crate::domain::territory::departement_of;
use crate::domain::theme::CATALOGUE;
use crate::domain::time::Month;
use crate::store;
use crate::store::consumption_cells::ConsumedRow;

/// The axes of the table and its numbers.
pub(super) struct OpenDataTable {
    /// Codes of the départements, in order.
    pub(super) departements: Vec<String>,
    /// The months, in order.
    pub(super) months: Vec<Month>,
    /// Codes of the themes, in the order of the catalogue.
    pub(super) themes: Vec<String>,
    /// The numbers; `place` counts along these three.
    pub(super) numbers: Vec<Number>,
}

/// Computes the table of some months.
pub(super) fn table(op: &mut Op<'_>, months: &[Month]) -> Outcome<OpenDataTable> {
    let (Some(from), Some(to)) = (months.first(), months.last()) else {
        return Ok(OpenDataTable::of(&[], &[]));
    };
    let consumed = store::consumption_cells::consumed(op.conn, *from, *to)?;
    Ok(OpenDataTable::of(&consumed, months))
}

impl OpenDataTable {
    fn of(consumed: &[ConsumedRow], months: &[Month]) -> Self {
        let departements = Numbered::of(consumed.iter().map(|row| departement_of(&row.commune)));
        let place = |code: &str| CATALOGUE.iter().position(|theme| theme.code == code);
        let themes = consumed.iter().map(|row| (place(&row.theme), row.theme.as_str()));
        let themes = Numbered::of(themes);
        let numbers: Vec<i32> = months.iter().map(|month| month.number()).collect();
        let people = Numbered::of(consumed.iter().map(|row| row.origin));
        let organisations = Numbered::of(consumed.iter().map(|row| row.organisation));
        let contribution = |row: &ConsumedRow| {
            Some(Contribution {
                place: [
                    departements.number(&departement_of(&row.commune))?,
                    numbers.iter().position(|month| *month == row.month)?,
                    themes.number(&(place(&row.theme), row.theme.as_str()))?,
                ],
                person: u32::try_from(people.number(&row.origin)?).ok()?,
                organisation: u32::try_from(organisations.number(&row.organisation)?).ok()?,
                units: row.workshops,
            })
        };
        let contributions: Vec<Contribution> = consumed.iter().filter_map(contribution).collect();
        let sizes = [departements.0.len(), months.len(), themes.0.len()];
        Self {
            departements: departements.0.keys().map(|code| (*code).to_owned()).collect(),
            months: months.to_vec(),
            themes: themes.0.keys().map(|(_, code)| (*code).to_owned()).collect(),
            numbers: disclosure::protect(sizes, &contributions),
        }
    }
}

/// Different things, each with its place in their order.
struct Numbered<T>(BTreeMap<T, usize>);

impl<T: Ord> Numbered<T> {
    fn of(things: impl Iterator<Item = T>) -> Self {
        let mut numbered: BTreeMap<T, usize> = things.map(|thing| (thing, 0)).collect();
        for (number, (_, place)) in numbered.iter_mut().enumerate() {
            *place = number;
        }
        Self(numbered)
    }

    fn number(&self, thing: &T) -> Option<usize> {
        self.0.get(thing).copied()
    }
}
