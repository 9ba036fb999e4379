//! Venues whose scans wait for the operator, or come after their day unusually often.

use std::collections::BTreeMap;

use super::{Op, Outcome};
use crate::domain::alert::Alert;
use crate::domain::ids::VenueId;
use crate::domain::offline_scan::{BACKDATED_DAYS, Backdated};
use crate::domain::time::Zone;
use crate::store;

/// One alert a venue.
pub(super) fn backdated_scans(op: &mut Op<'_>) -> Outcome<Vec<Alert>> {
    let since = op.now.plus_seconds(-BACKDATED_DAYS * 86_400);
    let mut venues: BTreeMap<VenueId, Backdated> = BTreeMap::new();
    for came in store::offline_scan::redeemed_since(op.conn, since)? {
        let received_on = came.redeemed_at.day_in(Zone::of_commune(&came.commune));
        let days = (received_on - came.workshop_day).num_days();
        venues.entry(came.venue).or_default().add(days);
    }
    let held: BTreeMap<VenueId, i64> =
        store::offline_scan::held_by_venue(op.conn)?.into_iter().collect();
    for venue in held.keys() {
        venues.entry(*venue).or_default();
    }
    for (venue, lately) in &mut venues {
        lately.workshops = store::redemption::count_since(op.conn, *venue, since)?;
    }
    venues.retain(|venue, lately| lately.stands_out() || held.contains_key(venue));
    let mut alerts = Vec::new();
    for (venue, lately) in venues {
        let name = store::venue::named(op.conn, venue)?.name;
        let held = held.get(&venue).copied().unwrap_or_default();
        alerts.push(Alert::BackdatedScans { venue, name, lately, held });
    }
    Ok(alerts)
}
