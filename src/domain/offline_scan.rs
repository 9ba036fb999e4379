//! A scan taken without a network: when it happened, by which clock, and whether it still counts.

use std::fmt;

use chrono::Days;

use super::refusal::{Code, Refusal};
use super::time::{Day, Instant, in_letters};

/// A phone's clock may differ so much from ours before it is flagged.
const TOLERATED_SKEW_SECONDS: i64 = 5 * 60;

/// A scan may wait so many days for a network.
const LONGEST_WAIT_DAYS: i64 = 31;

/// The day that a scan tells is believed for so many days: from a Friday's workshop to the Monday
/// when somebody opens the venue again.
pub const BELIEVED_DAYS: i64 = 3;

/// The first day that is still believed.
#[must_use]
pub fn oldest_believed(today: Day) -> Day {
    today.checked_sub_days(Days::new(BELIEVED_DAYS.unsigned_abs())).unwrap_or(today)
}

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

/// So many days back the scans of a venue are looked at.
pub const BACKDATED_DAYS: i64 = 30;
/// With fewer that came after their day a venue does not stand out.
const FEWEST_BACKDATED: i64 = 5;
/// The hundredths of its workshops from which on they do.
const UNUSUAL_SHARE: i64 = 25;

/// The workshops of a venue that came after their day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backdated {
    /// How many.
    pub scans: i64,
    /// Of how many workshops in all.
    pub workshops: i64,
    /// By how many days at most.
    pub oldest_days: i64,
}

impl Backdated {
    /// Adds a scan that came so many days after its day.
    pub fn add(&mut self, days: i64) {
        if days > 0 {
            self.scans += 1;
            self.oldest_days = self.oldest_days.max(days);
        }
    }

    /// Whether they are so many that the operator should ask why.
    #[must_use]
    pub fn stands_out(&self) -> bool {
        self.scans >= FEWEST_BACKDATED && self.scans * 100 >= self.workshops * UNUSUAL_SHARE
    }
}

impl fmt::Display for Backdated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scans, workshops, oldest_days } = self;
        let days = if *oldest_days < 2 { "jour" } else { "jours" };
        write!(
            f,
            "En {BACKDATED_DAYS} jours, arrivées après leur jour : {scans} sur {workshops}, de \
             {oldest_days} {days} au plus."
        )
    }
}

/// What tells whether a scan that the rule would take is believed at once.
#[derive(Debug)]
pub struct Arrival {
    /// When the device says it scanned, put right.
    pub happened_at: Instant,
    /// The day of the workshop.
    pub workshop_day: Day,
    /// The day it came.
    pub received_day: Day,
    /// When the pass was handed over.
    pub handed_over_at: Option<Instant>,
    /// Whether the venue's label is valid on the day it came.
    pub venue_labelled: bool,
    /// How many workshops of the pass came in that day already, of whatever day.
    pub came_that_day: usize,
    /// How often the programme lets the pass be validated a day.
    pub max_per_day: u8,
}

/// Why a scan waits for the operator: a device may write any day, so what cannot be told from an
/// invented day is paid only once a person has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Its day is before the handover.
    BeforeHandover,
    /// The venue's label is no longer valid.
    LabelOver,
    /// It came too long after its day.
    Late(Day),
    /// Others of the same pass came on the same day.
    Several,
    /// The pass gave workshops then and gives none now: the refusal that its code meets today.
    GivesNoMore(Code),
}

impl Arrival {
    /// # Errors
    /// The first [`Doubt`] there is.
    pub fn must_be_believed(&self) -> Result<(), Doubt> {
        let tolerated = |handed_over: Instant| handed_over.plus_seconds(-TOLERATED_SKEW_SECONDS);
        if self.handed_over_at.is_some_and(|at| self.happened_at < tolerated(at)) {
            return Err(Doubt::BeforeHandover);
        }
        if !self.venue_labelled {
            return Err(Doubt::LabelOver);
        }
        if (self.received_day - self.workshop_day).num_days() > BELIEVED_DAYS {
            return Err(Doubt::Late(self.workshop_day));
        }
        if self.came_that_day >= usize::from(self.max_per_day) {
            return Err(Doubt::Several);
        }
        Ok(())
    }
}

impl Refusal for Doubt {
    fn code(&self) -> Code {
        Code::ScanHeld
    }

    fn sentence(&self) -> String {
        let why = match self {
            Self::BeforeHandover => {
                "L'heure de cette validation est antérieure à la remise du pass".to_owned()
            }
            Self::LabelOver => "Ce lieu n'est plus labellisé aujourd'hui".to_owned(),
            Self::Late(day) => format!(
                "Cette validation du {} est arrivée plus de {BELIEVED_DAYS} jours après",
                in_letters(*day)
            ),
            Self::Several => {
                "Une autre validation de ce pass est déjà arrivée aujourd'hui".to_owned()
            }
            Self::GivesNoMore(code) => {
                let since = match code {
                    Code::Suspended => "suspendu",
                    Code::Void => "annulé",
                    Code::Replaced => "remplacé",
                    _ => "clos, et son argent rendu,",
                };
                format!("Ce pass a été {since} après cette validation")
            }
        };
        format!(
            "{why} : elle attend l'accord de l'opérateur du dispositif et sera payée s'il \
             l'accepte. Vous n'avez rien à refaire."
        )
    }
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
mod tests;
