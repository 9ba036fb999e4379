//! Statements: what an organisation is owed for a closed month, frozen.

use super::ids::{OrganisationId, PaymentRunId, StatementId, UserId};
use super::money::Cents;
use super::refusal::{Code, Fact, Refusal};
use super::time::{Instant, Month};

/// What an organisation is owed for a month. Its lines are the postings of that month that name
/// the organisation as payee: each redemption and each reversal is in one month, so in exactly
/// one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its id.
    pub id: StatementId,
    /// The year of its number.
    pub year: i32,
    /// Its place in that year, from 1, without gaps.
    pub number: i32,
    /// Who is owed.
    pub organisation: OrganisationId,
    /// For which month.
    pub month: Month,
    /// Workshops, undone ones taken off.
    pub workshops: i64,
    /// What they are worth; negative when more was undone than redeemed.
    pub amount: Cents,
    /// What earlier negative statements take off; never positive.
    pub carried: Cents,
    /// Where it is on its way to the bank.
    pub state: StatementState,
    /// The statement that took its negative total over.
    pub carried_into: Option<StatementId>,
    /// The payment run that pays it.
    pub payment_run: Option<PaymentRunId>,
    /// When it was issued.
    pub issued_at: Instant,
    /// When it was approved.
    pub approved_at: Option<Instant>,
    /// Who approved it.
    pub approved_by: Option<UserId>,
}

impl Statement {
    /// What is to be paid when positive; what the next statement takes off when not.
    #[must_use]
    pub fn due(&self) -> Cents {
        self.amount + self.carried
    }

    /// Its number as people write it: `R-2026-0042`.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("R-{}-{:04}", self.year, self.number)
    }

    /// What the organisation gives back: all that it was paid too much, when no later statement has
    /// taken that off.
    ///
    /// # Errors
    /// [`StatementRefusal::NothingToRepay`] for any other.
    pub fn to_repay(&self) -> Result<Cents, StatementRefusal> {
        let stands = self.state == StatementState::Carried && self.carried_into.is_none();
        if stands && self.due() < Cents::ZERO {
            return Ok(-self.due());
        }
        Err(StatementRefusal::NothingToRepay { reference: self.reference() })
    }

    /// Approving it: it is owed, or carried over when nothing is left to pay.
    ///
    /// # Errors
    /// [`StatementRefusal`] when it was approved before.
    pub fn approved(&self) -> Result<StatementState, StatementRefusal> {
        if self.state != StatementState::Draft {
            return Err(StatementRefusal::AlreadyApproved { reference: self.reference() });
        }
        Ok(if self.due() > Cents::ZERO {
            StatementState::Approved
        } else {
            StatementState::Carried
        })
    }
}

/// Where a statement is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatementState {
    /// Made when the month closed; nobody approved it yet.
    Draft,
    /// Approved and owed: the next payment run takes it.
    Approved,
    /// Approved, with nothing to pay: the next statement takes its total over.
    Carried,
    /// In a bank file.
    InPayment,
    /// The bank did not send it back.
    Paid,
}

impl StatementState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Draft, Self::Approved, Self::Carried, Self::InPayment, Self::Paid];

    /// The name in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved => "approved",
            Self::Carried => "carried",
            Self::InPayment => "in_payment",
            Self::Paid => "paid",
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
            Self::Draft => "à valider",
            Self::Approved => "à payer",
            Self::Carried => "reporté",
            Self::InPayment => "en paiement",
            Self::Paid => "payé",
        }
    }
}

/// Why a statement is not approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementRefusal {
    /// It was approved before.
    AlreadyApproved {
        /// Its number.
        reference: String,
    },
    /// It says of nothing that was paid too much, or that was taken off or given back.
    NothingToRepay {
        /// Its number.
        reference: String,
    },
    /// One of the same organisation whose total it takes over is not approved yet.
    EarlierNotApproved {
        /// The number of that one.
        earlier: String,
    },
}

impl Refusal for StatementRefusal {
    fn code(&self) -> Code {
        match self {
            Self::AlreadyApproved { .. } => Code::AlreadyApproved,
            Self::EarlierNotApproved { .. } => Code::EarlierNotApproved,
            Self::NothingToRepay { .. } => Code::NothingToRepay,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::AlreadyApproved { reference } => {
                format!("Le relevé {reference} est déjà validé : il ne change plus.")
            }
            Self::NothingToRepay { reference } => format!(
                "Le relevé {reference} n'attend pas de remboursement : il faut un relevé validé, \
                 au solde négatif, qu'aucun relevé suivant n'a repris."
            ),
            Self::EarlierNotApproved { earlier } => format!(
                "Ce relevé reprend le solde du relevé {earlier} : validez d'abord celui-ci."
            ),
        }
    }

    fn facts(&self) -> Vec<(&'static str, Fact)> {
        let (Self::AlreadyApproved { reference }
        | Self::NothingToRepay { reference }
        | Self::EarlierNotApproved { earlier: reference }) = self;
        vec![("statement", Fact::Text(reference.clone()))]
    }
}
