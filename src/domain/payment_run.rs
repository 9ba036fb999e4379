//! Payment runs: approved statements paid by one bank file.

use super::ids::{BankDetailId, PaymentRunId, UserId};
use super::money::Cents;
use super::refusal::{Code, Refusal};
use super::time::{Day, Instant};

/// One bank file and the statements it pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRun {
    /// Its id.
    pub id: PaymentRunId,
    /// The year of its number.
    pub year: i32,
    /// Its place in that year, from 1, without gaps.
    pub number: i32,
    /// The account that pays.
    pub debtor: BankDetailId,
    /// The day the bank is asked to pay on.
    pub execution_day: Day,
    /// How many transfers.
    pub transfers: i32,
    /// What they add up to.
    pub control_sum: Cents,
    /// When it was made.
    pub created_at: Instant,
    /// Who made it.
    pub created_by: UserId,
    /// The day the bank paid.
    pub executed_on: Option<Day>,
    /// When that was noted.
    pub executed_at: Option<Instant>,
    /// Who noted it.
    pub executed_by: Option<UserId>,
}

impl PaymentRun {
    /// Its number as people write it, and the id of its message: `P-2026-0007`.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("P-{}-{:04}", self.year, self.number)
    }
}

/// The version of the bank's message, `pain.001.001.…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PainVersion {
    /// For older banks.
    V03,
    /// The current one.
    V09,
}

impl PainVersion {
    /// Every version.
    pub const ALL: [Self; 2] = [Self::V03, Self::V09];

    /// The name in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V03 => "03",
            Self::V09 => "09",
        }
    }

    /// Reads the name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.as_str() == name)
    }
}

/// Why a statement is not in a payment run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The organisation gave no bank details.
    NoBankDetails,
    /// They wait for a second person.
    NotConfirmed,
}

impl LeftOut {
    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoBankDetails => "no_bank_details",
            Self::NotConfirmed => "bank_details_not_confirmed",
        }
    }

    /// Why it waits, in French.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NoBankDetails => "pas de coordonnées bancaires",
            Self::NotConfirmed => "coordonnées bancaires à confirmer par une seconde personne",
        }
    }
}

/// Why a payment run is refused, or a step of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentRefusal {
    /// Nothing that waits can be paid.
    NothingToPay,
    /// The operator has no account to pay from.
    DebtorMissing,
    /// The payment came back before.
    AlreadyRejected,
    /// Its execution was noted before.
    AlreadyExecuted,
    /// The file is no pain.002.
    UnreadableFile,
}

impl Refusal for PaymentRefusal {
    fn code(&self) -> Code {
        match self {
            Self::NothingToPay => Code::NothingToPay,
            Self::DebtorMissing => Code::DebtorMissing,
            Self::AlreadyRejected => Code::AlreadyRejected,
            Self::AlreadyExecuted => Code::AlreadyExecuted,
            Self::UnreadableFile => Code::UnreadableFile,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::NothingToPay => {
                "Rien à payer : aucun relevé validé d'un organisme dont les coordonnées bancaires \
                 sont confirmées."
            }
            Self::DebtorMissing => {
                "Donnez d'abord les coordonnées bancaires de l'opérateur, et faites-les confirmer."
            }
            Self::AlreadyRejected => "Ce rejet est déjà noté : le relevé est de nouveau à payer.",
            Self::AlreadyExecuted => "L'exécution de cette campagne est déjà notée.",
            Self::UnreadableFile => {
                "Ce fichier n'est pas un compte rendu de la banque (pain.002)."
            }
        }
        .to_owned()
    }
}
