//! What a lane reads and writes for many redemptions at once: one statement each.

mod circumstances;
mod lines;
mod seen;
mod texts;
mod written;

use uuid::Uuid;

pub use self::circumstances::{Circumstance, Circumstances, Place};
pub use self::seen::seen;
pub use self::written::{Change, Kept, Written};
use crate::domain::caller::Caller;
use crate::domain::ids::{AgreementId, EntryId, UserId};
use crate::domain::pass::Pass;
use crate::domain::split::ShareBp;
use crate::domain::time::{Day, Instant, Month};

/// A request of a batch.
pub struct About {
    /// Its place in the batch.
    pub place: usize,
    /// The keyed hash of its code.
    pub hash: Vec<u8>,
    /// Who sent it.
    pub user: UserId,
    /// Its key.
    pub key: Uuid,
}

/// What is asked of all requests of a batch alike.
#[derive(Clone, Copy)]
pub struct Around {
    /// Since when wrong codes count.
    pub since: Instant,
    /// No later than today, wherever the programme is.
    pub first: Day,
}

/// What the rule looks at that is of one request.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The request's place in the batch.
    pub place: usize,
    /// Under which the [`Circumstances`] stood at that moment.
    pub stamp: EntryId,
    /// The last closed month.
    pub closed: Option<Month>,
    /// The pass.
    pub pass: Pass,
    /// Counted up by every change of the pass.
    pub version: i64,
    /// Who pays for it, in order, with their shares.
    pub shares: Vec<(AgreementId, ShareBp)>,
    /// Who sent it.
    pub caller: Caller,
    /// How many wrong codes the person had lately.
    pub wrong_codes: i64,
    /// What its key was answered before: hash of that request, and the answer.
    pub answered: Option<(Vec<u8>, String)>,
    validated: Vec<Day>,
}

impl Seen {
    /// How often the pass was validated that day.
    #[must_use]
    pub fn validated_on(&self, day: Day) -> usize {
        self.validated.iter().filter(|one| **one == day).count()
    }
}
