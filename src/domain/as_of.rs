//! The past moment that figures are asked of.

use std::str::FromStr;

use chrono::{DateTime, Days, NaiveTime};

use super::time::{Day, Instant, Zone, in_calendar, in_letters};

/// The moment figures are asked of: an instant, or the end of a day in Paris.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The last instant that counts.
    pub instant: Instant,
    /// The day, when a whole one was asked for.
    pub day: Option<Day>,
}

/// Neither `2026-03-31T21:59:59Z` nor `2026-03-31`.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAMoment;

impl FromStr for AsOf {
    type Err = NotAMoment;
    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        let day = text.parse::<Day>().ok().filter(|_| text.len() == 10);
        let instant = match day {
            Some(day) => end_in_paris(day),
            None => {
                DateTime::parse_from_rfc3339(text).ok().map(|at| Instant::from_utc(at.to_utc()))
            }
        };
        let sensible = |at: &Instant| in_calendar(at.to_utc().date_naive());
        let instant = instant.filter(sensible).ok_or(NotAMoment)?;
        Ok(Self { instant, day })
    }
}

fn end_in_paris(day: Day) -> Option<Instant> {
    let midnight = day.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN);
    let next = Zone::PARIS.instant_of(midnight)?;
    Instant::from_micros(next.micros().checked_sub(1)?)
}

/// An instant as people in Paris tell it: `31 mars 2026 à 23 h 59`.
#[must_use]
pub fn moment_in_letters(at: Instant) -> String {
    format!("{} à {}", in_letters(at.day_in(Zone::PARIS)), at.hour_in(Zone::PARIS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_in_paris() {
        let read = |text: &str| text.parse::<AsOf>().map(|asked| asked.instant.to_string());
        assert_eq!(read("2026-03-31").unwrap(), "2026-03-31T21:59:59.999999Z");
        assert_eq!(read("2026-12-31").unwrap(), "2026-12-31T22:59:59.999999Z");
        assert_eq!(read("2026-03-31T23:59:59+02:00").unwrap(), "2026-03-31T21:59:59Z");
        for wrong in ["", "2026-03", "31/03/2026", "2026-02-30", "99999-01-01", "0000-01-01"] {
            assert_eq!(read(wrong), Err(NotAMoment), "{wrong}");
        }
        let evening = "2026-03-31".parse::<AsOf>().unwrap().instant;
        assert_eq!(moment_in_letters(evening), "31 mars 2026 à 23 h 59");
    }
}
