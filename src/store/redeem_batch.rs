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
use super::venue::VenueOnDays;
use super::wrong_code::WrongCodeRow;
use super::{closed_month, grouped, programme, scheduled_workshop, unreadable, venue};
use crate::domain::caller::Caller;
use crate::domain::ids::{
    AgreementId, EntryId, OrganisationId, PassId, ProgrammeId, ScheduledWorkshopId, UserId, VenueId,
};
use crate::domain::mask::SlotMask;
use crate::domain::pass::Pass;
use crate::domain::programme::Programme;
use crate::domain::scheduled_workshop::ScheduledWorkshop;
use crate::domain::split::ShareBp;
use crate::domain::time::{Day, Instant, Month};

/// What the requests of a batch name.
#[derive(Debug, Default)]
pub struct Named {
    /// Hashes of codes.
    pub codes: Vec<Vec<u8>>,
    /// Hashes of the secrets of sessions.
    pub sessions: Vec<Vec<u8>>,
    /// Accounts.
    pub users: Vec<UserId>,
    /// Idempotency keys.
    pub keys: Vec<EntryId>,
    /// Venues.
    pub venues: Vec<VenueId>,
    /// Planned workshops.
    pub planned: Vec<ScheduledWorkshopId>,
}

/// A key of an organisation.
pub type OwnKey = (OrganisationId, EntryId);

/// What the rule looks at, for all requests of a batch.
#[derive(Debug, Default)]
pub struct BatchFacts {
    /// Whose a session is, by the hash of its secret; those that ended are left out.
    pub sessions: HashMap<Vec<u8>, UserId>,
    /// Accounts that may sign in.
    pub accounts: HashMap<UserId, Caller>,
    /// What was answered before.
    pub answers: HashMap<OwnKey, AnswerRow>,
    /// The pass of each scan that came before, when its code was one's.
    pub scans: HashMap<OwnKey, Option<PassId>>,
    /// When accounts sent wrong codes lately, latest first.
    pub wrong_codes: HashMap<UserId, Vec<Instant>>,
    /// Passes, by the hash of their code.
    pub passes: HashMap<Vec<u8>, Pass>,
    /// Who pays for a line of replacements, in order, with shares in basis points.
    pub shares: HashMap<PassId, Vec<(AgreementId, ShareBp)>>,
    /// The workshops that a line gave and that stand: their day, and when they were recorded.
    pub workshops: HashMap<PassId, Vec<(Day, Instant)>>,
    /// The programmes of the passes.
    pub programmes: HashMap<ProgrammeId, Programme>,
    /// Venues with their labels.
    pub venues: HashMap<VenueId, VenueOnDays>,
    /// Which programmes accept which venues.
    pub accepted: HashSet<(ProgrammeId, VenueId)>,
    /// Planned workshops.
    pub planned: HashMap<ScheduledWorkshopId, ScheduledWorkshop>,
    /// The last closed month.
    pub closed: Option<Month>,
}

/// Locks the lines of replacements of these codes until the end of the transaction, in the order of
/// their ids, so that two batches of the same passes do not wait for each other in a circle.
pub fn lock_lines(conn: &mut Conn, codes: &[Vec<u8>]) -> QueryResult<()> {
    let of_codes = passes::table.filter(passes::code_hash.eq_any(codes));
    let lines: Vec<PassId> = on_engine!(conn, |raw| of_codes.select(passes::origin_id).load(raw))?;
    lock_rows!(conn, passes, &lines)
}

/// Reads all of it as of `now`. Wrong codes count after `wrong_since`.
pub fn read(
    conn: &mut Conn,
    named: &Named,
    now: Instant,
    wrong_since: Instant,
) -> QueryResult<BatchFacts> {
    let mut facts = BatchFacts::default();
    let of_sessions = sessions::token_hash.eq_any(&named.sessions).and(sessions::ends_at.gt(now));
    let theirs: Vec<(Vec<u8>, UserId)> = on_engine!(conn, |raw| sessions::table
        .filter(of_sessions)
        .select((sessions::token_hash, sessions::user_id))
        .load(raw))?;
    facts.sessions = theirs.into_iter().collect();
    let ids = named.users.iter().chain(facts.sessions.values());
    let ids: Vec<UserId> = ids.copied().collect();
    let accounts: Vec<UserRow> = on_engine!(conn, |raw| users::table
        .filter(users::id.eq_any(&ids).and(users::active))
        .select(UserRow::as_select())
        .load(raw))?;
    for account in accounts {
        facts.accounts.insert(account.id, account.caller()?);
    }
    let wrong: Vec<(UserId, Instant)> = on_engine!(conn, |raw| wrong_codes::table
        .filter(wrong_codes::user_id.eq_any(&ids).and(wrong_codes::at.gt(wrong_since)))
        .order(wrong_codes::at.desc())
        .select((wrong_codes::user_id, wrong_codes::at))
        .load(raw))?;
    facts.wrong_codes = grouped(wrong);
    facts.read_answers(conn, named)?;
    facts.read_passes(conn, named)?;
    facts.venues = venue::on_days(conn, &named.venues)?;
    let accepted: Vec<(ProgrammeId, VenueId)> = on_engine!(conn, |raw| programme_venues::table
        .filter(programme_venues::venue_id.eq_any(&named.venues))
        .load(raw))?;
    facts.accepted = accepted.into_iter().collect();
    for id in &named.planned {
        let planned = scheduled_workshop::by_id(conn, *id)?;
        facts.planned.extend(planned.map(|planned| (*id, planned)));
    }
    facts.closed = closed_month::last(conn)?.map(|closed| closed.month);
    Ok(facts)
}

impl BatchFacts {
    fn read_answers(&mut self, conn: &mut Conn, named: &Named) -> QueryResult<()> {
        let answers: Vec<AnswerRow> = on_engine!(conn, |raw| idempotency_keys::table
            .filter(idempotency_keys::key.eq_any(&named.keys))
            .select(AnswerRow::as_select())
            .load(raw))?;
        self.answers =
            answers.into_iter().map(|row| ((row.organisation_id, row.key), row)).collect();
        let theirs: Vec<OrganisationId> =
            self.accounts.values().map(|caller| caller.organisation).collect();
        let scans: Vec<(OwnKey, Option<PassId>)> = on_engine!(conn, |raw| offline_scans::table
            .filter(offline_scans::organisation_id.eq_any(&theirs))
            .filter(offline_scans::key.eq_any(&named.keys))
            .select(((offline_scans::organisation_id, offline_scans::key), offline_scans::pass_id))
            .load(raw))?;
        self.scans = scans.into_iter().collect();
        Ok(())
    }

    fn read_passes(&mut self, conn: &mut Conn, named: &Named) -> QueryResult<()> {
        let rows: Vec<PassRow> = on_engine!(conn, |raw| passes::table
            .filter(passes::code_hash.eq_any(&named.codes))
            .select(PassRow::as_select())
            .load(raw))?;
        let programmes: HashSet<ProgrammeId> = rows.iter().map(|row| row.programme_id).collect();
        let programmes: Vec<ProgrammeId> = programmes.into_iter().collect();
        for programme in programme::by_ids(conn, &programmes)? {
            self.programmes.insert(programme.id, programme);
        }
        let lines: Vec<PassId> = rows.iter().map(|row| row.origin_id).collect();
        let shares: Vec<(PassId, AgreementId, i32)> = on_engine!(conn, |raw| pass_fundings::table
            .filter(pass_fundings::pass_id.eq_any(&lines))
            .order((pass_fundings::pass_id, pass_fundings::position))
            .select((pass_fundings::pass_id, pass_fundings::agreement_id, pass_fundings::share_bp))
            .load(raw))?;
        for (line, agreement, share) in shares {
            let share = ShareBp(u16::try_from(share).map_err(|_| unreadable("share"))?);
            self.shares.entry(line).or_default().push((agreement, share));
        }
        let workshops: Vec<(PassId, (Day, Instant))> = on_engine!(conn, |raw| redemptions::table
            .filter(redemptions::origin_id.eq_any(&lines).and(not(redemptions::reversed)))
            .order(redemptions::redeemed_at)
            .select((redemptions::origin_id, (redemptions::workshop_day, redemptions::redeemed_at)))
            .load(raw))?;
        self.workshops = grouped(workshops);
        for row in rows {
            self.passes.insert(row.code_hash.clone(), row.pass()?);
        }
        Ok(())
    }
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

macro_rules! insert {
    ($conn:expr, $table:ident, $rows:expr) => {
        if !$rows.is_empty() {
            let rows = $rows;
            on_engine!($conn, |raw| diesel::insert_into($table::table).values(rows).execute(raw))?;
        }
    };
}

impl Written {
    /// Writes it.
    ///
    /// # Errors
    /// A failure of the engine. A key or a slot that somebody else took meanwhile is a lost race.
    pub fn write(&self, conn: &mut Conn) -> QueryResult<()> {
        // Slots are taken from the first on: a batch has few different masks.
        let mut passes_of: BTreeMap<u16, Vec<PassId>> = BTreeMap::new();
        for (pass, mask) in &self.masks {
            passes_of.entry(mask.0).or_default().push(*pass);
        }
        for (mask, ids) in passes_of {
            let theirs = passes::table.filter(passes::id.eq_any(&ids));
            let used = passes::used_mask.eq(i32::from(mask));
            on_engine!(conn, |raw| diesel::update(theirs).set(used).execute(raw))?;
        }
        insert!(conn, redemptions, &self.redemptions);
        insert!(conn, postings, &self.postings);
        insert!(conn, idempotency_keys, &self.answers);
        insert!(conn, wrong_codes, &self.wrong_codes);
        insert!(conn, offline_scans, &self.scans);
        Ok(())
    }
}
