//! Payment runs: approved statements paid by one bank file.

use super::ids::{AgreementId, BankDetailId, PaymentRunId, UserId};
use super::ledger::PostingKind;
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

/// A bank account as banks need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAccount {
    /// Its holder as the bank knows it.
    pub holder: String,
    /// Its IBAN, without spaces.
    pub iban: String,
    /// The BIC of its bank.
    pub bic: String,
}

/// The parts that settle a statement: what moves from payable to paid for each agreement, and the
/// kinds of the two postings of each part. What a statement takes back of an agreement goes the
/// other way, so that the whole is what the bank pays.
#[must_use]
pub fn settlement(parts: &[(AgreementId, Cents)]) -> Vec<(AgreementId, Cents, [PostingKind; 2])> {
    let back = [PostingKind::SettlementReversal, PostingKind::DisbursementReversal];
    let there = [PostingKind::Settlement, PostingKind::Disbursement];
    parts
        .iter()
        .filter(|(_, amount)| *amount != Cents::ZERO)
        .map(|&(agreement, amount)| {
            if amount < Cents::ZERO {
                (agreement, -amount, back)
            } else {
                (agreement, amount, there)
            }
        })
        .collect()
}

/// Why a statement is not in a payment run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The organisation gave no bank details.
    NoBankDetails,
    /// They wait for a second person.
    NotConfirmed,
    /// The organisation is frozen.
    Frozen,
    /// The holder's name has no letter that banks take.
    HolderUnwritable,
}

impl LeftOut {
    /// All reasons.
    pub const ALL: [Self; 4] =
        [Self::NoBankDetails, Self::NotConfirmed, Self::Frozen, Self::HolderUnwritable];

    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoBankDetails => "no_bank_details",
            Self::NotConfirmed => "bank_details_not_confirmed",
            Self::Frozen => "frozen",
            Self::HolderUnwritable => "holder_unwritable",
        }
    }

    /// Why it waits, in French.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NoBankDetails => "pas de coordonnées bancaires",
            Self::NotConfirmed => "coordonnées bancaires à confirmer par une seconde personne",
            Self::Frozen => "organisme gelé",
            Self::HolderUnwritable => {
                "titulaire du compte illisible pour une banque : à redonner en lettres latines"
            }
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
    /// The bank refused the whole file.
    RefusedWhole,
    /// The file is no pain.002.
    UnreadableFile,
    /// The file answers another run.
    OtherRun {
        /// The number it names.
        named: String,
    },
    /// The run does not pay that statement.
    NotInRun,
}

impl Refusal for PaymentRefusal {
    fn code(&self) -> Code {
        match self {
            Self::NothingToPay => Code::NothingToPay,
            Self::DebtorMissing => Code::DebtorMissing,
            Self::AlreadyRejected | Self::RefusedWhole => Code::AlreadyRejected,
            Self::AlreadyExecuted => Code::AlreadyExecuted,
            Self::UnreadableFile => Code::UnreadableFile,
            Self::OtherRun { .. } => Code::OtherRun,
            Self::NotInRun => Code::NotFound,
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
            Self::RefusedWhole => {
                "La banque a refusé le fichier de cette campagne : rien n'a été payé. Les \
                 relevés sont à payer dans une nouvelle campagne."
            }
            Self::UnreadableFile => "Ce fichier n'est pas un compte rendu de la banque (pain.002).",
            Self::OtherRun { named } => {
                return format!(
                    "Ce compte rendu répond à la campagne « {named} », pas à celle-ci : ouvrez \
                     la bonne campagne."
                );
            }
            Self::NotInRun => "Cette campagne ne paie pas ce relevé.",
        }
        .to_owned()
    }
}
