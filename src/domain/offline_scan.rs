//! A scan taken without a network: when it happened, by which clock, and whether it still counts.

use super::refusal::{Code, Refusal};
use super::time::Instant;

/// A phone's clock may differ so much from ours before it is flagged.
const TOLERATED_SKEW_SECONDS: i64 = 5 * 60;

/// A scan may wait so many days for a network.
const LONGEST_WAIT_DAYS: i64 = 31;

/// The clocks that saw a scan.
#[derive(Clone, Copy, Debug)]
pub struct Clocks {
    /// When the phone says it scanned.
    pub scanned_at: Instant,
    /// What the phone's clock said when it sent its scans.
    pub sent_at: Option<Instant>,
    /// What our clock said when they came.
    pub received_at: Instant,
}

impl Clocks {
    /// By how many seconds the phone is ahead of us, measured at the moment of sending.
    #[must_use]
    pub fn skew_seconds(&self) -> Option<i64> {
        self.sent_at.map(|sent_at| seconds(self.received_at, sent_at))
    }

    /// Whether the phone's clock is wrong: by what it said when sending, or because it scanned
    /// later than now.
    #[must_use]
    pub fn skewed(&self) -> bool {
        let ahead = seconds(self.received_at, self.scanned_at);
        self.misset() || ahead > TOLERATED_SKEW_SECONDS
    }

    /// The best estimate of when the scan happened: the phone's time, put right by what its
    /// clock was wrong when sending, and never later than now.
    #[must_use]
    pub fn happened_at(&self) -> Instant {
        let wrong_by = if self.misset() { self.skew_seconds().unwrap_or(0) } else { 0 };
        self.scanned_at.plus_seconds(-wrong_by).min(self.received_at)
    }

    /// # Errors
    /// [`ScanTooOld`] when it waited longer than 31 days: what happened then can no longer be
    /// told from what is made up now.
    pub fn must_be_recent(&self) -> Result<(), ScanTooOld> {
        let waited = seconds(self.happened_at(), self.received_at);
        if waited <= LONGEST_WAIT_DAYS * 86_400 { Ok(()) } else { Err(ScanTooOld) }
    }

    fn misset(&self) -> bool {
        self.skew_seconds().is_some_and(|skew| skew.abs() > TOLERATED_SKEW_SECONDS)
    }
}

fn seconds(from: Instant, to: Instant) -> i64 {
    to.micros().saturating_sub(from.micros()).div_euclid(1_000_000)
}

/// The scan waited too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanTooOld;

impl Refusal for ScanTooOld {
    fn code(&self) -> Code {
        Code::ScanTooOld
    }

    fn sentence(&self) -> String {
        format!(
            "Cette validation a attendu plus de {LONGEST_WAIT_DAYS} jours sur l'appareil : voyez \
             avec l'opérateur du dispositif."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::from_utc(text.parse().unwrap())
    }

    fn clocks(scanned: &str, sent: Option<&str>) -> Clocks {
        let received_at = at("2026-03-10T18:00:00Z");
        Clocks { scanned_at: at(scanned), sent_at: sent.map(at), received_at }
    }

    #[test]
    fn a_right_clock_is_believed() {
        let right = clocks("2026-03-10T09:00:00Z", Some("2026-03-10T18:00:02Z"));
        assert_eq!((right.skew_seconds(), right.skewed()), (Some(2), false));
        assert_eq!(right.happened_at(), at("2026-03-10T09:00:00Z"));
    }

    #[test]
    fn a_clock_an_hour_wrong_is_flagged_and_put_right() {
        let ahead = clocks("2026-03-11T00:10:00Z", Some("2026-03-10T19:00:00Z"));
        assert!(ahead.skewed());
        assert_eq!(ahead.happened_at(), at("2026-03-10T18:00:00Z"), "never later than now");
        let behind = clocks("2026-03-09T22:30:00Z", Some("2026-03-10T17:00:00Z"));
        assert!(behind.skewed());
        assert_eq!(behind.happened_at(), at("2026-03-09T23:30:00Z"));
    }

    #[test]
    fn a_scan_of_the_future_is_flagged_even_when_nobody_says_when_it_was_sent() {
        assert!(clocks("2026-03-10T19:00:00Z", None).skewed());
        assert!(!clocks("2026-03-10T18:00:30Z", None).skewed());
        assert!(!clocks("2026-03-01T18:00:30Z", None).skewed());
    }

    #[test]
    fn a_scan_of_a_year_ago_does_not_count_unless_its_clock_says_the_same_of_now() {
        let old = clocks("2025-03-10T18:00:00Z", None);
        assert_eq!(old.must_be_recent(), Err(ScanTooOld));
        let reset = clocks("1970-01-01T10:00:00Z", Some("1970-01-01T12:00:00Z"));
        assert_eq!(reset.must_be_recent(), Ok(()));
        assert_eq!(reset.happened_at(), at("2026-03-10T16:00:00Z"));
    }
}
