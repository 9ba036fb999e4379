//! The rhythm of a venue: when a day of it is far from its usual ones. About venues alone, never
//! about who came.

use super::time::Instant;

/// So many days back a venue is looked at.
pub const LOOKED_AT_DAYS: u64 = 7;
/// The days before these that tell what is usual.
pub const USUAL_DAYS: u64 = 90;
/// With fewer active days nothing is usual yet.
pub const FEWEST_ACTIVE_DAYS: usize = 5;
/// A day below this is never unusual.
pub const FEWEST_A_DAY: i64 = 20;
/// So many times its usual day is unusual for a venue.
pub const TIMES_USUAL: i64 = 4;
/// More than this within sixty minutes is unusual for any venue.
pub const MOST_AN_HOUR: i64 = 30;

const HOUR_MICROS: i64 = 3_600_000_000;

/// Why a day stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusual {
    /// So many workshops within sixty minutes.
    Hour {
        /// How many.
        workshops: i64,
    },
    /// Far above the venue's usual day.
    Day {
        /// The median of its active days before.
        usual: i64,
    },
}

/// What a venue does on an active day: the median of its days, the higher of the two in the
/// middle; `None` when there are too few to tell.
#[must_use]
pub fn usual_day(active_days: &[i64]) -> Option<i64> {
    if active_days.len() < FEWEST_ACTIVE_DAYS {
        return None;
    }
    let mut days = active_days.to_vec();
    days.sort_unstable();
    days.get(days.len() / 2).copied()
}

/// The most workshops within sixty minutes.
#[must_use]
pub fn busiest_hour(redeemed_at: &[Instant]) -> i64 {
    let mut micros: Vec<i64> = redeemed_at.iter().map(|at| at.micros()).collect();
    micros.sort_unstable();
    let within = |(position, first): (usize, &i64)| {
        micros.iter().skip(position).take_while(|at| **at - first < HOUR_MICROS).count()
    };
    let most = micros.iter().enumerate().map(within).max().unwrap_or(0);
    i64::try_from(most).unwrap_or(i64::MAX)
}

/// Why a day of so many workshops stands out, if it does.
#[must_use]
pub fn unusual(workshops: i64, busiest_hour: i64, usual: Option<i64>) -> Option<Unusual> {
    if busiest_hour > MOST_AN_HOUR {
        return Some(Unusual::Hour { workshops: busiest_hour });
    }
    let usual = usual?;
    let far = workshops >= FEWEST_A_DAY && workshops >= usual.saturating_mul(TIMES_USUAL);
    far.then_some(Unusual::Day { usual })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(seconds: i64, count: i64) -> Vec<Instant> {
        (0..count).filter_map(|n| Instant::from_micros(n * seconds * 1_000_000)).collect()
    }

    #[test]
    fn an_hour_is_any_sixty_minutes() {
        assert_eq!(busiest_hour(&[]), 0);
        assert_eq!(busiest_hour(&every(60, 200)), 60);
        assert_eq!(busiest_hour(&every(3_600, 9)), 1, "the sixtieth minute is the next hour");
        let mut shuffled = every(1, 31);
        shuffled.reverse();
        assert_eq!(busiest_hour(&shuffled), 31);
    }

    #[test]
    fn what_is_usual_takes_some_days() {
        assert_eq!(usual_day(&[9, 1, 2, 3]), None);
        assert_eq!(usual_day(&[9, 1, 2, 3, 4]), Some(3));
        assert_eq!(usual_day(&[9, 1, 2, 3, 4, 4]), Some(4));
    }

    #[test]
    fn a_day_stands_out_by_its_hour_or_by_the_venues_own_measure() {
        assert_eq!(unusual(31, 31, None), Some(Unusual::Hour { workshops: 31 }));
        assert_eq!(unusual(30, 30, None), None, "a new venue may begin with a full room");
        assert_eq!(unusual(20, 10, Some(5)), Some(Unusual::Day { usual: 5 }));
        assert_eq!(unusual(19, 10, Some(2)), None, "below the floor");
        assert_eq!(unusual(20, 10, Some(6)), None, "less than four times");
    }
}
