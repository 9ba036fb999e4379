//! The postings of a redemption.

use super::Outcome;
use super::hand_over::leading;
use crate::domain::agreement::Funding;
use crate::domain::ids::AgreementId;
use crate::domain::ledger::{self, Posting, PostingKind, Subject};
use crate::domain::money::Cents;
use crate::domain::pass::Pass;
use crate::domain::split::{self, ShareBp};
use crate::domain::time::Month;
use crate::store::redemption::RedemptionRow;

/// Who pays, and which share.
pub(super) type Share = (AgreementId, ShareBp);

/// The postings of a workshop that `pass` gives; as it was before.
pub(super) fn consumption(
    pass: &Pass,
    row: &RedemptionRow,
    shares: &[Share],
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
    let parts = parts_of(Cents(row.price_cents), shares, row.slot()?);
    Ok(ledger::event(PostingKind::Consumption, month, &parts, leading(shares), subject))
}

/// What a slot costs each agreement of a pass.
pub(super) fn parts_of_slot(
    price: Cents,
    fundings: &[Funding],
    slot: u8,
) -> Vec<(AgreementId, Cents)> {
    let shares: Vec<Share> = fundings.iter().map(|one| (one.agreement, one.share)).collect();
    parts_of(price, &shares, slot)
}

fn parts_of(price: Cents, shares: &[Share], slot: u8) -> Vec<(AgreementId, Cents)> {
    let each: Vec<ShareBp> = shares.iter().map(|(_, share)| *share).collect();
    let amounts = split::of_slot(price, &each, slot);
    shares.iter().map(|(agreement, _)| *agreement).zip(amounts).collect()
}
