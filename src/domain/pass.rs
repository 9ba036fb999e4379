//! A pass: 5 to 10 workshops for one person.

use super::agreement::Funding;
use super::ids::{OrganisationId, PassId, ProgrammeId};
use super::mask::SlotMask;
use super::pass_status::PassStatus;
use super::refusal::{Code, Refusal};
use super::split::{self, ShareBp};
use super::time::{Day, Instant, in_letters};
use super::{ids::AgreementId, money::Cents};

/// Where a pass is in its life; `void` and `replaced` are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PassState {
    /// Printed in advance, not handed over: it redeems nothing.
    Printed,
    /// Handed over.
    Active,
    /// Stopped for a while.
    Suspended,
    /// Cancelled for good.
    Void,
    /// Another pass carries on with what was left.
    Replaced,
}

impl PassState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Printed, Self::Active, Self::Suspended, Self::Void, Self::Replaced];

    /// The name in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Void => "void",
            Self::Replaced => "replaced",
        }
    }

    /// Reads the name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A pass as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Its id.
    pub id: PassId,
    /// The first pass of the line of replacements it belongs to: itself when it replaces none.
    /// Funding, postings and the daily limit follow the line, not the sheet of paper.
    pub origin: PassId,
    /// The number on the stub.
    pub serial: String,
    /// Its programme.
    pub programme: ProgrammeId,
    /// Who handed it over.
    pub prescriber: OrganisationId,
    /// How many workshops it had when new.
    pub units: u8,
    /// Which slots are used.
    pub mask: SlotMask,
    /// Where it is in its life.
    pub state: PassState,
    /// The day it was handed over, in the programme's zone.
    pub first_day: Day,
    /// Its last day.
    pub last_day: Day,
    /// The last day it is taken, tolerance included.
    pub redeemable_until: Day,
    /// What it did not use went back to its funders: it is over.
    pub released: bool,
    /// A rehearsal: counts nowhere.
    pub training: bool,
    /// When it was handed over.
    pub handed_over_at: Option<Instant>,
}

impl Pass {
    /// Workshops left.
    #[must_use]
    pub fn remaining(&self) -> u8 {
        self.units.saturating_sub(self.mask.used())
    }

    /// The name of the state people are told on `today`.
    #[must_use]
    pub fn status_on(&self, today: Day) -> &'static str {
        self.standing(today).as_str()
    }

    /// The state people are told on `today`: `exhausted` and `expired` follow from the facts.
    #[must_use]
    pub fn standing(&self, today: Day) -> PassStatus {
        let over = today > self.redeemable_until;
        match self.state {
            PassState::Active if self.remaining() == 0 => PassStatus::Exhausted,
            PassState::Active | PassState::Suspended if over => PassStatus::Expired,
            PassState::Active => PassStatus::Active,
            PassState::Suspended => PassStatus::Suspended,
            PassState::Printed => PassStatus::Printed,
            PassState::Void => PassStatus::Void,
            PassState::Replaced => PassStatus::Replaced,
        }
    }

    /// Whether it gave workshops once and gives none now.
    #[must_use]
    pub fn gave_up(&self) -> bool {
        self.released || !matches!(self.state, PassState::Active | PassState::Printed)
    }

    /// The pass as it stood at an instant, by what happened to it since, in order.
    #[must_use]
    pub fn as_it_stood(&self, at: Instant, events: &[(String, Instant)]) -> Self {
        let (before, since): (Vec<_>, Vec<_>) = events.iter().partition(|(_, then)| *then <= at);
        let happened =
            |names: &[&str]| since.iter().any(|(name, _)| names.contains(&name.as_str()));
        let state = |name: &str| match name {
            "resumed" => Some(PassState::Active),
            name => PassState::from_name(name).filter(|state| *state != PassState::Printed),
        };
        let mut stood = self.clone();
        if happened(&["suspended", "resumed", "void", "replaced"]) {
            let last = before.iter().rev().find_map(|(name, _)| state(name));
            stood.state = last.unwrap_or(PassState::Active);
        }
        stood.released = self.released && !happened(&["expired", "void"]);
        stood
    }

    /// Whether it may still commit or give back money: it was handed over and not yet wound up.
    #[must_use]
    pub fn holds_money(&self) -> bool {
        matches!(self.state, PassState::Active | PassState::Suspended) && !self.released
    }

    /// Whether the pass was handed over and is neither void nor replaced.
    ///
    /// # Errors
    /// [`LifeRefusal`] when it is not.
    pub fn must_live(&self, today: Day) -> Result<(), LifeRefusal> {
        match self.state {
            PassState::Printed => Err(LifeRefusal::NotHandedOver),
            PassState::Void => Err(LifeRefusal::Void),
            PassState::Replaced => Err(LifeRefusal::Replaced),
            PassState::Active | PassState::Suspended if self.released => {
                Err(LifeRefusal::Expired(self.redeemable_until))
            }
            PassState::Active | PassState::Suspended if today > self.redeemable_until => {
                Err(LifeRefusal::Expired(self.redeemable_until))
            }
            PassState::Active | PassState::Suspended => Ok(()),
        }
    }

    /// The state after a suspension.
    ///
    /// # Errors
    /// [`LifeRefusal`] unless the pass is active.
    pub fn suspend(&self, today: Day) -> Result<PassState, LifeRefusal> {
        self.must_live(today)?;
        match self.state {
            PassState::Suspended => Err(LifeRefusal::Suspended),
            _ => Ok(PassState::Suspended),
        }
    }

    /// The state after the end of a suspension.
    ///
    /// # Errors
    /// [`LifeRefusal`] unless the pass is suspended.
    pub fn resume(&self, today: Day) -> Result<PassState, LifeRefusal> {
        self.must_live(today)?;
        match self.state {
            PassState::Suspended => Ok(PassState::Active),
            _ => Err(LifeRefusal::NotSuspended),
        }
    }

    /// The state of the pass that replaces this one: a suspension goes with it, so that a doubt is
    /// never lifted by printing another sheet.
    ///
    /// # Errors
    /// [`LifeRefusal`] when the pass no longer lives.
    pub fn replace(&self, today: Day) -> Result<PassState, LifeRefusal> {
        self.must_live(today)?;
        Ok(self.state)
    }

    /// The state after a cancellation: allowed for printed and living passes, and for those
    /// whose days are over but whose money was not yet given back.
    ///
    /// # Errors
    /// [`LifeRefusal`] when the pass is already void, replaced or wound up.
    pub fn void(&self) -> Result<PassState, LifeRefusal> {
        match self.state {
            PassState::Void => Err(LifeRefusal::Void),
            PassState::Replaced => Err(LifeRefusal::Replaced),
            _ if self.released => Err(LifeRefusal::Expired(self.redeemable_until)),
            _ => Ok(PassState::Void),
        }
    }
}

/// What each funding still has committed: the free slots, at what each slot costs it.
#[must_use]
pub fn unused(
    price: Cents,
    fundings: &[Funding],
    mask: SlotMask,
    units: u8,
) -> Vec<(AgreementId, Cents)> {
    let shares: Vec<ShareBp> = fundings.iter().map(|funding| funding.share).collect();
    let mut left: Vec<(AgreementId, Cents)> =
        fundings.iter().map(|funding| (funding.agreement, Cents::ZERO)).collect();
    for slot in mask.free(units) {
        for ((_, total), amount) in left.iter_mut().zip(split::of_slot(price, &shares, slot)) {
            *total += amount;
        }
    }
    left
}

/// Why something cannot be done to a pass in its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifeRefusal {
    /// Printed, never handed over.
    NotHandedOver,
    /// Cancelled.
    Void,
    /// Replaced.
    Replaced,
    /// Already suspended.
    Suspended,
    /// Not suspended.
    NotSuspended,
    /// Taken until that day.
    Expired(Day),
}

impl Refusal for LifeRefusal {
    fn code(&self) -> Code {
        match self {
            Self::NotHandedOver => Code::NotHandedOver,
            Self::Void => Code::Void,
            Self::Replaced => Code::Replaced,
            Self::Suspended => Code::Suspended,
            Self::NotSuspended => Code::NotSuspended,
            Self::Expired(_) => Code::Expired,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::NotHandedOver => "Ce pass n'a pas encore été remis à une personne : le \
                prescripteur doit d'abord le remettre."
                .to_owned(),
            Self::Void => "Ce pass a été annulé et ne peut plus servir : orientez la personne \
                vers le prescripteur."
                .to_owned(),
            Self::Replaced => "Ce pass a été remplacé par un autre : demandez le nouveau pass à \
                la personne."
                .to_owned(),
            Self::Suspended => "Ce pass est suspendu : orientez la personne vers le prescripteur \
                qui l'a remis."
                .to_owned(),
            Self::NotSuspended => {
                "Ce pass n'est pas suspendu : il n'y a rien à rétablir.".to_owned()
            }
            Self::Expired(last) => format!(
                "Ce pass était accepté jusqu'au {} : orientez la personne vers le prescripteur \
                 pour un nouveau pass.",
                in_letters(*last)
            ),
        }
    }
}
