//! Days on which banks make transfers: those of TARGET, the system of the European Central Bank.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::time::Day;

/// Whether banks make transfers on that day: no Saturday, Sunday or holiday of TARGET.
#[must_use]
pub fn is_bank_day(day: Day) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let fixed = matches!((day.month(), day.day()), (1 | 5, 1) | (12, 25 | 26));
    let easter = easter(day.year()).is_some_and(|easter| {
        [easter.checked_sub_days(Days::new(2)), easter.checked_add_days(Days::new(1))]
            .contains(&Some(day))
    });
    !(weekend || fixed || easter)
}

/// The first such day that is not before `day`.
#[must_use]
pub fn bank_day_from(day: Day) -> Day {
    day.iter_days().take(10).find(|day| is_bank_day(*day)).unwrap_or(day)
}

/// Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).
fn easter(year: i32) -> Option<Day> {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let correction = (8 * century + 13).div_euclid(25);
    let epact = (19 * golden + century - century.div_euclid(4) - correction + 15).rem_euclid(30);
    let weekday = (32 + 2 * century.rem_euclid(4) + 2 * of_century.div_euclid(4)
        - epact
        - of_century.rem_euclid(4))
    .rem_euclid(7);
    let shift = (golden + 11 * epact + 22 * weekday).div_euclid(451);
    let number = epact + weekday - 7 * shift + 114;
    let month = u32::try_from(number.div_euclid(31)).ok()?;
    let day = u32::try_from(number.rem_euclid(31) + 1).ok()?;
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn weekends_and_the_six_holidays_of_target_are_no_bank_days() {
        for closed in [
            "2026-01-01",
            "2026-04-03",
            "2026-04-06",
            "2026-05-01",
            "2026-12-25",
            "2026-12-26",
            "2026-11-29",
            "2026-11-28",
            "2027-03-26",
            "2027-03-29",
            "2025-04-18",
            "2025-04-21",
        ] {
            assert!(!is_bank_day(day(closed)), "{closed}");
        }
        for open in ["2026-04-02", "2026-04-07", "2026-07-14", "2026-11-11", "2026-12-24"] {
            assert!(is_bank_day(day(open)), "{open}");
        }
        assert_eq!(bank_day_from(day("2026-04-03")), day("2026-04-07"));
        assert_eq!(bank_day_from(day("2026-12-24")), day("2026-12-24"));
    }
}
