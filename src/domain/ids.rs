//! Typed identifiers: one newtype a noun, so that a venue's id cannot be handed in for a pass's.

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A legal body: funder, prescriber and venue operator in any combination.
    OrganisationId,
    /// A person's account.
    UserId,
    /// One scheme: dates, price, sizes.
    ProgrammeId,
    /// One funder's part in one programme.
    AgreementId,
    /// One address where workshops are given.
    VenueId,
    /// A dated right of a venue to redeem.
    LabelId,
    /// A pass; the code printed on it is derived from this id.
    PassId,
    /// One workshop taken from one pass.
    RedemptionId,
    /// The opposite of a redemption.
    ReversalId,
    /// A workshop that a venue plans.
    ScheduledWorkshopId,
    /// Passes printed in advance, in one order.
    PrintRunId,
    /// A box of a print run.
    StockBoxId,
    /// What an organisation is owed for a month.
    StatementId,
    /// Where an organisation is paid.
    BankDetailId,
    /// A bank file that pays statements.
    PaymentRunId,
    /// What is asked of a funder for a month.
    FundingCallId,
    /// Open data of some months, frozen.
    VintageId,
    /// A rotating refresh token.
    TokenId,
    /// All refresh tokens that descend from one sign-in.
    FamilyId,
    /// A browser's sign-in.
    SessionId,
    /// Anything that is only ever listed: an event, a suspension, a wrong code.
    EntryId,
}
