//! A new pass: as it comes out of the printer, and as it is in the hands of a person.

use super::handover_request::HandOver;
use super::{Op, Outcome, commune_code};
use crate::domain::caller::Caller;
use crate::domain::holder::Fingerprint;
use crate::domain::ids::{OrganisationId, PassId, StockBoxId};
use crate::domain::mask::SlotMask;
use crate::domain::pass::PassState;
use crate::domain::programme::Programme;
use crate::domain::territory::{AGE_BANDS, GENDERS, STATUSES, Term, canonical};
use crate::store;
use crate::store::pass::PassRow;

/// Which of the passes that a person may hold a new one is.
pub(super) struct PersonSlot {
    /// Who the person is, under the programme's salt.
    pub fingerprint: Fingerprint,
    pub rank: i32,
}

/// A printed pass, not handed over: it redeems nothing.
pub(super) fn printed(
    op: &Op<'_>,
    programme: &Programme,
    prescriber: OrganisationId,
    units: u8,
    stock_box: Option<StockBoxId>,
) -> Outcome<PassRow> {
    let id = PassId(op.id());
    let keys = &op.services.keys;
    let key_number = keys.current_code_key();
    Ok(PassRow {
        id,
        origin_id: id,
        serial: keys.serial(id).as_str().to_owned(),
        code_hash: keys.code_hash(&keys.code(id, key_number)?),
        key_number,
        programme_id: programme.id,
        prescriber_id: prescriber,
        units: i32::from(units),
        used_mask: i32::from(SlotMask::default().0),
        state: PassState::Printed.as_str().to_owned(),
        first_day: op.now.day_in(programme.zone),
        last_day: programme.last_day,
        redeemable_until: programme.redeemable_until(),
        released: false,
        training: programme.training,
        handed_over_at: None,
        handed_over_by: None,
        fingerprint: None,
        person_rank: None,
        home_commune: None,
        age_band: None,
        gender: None,
        social_status: None,
        publics: None,
        box_id: stock_box,
    })
}

/// Who hands a pass over, and to whom.
pub(super) struct Hands<'a> {
    pub caller: &'a Caller,
    pub request: &'a HandOver,
    pub person: Option<PersonSlot>,
}

/// The same pass in the hands of a person.
pub(super) fn in_hand(
    op: &Op<'_>,
    programme: &Programme,
    hands: Hands<'_>,
    printed: PassRow,
) -> PassRow {
    let Hands { caller, request, person } = hands;
    let (fingerprint, person_rank) = person.map(|slot| (slot.fingerprint.now, slot.rank)).unzip();
    let mut publics = request.publics.clone();
    publics.sort();
    publics.dedup();
    PassRow {
        state: PassState::Active.as_str().to_owned(),
        first_day: op.now.day_in(programme.zone),
        handed_over_at: Some(op.now),
        handed_over_by: Some(caller.user),
        fingerprint,
        person_rank,
        home_commune: request.commune.as_deref().map(commune_code::of_today),
        age_band: term(AGE_BANDS, request.age_band.as_ref()),
        gender: term(GENDERS, request.gender.as_ref()),
        social_status: term(STATUSES, request.status.as_ref()),
        publics: store::joined(&publics),
        ..printed
    }
}

fn term(vocabulary: &[Term], text: Option<&String>) -> Option<String> {
    canonical(vocabulary, text?).map(str::to_owned)
}
