//! The demo's books: every month but the last is closed, its statements are approved, and paid but
//! for the last of them.

use chrono::{Datelike, NaiveDate};

use super::super::Stop;
use super::cast::{Cast, at};
use super::payments;
use crate::adapters::clock::MovedClock;
use crate::app;
use crate::domain::ids::StatementId;
use crate::domain::time::{Instant, Month, Zone};
use crate::services::Services;
use crate::services::approve_statement::approve_statements;
use crate::services::close_month::close_month;
use crate::services::list::{MAX_LIMIT, Page};
use crate::services::publish_open_data::NewVintage;
use crate::services::statements::{self, StatementSearch};

/// The month so many months after that of a day, as the API writes it.
fn months_in(day: NaiveDate, later: usize) -> String {
    let mut months = std::iter::successors(Some(Month::of(day)), |month| Some(month.next()));
    months.nth(later).map_or_else(String::new, |month| month.to_string())
}

/// Closes each month on the third of the next one and approves its statements two days later. The
/// month that ended last stays open, and the statements of the one before unpaid, for whoever tries
/// the demo to close and to pay. The first half year is published as open data.
///
/// # Errors
/// A refusal of the scheme, which would be a fault of the demo.
pub fn keep(
    services: &Services,
    clock: &MovedClock,
    cast: &Cast,
    now: Instant,
) -> Result<(), Stop> {
    clock.move_to(at(cast.first_day, 10 * 60));
    let operator = payments::open_accounts(services, cast)?;
    let last = Month::of(now.day_in(Zone::PARIS)).previous();
    let first = Month::of(cast.first_day);
    let months = std::iter::successors(Some(first), |month| Some(month.next()));
    for (number, month) in months.take_while(|month| *month < last).enumerate() {
        let next = month.next().first_day();
        clock.move_to(at(next.with_day(3).unwrap_or(next), 9 * 60));
        close_month(services, operator.user, month, None)?;
        clock.move_to(at(next.with_day(5).unwrap_or(next), 9 * 60));
        let search = StatementSearch { month: Some(month), ..StatementSearch::default() };
        let page = Page { limit: MAX_LIMIT, ..Page::default() };
        let drafts = statements::list(services, &operator, search, page)?;
        let ids: Vec<_> = drafts.items.iter().map(|draft| StatementId(draft.id)).collect();
        approve_statements(services, &operator, &ids, None)?;
        if month.next() < last {
            let tenth = next.with_day(10).unwrap_or(next);
            payments::pay(services, clock, &operator, tenth, number == 2)?;
        }
    }
    let half = NewVintage { from: months_in(cast.first_day, 0), to: months_in(cast.first_day, 5) };
    app::open_data::publish(services, &operator, &half, None)?;
    clock.move_to(now);
    Ok(())
}
