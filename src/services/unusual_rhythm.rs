//! Venues whose rhythm stands out: far above their own usual days, or more than a room can take
//! in an hour.

use std::collections::BTreeMap;

use chrono::Days;

use super::{Op, Outcome};
use crate::domain::alert::Alert;
use crate::domain::rhythm::{
    FEWEST_A_DAY, LOOKED_AT_DAYS, MOST_AN_HOUR, USUAL_DAYS, busiest_hour, unusual, usual_day,
};
use crate::domain::time::Day;
use crate::store;

/// The latest unusual day of each venue in the days looked at, undone redemptions and rehearsals
/// left out.
pub(super) fn unusual_rhythm(op: &mut Op<'_>, today: Day) -> Outcome<Vec<Alert>> {
    let since = today.checked_sub_days(Days::new(LOOKED_AT_DAYS)).unwrap_or(today);
    let first = since.checked_sub_days(Days::new(USUAL_DAYS)).unwrap_or(since);
    let mut alerts = Vec::new();
    for store::rhythm::BusyRow { venue, name } in
        store::rhythm::busy_venues(op.conn, since, FEWEST_A_DAY)?
    {
        let days: BTreeMap<Day, i64> =
            store::rhythm::days(op.conn, venue, first)?.into_iter().collect();
        let before: Vec<i64> = days.range(..=since).map(|(_, workshops)| *workshops).collect();
        let usual = usual_day(&before);
        for (day, workshops) in days.iter().rev().take_while(|(day, _)| **day > since) {
            let hour = if *workshops > MOST_AN_HOUR {
                busiest_hour(&store::rhythm::instants(op.conn, venue, *day)?)
            } else {
                0
            };
            if let Some(why) = unusual(*workshops, hour, usual) {
                let (day, workshops, name) = (*day, *workshops, name.clone());
                alerts.push(Alert::UnusualRhythm { venue, name, day, workshops, why });
                break;
            }
        }
    }
    Ok(alerts)
}
