//! Open data holds against the attack: many tables of every shape, none gives a hidden number.

use std::collections::{BTreeMap, BTreeSet};

use pass_numerique::domain::disclosure::{
    Cause, Contribution, FEWEST_PEOPLE, Number, PROTECTION, protect,
};
use proptest::prelude::*;

use crate::attack::Published;

/// What is published of a table, by a rule that says which numbers are hidden.
fn published(sizes: [usize; 3], numbers: &[Number], hides: impl Fn(&Number) -> bool) -> Published {
    let mut table = Published::empty(sizes);
    for number in numbers {
        let index = table.index(place(sizes, number));
        let units = f64::from(i32::try_from(number.units).unwrap());
        table.numbers[index] = (!hides(number)).then_some(units);
    }
    table
}

fn place(sizes: [usize; 3], number: &Number) -> [usize; 3] {
    std::array::from_fn(|axis| number.place[axis].unwrap_or(sizes[axis]))
}

/// Towns of every size: most cells about nobody, about few or about many people, who come to
/// several of them.
fn tables() -> impl Strategy<Value = ([usize; 3], Vec<Contribution>)> {
    let sizes = (1_usize..=3, 1_usize..=4, 1_usize..=4);
    sizes.prop_flat_map(|(a, b, c)| {
        let people = prop_oneof![Just(0_u32), 1_u32..11, 1_u32..11, 11_u32..40, 11_u32..40];
        let cell = (people, 0_u32..30, 1_i64..4, 1_u32..5);
        let cells = prop::collection::vec(cell, a * b * c);
        cells.prop_map(move |cells| {
            let mut all = Vec::new();
            for (at, (count, first, units, organisations)) in cells.into_iter().enumerate() {
                let place = [at / (b * c), at / c % b, at % c];
                all.extend((first..first + count).map(|person| Contribution {
                    place,
                    person,
                    organisation: person % organisations,
                    units,
                }));
            }
            ([a, b, c], all)
        })
    })
}

/// The people a total is about once its published parts are taken off must be enough as well.
fn no_rest_is_thin(sizes: [usize; 3], all: &[Contribution], numbers: &[Number]) {
    let mut people: BTreeMap<[Option<usize>; 3], BTreeSet<u32>> = BTreeMap::new();
    for one in all {
        for mask in 0..8_u8 {
            let place =
                std::array::from_fn(|axis| (mask >> axis & 1 == 0).then_some(one.place[axis]));
            people.entry(place).or_default().insert(one.person);
        }
    }
    let hidden: BTreeSet<_> =
        numbers.iter().filter(|one| one.hidden.is_some()).map(|one| one.place).collect();
    for total in numbers.iter().filter(|one| one.hidden.is_none()) {
        for axis in (0..3).filter(|axis| total.place[*axis].is_none()) {
            let part = |at| {
                let mut place = total.place;
                place[axis] = Some(at);
                place
            };
            let parts = (0..sizes[axis]).map(part).filter(|place| hidden.contains(place));
            let rest: Vec<_> = parts.collect();
            let about: BTreeSet<u32> =
                rest.iter().filter_map(|place| people.get(place)).flatten().copied().collect();
            assert!(rest.is_empty() || about.len() >= FEWEST_PEOPLE, "{total:?} leaves {rest:?}");
        }
    }
}

fn holds(sizes: [usize; 3], all: &[Contribution]) {
    let numbers = protect(sizes, all);
    let table = published(sizes, &numbers, |number| number.hidden.is_some());
    let known: BTreeMap<usize, &Number> =
        numbers.iter().map(|number| (table.index(place(sizes, number)), number)).collect();
    for number in &numbers {
        assert!(number.hidden.is_some() || number.people >= FEWEST_PEOPLE, "{number:?}");
    }
    let room = f64::from(i32::try_from(PROTECTION).unwrap()) - 1e-3;
    for found in table.attack() {
        let number = known[&found.index];
        let told = format!("{number:?} {found:?} of {sizes:?}");
        let units = f64::from(i32::try_from(number.units).unwrap());
        assert!(!found.exact, "a subtraction gives it: {told}");
        assert!(found.most - found.least >= room, "too narrow: {told}");
        if number.hidden == Some(Cause::Sensitive) {
            assert!(found.most >= units + room, "too few above: {told}");
            assert!(found.least <= (units - room).max(0.0) + 1e-3, "too few below: {told}");
        }
    }
    no_rest_is_thin(sizes, all, &numbers);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn no_published_table_gives_a_hidden_number((sizes, all) in tables()) {
        holds(sizes, &all);
    }

    #[test]
    fn nor_does_one_where_more_was_undone_than_done((sizes, mut all) in tables(), of in 2_usize..9) {
        for one in all.iter_mut().step_by(of) {
            one.units = -one.units;
        }
        let numbers = protect(sizes, &all);
        let table = published(sizes, &numbers, |number| number.hidden.is_some());
        prop_assert_eq!(table.given_away(), Vec::<usize>::new());
        no_rest_is_thin(sizes, &all, &numbers);
    }
}

/// A table of two by two by two about many people, but for one cell about four.
fn one_small_cell() -> Vec<Contribution> {
    let mut all = Vec::new();
    for at in 0..8 {
        let place = [at & 1, at >> 1 & 1, at >> 2];
        let count = if at == 0 { 4 } else { 30 };
        all.extend((0..count).map(|person| Contribution {
            place,
            person,
            organisation: person % 3,
            units: 1,
        }));
    }
    all
}

#[test]
fn the_attack_finds_what_is_hidden_alone() {
    let numbers = protect([2, 2, 2], &one_small_cell());
    let alone = published([2, 2, 2], &numbers, |one| one.hidden == Some(Cause::Sensitive));
    let found = alone.attack();
    assert_eq!(found.len(), 1);
    assert!(found[0].exact && (found[0].least - 4.0).abs() < 1e-3, "{found:?}");
    let mut one_axis = alone.clone();
    let beside = one_axis.index([1, 0, 0]);
    one_axis.numbers[beside] = None;
    assert!(one_axis.attack().iter().all(|found| found.exact), "two more totals give it back");
    holds([2, 2, 2], &one_small_cell());
}

#[test]
fn a_quarter_of_a_whole_country_is_made_while_one_waits() {
    let (departements, months, themes) = (101, 3, 20);
    let mut all = Vec::new();
    let mut state = 7_u32;
    let mut chance = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    for at in 0..departements * months * themes {
        let place = [at / (months * themes), at / themes % months, at % themes];
        let home = u32::try_from(place[0]).unwrap() * 1_000;
        let count = if chance(4) == 0 { chance(12) } else { 11 + chance(25) };
        all.extend((0..count).map(|_| Contribution {
            place,
            person: home + chance(1_000),
            organisation: home + chance(6),
            units: 1,
        }));
    }
    let begun = std::time::Instant::now();
    let numbers = protect([departements, months, themes], &all);
    let hidden = numbers.iter().filter(|one| one.hidden.is_some()).count();
    println!("{} of {} hidden in {:?}", hidden, numbers.len(), begun.elapsed());
    assert!(hidden > 0 && hidden < numbers.len() / 2);
}
