//! Instants, days and months. A day is always a day in some programme's time zone.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, SecondsFormat, Utc};

/// A calendar day, `2026-12-31`.
pub type Day = NaiveDate;

/// The years of every day and instant that is asked for or written down: people, and both databases,
/// write them with four digits.
const YEARS: RangeInclusive<i32> = 1900..=2999;

/// Whether a day lies in the years of the calendar.
#[must_use]
pub fn in_calendar(day: Day) -> bool {
    YEARS.contains(&day.year())
}

/// So many days later; the last day there is when there are not so many.
#[must_use]
pub fn days_after(day: Day, days: u64) -> Day {
    day.checked_add_days(Days::new(days)).unwrap_or(Day::MAX)
}

/// So many days earlier; the first day there is when there are not so many.
#[must_use]
pub fn days_before(day: Day, days: u64) -> Day {
    day.checked_sub_days(Days::new(days)).unwrap_or(Day::MIN)
}

/// The first and the last microsecond of the years 1 to 9999: from there a day in any time zone,
/// and a second more, still exist.
const FIRST_MICROS: i64 = -62_135_596_800_000_000;
const LAST_MICROS: i64 = 253_402_300_799_999_999;

/// A point in time in UTC, to the microsecond: what both databases can hold without loss. What lies
/// beyond the years 1 to 9999 is brought to their edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(DateTime<Utc>);

impl Instant {
    /// Cuts anything finer than a microsecond.
    #[must_use]
    pub fn from_utc(at: DateTime<Utc>) -> Self {
        let micros = at.timestamp_micros().clamp(FIRST_MICROS, LAST_MICROS);
        DateTime::from_timestamp_micros(micros).map_or(Self(at), Self)
    }

    /// Microseconds since 1970; `None` beyond the years 1 to 9999.
    #[must_use]
    pub fn from_micros(micros: i64) -> Option<Self> {
        let held = (FIRST_MICROS..=LAST_MICROS).contains(&micros);
        DateTime::from_timestamp_micros(micros).filter(|_| held).map(Self)
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// Milliseconds since 1970, never negative; what a `UUIDv7` begins with.
    #[must_use]
    pub fn millis(self) -> u64 {
        u64::try_from(self.0.timestamp_millis()).unwrap_or(0)
    }

    /// The same point in time as chrono knows it.
    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        self.0
    }

    /// The day it is in `zone` at this instant.
    #[must_use]
    pub fn day_in(self, zone: Zone) -> Day {
        self.0.with_timezone(&zone.0).date_naive()
    }

    /// The hour as people in `zone` say it: `14 h 05`.
    #[must_use]
    pub fn hour_in(self, zone: Zone) -> String {
        self.0.with_timezone(&zone.0).format("%-H h %M").to_string()
    }

    /// Later by `seconds` (earlier when negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let micros = self.micros().saturating_add(seconds.saturating_mul(1_000_000));
        Self::from_micros(micros.clamp(FIRST_MICROS, LAST_MICROS)).unwrap_or(self)
    }
}

/// RFC 3339 in UTC, to the microsecond when there is a fraction.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// An IANA time zone such as `Europe/Paris` or `Indian/Reunion`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(chrono_tz::Tz);

impl Zone {
    /// The zone of a programme that says nothing else.
    pub const PARIS: Self = Self(chrono_tz::Europe::Paris);

    /// The zone people live by in the commune of that INSEE code.
    #[must_use]
    pub fn of_commune(insee: &str) -> Self {
        use chrono_tz::{America, Indian, Pacific};
        Self(match insee.get(..3) {
            Some("971" | "977" | "978") => America::Guadeloupe,
            Some("972") => America::Martinique,
            Some("973") => America::Cayenne,
            Some("974") => Indian::Reunion,
            Some("975") => America::Miquelon,
            Some("976") => Indian::Mayotte,
            Some("986") => Pacific::Wallis,
            Some("987") => Pacific::Tahiti,
            Some("988") => Pacific::Noumea,
            _ => chrono_tz::Europe::Paris,
        })
    }

    /// When the day begins.
    #[must_use]
    pub fn midnight(self, day: Day) -> Instant {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        // A clock that is put forward at midnight has none: the day begins an hour late there.
        self.instant_of(midnight).unwrap_or_else(|| Instant::from_utc(midnight.and_utc()))
    }

    /// The instant at which a clock in this zone shows that day and hour; the earlier one when
    /// it shows them twice, none when it never does.
    #[must_use]
    pub fn instant_of(self, at: NaiveDateTime) -> Option<Instant> {
        at.and_local_timezone(self.0).earliest().map(|at| Instant::from_utc(at.to_utc()))
    }

    /// What the clocks of this zone show at that instant.
    #[must_use]
    pub fn clock_at(self, at: Instant) -> NaiveDateTime {
        at.0.with_timezone(&self.0).naive_local()
    }

    /// The zone's IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

/// There is no zone of that name.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownZone;

impl FromStr for Zone {
    type Err = UnknownZone;
    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        name.parse().map(Self).map_err(|_| UnknownZone)
    }
}

/// A calendar month, `2026-03`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: Day,
}

impl Month {
    /// Before everything: January 1900.
    pub const FIRST: Self = match Day::from_ymd_opt(1900, 1, 1) {
        Some(first) => Self { first },
        None => Self { first: Day::MIN },
    };

    /// The month `day` lies in.
    #[must_use]
    pub fn of(day: Day) -> Self {
        Self { first: day.with_day(1).unwrap_or(day) }
    }

    /// The number `202603` for March 2026: how the database holds a month.
    #[must_use]
    pub fn number(self) -> i32 {
        self.first.year() * 100 + i32::try_from(self.first.month()).unwrap_or(0)
    }

    /// Reads [`Month::number`] back; `None` for a number that is no month.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        let month = u32::try_from(number.rem_euclid(100)).ok()?;
        Day::from_ymd_opt(number.div_euclid(100), month, 1).map(|first| Self { first })
    }

    /// The first day of the month.
    #[must_use]
    pub fn first_day(self) -> Day {
        self.first
    }

    /// The last day of the month.
    #[must_use]
    pub fn last_day(self) -> Day {
        self.next().first.checked_sub_days(Days::new(1)).unwrap_or(self.first)
    }

    /// The month after.
    #[must_use]
    pub fn next(self) -> Self {
        Self { first: self.first.checked_add_months(Months::new(1)).unwrap_or(self.first) }
    }

    /// The month before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self { first: self.first.checked_sub_months(Months::new(1)).unwrap_or(self.first) }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

/// Not of the form `2026-03`, or of no year of the calendar.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAMonth;

impl FromStr for Month {
    type Err = NotAMonth;
    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        if text.len() != 7 {
            return Err(NotAMonth);
        }
        let day = Day::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").map_err(|_| NotAMonth)?;
        if in_calendar(day) { Ok(Self::of(day)) } else { Err(NotAMonth) }
    }
}

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// A day with its month in letters, as easy-to-read French wants it: `31 décembre 2026`.
#[must_use]
pub fn in_letters(day: Day) -> String {
    let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
    let ordinal = if day.day() == 1 { "1er".to_owned() } else { day.day().to_string() };
    format!("{ordinal} {month} {}", day.year())
}

/// A month in letters: `mars 2026`.
#[must_use]
pub fn month_in_letters(month: Month) -> String {
    let name = MONTHS.get(month.first.month0() as usize).copied().unwrap_or_default();
    format!("{name} {}", month.first.year())
}

#[cfg(test)]
mod tests;
