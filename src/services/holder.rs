//! What the person who holds a pass may know of it: nothing but what is on the paper anyway.

use chrono::NaiveDate;

use super::nearest_venues::{NearVenue, near_home};
use super::read_pass::programme_of;
use super::{Outcome, Services};
use crate::domain::code::Code;
use crate::domain::pass_status::PassStatus;
use crate::domain::redemption::RedemptionRefusal;
use crate::store;

/// A pass as the person who holds it sees it.
#[derive(Clone, Debug)]
pub struct HolderView {
    /// The status.
    pub status: PassStatus,
    /// Workshops left.
    pub remaining: u8,
    /// The day until which it is taken: its last day, and once that has passed, the end of the
    /// tolerance.
    pub until: NaiveDate,
    /// A rehearsal: it gives no workshop.
    pub training: bool,
    /// Venues near home, nearest first.
    pub venues: Vec<NearVenue>,
}

/// What is left on the pass of that code. Whoever holds the paper may ask.
///
/// # Errors
/// `malformed_code` or `unknown_code`.
pub fn for_holder(services: &Services, typed: &str) -> Outcome<HolderView> {
    let code = Code::read(typed).map_err(RedemptionRefusal::Malformed)?;
    services.read(|op| {
        let hash = op.services.keys.code_hash(&code);
        let row =
            store::pass::by_code_hash(op.conn, &hash)?.ok_or(RedemptionRefusal::UnknownCode)?;
        let pass = row.pass()?;
        let programme = programme_of(op, &pass)?;
        let today = op.now.day_in(programme.zone);
        let status = pass.standing(today);
        let venues = if status == PassStatus::Active {
            near_home(op, programme.id, row.home_commune.as_deref(), today)?
        } else {
            Vec::new()
        };
        let over = today > pass.last_day;
        Ok(HolderView {
            status,
            remaining: pass.remaining(),
            until: if over { pass.redeemable_until } else { pass.last_day },
            training: pass.training,
            venues,
        })
    })
}
