//! What of an agreement's cash can go back to its funder: what nobody was promised or is owed.

use super::money::Cents;

/// What an agreement holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// At the bank.
    pub cash: Cents,
    /// What may still be committed.
    pub available: Cents,
    /// Promised to passes.
    pub committed: Cents,
    /// Owed to venues' organisations; less than nothing when they owe.
    pub payable: Cents,
}

/// An amount that goes back, by what it is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivingBack {
    /// Cash above the envelope: the envelope stays as it is.
    pub surplus: Cents,
    /// The rest: so much less may be committed.
    pub available: Cents,
}

impl Held {
    /// Cash that no pass was promised and no venue is owed.
    #[must_use]
    pub fn free(self) -> Cents {
        (self.cash - self.committed - self.payable.max(Cents::ZERO)).max(Cents::ZERO)
    }

    /// Cash that is not even needed for what may still be committed: it belongs to nobody.
    fn surplus(self) -> Cents {
        (self.free() - self.available.max(Cents::ZERO)).max(Cents::ZERO)
    }

    /// The most that can be given back while the programme lives: free cash, as far as it is still
    /// available or lies above the envelope.
    #[must_use]
    pub fn most(self) -> Cents {
        self.free().min(self.available + self.surplus()).max(Cents::ZERO)
    }

    /// Where an amount is taken from: first what belongs to nobody.
    #[must_use]
    pub fn giving_back(self, amount: Cents) -> GivingBack {
        let surplus = amount.min(self.surplus());
        GivingBack { surplus, available: amount - surplus }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(cash: i64, available: i64, committed: i64, payable: i64) -> Held {
        let [cash, available, committed, payable] =
            [cash, available, committed, payable].map(Cents);
        Held { cash, available, committed, payable }
    }

    fn parts(held: Held, amount: i64) -> (i64, i64) {
        let GivingBack { surplus, available } = held.giving_back(Cents(amount));
        (surplus.0, available.0)
    }

    #[test]
    fn cash_above_a_lowered_envelope_goes_back_and_what_is_promised_or_owed_stays() {
        let lowered = held(100_000, 40_000, 8_000, 2_000);
        assert_eq!((lowered.free(), lowered.most()), (Cents(90_000), Cents(90_000)));
        assert_eq!(parts(lowered, 50_000), (50_000, 0));
        assert_eq!(parts(lowered, 90_000), (50_000, 40_000));
        let unpaid = held(30_000, 50_000, 50_000, 0);
        assert_eq!((unpaid.free(), unpaid.most()), (Cents::ZERO, Cents::ZERO));
        let owed = held(2_000, 10_000, 3_000, 2_000);
        assert_eq!(owed.most(), Cents::ZERO, "a venue waits for it");
        assert_eq!(held(10_000, 50_000, 0, 0).most(), Cents(10_000));
        assert_eq!(held(0, 0, 0, -500).most(), Cents::ZERO);
        assert_eq!(held(700, 0, 0, -500).free(), Cents(700), "what a venue owes is not there yet");
    }

    #[test]
    fn no_part_is_larger_than_what_it_is_taken_from() {
        for cash in 0..12 {
            for (available, committed, payable) in [(0, 0, 0), (3, 2, 1), (7, 0, -2), (2, 6, 3)] {
                let held = held(cash, available, committed, payable);
                for amount in 0..=held.most().0.max(held.free().0) {
                    let (surplus, rest) = parts(held, amount);
                    assert!(rest <= available && surplus + rest == amount && amount <= cash);
                }
            }
        }
    }
}
