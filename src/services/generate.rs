//! A believable past of any size, for measuring: organisations, venues and programmes through the
//! use cases, and a year of passes and workshops in bulk, by the same rules. `ledger verify`
//! accepts what it makes.

mod country;
mod history;
mod lives;
mod rows;
mod table_rows;

use chrono::Months;

use super::update_reports::update_whole_reports;
use super::{Outcome, Services};
use crate::domain::refusal::{Code, Refused};
use crate::domain::time::{Day, Zone};
use crate::store::every_table::every_table;
use crate::store::unit_of_work::make_room;

pub use self::country::PASSWORD;

/// What is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many passes with a past.
    pub passes: u32,
    /// How many more that were handed over yesterday: their codes are handed out.
    pub fresh: u32,
    /// The day the year begins; everything before today is past.
    pub first_day: Day,
    /// Today.
    pub today: Day,
}

impl Plan {
    /// So many passes in the twelve months before today, and so many fresh ones.
    #[must_use]
    pub fn of_a_year(passes: u32, fresh: u32, today: Day) -> Self {
        Self { passes, fresh, first_day: today - Months::new(12), today }
    }
}

/// A code that may be redeemed, where, and by whom.
#[derive(Clone, Debug)]
pub struct LiveCode {
    /// The code.
    pub code: String,
    /// A venue of its programme.
    pub venue: uuid::Uuid,
    /// Somebody who works there, with the password [`PASSWORD`].
    pub email: String,
}

/// What was made.
#[derive(Clone, Debug, Default)]
pub struct Generated {
    /// Passes.
    pub passes: u64,
    /// Redemptions, undone ones too.
    pub redemptions: u64,
    /// Postings.
    pub postings: i64,
    /// The codes of the fresh passes.
    pub codes: Vec<LiveCode>,
}

/// Fills a new installation; `each` hears of every day, with what there is so far.
///
/// # Errors
/// `not_empty` when there is an organisation, or a failure of the database.
pub fn generate(
    services: &Services,
    plan: Plan,
    mut each: impl FnMut(Day, &Generated),
) -> Outcome<Generated> {
    let tables = every_table();
    let organisations = tables.iter().find(|table| table.name == "organisations");
    let empty = services.read(|op| {
        Ok(organisations.is_none_or(|table| table.is_empty(op.conn).unwrap_or(false)))
    })?;
    if !empty {
        let sentence =
            "Des données inventées ne se mêlent pas à de vraies : prenez une base neuve.";
        return Err(Refused::new(Code::NotEmpty, sentence).into());
    }
    services.write(|op| Ok(make_room(op.conn)?))?;
    let country = country::settle(services, plan)?;
    let lives = lives::draw(services, plan, &country);
    let mut history = history::History::new(services, &country, &lives, tables)?;
    for (number, day) in plan.first_day.iter_days().take_while(|day| *day < plan.today).enumerate()
    {
        history.day(day, number)?;
        each(day, &history.made);
    }
    let made = history.finish(plan)?;
    update_whole_reports(services)?;
    Ok(made)
}

/// The instant of a second of a day in Paris.
fn second_of(day: Day, second: u32) -> crate::domain::time::Instant {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    let at = Zone::PARIS
        .instant_of(midnight)
        .unwrap_or_else(|| crate::domain::time::Instant::from_utc(midnight.and_utc()));
    at.plus_seconds(i64::from(second))
}
