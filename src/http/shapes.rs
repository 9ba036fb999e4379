//! Shapes of answers that only the API has: pages of lists, problems, the report. They describe;
//! what is sent is made elsewhere.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::services::agreements::AgreementView;
use crate::services::alerts::AlertView;
use crate::services::bank_details::BankDetailView;
use crate::services::funding_calls::FundingCallView;
use crate::services::list_redemptions::RedemptionView;
use crate::services::organisations::OrganisationView;
use crate::services::payment_runs::PaymentRunView;
use crate::services::programmes::ProgrammeView;
use crate::services::read_audit::AuditView;
use crate::services::read_ledger::PostingView;
use crate::services::read_pass::PassView;
use crate::services::read_stock::{PrintRunView, StockEventView};
use crate::services::refused_scans::RefusedScan;
use crate::services::scheduled_workshops::ScheduledWorkshopView;
use crate::services::statements::{StatementLine, StatementView};
use crate::services::users::UserView;
use crate::services::venues::VenueView;

macro_rules! lists {
    ($($name:ident of $item:ident),+ $(,)?) => {$(
        /// One page of a list.
        #[derive(Serialize, ToSchema)]
        pub struct $name {
            /// What is on it.
            pub data: Vec<$item>,
            /// Where the next page begins; none on the last.
            pub next: Option<String>,
        }
    )+};
}

lists! {
    OrganisationList of OrganisationView,
    UserList of UserView,
    ProgrammeList of ProgrammeView,
    AgreementList of AgreementView,
    VenueList of VenueView,
    PassList of PassView,
    RedemptionList of RedemptionView,
    PostingList of PostingView,
    AuditList of AuditView,
    ScheduledWorkshopList of ScheduledWorkshopView,
    RefusedScanList of RefusedScan,
    AlertList of AlertView,
    PrintRunList of PrintRunView,
    StatementList of StatementView,
    StatementLineList of StatementLine,
    FundingCallList of FundingCallView,
    PaymentRunList of PaymentRunView,
}

/// What happened to stock, newest first.
#[derive(Serialize, ToSchema)]
pub struct StockHistory {
    /// Its steps.
    pub data: Vec<StockEventView>,
}

/// The bank details of an organisation with their history, the latest first.
#[derive(Serialize, ToSchema)]
pub struct BankDetailHistory {
    /// Each change.
    pub data: Vec<BankDetailView>,
}

/// A refusal (RFC 9457). `code` is stable; the list of codes is in the documentation.
#[derive(Serialize, ToSchema)]
pub struct ProblemBody {
    /// A link into the documentation.
    #[serde(rename = "type")]
    #[schema(example = "/docs/errors#exhausted")]
    pub kind: String,
    /// The same for every occurrence.
    #[schema(example = "Pass terminé")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 409)]
    pub status: u16,
    /// One French sentence: why, and what to do.
    pub detail: String,
    /// The stable code.
    #[schema(example = "exhausted")]
    pub code: String,
    /// Finds the request in the log.
    pub request_id: String,
    /// The wrong values, when it is about the body.
    pub errors: Option<Vec<ProblemField>>,
}

/// One wrong value.
#[derive(Serialize, ToSchema)]
pub struct ProblemField {
    /// A JSON pointer.
    #[schema(example = "/sizes/0")]
    pub pointer: String,
    /// What is wrong with it.
    #[schema(example = "out_of_range")]
    pub code: String,
    /// One French sentence.
    pub detail: String,
}

/// Every route may refuse, always in the same form.
#[derive(utoipa::IntoResponses)]
pub enum Problems {
    /// Refused; `code` says why.
    #[response(status = "default", content_type = "application/problem+json")]
    Any(#[to_schema] ProblemBody),
}

/// The counters of a row or of the totals.
#[derive(Serialize, ToSchema)]
pub struct ConsumptionCounters {
    /// Passes handed over.
    pub passes_handed_over: i64,
    /// Passes that got their first workshop.
    pub passes_started: i64,
    /// Workshops of the passes handed over.
    pub workshops_granted: i64,
    /// Redemptions minus reversals.
    pub workshops_redeemed: i64,
    /// Workshops released by expiry or void.
    pub workshops_lapsed: i64,
    /// Money received.
    pub received_cents: i64,
    /// Money committed.
    pub committed_cents: i64,
    /// Money consumed, reversals taken off.
    pub consumed_cents: i64,
    /// Money released.
    pub released_cents: i64,
    /// Money paid to venues' organisations.
    pub paid_cents: i64,
    /// Money given back to funders.
    pub refunded_cents: i64,
    /// Of a hundred workshops granted in the period, how many were redeemed in it; null when none
    /// was granted.
    pub use_rate_percent: Option<i64>,
}

/// One row: the keys it was grouped by, and the counters.
#[derive(Serialize, ToSchema)]
pub struct ConsumptionRow {
    /// When grouped by month.
    #[schema(example = "2026-03")]
    pub month: Option<String>,
    /// When grouped by programme.
    pub programme_id: Option<Uuid>,
    /// When grouped by agreement.
    pub agreement_id: Option<Uuid>,
    /// When grouped by theme.
    pub theme: Option<String>,
    /// When grouped by venue.
    pub venue_id: Option<Uuid>,
    /// When grouped by commune of the venue.
    pub venue_commune: Option<String>,
    /// When grouped by département of the venue.
    pub venue_departement: Option<String>,
    /// When grouped by commune of residence.
    pub home_commune: Option<String>,
    /// When grouped by département of residence.
    pub departement: Option<String>,
    /// When grouped by public; several joined by `+`.
    pub public: Option<String>,
    /// When grouped by age band.
    pub age_band: Option<String>,
    /// When grouped by prescriber.
    pub prescriber_id: Option<Uuid>,
    /// When grouped by programme or agreement alone: what may still be committed.
    pub available_cents: Option<i64>,
    /// When grouped by programme or agreement alone: promised to passes and not yet used.
    pub committed_balance_cents: Option<i64>,
    /// When grouped by programme or agreement alone: owed to venues' organisations.
    pub payable_cents: Option<i64>,
    /// The counters.
    #[serde(flatten)]
    pub counters: ConsumptionCounters,
}

/// The totals: the sum over the rows, and the balances at the end of the period.
#[derive(Serialize, ToSchema)]
pub struct ConsumptionTotals {
    /// The counters.
    #[serde(flatten)]
    pub counters: ConsumptionCounters,
    /// What may still be committed.
    pub available_cents: i64,
    /// Promised to passes and not yet used.
    pub committed_balance_cents: i64,
    /// Owed to venues' organisations.
    pub payable_cents: i64,
    /// Passes of the programmes that were handed over or are in stock, whoever pays; left out as of
    /// the past. A row by programme has it too.
    pub passes_printed: Option<i64>,
    /// Passes printed and not handed over; left out as of the past.
    pub passes_in_stock: Option<i64>,
}

/// The consumption report.
#[derive(Serialize, ToSchema)]
pub struct ConsumptionReport {
    /// First month.
    #[schema(example = "2026-01")]
    pub from: String,
    /// Last month.
    #[schema(example = "2026-12")]
    pub to: String,
    /// The instant the figures are of; asked again as of it, they are the same.
    #[schema(example = "2026-12-31T22:59:59.999999Z")]
    pub as_of: String,
    /// What the rows are grouped by.
    pub group_by: Vec<String>,
    /// The rows.
    pub rows: Vec<ConsumptionRow>,
    /// The totals.
    pub totals: ConsumptionTotals,
    /// The one definition of each counter, in French.
    pub definitions: std::collections::BTreeMap<String, String>,
}
