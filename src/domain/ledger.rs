//! The journal: double entry in whole cents.
//!
//! Every posting moves an amount from one account of an agreement to another, so the sum over
//! all accounts is zero by construction, and every figure of every report is a sum over
//! postings. Beside its cents a posting carries the counts that happened with it (workshops,
//! passes), so that figures of money and of people come from one journal.

use super::ids::{AgreementId, OrganisationId, PassId, RedemptionId, StatementId, VenueId};
use super::money::Cents;
use super::time::Month;

/// An account of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// The rest of the world.
    Outside,
    /// Money received and not yet paid out.
    Cash,
    /// What may still be committed.
    Available,
    /// Promised to passes handed over.
    Committed,
    /// Owed to venues' organisations.
    Payable,
    /// Paid to venues' organisations.
    Paid,
}

impl Account {
    /// Every account.
    pub const ALL: [Self; 6] =
        [Self::Outside, Self::Cash, Self::Available, Self::Committed, Self::Payable, Self::Paid];

    /// The name in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::Cash => "cash",
            Self::Available => "available",
            Self::Committed => "committed",
            Self::Payable => "payable",
            Self::Paid => "paid",
        }
    }

    /// Reads the name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.as_str() == name)
    }
}

/// What happened; each kind joins two accounts, always the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PostingKind {
    /// An envelope is opened.
    Opening,
    /// An envelope is made smaller.
    Reduction,
    /// The funder pays in.
    Receipt,
    /// A pass is handed over (*engagement*).
    Commitment,
    /// A workshop is redeemed (*service fait*).
    Consumption,
    /// A redemption is undone.
    Reversal,
    /// What a pass did not use goes back to its funders.
    Release,
    /// What was released before its day, by a wrong clock, is promised again.
    ReleaseReversal,
    /// A venue's organisation is paid (*paiement*).
    Settlement,
    /// A payment came back from the bank, or a statement took back what was paid before.
    SettlementReversal,
    /// The money of a settlement or refund leaves the bank account.
    Disbursement,
    /// The money of a settlement is in the bank account again.
    DisbursementReversal,
    /// Unused money is given back to the funder (*reversement*).
    Refund,
    /// Cash above what the envelope needs is given back to the funder (*trop-versé*).
    SurplusReturn,
}

impl PostingKind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Opening,
        Self::Reduction,
        Self::Receipt,
        Self::Commitment,
        Self::Consumption,
        Self::Reversal,
        Self::Release,
        Self::ReleaseReversal,
        Self::Settlement,
        Self::SettlementReversal,
        Self::Disbursement,
        Self::DisbursementReversal,
        Self::Refund,
        Self::SurplusReturn,
    ];

    /// The name in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Reduction => "reduction",
            Self::Receipt => "receipt",
            Self::Commitment => "commitment",
            Self::Consumption => "consumption",
            Self::Reversal => "reversal",
            Self::Release => "release",
            Self::ReleaseReversal => "release_reversal",
            Self::Settlement => "settlement",
            Self::SettlementReversal => "settlement_reversal",
            Self::Disbursement => "disbursement",
            Self::DisbursementReversal => "disbursement_reversal",
            Self::Refund => "refund",
            Self::SurplusReturn => "surplus_return",
        }
    }

    /// Reads the name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The account the amount leaves and the one it enters.
    #[must_use]
    pub fn accounts(self) -> (Account, Account) {
        match self {
            Self::Opening => (Account::Outside, Account::Available),
            Self::Receipt | Self::DisbursementReversal => (Account::Outside, Account::Cash),
            Self::Commitment | Self::ReleaseReversal => (Account::Available, Account::Committed),
            Self::Consumption => (Account::Committed, Account::Payable),
            Self::Reversal => (Account::Payable, Account::Committed),
            Self::Release => (Account::Committed, Account::Available),
            Self::Settlement => (Account::Payable, Account::Paid),
            Self::SettlementReversal => (Account::Paid, Account::Payable),
            Self::Disbursement | Self::SurplusReturn => (Account::Cash, Account::Outside),
            Self::Reduction | Self::Refund => (Account::Available, Account::Outside),
        }
    }
}

/// What happened, to which things; shared by the postings of one event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The origin of the pass's line of replacements.
    pub pass: Option<PassId>,
    /// The redemption, for consumptions and reversals.
    pub redemption: Option<RedemptionId>,
    /// The venue, for consumptions and reversals.
    pub venue: Option<VenueId>,
    /// Who is owed or paid.
    pub payee: Option<OrganisationId>,
    /// The statement that is paid, for settlements and their reversals.
    pub statement: Option<StatementId>,
    /// Workshops: granted, redeemed, undone or lapsed.
    pub workshops: u8,
    /// +1 when a pass gets its first workshop, −1 when its only one is undone.
    pub starts: i8,
}

/// One line of the journal, before it has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// What happened.
    pub kind: PostingKind,
    /// Whose money.
    pub agreement: AgreementId,
    /// How much.
    pub amount: Cents,
    /// The month it counts in.
    pub month: Month,
    /// To which things.
    pub subject: Subject,
    /// The posting that carries the counts of its event when no single funder is asked for: the
    /// one of the largest share, ties to the earlier agreement. Counting it alone counts a
    /// workshop once however many funders pay for it.
    pub lead: bool,
}

/// The postings of one event paid by several agreements, with one of them leading.
///
/// `parts` is in the order of the funding; the first of the largest shares leads. A part of zero
/// cents is kept: it still carries counts.
#[must_use]
pub fn event(
    kind: PostingKind,
    month: Month,
    parts: &[(AgreementId, Cents)],
    leader: Option<AgreementId>,
    subject: Subject,
) -> Vec<Posting> {
    parts
        .iter()
        .map(|&(agreement, amount)| Posting {
            kind,
            agreement,
            amount,
            month,
            subject,
            lead: leader == Some(agreement),
        })
        .collect()
}
