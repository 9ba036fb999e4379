//! Who asks, and the one table of rights.

use std::str::FromStr;

use super::ids::{OrganisationId, UserId};

/// What a person does in the scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Runs the installation.
    Operator,
    /// Hands passes over for a prescriber.
    SocialWorker,
    /// Redeems passes for a venue's organisation.
    VenueStaff,
    /// Reads what its organisation's money became.
    Funder,
    /// Reads everything, changes nothing.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Operator, Self::SocialWorker, Self::VenueStaff, Self::Funder, Self::Auditor];

    /// The name in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::SocialWorker => "social_worker",
            Self::VenueStaff => "venue_staff",
            Self::Funder => "funder",
            Self::Auditor => "auditor",
        }
    }

    /// The French name on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Operator => "opérateur",
            Self::SocialWorker => "travailleur social",
            Self::VenueStaff => "médiateur numérique",
            Self::Funder => "financeur",
            Self::Auditor => "auditeur",
        }
    }
}

/// Not one of the five roles.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(name: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == name).ok_or(UnknownRole)
    }
}

/// A person who has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub user: UserId,
    /// The organisation the person works for.
    pub organisation: OrganisationId,
    /// What the person does there.
    pub role: Role,
    /// Whether the person invites and stops colleagues.
    pub manager: bool,
}

/// One thing a person may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Read one's own account.
    ReadSelf,
    /// Create and change organisations.
    ManageOrganisations,
    /// List organisations; others see their own.
    ReadOrganisations,
    /// Invite and stop people: the operator anyone, a manager colleagues.
    ManageUsers,
    /// Create and change programmes, and who may hand out and redeem.
    ManageProgrammes,
    /// Read programmes.
    ReadProgrammes,
    /// Create agreements, record receipts and refunds.
    ManageAgreements,
    /// Read agreements: a funder its own.
    ReadAgreements,
    /// Create and import venues, label and suspend them.
    ManageVenues,
    /// Change the description of a venue: staff their own organisation's.
    DescribeVenues,
    /// Hand passes over.
    HandOver,
    /// Ask by an identity whether somebody holds a pass, without handing one over.
    FindPerson,
    /// Read a pass: a social worker those of her organisation.
    ReadPasses,
    /// Suspend, resume, void and replace a pass.
    ManagePasses,
    /// Print a pass.
    PrintPasses,
    /// Order print runs, send, move and call back stock, take codes and paper.
    OrderStock,
    /// Confirm stock received, count it, report it stolen: a social worker that of her
    /// organisation.
    KeepStock,
    /// Read stock: a social worker that of her organisation.
    ReadStock,
    /// Set the logo and the two lines an organisation prints on its passes.
    SetLetterhead,
    /// Check and redeem a pass, undo a redemption, list one's own.
    Redeem,
    /// Read and settle scans without a network that were refused.
    SettleScans,
    /// Accept or refuse scans without a network whose day nobody can vouch for.
    JudgeScans,
    /// Plan workshops and call them off.
    PlanWorkshops,
    /// Read reports: a funder its own money.
    ReadReports,
    /// Read the journal.
    ReadLedger,
    /// Read the audit journal: who did or looked at what.
    ReadAudit,
    /// Read what should be looked at: money, labels, what sleeps.
    ReadAlerts,
    /// Close accounting months, and approve statements.
    CloseMonths,
    /// Read the closed months and the solvency of agreements.
    ReadAccounting,
    /// Read statements: venue staff those of their organisation.
    ReadStatements,
    /// Read funding calls: a funder its own.
    ReadFundingCalls,
    /// Give an organisation's bank details: venue staff who manage their own.
    GiveBankDetails,
    /// Confirm bank details, pay, and note what the bank answers.
    ManagePayments,
    /// Read payment runs, without the accounts.
    ReadPayments,
    /// Agree to a closing statement: a funder for itself, the operator to note a signature.
    AgreeToClosing,
    /// Publish closed months as open data, and see before what would be hidden.
    PublishOpenData,
}

impl Right {
    /// Every right, in the order of the documentation.
    pub const ALL: [Self; 36] = [
        Self::ReadSelf,
        Self::ManageOrganisations,
        Self::ReadOrganisations,
        Self::ManageUsers,
        Self::ManageProgrammes,
        Self::ReadProgrammes,
        Self::ManageAgreements,
        Self::ReadAgreements,
        Self::ManageVenues,
        Self::DescribeVenues,
        Self::HandOver,
        Self::FindPerson,
        Self::ReadPasses,
        Self::ManagePasses,
        Self::PrintPasses,
        Self::OrderStock,
        Self::KeepStock,
        Self::ReadStock,
        Self::SetLetterhead,
        Self::Redeem,
        Self::SettleScans,
        Self::JudgeScans,
        Self::PlanWorkshops,
        Self::ReadReports,
        Self::ReadLedger,
        Self::ReadAudit,
        Self::ReadAlerts,
        Self::CloseMonths,
        Self::ReadAccounting,
        Self::ReadStatements,
        Self::ReadFundingCalls,
        Self::GiveBankDetails,
        Self::ManagePayments,
        Self::ReadPayments,
        Self::AgreeToClosing,
        Self::PublishOpenData,
    ];
}

impl Caller {
    /// The rights table: the one place that says who may do what.
    ///
    /// A right says that a kind of thing may be asked for; *which* things is the owner in the
    /// name and the WHERE of the query that fetches them.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        use Role::{Auditor, Funder, Operator, SocialWorker, VenueStaff};
        match right {
            Right::ReadSelf | Right::ReadProgrammes | Right::ReadOrganisations => true,
            Right::ManageOrganisations
            | Right::ManageProgrammes
            | Right::ManageAgreements
            | Right::ManageVenues
            | Right::OrderStock
            | Right::CloseMonths
            | Right::ManagePayments
            | Right::PublishOpenData
            | Right::JudgeScans
            | Right::ReadAlerts => self.role == Operator,
            Right::ManageUsers => self.role == Operator || self.manager,
            Right::ReadAgreements | Right::ReadReports => {
                matches!(self.role, Operator | Auditor | Funder)
            }
            Right::DescribeVenues | Right::GiveBankDetails => {
                self.role == Operator || (self.role == VenueStaff && self.manager)
            }
            Right::HandOver | Right::FindPerson | Right::PrintPasses => self.role == SocialWorker,
            Right::ReadPasses | Right::ManagePasses | Right::KeepStock => {
                matches!(self.role, Operator | SocialWorker)
            }
            Right::ReadStock => matches!(self.role, Operator | Auditor | SocialWorker),
            Right::SetLetterhead => {
                self.role == Operator || (self.role == SocialWorker && self.manager)
            }
            Right::Redeem | Right::PlanWorkshops => self.role == VenueStaff,
            Right::SettleScans => matches!(self.role, Operator | VenueStaff),
            Right::ReadStatements => matches!(self.role, Operator | Auditor | VenueStaff),
            Right::ReadFundingCalls => matches!(self.role, Operator | Auditor | Funder),
            Right::AgreeToClosing => matches!(self.role, Operator | Funder),
            Right::ReadLedger | Right::ReadAudit | Right::ReadAccounting | Right::ReadPayments => {
                matches!(self.role, Operator | Auditor)
            }
        }
    }

    /// Whether the caller may invite and stop a person of that organisation and role: the
    /// operator anybody, a manager colleagues, never an operator or auditor.
    #[must_use]
    pub fn may_manage(&self, organisation: OrganisationId, role: Role) -> bool {
        let colleague = self.manager
            && organisation == self.organisation
            && !matches!(role, Role::Operator | Role::Auditor);
        self.role == Role::Operator || colleague
    }

    /// Whether the caller sees the things of every organisation.
    #[must_use]
    pub fn sees_all(&self) -> bool {
        matches!(self.role, Role::Operator | Role::Auditor)
    }
}
