//! Funding calls: what is asked of a funder for a closed month.

use super::ids::{FundingCallId, OrganisationId};
use super::money::Cents;
use super::time::{Instant, Month};

/// What is asked of a funder for a month: its part of the workshops redeemed, undone ones taken
/// off. What each agreement contributes is in the month's closed figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundingCall {
    /// Its id.
    pub id: FundingCallId,
    /// The year of its number.
    pub year: i32,
    /// Its place in that year, from 1, without gaps.
    pub number: i32,
    /// Who is asked.
    pub funder: OrganisationId,
    /// For which month.
    pub month: Month,
    /// How much; negative when more was undone than redeemed, to be set off.
    pub amount: Cents,
    /// When it was issued.
    pub issued_at: Instant,
}

impl FundingCall {
    /// Its number as people write it: `A-2026-0007`.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("A-{}-{:04}", self.year, self.number)
    }
}
