//! What each funder pays of each workshop, exactly.
//!
//! After slots 1…k are used, funder i has paid ⌊k·v·sᵢ/10⁴⌋ cents or one more, and the sum over
//! funders is k·v: odd cents go to the largest remainders, ties to the earlier agreement. What a
//! slot costs each funder is the step between k−1 and k, a function of (price, shares, slot)
//! alone, so an undo gives back the very cents that were taken. Source: product.md, "Money".

use super::money::Cents;

/// One whole, in basis points.
pub const WHOLE_BP: i64 = 10_000;

/// A funder's share of a tier in basis points, 1 to 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShareBp(pub u16);

/// What each funder has paid in all once slots 1…`slots` are used, in the order of `shares`.
#[must_use]
pub fn cumulative(price: Cents, shares: &[ShareBp], slots: u8) -> Vec<Cents> {
    let total = price.times(slots).0;
    let exact: Vec<i64> = shares.iter().map(|share| total * i64::from(share.0)).collect();
    let mut paid: Vec<Cents> = exact.iter().map(|amount| Cents(amount / WHOLE_BP)).collect();
    let odd = total - paid.iter().copied().sum::<Cents>().0;

    let mut by_remainder: Vec<(usize, i64)> =
        exact.iter().map(|amount| amount % WHOLE_BP).enumerate().collect();
    by_remainder.sort_by_key(|&(position, remainder)| (-remainder, position));
    let lucky = usize::try_from(odd).unwrap_or(0);
    for &(position, _) in by_remainder.iter().take(lucky) {
        if let Some(amount) = paid.get_mut(position) {
            *amount += Cents(1);
        }
    }
    paid
}

/// What slot `slot` (1 to 10) costs each funder, in the order of `shares`.
#[must_use]
pub fn of_slot(price: Cents, shares: &[ShareBp], slot: u8) -> Vec<Cents> {
    let before = cumulative(price, shares, slot.saturating_sub(1));
    cumulative(price, shares, slot).into_iter().zip(before).map(|(now, then)| now - then).collect()
}

/// Whether a share is worth at least one cent of each workshop, as a plan requires.
#[must_use]
pub fn worth_a_cent(price: Cents, share: ShareBp) -> bool {
    price.0 * i64::from(share.0) >= WHOLE_BP
}
