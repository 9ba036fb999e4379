//! Agreements and the funding plan: who pays for a pass, fixed at handover.
//!
//! A plan is an ordered list of tiers. A tier is usable for a pass when every agreement of it
//! that is valid that day accepts the person, and their shares add up to 10,000 basis points.
//! Tiers are tried in order; when one cannot cover the pass, the next pays (*waterfall*).

use super::ids::{AgreementId, OrganisationId};
use super::money::Cents;
use super::refusal::{Code, Fact, Refusal};
use super::split::{self, ShareBp, WHOLE_BP};
use super::territory::Territory;
use super::time::Day;

/// One funder's part in one programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Its id.
    pub id: AgreementId,
    /// Who pays.
    pub funder: OrganisationId,
    /// The payer's name.
    pub funder_name: String,
    /// Its place in the waterfall, 1 first.
    pub tier: i32,
    /// Its share of every workshop of its tier.
    pub share: ShareBp,
    /// What is available to commit now.
    pub available: Cents,
    /// Where the person must live, when limited.
    pub territory: Option<Territory>,
    /// The publics the person must belong to one of, when limited.
    pub publics: Vec<String>,
    /// First day it takes part.
    pub valid_from: Option<Day>,
    /// Last day it takes part.
    pub valid_until: Option<Day>,
}

impl Agreement {
    /// Whether it takes part in the plan on that day.
    #[must_use]
    pub fn valid_on(&self, day: Day) -> bool {
        self.valid_from.is_none_or(|from| from <= day)
            && self.valid_until.is_none_or(|until| day <= until)
    }

    /// Whether its days and `[from, until]` have one in common.
    #[must_use]
    pub fn overlaps(&self, from: Option<Day>, until: Option<Day>) -> bool {
        let starts_in_time = self.valid_from.zip(until).is_none_or(|(start, end)| start <= end);
        let ends_in_time = from.zip(self.valid_until).is_none_or(|(start, end)| start <= end);
        starts_in_time && ends_in_time
    }

    fn accepts(&self, person: &Person<'_>) -> bool {
        let lives_there = self
            .territory
            .as_ref()
            .is_none_or(|territory| person.commune.is_some_and(|commune| territory.holds(commune)));
        let belongs = self.publics.is_empty()
            || person.publics.iter().any(|public| self.publics.contains(public));
        lives_there && belongs
    }
}

/// What the plan may look at of the person: statistics, never identity.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// Commune of residence, INSEE code.
    pub commune: Option<&'a str>,
    /// Publics the person belongs to.
    pub publics: &'a [String],
}

/// One agreement's part of one pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funding {
    /// The agreement.
    pub agreement: AgreementId,
    /// Who pays.
    pub funder: OrganisationId,
    /// The payer's name.
    pub funder_name: String,
    /// Its share.
    pub share: ShareBp,
    /// Its part of the whole pass.
    pub amount: Cents,
}

/// Chooses the tier that pays for a pass of `units` workshops at `price`.
///
/// # Errors
/// [`FundingRefusal`]: no tier concerns the person, a tier is incomplete, or none can cover it.
pub fn plan(
    agreements: &[Agreement],
    price: Cents,
    units: u8,
    today: Day,
    person: &Person<'_>,
) -> Result<Vec<Funding>, FundingRefusal> {
    let mut valid: Vec<&Agreement> = agreements.iter().filter(|a| a.valid_on(today)).collect();
    valid.sort_by_key(|agreement| (agreement.tier, agreement.id));
    let mut refusal = FundingRefusal::NoAgreement;
    for tier in valid.chunk_by(|one, next| one.tier == next.tier) {
        if !tier.iter().all(|agreement| agreement.accepts(person)) {
            continue;
        }
        match cover(tier, price, units) {
            Ok(fundings) => return Ok(fundings),
            Err(reason) => refusal = refusal.or(reason),
        }
    }
    Err(refusal)
}

fn cover(tier: &[&Agreement], price: Cents, units: u8) -> Result<Vec<Funding>, FundingRefusal> {
    let shares: Vec<ShareBp> = tier.iter().map(|agreement| agreement.share).collect();
    if shares.iter().map(|share| i64::from(share.0)).sum::<i64>() != WHOLE_BP {
        return Err(FundingRefusal::Incomplete);
    }
    let amounts = split::cumulative(price, &shares, units);
    let short =
        tier.iter().zip(&amounts).find(|(agreement, amount)| agreement.available < **amount);
    if let Some((agreement, amount)) = short {
        return Err(FundingRefusal::Exhausted {
            agreement: agreement.id,
            funder_name: agreement.funder_name.clone(),
            missing: *amount - agreement.available,
        });
    }
    let fundings = tier.iter().zip(amounts).map(|(agreement, amount)| Funding {
        agreement: agreement.id,
        funder: agreement.funder,
        funder_name: agreement.funder_name.clone(),
        share: agreement.share,
        amount,
    });
    Ok(fundings.collect())
}

/// Why no tier pays for a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FundingRefusal {
    /// No tier concerns this person today.
    NoAgreement,
    /// The shares of the tier do not add up.
    Incomplete,
    /// An agreement has less available than its part.
    Exhausted {
        /// The agreement that is short.
        agreement: AgreementId,
        /// Whose it is.
        funder_name: String,
        /// How much is missing.
        missing: Cents,
    },
}

impl FundingRefusal {
    /// Of two tiers that failed, the reason that helps most: the smallest shortfall.
    fn or(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Exhausted { missing, .. }, Self::Exhausted { missing: less, .. })
                if less < missing =>
            {
                other
            }
            (Self::Exhausted { .. }, _) => self,
            (Self::NoAgreement | Self::Incomplete, _) => other,
        }
    }
}

impl Refusal for FundingRefusal {
    fn code(&self) -> Code {
        match self {
            Self::NoAgreement => Code::NoFunding,
            Self::Incomplete => Code::SharesIncomplete,
            Self::Exhausted { .. } => Code::EnvelopeExhausted,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::NoAgreement => "Aucune convention ne finance ce pass pour cette commune et ce \
                public : vérifiez les informations ou demandez à l'opérateur."
                .to_owned(),
            Self::Incomplete => "Le plan de financement du dispositif est incomplet : les parts \
                n'atteignent pas 100 %. Demandez à l'opérateur de le compléter."
                .to_owned(),
            Self::Exhausted { funder_name, missing, .. } => format!(
                "L'enveloppe de {funder_name} est épuisée : il manque {missing} pour ce pass. \
                 Proposez un pass plus petit ou demandez à l'opérateur."
            ),
        }
    }

    fn facts(&self) -> Vec<(&'static str, Fact)> {
        match self {
            Self::Exhausted { agreement, missing, .. } => vec![
                ("agreement_id", Fact::Text(agreement.to_string())),
                ("missing_cents", Fact::from(*missing)),
            ],
            _ => Vec::new(),
        }
    }
}
