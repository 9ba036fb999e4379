//! The exact split, for any price and shares: what product.md promises about cents.

use std::io::Write;
use std::process::{Command, Stdio};

use pass_numerique::domain::money::Cents;
use pass_numerique::domain::split::{ShareBp, WHOLE_BP, cumulative, of_slot, worth_a_cent};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;

/// One to eight shares that add up to the whole: any, or twelfths, of which some are zero.
fn shares() -> impl Strategy<Value = Vec<u16>> {
    let twelfths = (0..=12_u16).prop_map(|twelfths| twelfths * 833);
    prop::collection::vec(prop_oneof![0..=10_000_u16, twelfths], 0..8).prop_map(|mut cuts| {
        cuts.extend([0, 10_000]);
        cuts.sort_unstable();
        cuts.windows(2).map(|pair| pair[1] - pair[0]).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn after_every_slot_each_funder_has_paid_its_share_to_the_cent_below_or_above(
        price in 1..=100_000_i64, shares in shares(),
    ) {
        let given: Vec<ShareBp> = shares.iter().copied().map(ShareBp).collect();
        let mut paid = vec![0; shares.len()];
        for slot in 1..=10_u8 {
            let total = price * i64::from(slot);
            for (sum, amount) in paid.iter_mut().zip(of_slot(Cents(price), &given, slot)) {
                *sum += amount.0;
            }
            prop_assert_eq!(paid.iter().sum::<i64>(), total);
            for (sum, share) in paid.iter().zip(&shares) {
                let floor = total * i64::from(*share) / WHOLE_BP;
                prop_assert!((floor..=floor + 1).contains(sum), "{} of {}", sum, floor);
                prop_assert!(*share > 0 || *sum == 0);
            }
            let at_once: Vec<i64> =
                cumulative(Cents(price), &given, slot).iter().map(|cents| cents.0).collect();
            prop_assert_eq!(&at_once, &paid);
        }
    }

    #[test]
    fn no_workshop_costs_a_funder_less_than_nothing(
        price in 1..=100_000_i64, shares in shares(), slot in 1..=10_u8,
    ) {
        let given: Vec<ShareBp> = shares.iter().copied().map(ShareBp).collect();
        // A plan holds no share that is worth less than a cent of each workshop.
        prop_assume!(given.iter().all(|share| share.0 == 0 || worth_a_cent(Cents(price), *share)));
        for amount in of_slot(Cents(price), &given, slot) {
            prop_assert!(amount.0 >= 0, "slot {} costs {:?} with {:?}", slot, amount, shares);
        }
    }
}

#[test]
fn a_third_each_of_ten_euros_never_drifts() {
    let thirds = [ShareBp(3334), ShareBp(3333), ShareBp(3333)];
    let whole: Vec<i64> = cumulative(Cents(1000), &thirds, 10).iter().map(|c| c.0).collect();
    assert_eq!(whole, [3334, 3333, 3333]);
    let first: Vec<i64> = of_slot(Cents(1000), &thirds, 1).iter().map(|c| c.0).collect();
    assert_eq!(first.iter().sum::<i64>(), 1000);
}

#[derive(Debug)]
struct Case {
    price: i64,
    shares: Vec<u16>,
    slots: u8,
}

/// Prices and shares at the edges, each with each, and thousands of others.
fn cases() -> Vec<Case> {
    let prices = [1, 2, 3, 99, 100, 101, 999, 1_000, 9_999, 10_000, 10_001, 100_000];
    let shares_at_the_edges: [&[u16]; 8] = [
        &[10_000],
        &[0, 10_000],
        &[1, 9_999],
        &[5_000, 5_000],
        &[3_334, 3_333, 3_333],
        &[3_333, 0, 3_333, 0, 3_334],
        &[1_250; 8],
        &[1_249, 1_251, 1_250, 1_250, 1_249, 1_251, 1_250, 1_250],
    ];
    let at_the_edges = prices.into_iter().flat_map(|price| {
        let case = move |shares: &[u16]| Case { price, shares: shares.to_vec(), slots: 10 };
        shares_at_the_edges.map(case)
    });
    let any = (1..=100_000_i64, shares(), 5..=10_u8);
    let mut runner = TestRunner::default();
    let any = (0..4_000).map(|_| {
        let (price, shares, slots) = any.new_tree(&mut runner).unwrap().current();
        Case { price, shares, slots }
    });
    at_the_edges.chain(any).collect()
}

/// What the version in Python says each slot costs each funder.
fn in_fractions(cases: &[Case]) -> Vec<Vec<Vec<i64>>> {
    let mut python = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/split.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is needed");
    let mut asked = python.stdin.take().unwrap();
    for Case { price, shares, slots } in cases {
        writeln!(asked, "{}", json!({"price": price, "shares": shares, "slots": slots})).unwrap();
    }
    drop(asked);
    let answered = python.wait_with_output().unwrap();
    assert!(answered.status.success());
    let answered = String::from_utf8(answered.stdout).unwrap();
    answered.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_second_version_in_fractions_comes_to_the_same_cents() {
    let cases = cases();
    let answers = in_fractions(&cases);
    assert_eq!(answers.len(), cases.len());
    for (case, in_fractions) in cases.iter().zip(answers) {
        let shares: Vec<ShareBp> = case.shares.iter().copied().map(ShareBp).collect();
        let slots = (1..=case.slots).map(|slot| of_slot(Cents(case.price), &shares, slot));
        let ours: Vec<Vec<i64>> =
            slots.map(|slot| slot.iter().map(|cents| cents.0).collect()).collect();
        assert_eq!(ours, in_fractions, "{case:?}");
    }
}
