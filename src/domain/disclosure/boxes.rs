//! Boxes: eight numbers that can change together while every total stays what it is.

use std::collections::BTreeMap;

use super::cube::Cube;

/// Stands for a room without end: no corner loses.
const ENDLESS: i64 = i64::MAX / 4;

/// What a box must do for the number at its first corner.
#[derive(Clone, Copy, Debug)]
pub(super) enum Want {
    /// Let it be higher by so much.
    Up(i64),
    /// Let it be higher by so much, or at least by one, and hide nothing more.
    UpFree(i64),
    /// Let it be lower by so much, or at least by one.
    Down(i64),
    /// The same, and hide nothing more.
    DownFree(i64),
    /// Let it take values so far apart.
    Width(i64),
}

impl Want {
    fn need(self) -> i64 {
        let (Self::Up(need)
        | Self::UpFree(need)
        | Self::Down(need)
        | Self::DownFree(need)
        | Self::Width(need)) = self;
        need
    }

    fn is_free(self) -> bool {
        matches!(self, Self::UpFree(_) | Self::DownFree(_))
    }

    /// How far a box lets the first corner go the way that is wanted.
    pub(super) fn room(self, found: &Found) -> i64 {
        match self {
            Self::Up(_) | Self::UpFree(_) => found.up,
            Self::Down(_) | Self::DownFree(_) => found.down,
            Self::Width(_) => found.up + found.down,
        }
    }

    fn may_fall_short(self) -> bool {
        matches!(self, Self::UpFree(_) | Self::Down(_) | Self::DownFree(_))
    }
}

/// A box: each corner and whether it gains when the first one does, and how far it can go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The eight numbers.
    pub(super) corners: [(usize, bool); 8],
    /// How much the first corner can gain before one that loses is at zero.
    pub(super) up: i64,
    /// How much it can lose before one that loses with it is at zero.
    pub(super) down: i64,
}

/// The box at `first` that does what is wanted and hides least; the values of the numbers are
/// `now`.
pub(super) fn best(
    cube: &Cube,
    first: usize,
    want: Want,
    now: impl Fn(usize) -> i64,
) -> Option<Found> {
    let one = cube.place(first);
    let [others_a, others_b, others_c] = [0, 1, 2].map(|axis| others(cube, one, axis, want));
    let mut best: Option<(Price, Found)> = None;
    // Whatever the other corners are, a box hides at least its three edges at `first`.
    let too_dear = |best: &Option<(Price, Found)>, least: u64| {
        best.is_some_and(|((lacks, hides, _), _)| lacks == 0 && least > hides)
    };
    for (hides_a, a) in &others_a {
        for (hides_b, b) in &others_b {
            for (hides_c, c) in &others_c {
                if too_dear(&best, hides_a + hides_b + hides_c) {
                    break;
                }
                let found = rooms(&now, corners(cube, one, [*a, *b, *c]));
                let Some(price) = price(cube, &found, want) else { continue };
                if best.is_none_or(|(least, _)| price < least) {
                    best = Some((price, found));
                }
                if price == Price::default() {
                    return Some(found);
                }
            }
        }
    }
    best.map(|(_, found)| found)
}

/// The other places on an axis that a box can take, the cheapest first. One about nobody is none:
/// everybody may know that nothing happens there.
fn others(cube: &Cube, one: [usize; 3], axis: usize, want: Want) -> Vec<(u64, usize)> {
    let of_axis = |place: [usize; 3]| place.get(axis).copied().unwrap_or_default();
    let (mine, size) = (of_axis(one), of_axis(cube.sizes()));
    let other = |at: usize| {
        let mut place = one;
        if let Some(axis) = place.get_mut(axis) {
            *axis = at;
        }
        let worth = cube.worth(cube.index(place))?;
        (worth == 0 || !want.is_free()).then_some((worth, at))
    };
    let mut others: Vec<_> = (0..=size).filter(|at| *at != mine).filter_map(other).collect();
    others.sort_unstable();
    others
}

/// What is compared of two boxes, the most important first: what it lacks of the room that is
/// wanted, what it hides, what it lacks of room downwards beside it.
type Price = (i64, u64, i64);

/// None for a box that does not do, or that has a corner about nobody.
fn price(cube: &Cube, found: &Found, want: Want) -> Option<Price> {
    let (need, room) = (want.need(), want.room(found));
    if room <= 0 || (room < need && !want.may_fall_short()) {
        return None;
    }
    let lacks = (need - room).max(0);
    let mut hides = 0;
    for (index, _) in found.corners {
        hides += cube.worth(index)?;
    }
    if hides > 0 && want.is_free() {
        return None;
    }
    Some((lacks, hides, (need.min(own(cube, found)) - found.down).max(0)))
}

/// How far the first corner itself could go down.
fn own(cube: &Cube, found: &Found) -> i64 {
    let [(first, _), ..] = found.corners;
    cube.units(first).max(0)
}

/// The corners of a box. Along an axis the other side loses what this one gains, except that a
/// total gains with it.
fn corners(cube: &Cube, one: [usize; 3], other: [usize; 3]) -> [(usize, bool); 8] {
    let ([a, b, c], [other_a, other_b, other_c]) = (one, other);
    let [all_a, all_b, all_c] = cube.sizes();
    let turns = |one: usize, other: usize, all: usize| one != all && other != all;
    let sides =
        |one: usize, other: usize, all: usize| [(one, false), (other, turns(one, other, all))];
    let [a, b, c] = [sides(a, other_a, all_a), sides(b, other_b, all_b), sides(c, other_c, all_c)];
    let corner = |(a, ta): (usize, bool), (b, tb): (usize, bool), (c, tc): (usize, bool)| {
        (cube.index([a, b, c]), !(ta ^ tb ^ tc))
    };
    let ([a0, a1], [b0, b1], [c0, c1]) = (a, b, c);
    [
        corner(a0, b0, c0),
        corner(a0, b0, c1),
        corner(a0, b1, c0),
        corner(a0, b1, c1),
        corner(a1, b0, c0),
        corner(a1, b0, c1),
        corner(a1, b1, c0),
        corner(a1, b1, c1),
    ]
}

fn rooms(now: impl Fn(usize) -> i64, corners: [(usize, bool); 8]) -> Found {
    let least = |gains: bool| {
        let those = corners.iter().filter(|corner| corner.1 == gains);
        those.map(|corner| now(corner.0).max(0)).min().unwrap_or(ENDLESS)
    };
    Found { corners, up: least(false), down: least(true) }
}

/// How far each hidden number can move at least, by the boxes that were found.
#[derive(Default)]
pub(super) struct Rooms {
    moves: BTreeMap<usize, (i64, i64)>,
}

impl Rooms {
    /// Notes what a box lets its corners do in the table as it is.
    pub(super) fn note(&mut self, cube: &Cube, found: &Found) {
        let real = rooms(|index| cube.units(index), found.corners);
        for (index, gains) in found.corners {
            let (up, down) = if gains { (real.up, real.down) } else { (real.down, real.up) };
            let known = self.moves.entry(index).or_default();
            *known = (known.0.max(up), known.1.max(down));
        }
    }

    /// Notes that a number can be higher by so much, in several boxes.
    pub(super) fn raised(&mut self, index: usize, by: i64) {
        let known = self.moves.entry(index).or_default();
        known.0 = known.0.max(by);
    }

    /// Notes that a number can be lower by so much, in several boxes.
    pub(super) fn lowered(&mut self, index: usize, by: i64) {
        let known = self.moves.entry(index).or_default();
        known.1 = known.1.max(by);
    }

    /// By how much it can be higher.
    pub(super) fn up(&self, index: usize) -> i64 {
        self.moves.get(&index).map_or(0, |known| known.0)
    }

    /// By how much it can be lower.
    pub(super) fn down(&self, index: usize) -> i64 {
        self.moves.get(&index).map_or(0, |known| known.1)
    }

    /// How far apart its values can lie.
    pub(super) fn width(&self, index: usize) -> i64 {
        self.up(index) + self.down(index)
    }
}
