//! The passes that a scanner without a network must know.

use diesel::prelude::*;

use super::connection::Conn;
use super::pass::slots;
use super::schema::passes;
use crate::domain::ids::{PassId, ProgrammeId};
use crate::domain::pass::PassState;
use crate::domain::time::Day;

/// A pass that may give a workshop.
#[derive(Clone, Copy, Debug)]
pub struct Redeemable {
    /// Its id.
    pub id: PassId,
    /// The number of the key its code is derived with.
    pub key_number: i32,
}

/// The active passes of some programmes that are redeemable on `day` or later and have a workshop
/// left.
pub fn active_of(
    conn: &mut Conn,
    programmes: &[ProgrammeId],
    day: Day,
) -> QueryResult<Vec<Redeemable>> {
    let active = PassState::Active.as_str();
    let found: Vec<(PassId, i32, i32, i32)> = passes::table
        .filter(passes::programme_id.eq_any(programmes))
        .filter(passes::state.eq(active).and(passes::redeemable_until.ge(day)))
        .select((passes::id, passes::key_number, passes::units, passes::used_mask))
        .load(conn)?;
    let mut redeemable = Vec::with_capacity(found.len());
    for (id, key_number, units, mask) in found {
        let (units, mask, _) = slots(id, units, mask, active)?;
        if mask.used() < units {
            redeemable.push(Redeemable { id, key_number });
        }
    }
    Ok(redeemable)
}
