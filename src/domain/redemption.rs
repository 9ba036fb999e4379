//! Redeeming: one workshop taken from one pass. The whole rule is [`decide`].

use super::code::CodeSlip;
use super::mask::SlotMask;
use super::pass::{LifeRefusal, Pass, PassState};
use super::refusal::{Code, Refusal};
use super::time::{Day, in_letters};

/// Everything the rule looks at, read under the lock of the pass or proved unchanged since.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The pass.
    pub pass: &'a Pass,
    /// How often its programme lets it be validated a day.
    pub max_per_day: u8,
    /// The day of the workshop in the programme's zone.
    pub workshop_day: Day,
    /// Whether the programme accepts the venue.
    pub venue_accepted: bool,
    /// Whether the venue's label was valid on that day.
    pub venue_labelled: bool,
    /// The hours, `14 h 05`, at which the pass was already validated that day.
    pub validated_that_day: usize,
    /// When those of this venue's organisation were, as people say it.
    pub own_hours: &'a [String],
}

/// What a redemption does to the pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The slot it takes, 1 to 10.
    pub slot: u8,
    /// The used slots afterwards.
    pub mask: SlotMask,
    /// Workshops left afterwards.
    pub remaining: u8,
}

/// Decides whether the pass gives a workshop, and which slot.
///
/// # Errors
/// The [`RedemptionRefusal`] that explains best: a programme closed to the venue first, because
/// such a code must look like one that belongs to nobody; then the pass; then the venue.
pub fn decide(facts: &Facts<'_>) -> Result<Taken, RedemptionRefusal> {
    let pass = facts.pass;
    if !facts.venue_accepted {
        return Err(RedemptionRefusal::UnknownCode);
    }
    if pass.state == PassState::Printed {
        return Err(LifeRefusal::NotHandedOver.into());
    }
    pass.must_live(facts.workshop_day)?;
    if pass.state == PassState::Suspended {
        return Err(LifeRefusal::Suspended.into());
    }
    if facts.workshop_day < pass.first_day {
        return Err(RedemptionRefusal::NotYetValid(pass.first_day));
    }
    let Some((mask, slot)) = pass.mask.take(pass.units) else {
        return Err(RedemptionRefusal::Exhausted { units: pass.units });
    };
    if !facts.venue_labelled {
        return Err(RedemptionRefusal::VenueNotLabelled(facts.workshop_day));
    }
    if facts.validated_that_day >= usize::from(facts.max_per_day) {
        return Err(RedemptionRefusal::DailyLimit {
            hours: facts.own_hours.to_vec(),
            limit: facts.max_per_day,
        });
    }
    Ok(Taken { slot, mask, remaining: pass.units.saturating_sub(mask.used()) })
}

/// Why a pass gives no workshop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedemptionRefusal {
    /// The text is no code.
    Malformed(CodeSlip),
    /// Nobody's code, or one of a programme closed to this venue.
    UnknownCode,
    /// The pass is not in a state to give a workshop.
    Life(LifeRefusal),
    /// The workshop is before the handover.
    NotYetValid(Day),
    /// All workshops are used.
    Exhausted {
        /// How many there were.
        units: u8,
    },
    /// The venue had no label that day.
    VenueNotLabelled(Day),
    /// The pass was validated often enough that day.
    DailyLimit {
        /// When in the same organisation, as people say it.
        hours: Vec<String>,
        /// How often is allowed.
        limit: u8,
    },
}

fn a_day(limit: u8) -> String {
    format!("{limit} validation{} par jour", if limit < 2 { "" } else { "s" })
}

impl From<LifeRefusal> for RedemptionRefusal {
    fn from(refusal: LifeRefusal) -> Self {
        Self::Life(refusal)
    }
}

impl Refusal for RedemptionRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Malformed(_) => Code::MalformedCode,
            Self::UnknownCode => Code::UnknownCode,
            Self::Life(refusal) => refusal.code(),
            Self::NotYetValid(_) => Code::NotYetValid,
            Self::Exhausted { .. } => Code::Exhausted,
            Self::VenueNotLabelled(_) => Code::VenueNotLabelled,
            Self::DailyLimit { .. } => Code::DailyLimit,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Malformed(CodeSlip::Serial) => "C'est le numéro de série du talon, pas le code \
                du pass : tapez les 16 signes imprimés sous le QR code."
                .to_owned(),
            Self::Malformed(_) => "Ce code est mal recopié : vérifiez les 16 signes imprimés sous \
                le QR code."
                .to_owned(),
            Self::UnknownCode => "Ce code ne correspond à aucun pass accepté dans ce lieu : \
                vérifiez le code ou orientez la personne vers le prescripteur."
                .to_owned(),
            Self::Life(refusal) => refusal.sentence(),
            Self::NotYetValid(first) => format!(
                "Ce pass a été remis le {} : l'atelier ne peut pas être antérieur à cette date.",
                in_letters(*first)
            ),
            Self::Exhausted { units } => format!(
                "Les {units} ateliers de ce pass sont déjà utilisés : orientez la personne vers \
                 le prescripteur."
            ),
            Self::VenueNotLabelled(day) => format!(
                "Ce lieu n'était pas labellisé le {} : contactez l'opérateur du dispositif.",
                in_letters(*day)
            ),
            Self::DailyLimit { hours, limit } if hours.is_empty() => format!(
                "Ce pass a déjà été validé ce jour-là dans un autre lieu ({}) : revenez un autre \
                 jour.",
                a_day(*limit)
            ),
            Self::DailyLimit { hours, limit } => format!(
                "Ce pass a déjà été validé ce jour-là à {} ({}) : revenez un autre jour, ou annulez \
                 la validation si c'est une erreur.",
                hours.join(" et à "),
                a_day(*limit)
            ),
        }
    }
}
