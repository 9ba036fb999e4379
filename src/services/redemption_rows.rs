//! What a redemption writes: its row, and its postings.

use super::hand_over::leading;
use super::{Op, Outcome};
use crate::domain::agreement::Funding;
use crate::domain::ids::{
    AgreementId, OrganisationId, RedemptionId, ScheduledWorkshopId, UserId, VenueId,
};
use crate::domain::ledger::{self, Posting, PostingKind, Subject};
use crate::domain::money::Cents;
use crate::domain::pass::Pass;
use crate::domain::redemption::Taken;
use crate::domain::split::{self, ShareBp};
use crate::domain::time::{Day, Month};
use crate::store::redemption::RedemptionRow;

/// What was taught.
pub(super) struct Workshop {
    pub day: Day,
    pub theme: String,
    pub minutes: Option<i32>,
    pub mode: Option<String>,
    pub planned: Option<ScheduledWorkshopId>,
}

/// Who took a workshop from a pass, and where.
#[derive(Clone, Copy)]
pub(super) struct By {
    pub user: UserId,
    pub venue: VenueId,
    pub organisation: OrganisationId,
}

/// A workshop that the rule lets a venue take from a pass.
pub(super) struct Redemption<'a> {
    pub by: By,
    pub pass: &'a Pass,
    pub price: Cents,
    pub taken: Taken,
    pub workshop: Workshop,
}

/// The redemption as it is kept.
pub(super) fn row_of(op: &Op<'_>, redemption: Redemption<'_>) -> RedemptionRow {
    let Redemption { by, pass, price, taken, workshop } = redemption;
    RedemptionRow {
        id: RedemptionId(op.id()),
        pass_id: pass.id,
        origin_id: pass.origin,
        slot: i32::from(taken.slot),
        venue_id: by.venue,
        organisation_id: by.organisation,
        user_id: by.user,
        theme: workshop.theme,
        minutes: workshop.minutes,
        mode: workshop.mode,
        workshop_day: workshop.day,
        redeemed_at: op.now,
        price_cents: price.0,
        training: pass.training,
        reversed: false,
        scheduled_workshop_id: workshop.planned,
    }
}

/// Who pays, and which share.
pub(super) type Shares = [(AgreementId, ShareBp)];

/// The postings of a redemption.
pub(super) fn lines_of(
    pass: &Pass,
    price: Cents,
    row: &RedemptionRow,
    shares: &Shares,
    month: Month,
) -> Outcome<Vec<Posting>> {
    let subject = Subject {
        pass: Some(pass.origin),
        redemption: Some(row.id),
        venue: Some(row.venue_id),
        payee: Some(row.organisation_id),
        workshops: 1,
        starts: i8::from(pass.mask.used() == 0),
        ..Subject::default()
    };
    let parts = parts_of(price, shares, row.slot()?);
    Ok(ledger::event(PostingKind::Consumption, month, &parts, leading(shares), subject))
}

pub(super) fn shares_of(fundings: &[Funding]) -> Vec<(AgreementId, ShareBp)> {
    fundings.iter().map(|funding| (funding.agreement, funding.share)).collect()
}

/// What a slot costs each agreement of a pass.
pub(super) fn parts_of_slot(
    price: Cents,
    fundings: &[Funding],
    slot: u8,
) -> Vec<(AgreementId, Cents)> {
    parts_of(price, &shares_of(fundings), slot)
}

fn parts_of(price: Cents, shares: &Shares, slot: u8) -> Vec<(AgreementId, Cents)> {
    let each: Vec<ShareBp> = shares.iter().map(|(_, share)| *share).collect();
    let amounts = split::of_slot(price, &each, slot);
    shares.iter().map(|(agreement, _)| *agreement).zip(amounts).collect()
}
