//! What a lane reads and writes for many redemptions at once: one statement each.

mod lines;
mod seen;
mod written;

use uuid::Uuid;

pub use self::seen::seen;
pub use self::written::{Change, Kept, Written};
use crate::domain::caller::Caller;
use crate::domain::ids::{AgreementId, OrganisationId, UserId, VenueId};
use crate::domain::money::Cents;
use crate::domain::pass::Pass;
use crate::domain::split::ShareBp;
use crate::domain::time::{Day, Instant, Month, Zone};

/// A request of a batch.
pub struct About {
    /// Its place in the batch.
    pub place: usize,
    /// The keyed hash of its code.
    pub hash: Vec<u8>,
    /// The venue it names.
    pub venue: VenueId,
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
    /// No earlier than today, wherever the programme is.
    pub last: Day,
}

/// All that the rule looks at, for one request.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The request's place in the batch.
    pub place: usize,
    /// The pass.
    pub pass: Pass,
    /// Counted up by every change of the pass.
    pub version: i64,
    /// Who pays for it, in order, with their shares.
    pub shares: Vec<(AgreementId, ShareBp)>,
    /// The price of a workshop.
    pub price: Cents,
    /// Where the programme's days are counted.
    pub zone: Zone,
    /// How often the programme lets a pass be validated a day.
    pub max_per_day: u8,
    /// Who sent it.
    pub caller: Caller,
    /// Who runs the venue.
    pub organisation: OrganisationId,
    /// Whether the programme accepts the venue.
    pub accepted: bool,
    /// How many wrong codes the person had lately.
    pub wrong_codes: i64,
    /// The last closed month.
    pub closed: Option<Month>,
    /// What its key was answered before: hash of that request, and the answer.
    pub answered: Option<(Vec<u8>, String)>,
    labels: Vec<(Day, Day)>,
    suspensions: Vec<(Day, Day)>,
    validated: Vec<Day>,
}

impl Seen {
    /// Whether the venue had a label that day, and no suspension.
    #[must_use]
    pub fn labelled_on(&self, day: Day) -> bool {
        let on = |(from, until): &(Day, Day)| (*from..=*until).contains(&day);
        self.labels.iter().any(on) && !self.suspensions.iter().any(on)
    }

    /// How often the pass was validated that day.
    #[must_use]
    pub fn validated_on(&self, day: Day) -> usize {
        self.validated.iter().filter(|one| **one == day).count()
    }
}
