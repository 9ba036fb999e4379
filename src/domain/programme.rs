//! A programme: one scheme with its dates, price and sizes.

use super::ids::ProgrammeId;
use super::money::Cents;
use super::refusal::{Code, Refusal};
use super::territory::Territory;
use super::time::{Day, Instant, Zone, days_after, in_letters};

/// What opens an agreement's envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedBy {
    /// The signature: the whole envelope is available at once.
    Signature,
    /// Money received: each receipt makes as much available.
    Receipt,
}

impl OpenedBy {
    /// The name in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Receipt => "receipt",
        }
    }

    /// Reads the name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Signature, Self::Receipt].into_iter().find(|way| way.as_str() == name)
    }
}

/// The smallest and the largest pass there is, in workshops.
pub const SIZES: std::ops::RangeInclusive<u8> = 5..=10;

/// One scheme. All days are days in `zone`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programme {
    /// Its id.
    pub id: ProgrammeId,
    /// Its name as printed.
    pub name: String,
    /// The price of a workshop.
    pub price: Cents,
    /// The sizes of pass it allows, each within [`SIZES`], ascending.
    pub sizes: Vec<u8>,
    /// The first day a pass may be handed over.
    pub first_day: Day,
    /// The last day of every pass, and the last a pass may be handed over.
    pub last_day: Day,
    /// How many days after the last day a pass is still taken.
    pub tolerance_days: u16,
    /// Where its days begin at midnight.
    pub zone: Zone,
    /// At most so many redemptions of one pass a day.
    pub max_per_day: u8,
    /// At most so many live passes for one person.
    pub passes_per_person: u8,
    /// So many days a redemption may be undone.
    pub undo_days: u16,
    /// What opens an agreement's envelope.
    pub opened_by: OpenedBy,
    /// A rehearsal: its passes count nowhere.
    pub training: bool,
    /// Where the people live, when it is limited.
    pub territory: Option<Territory>,
    /// Since when no pass is handed over any more, because the end is near.
    pub handovers_stopped: Option<Instant>,
}

impl Programme {
    /// The last day a pass of this programme is taken, tolerance included.
    #[must_use]
    pub fn redeemable_until(&self) -> Day {
        days_after(self.last_day, u64::from(self.tolerance_days))
    }

    /// Whether the people who held a pass may be forgotten on `today`: a month later than the last
    /// day, since nothing brings their fingerprints back.
    #[must_use]
    pub fn people_may_be_forgotten(&self, today: Day) -> bool {
        today > self.redeemable_until() + chrono::Days::new(30)
    }

    /// Whether passes are handed over on `today`.
    ///
    /// # Errors
    /// [`ProgrammeRefusal::NotOpenYet`] or [`ProgrammeRefusal::Closed`].
    pub fn must_be_open(&self, today: Day) -> Result<(), ProgrammeRefusal> {
        if today < self.first_day {
            return Err(ProgrammeRefusal::NotOpenYet(self.first_day));
        }
        if today > self.last_day {
            return Err(ProgrammeRefusal::Closed(self.last_day));
        }
        if let Some(at) = self.handovers_stopped {
            return Err(ProgrammeRefusal::Stopped(at.day_in(self.zone)));
        }
        Ok(())
    }

    /// Whether a pass of `units` may be handed over on `today` to somebody living in `commune`.
    ///
    /// # Errors
    /// A [`ProgrammeRefusal`] that names what stands in the way.
    pub fn may_hand_over(
        &self,
        units: u8,
        today: Day,
        commune: Option<&str>,
    ) -> Result<(), ProgrammeRefusal> {
        if !self.sizes.contains(&units) {
            return Err(ProgrammeRefusal::Size { allowed: self.sizes.clone() });
        }
        self.must_be_open(today)?;
        match (&self.territory, commune) {
            (Some(territory), Some(commune)) if !territory.holds(commune) => {
                Err(ProgrammeRefusal::OutsideTerritory)
            }
            _ => Ok(()),
        }
    }
}

/// Why a programme refuses a handover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgrammeRefusal {
    /// The size is not among those allowed.
    Size {
        /// The sizes that are.
        allowed: Vec<u8>,
    },
    /// The programme begins later.
    NotOpenYet(Day),
    /// The programme is over.
    Closed(Day),
    /// Handing over was stopped on that day, before the programme's end.
    Stopped(Day),
    /// The programme does not accept the caller's organisation.
    Prescriber,
    /// The person lives elsewhere.
    OutsideTerritory,
}

impl Refusal for ProgrammeRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Size { .. } => Code::SizeNotAllowed,
            Self::NotOpenYet(_) | Self::Closed(_) => Code::ProgrammeClosed,
            Self::Stopped(_) => Code::HandoversStopped,
            Self::Prescriber => Code::PrescriberNotAccepted,
            Self::OutsideTerritory => Code::OutsideTerritory,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Size { allowed } => {
                let sizes: Vec<String> = allowed.iter().map(u8::to_string).collect();
                format!(
                    "Ce dispositif permet des pass de {} ateliers : choisissez l'une de ces tailles.",
                    sizes.join(", ")
                )
            }
            Self::NotOpenYet(first) => format!(
                "Ce dispositif ouvre le {} : attendez cette date ou choisissez un autre dispositif.",
                in_letters(*first)
            ),
            Self::Stopped(day) => format!(
                "Les remises de ce dispositif sont arrêtées depuis le {} : il se termine bientôt. \
                 Ne remettez plus de pass.",
                in_letters(*day)
            ),
            Self::Closed(last) => format!(
                "Ce dispositif s'est terminé le {} : choisissez un autre dispositif.",
                in_letters(*last)
            ),
            Self::Prescriber => "Votre organisme n'est pas autorisé à remettre des pass de ce \
                dispositif : demandez à l'opérateur."
                .to_owned(),
            Self::OutsideTerritory => "La commune de résidence est hors du territoire de ce \
                dispositif : vérifiez la commune ou choisissez un autre dispositif."
                .to_owned(),
        }
    }
}
