//! Whether the machine's clock can be believed before something is done that no one can take back.

use std::fmt;

use super::time::Instant;

/// How far a clock may be ahead: jobs run every quarter of an hour.
const LEEWAY_SECONDS: i64 = 24 * 60 * 60;

/// What the clock is held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Witnesses {
    /// The last instant that jobs believed.
    pub mark: Option<Instant>,
    /// The clock of the database's server, which may be another machine.
    pub database: Option<Instant>,
}

/// Why the clock is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockFault {
    /// More than a day ahead of the last instant the service ran at.
    AheadOfMark(Instant),
    /// More than a day ahead of the database's server.
    AheadOfDatabase(Instant),
}

impl fmt::Display for ClockFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AheadOfMark(mark) => write!(
                f,
                "this machine's clock is more than a day ahead of {mark}, when the service last ran: \
                 nothing is released or forgotten; set the clock, or say `clock confirm` when it is \
                 right"
            ),
            Self::AheadOfDatabase(there) => write!(
                f,
                "this machine's clock is more than a day ahead of the database's, where it is {there}: \
                 nothing is released or forgotten; set the clock that is wrong"
            ),
        }
    }
}

impl std::error::Error for ClockFault {}

/// Whether it may well be `now`.
///
/// # Errors
/// [`ClockFault`], which says what the clock is ahead of.
pub fn believe(now: Instant, witnesses: Witnesses) -> Result<(), ClockFault> {
    let ahead = |of: Instant| now > of.plus_seconds(LEEWAY_SECONDS);
    match witnesses {
        Witnesses { database: Some(there), .. } if ahead(there) => {
            Err(ClockFault::AheadOfDatabase(there))
        }
        Witnesses { mark: Some(mark), .. } if ahead(mark) => Err(ClockFault::AheadOfMark(mark)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::from_utc(text.parse().unwrap())
    }

    #[test]
    fn a_clock_more_than_a_day_ahead_is_not_believed_and_one_behind_is() {
        let mark = at("2026-11-30T10:00:00Z");
        let witnesses = Witnesses { mark: Some(mark), database: None };
        assert_eq!(believe(at("2026-12-01T10:00:00Z"), witnesses), Ok(()));
        assert_eq!(believe(at("2020-01-01T00:00:00Z"), witnesses), Ok(()));
        let ahead = at("2026-12-01T10:00:01Z");
        assert_eq!(believe(ahead, witnesses), Err(ClockFault::AheadOfMark(mark)));
        let database = Witnesses { mark: None, database: Some(mark) };
        assert_eq!(believe(ahead, database), Err(ClockFault::AheadOfDatabase(mark)));
        assert_eq!(believe(ahead, Witnesses::default()), Ok(()));
    }
}
