//! The counters of a report: what each is called, what it says, and what of which postings it adds up.

use super::ledger::PostingKind;

/// One counter: its name, its French heading and its one definition.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The name in the API.
    pub name: &'static str,
    /// The French heading.
    pub heading: &'static str,
    /// What it counts, in French.
    pub text: &'static str,
    /// Whether it is an amount in cents.
    pub money: bool,
}

/// What is summed of postings that are alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// How many there are.
    pub postings: i64,
    /// Their workshops.
    pub workshops: i64,
    /// Passes begun; undone beginnings are taken off.
    pub starts: i64,
    /// Their amounts.
    pub amount_cents: i64,
}

/// What of postings a counter adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// How many there are.
    Postings,
    /// Their workshops.
    Workshops,
    /// Passes begun.
    Starts,
    /// Their amounts, in cents.
    AmountCents,
}

impl Measure {
    /// The measure of these.
    #[must_use]
    pub fn of(self, sums: &Sums) -> i64 {
        match self {
            Self::Postings => sums.postings,
            Self::Workshops => sums.workshops,
            Self::Starts => sums.starts,
            Self::AmountCents => sums.amount_cents,
        }
    }

    /// Whether it counts what happened, which is once however many agreements pay for it, and not
    /// what each of them pays.
    #[must_use]
    pub const fn of_events(self) -> bool {
        !matches!(self, Self::AmountCents)
    }
}

/// How a counter is made of postings.
#[derive(Clone, Copy, Debug)]
pub struct Counting {
    /// What of them it adds up.
    pub measure: Measure,
    /// The kinds that are added.
    pub adds: &'static [PostingKind],
    /// The kinds that are taken off.
    pub takes_off: &'static [PostingKind],
}

impl Counting {
    /// What postings of a kind change: their events count where they `tell` of them.
    fn change(&self, kind: PostingKind, tell: bool, sums: &Sums) -> i64 {
        if self.measure.of_events() && !tell {
            0
        } else if self.adds.contains(&kind) {
            self.measure.of(sums)
        } else if self.takes_off.contains(&kind) {
            -self.measure.of(sums)
        } else {
            0
        }
    }
}

macro_rules! counters {
    ($($name:ident: $measure:ident of [$($adds:ident)*] less [$($takes_off:ident)*],
        $heading:literal $text:literal;)+) => {
        /// The counters of one row, all sums over postings.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Counters { $(#[doc = $text] pub $name: i64,)+ }

        /// The definition of each counter, in the order of the columns.
        pub const DEFINITIONS: &[Definition] = &[$(Definition {
            name: stringify!($name),
            heading: $heading,
            text: $text,
            money: !Measure::$measure.of_events(),
        },)+];

        /// How each counter is made of postings, by its name.
        #[expect(non_upper_case_globals, reason = "the names of the counters")]
        pub mod counting {
            use super::{Counting, Measure, PostingKind};

            $(#[doc = $text] pub const $name: Counting = Counting {
                measure: Measure::$measure,
                adds: &[$(PostingKind::$adds),*],
                takes_off: &[$(PostingKind::$takes_off),*],
            };)+
        }

        /// How each counter is made of postings, in the same order.
        pub const COUNTINGS: &[Counting] = &[$(counting::$name,)+];

        impl Counters {
            /// The values in the order of [`DEFINITIONS`].
            #[must_use]
            pub fn values(&self) -> Vec<i64> {
                vec![$(self.$name,)+]
            }

            /// The counters of these values, which are asked for in that order.
            ///
            /// # Errors
            /// The first error of `next`.
            pub fn of_values<E>(mut next: impl FnMut() -> Result<i64, E>) -> Result<Self, E> {
                Ok(Self { $($name: next()?,)+ })
            }

            /// Adds another row.
            pub fn add(&mut self, other: &Self) {
                $(self.$name += other.$name;)+
            }

            /// Adds postings of one kind, whose events count where they `tell` of them.
            pub fn book(&mut self, kind: PostingKind, tell: bool, sums: &Sums) {
                let counters = [$(&mut self.$name),+];
                for (counter, counting) in counters.into_iter().zip(COUNTINGS) {
                    *counter += counting.change(kind, tell, sums);
                }
            }

            /// Whether there is nothing to show.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                *self == Self::default()
            }
        }
    };
}

counters! {
    passes_handed_over: Postings of [Commitment] less [],
        "Pass remis"
        "Pass remis à une personne pendant la période, hors entraînement. Un pass remplacé n'est compté qu'une fois.";
    passes_started: Starts of [Consumption Reversal] less [],
        "Pass commencés"
        "Pass dont le premier atelier a été validé pendant la période ; une validation annulée ne compte pas.";
    workshops_granted: Workshops of [Commitment] less [],
        "Ateliers accordés"
        "Nombre d'ateliers des pass remis pendant la période.";
    workshops_redeemed: Workshops of [Consumption] less [Reversal],
        "Ateliers validés"
        "Validations moins annulations, selon leur mois comptable.";
    workshops_lapsed: Workshops of [Release] less [ReleaseReversal],
        "Ateliers perdus"
        "Ateliers non utilisés des pass expirés ou annulés pendant la période.";
    received_cents: AmountCents of [Receipt] less [],
        "Reçu"
        "Sommes versées par le financeur pendant la période.";
    committed_cents: AmountCents of [Commitment] less [],
        "Engagé"
        "Montant engagé par les remises de pass pendant la période.";
    consumed_cents: AmountCents of [Consumption] less [Reversal],
        "Consommé"
        "Montant des ateliers validés moins les annulations, pendant la période.";
    released_cents: AmountCents of [Release] less [ReleaseReversal],
        "Libéré"
        "Montant engagé et non utilisé, rendu disponible par l'expiration ou l'annulation d'un pass.";
    paid_cents: AmountCents of [Settlement] less [SettlementReversal],
        "Payé"
        "Montant payé aux organismes des lieux pendant la période.";
    refunded_cents: AmountCents of [Refund SurplusReturn] less [],
        "Reversé"
        "Sommes non utilisées rendues au financeur pendant la période.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_undone_is_taken_off_and_events_count_where_they_are_told() {
        let sums = Sums { postings: 3, workshops: 4, starts: 2, amount_cents: 4_000 };
        let mut counters = Counters::default();
        counters.book(PostingKind::Consumption, true, &sums);
        counters.book(PostingKind::Consumption, false, &sums);
        let undone = Sums { postings: 1, workshops: 1, starts: -1, amount_cents: 1_000 };
        counters.book(PostingKind::Reversal, true, &undone);
        let expected = Counters {
            passes_started: 1,
            workshops_redeemed: 3,
            consumed_cents: 7_000,
            ..Counters::default()
        };
        assert_eq!(counters, expected);
    }

    #[test]
    fn no_counter_adds_what_it_takes_off() {
        for counting in COUNTINGS {
            assert!(counting.adds.iter().all(|kind| !counting.takes_off.contains(kind)));
        }
    }
}
