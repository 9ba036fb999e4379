//! The table with its totals: what each number is, about how many people, and whether it is hidden.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cause, Contribution, FEWEST_PEOPLE, LARGEST_SHARE, Number, PROTECTION};

/// One number.
#[derive(Clone, Debug, Default)]
struct Cell {
    units: i64,
    people: Vec<u32>,
    by_organisation: BTreeMap<u32, i64>,
    hidden: Option<Cause>,
}

impl Cell {
    fn is_sensitive(&self) -> bool {
        is_sensitive(self.people.len(), self.units, &self.by_organisation)
    }
}

fn is_sensitive(people: usize, units: i64, by_organisation: &BTreeMap<u32, i64>) -> bool {
    people < FEWEST_PEOPLE || largest(by_organisation) * 100 > LARGEST_SHARE * units.abs()
}

fn largest(by_organisation: &BTreeMap<u32, i64>) -> i64 {
    by_organisation.values().map(|units| units.abs()).max().unwrap_or_default()
}

/// A table of three axes. On each axis the last place is the total over it.
pub(super) struct Cube {
    sizes: [usize; 3],
    cells: Vec<Cell>,
    units: Vec<i64>,
    worth: Vec<Option<u64>>,
    negative: bool,
}

impl Cube {
    /// Sums up; what a person did and undid at one place is not there at all.
    pub(super) fn of(sizes: [usize; 3], contributions: &[Contribution]) -> Self {
        let mut net: BTreeMap<([usize; 3], u32, u32), i64> = BTreeMap::new();
        for one in contributions {
            *net.entry((one.place, one.person, one.organisation)).or_default() += one.units;
        }
        let count = sizes.iter().map(|size| size + 1).product();
        let cells = vec![Cell::default(); count];
        let (units, worth) = (Vec::new(), Vec::new());
        let mut cube = Self { sizes, cells, units, worth, negative: false };
        for ((place, person, organisation), units) in net {
            if units != 0 {
                cube.add(place, person, organisation, units);
            }
        }
        for cell in &mut cube.cells {
            cell.people.sort_unstable();
            cell.people.dedup();
        }
        cube.units = cube.cells.iter().map(|cell| cell.units).collect();
        cube.worth = (0..count).map(|index| cube.worth_of(index)).collect();
        cube.negative = cube.units.iter().any(|units| *units < 0);
        cube
    }

    fn add(&mut self, place: [usize; 3], person: u32, organisation: u32, units: i64) {
        let [a, b, c] = place;
        let [all_a, all_b, all_c] = self.sizes;
        for at in [a, all_a] {
            for bt in [b, all_b] {
                for ct in [c, all_c] {
                    let index = self.index([at, bt, ct]);
                    let Some(cell) = self.cells.get_mut(index) else { continue };
                    cell.units += units;
                    cell.people.push(person);
                    *cell.by_organisation.entry(organisation).or_default() += units;
                }
            }
        }
    }

    /// How many places each axis has besides its total, which comes last.
    pub(super) fn sizes(&self) -> [usize; 3] {
        self.sizes
    }

    /// The number at a place of each axis.
    pub(super) fn index(&self, [a, b, c]: [usize; 3]) -> usize {
        let [_, size_b, size_c] = self.sizes;
        (a * (size_b + 1) + b) * (size_c + 1) + c
    }

    /// Where a number is on each axis.
    pub(super) fn place(&self, index: usize) -> [usize; 3] {
        let [_, size_b, size_c] = self.sizes;
        let rest = index / (size_c + 1);
        [rest / (size_b + 1), rest % (size_b + 1), index % (size_c + 1)]
    }

    /// What readers lose when a number is hidden now: nothing more when it is already; none for
    /// what is about nobody.
    pub(super) fn worth(&self, index: usize) -> Option<u64> {
        self.worth.get(index).copied().flatten()
    }

    /// A total is worth what it sums: it goes only where cells do not do.
    fn worth_of(&self, index: usize) -> Option<u64> {
        let size = self.people(index).min(1 << 20).checked_ilog2()?;
        let place = self.place(index).into_iter();
        let totals: u32 = place.zip(self.sizes).map(|(at, size)| u32::from(at == size)).sum();
        Some((16 + 4 * u64::from(size)) << (3 * totals))
    }

    /// The units.
    pub(super) fn units(&self, index: usize) -> i64 {
        self.units.get(index).copied().unwrap_or_default()
    }

    /// How many people it is about.
    pub(super) fn people(&self, index: usize) -> usize {
        self.cells.get(index).map_or(0, |cell| cell.people.len())
    }

    pub(super) fn is_hidden(&self, index: usize) -> bool {
        self.cells.get(index).is_some_and(|cell| cell.hidden.is_some())
    }

    /// Whether some number is negative.
    pub(super) fn has_negative(&self) -> bool {
        self.negative
    }

    /// How far a sensitive number must be able to move; none for one that is not.
    pub(super) fn need(&self, index: usize) -> Option<i64> {
        let cell = self.cells.get(index)?;
        cell.hidden.filter(|cause| *cause == Cause::Sensitive)?;
        // From there on the organisation would not dominate any more.
        let safe = (largest(&cell.by_organisation) * 100 + LARGEST_SHARE - 1) / LARGEST_SHARE;
        Some(PROTECTION.max(safe - cell.units.abs()))
    }

    /// Every hidden number.
    pub(super) fn hidden(&self) -> impl Iterator<Item = usize> + '_ {
        let cells = self.cells.iter().enumerate();
        cells.filter(|(_, cell)| cell.hidden.is_some()).map(|(index, _)| index)
    }

    /// Hides numbers, and notes why.
    pub(super) fn hide(&mut self, indices: &[usize]) {
        for index in indices {
            if let Some(cell) = self.cells.get_mut(*index)
                && cell.hidden.is_none()
            {
                let sensitive = cell.is_sensitive();
                cell.hidden = Some(if sensitive { Cause::Sensitive } else { Cause::Protecting });
                if let Some(worth) = self.worth.get_mut(*index) {
                    *worth = Some(0);
                }
            }
        }
    }

    fn hide_where(&mut self, hides: impl Fn(&Cell) -> bool) {
        let found = self.cells.iter().enumerate();
        let found = found.filter(|(_, cell)| !cell.people.is_empty() && hides(cell));
        let found: Vec<usize> = found.map(|(index, _)| index).collect();
        self.hide(&found);
    }

    /// Hides what is sensitive by itself.
    pub(super) fn hide_sensitive(&mut self) {
        self.hide_where(Cell::is_sensitive);
    }

    /// Hides every number.
    pub(super) fn hide_everything(&mut self) {
        self.hide_where(|_| true);
    }

    /// What must be hidden too because a published total less its published parts leaves
    /// something sensitive: on each such line the part about the fewest people, or the total.
    pub(super) fn thin_rests(&self) -> Vec<usize> {
        let mut found = BTreeSet::new();
        for total in 0..self.cells.len() {
            if self.people(total) == 0 || self.is_hidden(total) {
                continue;
            }
            for axis in 0..3 {
                let Some(parts) = self.parts(total, axis) else { continue };
                let (hidden, open): (Vec<usize>, Vec<usize>) =
                    parts.into_iter().partition(|part| self.is_hidden(*part));
                if !hidden.is_empty() && self.together_sensitive(&hidden) {
                    let open = open.into_iter().filter(|part| self.people(*part) > 0);
                    let fewest = open.min_by_key(|part| (self.people(*part), *part));
                    found.insert(fewest.unwrap_or(total));
                }
            }
        }
        found.into_iter().collect()
    }

    /// What a total sums along an axis; none where it is no total.
    fn parts(&self, total: usize, axis: usize) -> Option<Vec<usize>> {
        let place = self.place(total);
        let size = *self.sizes.get(axis)?;
        if *place.get(axis)? != size {
            return None;
        }
        let part = |at: usize| {
            let mut place = place;
            if let Some(axis) = place.get_mut(axis) {
                *axis = at;
            }
            self.index(place)
        };
        Some((0..size).map(part).collect())
    }

    fn together_sensitive(&self, indices: &[usize]) -> bool {
        let (mut people, mut units) = (BTreeSet::new(), 0);
        let mut by_organisation: BTreeMap<u32, i64> = BTreeMap::new();
        for cell in indices.iter().filter_map(|index| self.cells.get(*index)) {
            people.extend(cell.people.iter().copied());
            units += cell.units;
            for (organisation, part) in &cell.by_organisation {
                *by_organisation.entry(*organisation).or_default() += part;
            }
        }
        is_sensitive(people.len(), units, &by_organisation)
    }

    /// Every number about somebody.
    pub(super) fn numbers(&self) -> Vec<Number> {
        let known = self.cells.iter().enumerate().filter(|(_, cell)| !cell.people.is_empty());
        let number = |(index, cell): (usize, &Cell)| {
            let ([a, b, c], [all_a, all_b, all_c]) = (self.place(index), self.sizes);
            let at = |at: usize, all: usize| (at != all).then_some(at);
            Number {
                place: [at(a, all_a), at(b, all_b), at(c, all_c)],
                units: cell.units,
                people: cell.people.len(),
                hidden: cell.hidden,
            }
        };
        known.map(number).collect()
    }
}
