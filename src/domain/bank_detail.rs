//! Where an organisation is paid: proposed by one person, confirmed by another.

use super::ids::{BankDetailId, OrganisationId, UserId};
use super::refusal::{Code, Refusal};
use super::time::Instant;

/// Bank details as they may be shown: the number itself is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankDetail {
    /// Its id.
    pub id: BankDetailId,
    /// Whose account it is.
    pub organisation: OrganisationId,
    /// Its holder as the bank knows it (*raison sociale*).
    pub holder: String,
    /// The country and the last four signs of the IBAN: `FR4321`.
    pub iban_ending: String,
    /// Where it is on its way.
    pub state: BankDetailState,
    /// When it was proposed.
    pub proposed_at: Instant,
    /// Who proposed it.
    pub proposed_by: UserId,
    /// When it was confirmed, refused or ended.
    pub decided_at: Option<Instant>,
    /// Who confirmed or refused it.
    pub decided_by: Option<UserId>,
}

impl BankDetail {
    /// The number as people may see it: `FR•• •••• •••• 4321`, without its check digits.
    #[must_use]
    pub fn masked(&self) -> String {
        let (country, ending) = self.iban_ending.split_at_checked(2).unwrap_or(("", ""));
        format!("{country}•• •••• •••• {ending}")
    }

    /// Whether that person may confirm or refuse it now.
    ///
    /// # Errors
    /// [`BankDetailRefusal`]: somebody did, or it is the same person.
    pub fn may_be_decided_by(&self, user: UserId) -> Result<(), BankDetailRefusal> {
        if self.state != BankDetailState::Proposed {
            return Err(BankDetailRefusal::AlreadyDecided);
        }
        if self.proposed_by == user {
            return Err(BankDetailRefusal::SamePerson);
        }
        Ok(())
    }
}

/// Where bank details are on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BankDetailState {
    /// Waits for a second person.
    Proposed,
    /// Payments go there.
    Confirmed,
    /// A second person said no, or another proposal took its place.
    Refused,
    /// Others were confirmed since.
    Ended,
}

impl BankDetailState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Proposed, Self::Confirmed, Self::Refused, Self::Ended];

    /// The name in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Ended => "ended",
        }
    }

    /// Reads the name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// The French name on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Proposed => "en attente de confirmation",
            Self::Confirmed => "confirmées",
            Self::Refused => "refusées",
            Self::Ended => "remplacées",
        }
    }
}

/// Why bank details are not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BankDetailRefusal {
    /// Somebody decided before.
    AlreadyDecided,
    /// The person proposed them.
    SamePerson,
}

impl Refusal for BankDetailRefusal {
    fn code(&self) -> Code {
        match self {
            Self::AlreadyDecided => Code::AlreadyDecided,
            Self::SamePerson => Code::SecondPersonNeeded,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::AlreadyDecided => "Ces coordonnées bancaires sont déjà traitées.",
            Self::SamePerson => {
                "Vous avez saisi ces coordonnées : une autre personne doit les confirmer."
            }
        }
        .to_owned()
    }
}
