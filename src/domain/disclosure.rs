//! Statistical disclosure control: which numbers of a published table stay hidden, so that none
//! about a few people can be read or computed.
//!
//! A table has three dimensions and every total: of one, two and three of them. One unit is
//! counted, and it adds up. The rules:
//!
//! 1. *Primary*: a number about fewer than [`FEWEST_PEOPLE`] people, or more than
//!    [`LARGEST_SHARE`] percent of which comes from one organisation, is hidden (the statistical
//!    secrecy of the tax administration, natural persons).
//! 2. *Secondary*: others are hidden with it, so that no sum gives it back. Whoever reads the
//!    table knows each total and that counts are not negative. A hidden number is safe when there
//!    are other tables with exactly the same published numbers in which it differs. They are
//!    *built*: a box takes two places on each axis; adding and taking away the same amount at its
//!    eight corners in turn leaves every total as it is. When all eight corners are hidden and
//!    those that lose have enough, the reader cannot tell the tables apart. A total may be a
//!    corner too: it then moves with what it sums. So totals are hidden where cells do not do.
//! 3. *Thin rests*: what a total leaves when its published parts are taken off must itself be
//!    about enough people.
//!
//! What holds at the end, for every hidden number `w`: the tables that a reader cannot exclude
//! hold values for it that lie at least [`PROTECTION`] apart; for a primary one they reach at
//! least `w + PROTECTION` upwards (and to where no organisation would dominate), and
//! `w - PROTECTION` or 0 downwards. So nobody can tell that a hidden number is below
//! [`FEWEST_PEOPLE`]. Nothing here is random: the same input hides the same numbers.

mod boxes;
mod cube;

use std::collections::{BTreeMap, BTreeSet};

use self::boxes::{Found, Rooms, Want};
use self::cube::Cube;

/// A number about fewer people is not published.
pub const FEWEST_PEOPLE: usize = 11;

/// A number is not published when one organisation makes more than this many percent of it.
pub const LARGEST_SHARE: i64 = 85;

/// How many units at least lie between the values a reader must think possible.
pub const PROTECTION: i64 = 11;

/// What one person did at one place of the table with one organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// Where on each of the three axes.
    pub place: [usize; 3],
    /// Who; only told apart.
    pub person: u32,
    /// With which organisation; only told apart.
    pub organisation: u32,
    /// How many units; negative when more was undone than done.
    pub units: i64,
}

/// Why a number is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It is about too few people, or one organisation makes nearly all of it.
    Sensitive,
    /// It would give another one back.
    Protecting,
}

/// A number of the table about at least one person. What is about nobody is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Where on each axis; none is the total over it.
    pub place: [Option<usize>; 3],
    /// The units.
    pub units: i64,
    /// How many different people.
    pub people: usize,
    /// Why it is hidden, if it is.
    pub hidden: Option<Cause>,
}

/// The numbers of a table of `sizes`, in the order of their places with totals last, each with
/// what is to be hidden.
#[must_use]
pub fn protect(sizes: [usize; 3], contributions: &[Contribution]) -> Vec<Number> {
    let mut cube = Cube::of(sizes, contributions);
    let mut rooms = Rooms::default();
    cube.hide_sensitive();
    loop {
        if !settle(&mut cube, &mut rooms) {
            cube.hide_everything();
            return cube.numbers();
        }
        let thin = cube.thin_rests();
        if thin.is_empty() {
            return cube.numbers();
        }
        cube.hide(&thin);
    }
}

/// Hides until every hidden number is safe; `false` when it cannot be done.
fn settle(cube: &mut Cube, rooms: &mut Rooms) -> bool {
    let mut waiting: BTreeSet<usize> = cube.hidden().collect();
    while let Some(place) = waiting.pop_first() {
        let Some(fresh) = make_safe(cube, rooms, place) else { return false };
        waiting.extend(fresh);
    }
    true
}

/// Hides what makes one hidden number safe, and answers what that newly hid.
fn make_safe(cube: &mut Cube, rooms: &mut Rooms, place: usize) -> Option<Vec<usize>> {
    let mut fresh = Vec::new();
    let Some(need) = cube.need(place) else {
        if rooms.width(place) < PROTECTION {
            let found = boxes::best(cube, place, Want::Width(PROTECTION), |at| cube.units(at))?;
            take(cube, rooms, &found, &mut fresh);
        }
        return Some(fresh);
    };
    if rooms.up(place) < need {
        if in_steps(cube, place, need, Want::UpFree).is_some() {
            rooms.raised(place, need);
        } else {
            let found = boxes::best(cube, place, Want::Up(need), |at| cube.units(at))?;
            take(cube, rooms, &found, &mut fresh);
        }
    }
    let lower = need.min(cube.units(place)).max(0);
    if rooms.down(place) < lower {
        let free = in_steps(cube, place, lower, Want::DownFree);
        match free.or_else(|| in_steps(cube, place, lower, Want::Down)) {
            Some(steps) => {
                for found in &steps {
                    take(cube, rooms, found, &mut fresh);
                }
                rooms.lowered(place, lower);
            }
            // Where more was undone than done nobody can count on numbers not being negative.
            None if cube.has_negative() => {}
            None => return None,
        }
    }
    Some(fresh)
}

/// The boxes that move a number by `need` one after the other, each from where the last one left
/// the table.
fn in_steps(cube: &Cube, place: usize, need: i64, want: fn(i64) -> Want) -> Option<Vec<Found>> {
    let (mut missing, mut steps) = (need, Vec::new());
    let mut moved: BTreeMap<usize, i64> = BTreeMap::new();
    while missing > 0 {
        let now = |at: usize| cube.units(at) + moved.get(&at).copied().unwrap_or_default();
        let wanted = want(missing);
        let found = boxes::best(cube, place, wanted, now)?;
        let step = wanted.room(&found).min(missing);
        let rises = matches!(wanted, Want::Up(_) | Want::UpFree(_));
        for (at, gains) in found.corners {
            *moved.entry(at).or_default() += if gains == rises { step } else { -step };
        }
        missing -= step;
        steps.push(found);
    }
    Some(steps)
}

fn take(cube: &mut Cube, rooms: &mut Rooms, found: &Found, fresh: &mut Vec<usize>) {
    let open = found.corners.iter().map(|(at, _)| *at).filter(|at| !cube.is_hidden(*at));
    let open: Vec<usize> = open.collect();
    cube.hide(&open);
    fresh.extend(open);
    rooms.note(cube, found);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(place: [usize; 3], first: u32, count: u32) -> Vec<Contribution> {
        let one = |person| Contribution { place, person, organisation: person % 3, units: 1 };
        (first..first + count).map(one).collect()
    }

    fn hidden(numbers: &[Number]) -> Vec<[Option<usize>; 3]> {
        numbers.iter().filter(|one| one.hidden.is_some()).map(|one| one.place).collect()
    }

    #[test]
    fn a_table_about_enough_people_everywhere_is_published_whole() {
        let all: Vec<Contribution> = (0..8)
            .zip((0..).step_by(20))
            .flat_map(|(n, first)| people([n & 1, n >> 1 & 1, n >> 2], first, 15))
            .collect();
        let numbers = protect([2, 2, 2], &all);
        assert_eq!(numbers.len(), 27);
        assert_eq!(hidden(&numbers), Vec::<[Option<usize>; 3]>::new());
        let total = numbers.iter().find(|one| one.place == [None; 3]).unwrap();
        assert_eq!((total.units, total.people), (120, 120));
    }

    #[test]
    fn a_small_cell_takes_others_with_it_and_the_rest_stays() {
        let all: Vec<Contribution> = (0..27)
            .zip((0..).step_by(100))
            .flat_map(|(n, first)| {
                let count = if n == 0 { 4 } else { 30 };
                people([n % 3, n / 3 % 3, n / 9], first, count)
            })
            .collect();
        let numbers = protect([3, 3, 3], &all);
        assert_eq!(hidden(&numbers).len(), 8, "{:?}", hidden(&numbers));
        let causes = numbers.iter().filter(|one| one.hidden == Some(Cause::Sensitive));
        assert_eq!(causes.count(), 1);
        assert_eq!(numbers, protect([3, 3, 3], &all), "the same again");
    }

    #[test]
    fn the_count_is_of_people_not_of_workshops() {
        let one = Contribution { place: [0; 3], person: 7, organisation: 0, units: 60 };
        let numbers = protect([1, 1, 1], &[one]);
        assert!(numbers.iter().all(|number| number.people == 1 && number.hidden.is_some()));
    }

    #[test]
    fn what_one_organisation_dominates_is_hidden() {
        let all = |first: u32| -> Vec<Contribution> {
            let organisation = |person| u32::from(person >= first);
            let all = people([0; 3], 0, 40).into_iter();
            all.map(|one| Contribution { organisation: organisation(one.person), ..one }).collect()
        };
        assert_eq!(hidden(&protect([1, 1, 1], &all(35))).len(), 8, "35 of 40 are 87 percent");
        assert_eq!(hidden(&protect([1, 1, 1], &all(34))).len(), 0, "34 of 40 are 85 percent");
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(protect([0, 0, 0], &[]), Vec::new());
    }
}
