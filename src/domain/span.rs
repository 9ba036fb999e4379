//! Spans of months that sums are kept by.

use super::time::Month;

/// A month, or the quarter or calendar year it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Span {
    /// One month.
    Month,
    /// Three, from January, April, July or October on.
    Quarter,
    /// Twelve, from January on.
    Year,
}

impl Span {
    /// Every span, the longest first.
    const LONGEST_FIRST: [Self; 3] = [Self::Year, Self::Quarter, Self::Month];

    /// How many months it has.
    #[must_use]
    pub fn months(self) -> i32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }

    /// The number of the first month of the span that the month of a number lies in.
    #[must_use]
    pub fn first(self, month: i32) -> i32 {
        month - (month % 100 - 1) % self.months()
    }

    /// The last month of the span that begins with a month; `None` when none of its kind does.
    fn last(self, month: Month) -> Option<Month> {
        let begins = self.first(month.number()) == month.number();
        begins.then(|| (1..self.months()).fold(month, |last, _| last.next()))
    }
}

/// The fewest spans that hold what these months hold, each with its first month. Where no month
/// after `last` holds anything, the last span may reach beyond `to`.
#[must_use]
pub fn cover(from: Month, to: Month, last: Option<Month>) -> Vec<(Span, Month)> {
    let nothing_after = last.is_some_and(|last| last <= to);
    let mut spans = Vec::new();
    let mut month = from;
    while month <= to {
        let longest = Span::LONGEST_FIRST.into_iter().find_map(|span| {
            let end = span.last(month)?;
            (end <= to || nothing_after).then_some((span, end))
        });
        let Some((span, end)) = longest else { break };
        spans.push((span, month));
        month = end.next();
    }
    spans
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn month(number: i32) -> Month {
        Month::from_number(number).unwrap()
    }

    fn covered(from: i32, to: i32, last: Option<i32>) -> Vec<(Span, i32)> {
        let spans = cover(month(from), month(to), last.map(month));
        spans.into_iter().map(|(span, first)| (span, first.number())).collect()
    }

    #[test]
    fn a_year_is_one_span_and_what_is_left_of_others_is_quarters_and_months() {
        use Span::{Month, Quarter, Year};
        assert_eq!(covered(202_601, 202_612, None), [(Year, 202_601)]);
        assert_eq!(
            covered(202_511, 202_704, None),
            [
                (Month, 202_511),
                (Month, 202_512),
                (Year, 202_601),
                (Quarter, 202_701),
                (Month, 202_704)
            ]
        );
    }

    #[test]
    fn the_running_year_is_one_span_when_nothing_comes_after() {
        use Span::{Month, Quarter, Year};
        let to_november = covered(202_512, 202_611, Some(202_611));
        assert_eq!(to_november, [(Month, 202_512), (Year, 202_601)]);
        let then = covered(202_601, 202_605, Some(202_606));
        assert_eq!(then, [(Quarter, 202_601), (Month, 202_604), (Month, 202_605)]);
    }

    #[test]
    fn a_period_that_ends_before_it_begins_has_no_span() {
        assert_eq!(covered(202_605, 202_604, Some(202_601)), []);
    }

    proptest! {
        #[test]
        fn spans_hold_each_month_once_and_no_other(
            start in 0..60i32,
            length in 0..60i32,
            last in proptest::option::of(0..130i32),
        ) {
            let at = |months: i32| month((2024 + months / 12) * 100 + months % 12 + 1);
            let (from, to, last) = (at(start), at(start + length), last.map(at));
            let mut held = Vec::new();
            for (span, first) in cover(from, to, last) {
                let mut month = first;
                for _ in 0..span.months() {
                    prop_assert_eq!(span.first(month.number()), first.number());
                    held.push(month);
                    month = month.next();
                }
            }
            let beyond = |month: &Month| *month > to && last.is_some_and(|last| *month > last);
            let kept: Vec<Month> = held.iter().copied().filter(|month| !beyond(month)).collect();
            let mut asked = vec![from];
            while let Some(month) = asked.last().copied().filter(|month| *month < to) {
                asked.push(month.next());
            }
            prop_assert_eq!(kept, asked);
        }
    }
}
