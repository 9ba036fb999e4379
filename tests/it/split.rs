//! The exact split, for any price and shares: what product.md promises about cents.

use pass_numerique::domain::money::Cents;
use pass_numerique::domain::split::{ShareBp, WHOLE_BP, cumulative, of_slot, worth_a_cent};
use proptest::prelude::*;

/// Shares that add up to the whole, some of them zero.
fn shares() -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(0..=10_000_u16, 0..6).prop_map(|mut cuts| {
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
