//! What a batch of redemptions reads and writes: one statement a table, whatever its size.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::dsl::not;
use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::{lock_rows, on_engine};
use super::idempotency::AnswerRow;
use super::ledger::NewPosting;
use super::offline_scan::OfflineScanRow;
use super::pass::PassRow;
use super::redemption::RedemptionRow;
use super::schema::{
    idempotency_keys, offline_scans, pass_fundings, passes, postings, programme_venues,
    redemptions, sessions, users, wrong_codes,
};
use super::user::UserRow;
use super::wrong_code::WrongCodeRow;
use super::{grouped, unreadable};
use crate::domain::ids::{
    AgreementId, EntryId, OrganisationId, PassId, ProgrammeId, UserId, VenueId,
};
use crate::domain::mask::SlotMask;
use crate::domain::pass::Pass;
use crate::domain::split::ShareBp;
use crate::domain::time::{Day, Instant};

/// Locks the lines of the passes of these codes until the end of the transaction, in the order of
/// their ids, so that two batches of the same passes do not wait for each other in a circle.
pub fn lock_lines(conn: &mut Conn, hashes: &[Vec<u8>]) -> QueryResult<()> {
    let lines: Vec<PassId> = on_engine!(conn, |raw| passes::table
        .filter(passes::code_hash.eq_any(hashes))
        .select(passes::origin_id)
        .load(raw))?;
    lock_rows!(conn, passes, &lines)
}

/// The passes of these hashes of codes.
pub fn passes(conn: &mut Conn, hashes: &[Vec<u8>]) -> QueryResult<HashMap<Vec<u8>, Pass>> {
    let rows: Vec<PassRow> = on_engine!(conn, |raw| passes::table
        .filter(passes::code_hash.eq_any(hashes))
        .select(PassRow::as_select())
        .load(raw))?;
    rows.into_iter().map(|row| Ok((row.code_hash.clone(), row.pass()?))).collect()
}

/// Whose these sessions are, unless they have ended, by the hash of their secret.
pub fn sessions(
    conn: &mut Conn,
    hashes: &[Vec<u8>],
    now: Instant,
) -> QueryResult<HashMap<Vec<u8>, UserId>> {
    let rows: Vec<(Vec<u8>, UserId)> = on_engine!(conn, |raw| sessions::table
        .filter(sessions::token_hash.eq_any(hashes))
        .filter(sessions::ends_at.gt(now))
        .select((sessions::token_hash, sessions::user_id))
        .load(raw))?;
    Ok(rows.into_iter().collect())
}

/// These accounts, those that were stopped left out.
pub fn accounts(conn: &mut Conn, ids: &[UserId]) -> QueryResult<Vec<UserRow>> {
    on_engine!(conn, |raw| users::table
        .filter(users::id.eq_any(ids))
        .filter(users::active)
        .select(UserRow::as_select())
        .load(raw))
}

/// What these keys were answered, whosever they are.
pub fn answers(conn: &mut Conn, keys: &[EntryId]) -> QueryResult<Vec<AnswerRow>> {
    on_engine!(conn, |raw| idempotency_keys::table
        .filter(idempotency_keys::key.eq_any(keys))
        .select(AnswerRow::as_select())
        .load(raw))
}

/// The scans of these keys that came to these organisations before.
pub fn scans(
    conn: &mut Conn,
    organisations: &[OrganisationId],
    keys: &[EntryId],
) -> QueryResult<Vec<OfflineScanRow>> {
    on_engine!(conn, |raw| offline_scans::table
        .filter(offline_scans::organisation_id.eq_any(organisations))
        .filter(offline_scans::key.eq_any(keys))
        .select(OfflineScanRow::as_select())
        .load(raw))
}

/// When accounts typed wrong codes after `since`, latest first.
pub fn wrong_codes(
    conn: &mut Conn,
    users: &[UserId],
    since: Instant,
) -> QueryResult<HashMap<UserId, Vec<Instant>>> {
    let rows: Vec<(UserId, Instant)> = on_engine!(conn, |raw| wrong_codes::table
        .filter(wrong_codes::user_id.eq_any(users))
        .filter(wrong_codes::at.gt(since))
        .order(wrong_codes::at.desc())
        .select((wrong_codes::user_id, wrong_codes::at))
        .load(raw))?;
    Ok(grouped(rows))
}

/// Who pays for these lines, in order, with their shares in basis points.
pub fn shares(
    conn: &mut Conn,
    lines: &[PassId],
) -> QueryResult<HashMap<PassId, Vec<(AgreementId, ShareBp)>>> {
    let rows: Vec<(PassId, AgreementId, i32)> = on_engine!(conn, |raw| pass_fundings::table
        .filter(pass_fundings::pass_id.eq_any(lines))
        .order((pass_fundings::pass_id, pass_fundings::position))
        .select((pass_fundings::pass_id, pass_fundings::agreement_id, pass_fundings::share_bp))
        .load(raw))?;
    let rows: QueryResult<Vec<_>> = rows
        .into_iter()
        .map(|(line, agreement, share)| {
            let share = ShareBp(u16::try_from(share).map_err(|_| unreadable("share"))?);
            Ok((line, (agreement, share)))
        })
        .collect();
    rows.map(grouped)
}

/// The workshops that these lines gave and that stand: their day, and when they were recorded.
pub fn workshops(
    conn: &mut Conn,
    lines: &[PassId],
) -> QueryResult<HashMap<PassId, Vec<(Day, Instant)>>> {
    let rows: Vec<(PassId, Day, Instant)> = on_engine!(conn, |raw| redemptions::table
        .filter(redemptions::origin_id.eq_any(lines))
        .filter(not(redemptions::reversed))
        .order(redemptions::redeemed_at)
        .select((redemptions::origin_id, redemptions::workshop_day, redemptions::redeemed_at))
        .load(raw))?;
    Ok(grouped(rows.into_iter().map(|(line, day, at)| (line, (day, at)))))
}

/// Which programmes accept these venues.
pub fn accepted(
    conn: &mut Conn,
    venues: &[VenueId],
) -> QueryResult<HashSet<(ProgrammeId, VenueId)>> {
    let rows: Vec<(ProgrammeId, VenueId)> = on_engine!(conn, |raw| programme_venues::table
        .filter(programme_venues::venue_id.eq_any(venues))
        .load(raw))?;
    Ok(rows.into_iter().collect())
}

/// What a batch decided.
#[derive(Default)]
pub struct Written {
    /// The used slots of passes.
    pub masks: BTreeMap<PassId, SlotMask>,
    /// Workshops that were taken.
    pub redemptions: Vec<RedemptionRow>,
    /// Their postings.
    pub postings: Vec<NewPosting>,
    /// What was answered, refusals too.
    pub answers: Vec<AnswerRow>,
    /// Codes that were nobody's.
    pub wrong_codes: Vec<WrongCodeRow>,
    /// Scans that had waited for a network.
    pub scans: Vec<OfflineScanRow>,
}

impl Written {
    /// Writes it.
    ///
    /// # Errors
    /// A failure of the engine. A key or a slot that somebody else took meanwhile is a lost race.
    pub fn write(&self, conn: &mut Conn) -> QueryResult<()> {
        macro_rules! insert {
            ($table:ident) => {
                insert!($table, &self.$table)
            };
            ($table:ident, $rows:expr) => {
                if !$rows.is_empty() {
                    on_engine!(conn, |raw| diesel::insert_into($table::table)
                        .values($rows)
                        .execute(raw))?;
                }
            };
        }
        // Passes are used from the first slot on: few masks are new in a batch.
        let mut passes_of: BTreeMap<u16, Vec<PassId>> = BTreeMap::new();
        for (pass, mask) in &self.masks {
            passes_of.entry(mask.0).or_default().push(*pass);
        }
        for (mask, ids) in passes_of {
            on_engine!(conn, |raw| diesel::update(passes::table.filter(passes::id.eq_any(&ids)))
                .set(passes::used_mask.eq(i32::from(mask)))
                .execute(raw))?;
        }
        insert!(redemptions);
        insert!(postings);
        insert!(idempotency_keys, &self.answers);
        insert!(wrong_codes);
        insert!(offline_scans, &self.scans);
        Ok(())
    }
}
