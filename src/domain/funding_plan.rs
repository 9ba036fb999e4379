//! The rules of a funding plan: what may be added to it.

use super::agreement::Agreement;
use super::ids::{AgreementId, OrganisationId};
use super::money::Cents;
use super::refusal::{Code, Refusal};
use super::split::{ShareBp, WHOLE_BP, worth_a_cent};
use super::time::Day;

/// An agreement that is to join a plan.
#[derive(Clone, Copy, Debug)]
pub struct Addition {
    /// Who pays.
    pub funder: OrganisationId,
    /// Its place in the waterfall.
    pub tier: i32,
    /// Its share.
    pub share: ShareBp,
    /// First day it takes part.
    pub valid_from: Option<Day>,
    /// Last day it takes part.
    pub valid_until: Option<Day>,
}

impl Addition {
    /// On no day may the shares of a tier add up to more than the whole, nor a funder stand in it
    /// twice; and every share is worth at least a cent of a workshop.
    ///
    /// # Errors
    /// A [`PlanRefusal`].
    pub fn fits(
        &self,
        plan: &[Agreement],
        price: Cents,
        first_day: Day,
    ) -> Result<(), PlanRefusal> {
        if !worth_a_cent(price, self.share) {
            return Err(PlanRefusal::ShareTooSmall);
        }
        let beside: Vec<&Agreement> = plan
            .iter()
            .filter(|other| other.tier == self.tier)
            .filter(|other| other.overlaps(self.valid_from, self.valid_until))
            .collect();
        if beside.iter().any(|other| other.funder == self.funder) {
            return Err(PlanRefusal::FunderTwice);
        }
        // The sum changes only where an agreement begins: those days and the new one's first.
        let starts = beside.iter().filter_map(|other| other.valid_from).chain(self.valid_from);
        let most = starts
            .chain([first_day])
            .filter(|day| self.valid_from.is_none_or(|from| from <= *day))
            .map(|day| {
                let valid = beside.iter().filter(|other| other.valid_on(day));
                valid.map(|other| i64::from(other.share.0)).sum::<i64>()
            })
            .max()
            .unwrap_or(0);
        if most + i64::from(self.share.0) > WHOLE_BP {
            return Err(PlanRefusal::SharesExceed { left: WHOLE_BP - most });
        }
        Ok(())
    }
}

/// Whether an agreement of the plan still fits in it on other days: they may bring it beside
/// others of its tier.
///
/// # Errors
/// A [`PlanRefusal`].
pub fn fits_on(
    mut plan: Vec<Agreement>,
    id: AgreementId,
    (valid_from, valid_until): (Option<Day>, Option<Day>),
    price: Cents,
    first_day: Day,
) -> Result<(), PlanRefusal> {
    let Some(place) = plan.iter().position(|agreement| agreement.id == id) else { return Ok(()) };
    let Agreement { funder, tier, share, .. } = plan.remove(place);
    let moved = Addition { funder, tier, share, valid_from, valid_until };
    moved.fits(&plan, price, first_day)
}

/// Why an agreement cannot join a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanRefusal {
    /// The share is worth less than a cent of a workshop.
    ShareTooSmall,
    /// The funder already stands in this tier on some of these days.
    FunderTwice,
    /// The shares of the tier would exceed the whole.
    SharesExceed {
        /// How many basis points are left.
        left: i64,
    },
}

impl Refusal for PlanRefusal {
    fn code(&self) -> Code {
        match self {
            Self::ShareTooSmall => Code::ShareTooSmall,
            Self::FunderTwice => Code::FunderTwiceInTier,
            Self::SharesExceed { .. } => Code::SharesExceedTotal,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::ShareTooSmall => {
                "Cette part vaut moins d'un centime par atelier : augmentez-la.".to_owned()
            }
            Self::FunderTwice => "Ce financeur a déjà une convention à ce rang pour ces dates : \
                modifiez-la ou choisissez un autre rang."
                .to_owned(),
            Self::SharesExceed { left } => format!(
                "Les parts de ce rang dépasseraient 100 % : il reste {left} points de base."
            ),
        }
    }
}
