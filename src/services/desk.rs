//! How much of everything the installation holds, for the operator's first page.

use uuid::Uuid;

use super::find_venues::Standings;
use super::{Outcome, Services, stock_figures};
use crate::domain::ids::ProgrammeId;
use crate::domain::label::Standing;
use crate::store;

/// Counts of what the operator looks after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    /// Programmes.
    pub programmes: usize,
    /// Organisations.
    pub organisations: usize,
    /// Venues.
    pub venues: usize,
    /// Venues that may redeem today.
    pub labelled: usize,
    /// Accounts that may sign in.
    pub people: usize,
    /// Passes handed over or in stock, rehearsals left out.
    pub printed: i64,
    /// Passes printed and not handed over.
    pub in_stock: i64,
}

/// Counts everything.
///
/// # Errors
/// A failure of the database.
pub fn desk(services: &Services) -> Outcome<Desk> {
    services.read(|op| {
        let standings = Standings::of(op)?;
        let open =
            |standing| matches!(standing, Standing::Labelled { .. } | Standing::EndsSoon { .. });
        let labelled = standings.labelled().filter(|venue| open(standings.of_venue(*venue)));
        let passes = stock_figures::all(op)?;
        Ok(Desk {
            printed: passes.passes_printed,
            in_stock: passes.passes_in_stock,
            labelled: labelled.count(),
            programmes: store::programme::page(op.conn, ProgrammeId(Uuid::nil()), 10_000)?.len(),
            organisations: store::organisation::all(op.conn)?.len(),
            venues: store::venue::names(op.conn)?.len(),
            people: usize::try_from(store::user::count_active(op.conn)?).unwrap_or_default(),
        })
    })
}
