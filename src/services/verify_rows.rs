//! Proving what is printed and is no posting: redemptions, histories, statements, published files.

use super::{Op, Outcome};
use crate::adapters::digest::sha256;
use crate::domain::offline_scan::Clocks;
use crate::domain::time::Instant;
use crate::store;
use crate::store::contradiction::HALF_HOUR_MICROS;

/// Compares rows with each other and with the postings; what differs goes to `differences`.
pub(super) fn compare_rows(op: &mut Op<'_>, differences: &mut Vec<String>) -> Outcome<()> {
    differences.extend(store::contradiction::all(op.conn)?);
    Ok(())
}

/// Each workshop is of the day on which it was redeemed, where its programme is; one that was scanned
/// without a network may be of the day of the scan.
pub(super) fn compare_workshop_days(op: &mut Op<'_>, differences: &mut Vec<String>) -> Outcome<()> {
    for group in store::contradiction::half_hours(op.conn)? {
        let zone = store::programme::zone(&group.time_zone)?;
        let begins = Instant::from_micros(group.half_hour * HALF_HOUR_MICROS);
        let day = begins.map(|begins| begins.day_in(zone));
        if day != Some(group.day) {
            for id in store::redemption::of_half_hour(op.conn, &group)? {
                differences.push(format!(
                    "redemption {id}: was redeemed on another day than {}",
                    group.day
                ));
            }
        }
    }
    for scan in store::offline_scan::redeemed(op.conn)? {
        let clocks = Clocks {
            scanned_at: scan.scanned_at,
            sent_at: scan.skew_seconds.map(|skew| scan.received_at.plus_seconds(skew)),
            received_at: scan.received_at,
        };
        let zone = store::programme::zone(&scan.time_zone)?;
        let days = [clocks.happened_at(), scan.redeemed_at].map(|at| at.day_in(zone));
        let moved = scan.accepted_later && scan.workshop_day == scan.first_day;
        if !moved && !days.contains(&scan.workshop_day) {
            differences.push(format!(
                "redemption {}: was neither scanned nor redeemed on {}",
                scan.redemption, scan.workshop_day
            ));
        }
    }
    Ok(())
}

/// The files of open data are those that were published.
pub(super) fn compare_open_data(op: &mut Op<'_>, differences: &mut Vec<String>) -> Outcome<()> {
    for vintage in store::open_data::all(op.conn)? {
        for file in store::open_data::files(op.conn, vintage.id)? {
            if sha256(&file.content) != file.digest {
                let months = (vintage.from, vintage.to);
                differences.push(format!(
                    "open data {} to {}: {} is not what was published",
                    months.0, months.1, file.name
                ));
            }
        }
    }
    Ok(())
}
