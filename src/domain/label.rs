//! What a venue's labels and suspensions say of it on a day.

use chrono::Days;

use super::time::Day;

/// A label that ends within so many days is worth a warning.
pub const SOON_DAYS: u64 = 30;

/// How a venue stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may redeem, and will for a while.
    Labelled {
        /// Last day without a gap.
        until: Day,
    },
    /// It may redeem, but not for long.
    EndsSoon {
        /// Last day without a gap.
        until: Day,
    },
    /// It has a label, and may not use it now.
    Suspended {
        /// Last day of the suspension; open when there is none.
        until: Option<Day>,
    },
    /// Its first label is still to begin.
    Coming {
        /// First day.
        from: Day,
    },
    /// It has no label, now or later.
    Unlabelled,
}

/// How a venue stands on `today`, by its labels (first and last day) and its suspensions.
#[must_use]
pub fn standing(labels: &[(Day, Day)], suspensions: &[(Day, Option<Day>)], today: Day) -> Standing {
    let Some(until) = last_without_gap(labels, today) else {
        let next = labels.iter().map(|(from, _)| *from).filter(|from| *from > today).min();
        return next.map_or(Standing::Unlabelled, |from| Standing::Coming { from });
    };
    let running = suspensions
        .iter()
        .find(|(from, until)| *from <= today && until.is_none_or(|until| today <= until));
    if let Some((_, until)) = running {
        return Standing::Suspended { until: *until };
    }
    let soon = today.checked_add_days(Days::new(SOON_DAYS)).is_none_or(|limit| until <= limit);
    if soon { Standing::EndsSoon { until } } else { Standing::Labelled { until } }
}

/// Whether a venue may redeem for workshops of `day`.
#[must_use]
pub fn labelled_on(labels: &[(Day, Day)], suspensions: &[(Day, Option<Day>)], day: Day) -> bool {
    let standing = standing(labels, suspensions, day);
    matches!(standing, Standing::Labelled { .. } | Standing::EndsSoon { .. })
}

/// The last day of the label of `today` and of those that follow it at once.
fn last_without_gap(labels: &[(Day, Day)], today: Day) -> Option<Day> {
    let holds = |day: Day| labels.iter().find(|(from, until)| *from <= day && day <= *until);
    let mut last = holds(today)?.1;
    while let Some((_, until)) = last.succ_opt().and_then(holds) {
        last = *until;
    }
    Some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_label_that_is_renewed_without_a_gap_does_not_end() {
        let first = (day("2026-01-01"), day("2026-06-30"));
        let next = (day("2026-07-01"), day("2026-12-31"));
        let today = day("2026-06-15");
        let ends = Standing::EndsSoon { until: day("2026-06-30") };
        assert_eq!(standing(&[first], &[], today), ends);
        let renewed = Standing::Labelled { until: day("2026-12-31") };
        assert_eq!(standing(&[first, next], &[], today), renewed);
        let later = (day("2026-07-02"), day("2026-12-31"));
        assert_eq!(standing(&[first, later], &[], today), ends);
    }

    #[test]
    fn a_venue_is_suspended_coming_or_nothing() {
        let label = (day("2026-01-01"), day("2026-12-31"));
        let today = day("2026-03-10");
        let open = (day("2026-03-10"), None);
        let past = (day("2026-02-01"), Some(day("2026-03-09")));
        assert_eq!(standing(&[label], &[past, open], today), Standing::Suspended { until: None });
        assert!(matches!(standing(&[label], &[past], today), Standing::Labelled { .. }));
        let before = day("2025-12-31");
        assert_eq!(standing(&[label], &[], before), Standing::Coming { from: label.0 });
        assert_eq!(standing(&[label], &[open], day("2027-01-01")), Standing::Unlabelled);
        assert_eq!(standing(&[], &[], today), Standing::Unlabelled);
    }
}
