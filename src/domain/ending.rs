//! The end of a programme's validity: the steps of the real scheme's calendar, counted from the
//! last day D: an alert at D − 30, handing over stops from D − 15 (due at D − 7), passes are
//! taken until D and then during the tolerance, and six days later the closing statement is
//! agreed with the funders (D + 37 with a tolerance of 31 days).

use super::programme::Programme;
use super::refusal::{Code, Fact, Refusal};
use super::time::{Day, days_after, days_before, in_letters};

/// So many days after the tolerance the closing statement is due.
const STATEMENT_AFTER: u64 = 6;

/// A step of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndingStep {
    /// The operator is told, with the totals.
    Alert,
    /// The operator may stop the handing over.
    StopOpens,
    /// Handing over should be stopped by now.
    StopDue,
    /// The last day of the passes.
    LastDay,
    /// The last day they are taken.
    ToleranceEnds,
    /// The closing statement is due.
    StatementDue,
}

impl EndingStep {
    /// Every step, in order.
    pub const ALL: [Self; 6] = [
        Self::Alert,
        Self::StopOpens,
        Self::StopDue,
        Self::LastDay,
        Self::ToleranceEnds,
        Self::StatementDue,
    ];

    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::StopOpens => "stop_opens",
            Self::StopDue => "stop_due",
            Self::LastDay => "last_day",
            Self::ToleranceEnds => "tolerance_ends",
            Self::StatementDue => "statement_due",
        }
    }

    /// What happens, in French.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Alert => "Alerte : 30 jours avant la fin",
            Self::StopOpens => "Vous pouvez arrêter les remises",
            Self::StopDue => "Les remises doivent être arrêtées",
            Self::LastDay => "Dernier jour des pass",
            Self::ToleranceEnds => "Dernier jour où les lieux les acceptent",
            Self::StatementDue => "État contradictoire avec les financeurs",
        }
    }

    /// The day of the step.
    #[must_use]
    pub fn day(self, programme: &Programme) -> Day {
        let before = |days| days_before(programme.last_day, days);
        match self {
            Self::Alert => before(30),
            Self::StopOpens => before(15),
            Self::StopDue => before(7),
            Self::LastDay => programme.last_day,
            Self::ToleranceEnds => programme.redeemable_until(),
            Self::StatementDue => days_after(programme.redeemable_until(), STATEMENT_AFTER),
        }
    }
}

/// Whether the handing over may be stopped on `today`.
///
/// # Errors
/// [`EndingRefusal`]: too early, or stopped before.
pub fn may_stop(programme: &Programme, today: Day) -> Result<(), EndingRefusal> {
    if programme.handovers_stopped.is_some() {
        return Err(EndingRefusal::AlreadyStopped);
    }
    let opens = EndingStep::StopOpens.day(programme);
    if today < opens { Err(EndingRefusal::TooEarlyToStop(opens)) } else { Ok(()) }
}

/// Whether the closing statement may be established on `today`.
///
/// # Errors
/// [`EndingRefusal::TooEarlyToClose`]: passes are still taken.
pub fn may_establish(programme: &Programme, today: Day) -> Result<(), EndingRefusal> {
    let last = programme.redeemable_until();
    if today <= last {
        return Err(EndingRefusal::TooEarlyToClose(days_after(last, 1)));
    }
    Ok(())
}

/// Why a step of the ending is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndingRefusal {
    /// Handing over may be stopped from that day.
    TooEarlyToStop(Day),
    /// It was stopped before.
    AlreadyStopped,
    /// Passes are taken until the day before that one.
    TooEarlyToClose(Day),
    /// The closing statement is there.
    AlreadyEstablished {
        /// Its number.
        reference: String,
    },
    /// There is no closing statement yet.
    NotEstablished,
    /// The funder agreed before.
    AlreadyAgreed,
    /// Nobody whose money is left has agreed, or all of it was given back.
    NothingToCredit,
}

impl Refusal for EndingRefusal {
    fn code(&self) -> Code {
        match self {
            Self::TooEarlyToStop(_) | Self::TooEarlyToClose(_) => Code::TooEarly,
            Self::AlreadyStopped | Self::AlreadyEstablished { .. } | Self::AlreadyAgreed => {
                Code::AlreadyDone
            }
            Self::NotEstablished => Code::NotEstablished,
            Self::NothingToCredit => Code::NothingToCredit,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::TooEarlyToStop(day) => {
                format!("Les remises s'arrêtent au plus tôt le {}.", in_letters(*day))
            }
            Self::AlreadyStopped => "Les remises sont déjà arrêtées.".to_owned(),
            Self::TooEarlyToClose(day) => format!(
                "Des pass sont encore acceptés : l'état s'établit à partir du {}.",
                in_letters(*day)
            ),
            Self::AlreadyEstablished { reference } => {
                format!("L'état contradictoire {reference} est déjà établi.")
            }
            Self::NotEstablished => {
                "L'état contradictoire n'est pas établi : établissez-le d'abord.".to_owned()
            }
            Self::AlreadyAgreed => "Ce financeur a déjà approuvé l'état.".to_owned(),
            Self::NothingToCredit => "Rien à reverser : aucun financeur n'a approuvé l'état, ou \
                tout est déjà reversé."
                .to_owned(),
        }
    }

    fn facts(&self) -> Vec<(&'static str, Fact)> {
        match self {
            Self::TooEarlyToStop(day) | Self::TooEarlyToClose(day) => {
                vec![("possible_from", Fact::Text(day.to_string()))]
            }
            _ => Vec::new(),
        }
    }
}
