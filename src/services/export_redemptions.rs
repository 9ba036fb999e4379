//! Every redemption, one after the other: nothing is gathered, however many there are.

use uuid::Uuid;

use super::{Outcome, Services};
use crate::domain::ids::RedemptionId;
use crate::domain::refusal::{Check, Refused};
use crate::domain::time::Day;
use crate::store;
use crate::store::redemption_line::{NextLines, RedemptionLine};

/// How many are read at a time.
const BATCH: i64 = 5_000;

/// The days that are asked for; open ends take everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Days {
    /// First workshop day.
    pub from: Option<Day>,
    /// Last workshop day.
    pub to: Option<Day>,
}

impl Days {
    /// # Errors
    /// Days in the wrong order.
    pub fn check(self) -> Result<(), Refused> {
        let mut check = Check::default();
        check.days(&[(self.from, "/from"), (self.to, "/to")]);
        let order = self.from.zip(self.to).is_none_or(|(from, to)| from <= to);
        check.that(order, "/to", "out_of_range", "Le dernier jour doit suivre le premier.");
        check.done()
    }
}

/// Hands out every redemption of those days, rehearsals left out, as all of them were when it began.
/// They are read some at a time, each time anew: who takes them slowly keeps nothing of the database.
///
/// # Errors
/// Days in the wrong order, a failure of the database, or what `each` refuses.
pub fn each_redemption(
    services: &Services,
    days: Days,
    mut each: impl FnMut(&RedemptionLine) -> Outcome<()>,
) -> Outcome<()> {
    days.check()?;
    let first = Day::from_ymd_opt(1970, 1, 1).unwrap_or_default();
    let last = Day::from_ymd_opt(9999, 12, 31).unwrap_or_default();
    let days = (days.from.unwrap_or(first), days.to.unwrap_or(last));
    let as_of = services.clock.now();
    let mut after = RedemptionId(Uuid::nil());
    loop {
        let next = NextLines { days, as_of, after, limit: BATCH };
        let found = services.read(|op| Ok(store::redemption_line::page(op.conn, next)?))?;
        let Some(end) = found.last() else { return Ok(()) };
        after = end.id;
        found.iter().try_for_each(&mut each)?;
    }
}
