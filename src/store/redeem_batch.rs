//! What a batch of redemptions reads and writes: one statement a table, whatever its size.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::dsl::not;
use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::{self, array_of, lock_rows, on_engine, update_rows};
use super::idempotency::{self, AnswerRow};
use super::label::{self, VenueOnDays};
use super::ledger::{self, NewPosting};
use super::offline_scan::{self, OfflineScanRow};
use super::pass::PassRow;
use super::reading::Reading;
use super::redemption::{self, RedemptionRow};
use super::schema::{
    idempotency_keys, offline_scans, organisations, pass_fundings, passes, programme_venues,
    redemptions, sessions, users, wrong_codes,
};
use super::user::UserRow;
use super::wrong_code::{self, WrongCodeRow};
use super::{closed_month, grouped, pass_event, programme, scheduled_workshop};
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

/// A workshop that a pass gave and that stands.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = redemptions)]
pub struct GivenWorkshop {
    /// Its day.
    #[diesel(column_name = workshop_day)]
    pub day: Day,
    /// When it was recorded.
    pub redeemed_at: Instant,
    /// Who gave it.
    pub organisation_id: OrganisationId,
}

/// What the requests of a batch name.
#[derive(Debug, Default)]
pub struct BatchKeys {
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
    /// Whether there are scans that waited on a device among them.
    pub scans: bool,
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
    /// The workshops that a line gave and that stand.
    pub workshops: HashMap<PassId, Vec<GivenWorkshop>>,
    /// What happened to the passes that give nothing now, for scans from before it.
    pub events: HashMap<PassId, Vec<(String, Instant)>>,
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

/// Reads all of it as of `now`. Wrong codes count after `wrong_since`. The passes are locked until
/// the end of the transaction, if so wished.
pub fn read(
    conn: &mut Conn,
    batch_keys: &BatchKeys,
    now: Instant,
    wrong_since: Instant,
    lock: bool,
) -> QueryResult<BatchFacts> {
    if lock {
        dialect::look_up_by_index(conn)?;
        lock_lines(conn, &batch_keys.codes)?;
    }
    let mut facts = BatchFacts::default();
    facts.read_callers(conn, batch_keys, now, wrong_since)?;
    facts.read_answers(conn, batch_keys)?;
    facts.read_passes(conn, batch_keys)?;
    if batch_keys.scans {
        let ended = facts.passes.values().filter(|pass| pass.gave_up()).map(|pass| pass.id);
        let ended: Vec<PassId> = ended.collect();
        facts.events = grouped(pass_event::of_passes(conn, &ended)?);
    }
    facts.venues = label::on_days(conn, &batch_keys.venues)?;
    let accepted: Vec<(ProgrammeId, VenueId)> = on_engine!(conn, |raw| programme_venues::table
        .filter(programme_venues::venue_id.eq_any(&batch_keys.venues))
        .load(raw))?;
    facts.accepted = accepted.into_iter().collect();
    for id in &batch_keys.planned {
        let planned = scheduled_workshop::by_id(conn, *id)?;
        facts.planned.extend(planned.map(|planned| (*id, planned)));
    }
    facts.closed = closed_month::last(conn)?.map(|closed| closed.month);
    Ok(facts)
}

/// Locks the lines of replacements of these codes, in the order of their ids, so that two batches of
/// the same passes do not wait for each other in a circle.
fn lock_lines(conn: &mut Conn, codes: &[Vec<u8>]) -> QueryResult<()> {
    let shown = diesel::alias!(passes as shown);
    let of_codes = shown.filter(shown.field(passes::code_hash).eq_any(codes));
    lock_rows!(conn, passes, of_codes.select(shown.field(passes::origin_id)))
}

impl BatchFacts {
    fn read_callers(
        &mut self,
        conn: &mut Conn,
        batch_keys: &BatchKeys,
        now: Instant,
        wrong_since: Instant,
    ) -> QueryResult<()> {
        if !batch_keys.sessions.is_empty() {
            let sessions: Vec<(Vec<u8>, UserId)> = on_engine!(conn, |raw| sessions::table
                .filter(
                    sessions::token_hash
                        .eq_any(&batch_keys.sessions)
                        .and(sessions::ends_at.gt(now))
                )
                .select((sessions::token_hash, sessions::user_id))
                .load(raw))?;
            self.sessions = sessions.into_iter().collect();
        }
        let ids = batch_keys.users.iter().chain(self.sessions.values());
        let ids: Vec<UserId> = ids.copied().collect();
        let lately = wrong_codes::user_id.eq(users::id).and(wrong_codes::at.gt(wrong_since));
        let accounts: Vec<(UserRow, Option<Instant>)> = on_engine!(conn, |raw| users::table
            .inner_join(organisations::table.on(organisations::id.eq(users::organisation_id)))
            .left_join(wrong_codes::table.on(lately))
            .filter(users::id.eq_any(&ids).and(users::active))
            .filter(organisations::frozen.eq(false))
            .order(wrong_codes::at.desc())
            .select((UserRow::as_select(), wrong_codes::at.nullable()))
            .load(raw))?;
        for (account, wrong_code) in accounts {
            self.accounts.insert(account.id, account.caller()?);
            self.wrong_codes.entry(account.id).or_default().extend(wrong_code);
        }
        Ok(())
    }

    fn read_answers(&mut self, conn: &mut Conn, batch_keys: &BatchKeys) -> QueryResult<()> {
        let answers: Vec<AnswerRow> = on_engine!(conn, |raw| idempotency_keys::table
            .filter(idempotency_keys::key.eq_any(&batch_keys.keys))
            .select(AnswerRow::as_select())
            .load(raw))?;
        self.answers =
            answers.into_iter().map(|row| ((row.organisation_id, row.key), row)).collect();
        if !batch_keys.scans {
            return Ok(());
        }
        let theirs: Vec<OrganisationId> =
            self.accounts.values().map(|caller| caller.organisation).collect();
        let scans: Vec<(OwnKey, Option<PassId>)> = on_engine!(conn, |raw| offline_scans::table
            .filter(offline_scans::organisation_id.eq_any(&theirs))
            .filter(offline_scans::key.eq_any(&batch_keys.keys))
            .select(((offline_scans::organisation_id, offline_scans::key), offline_scans::pass_id))
            .load(raw))?;
        self.scans = scans.into_iter().collect();
        Ok(())
    }

    fn read_passes(&mut self, conn: &mut Conn, batch_keys: &BatchKeys) -> QueryResult<()> {
        let rows: Vec<PassRow> = on_engine!(conn, |raw| passes::table
            .filter(passes::code_hash.eq_any(&batch_keys.codes))
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
            let share = ShareBp(Reading::of("pass_fundings", line).number("share_bp", share)?);
            self.shares.entry(line).or_default().push((agreement, share));
        }
        let workshops: Vec<(PassId, GivenWorkshop)> = on_engine!(conn, |raw| redemptions::table
            .filter(redemptions::origin_id.eq_any(&lines).and(not(redemptions::reversed)))
            .order(redemptions::redeemed_at)
            .select((redemptions::origin_id, GivenWorkshop::as_select()))
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

impl Written {
    /// Writes it.
    ///
    /// # Errors
    /// A failure of the engine. A key or a slot that somebody else took meanwhile is a lost race.
    pub fn write(&self, conn: &mut Conn) -> QueryResult<()> {
        let masks: BTreeMap<PassId, i32> =
            self.masks.iter().map(|(pass, mask)| (*pass, i32::from(mask.0))).collect();
        update_rows!(conn, passes, used_mask, masks)?;
        redemption::insert_all(conn, &self.redemptions)?;
        ledger::insert_all(conn, &self.postings)?;
        idempotency::insert_all(conn, &self.answers)?;
        self.wrong_codes.iter().try_for_each(|row| wrong_code::insert(conn, row.clone()))?;
        self.scans.iter().try_for_each(|row| offline_scan::insert(conn, row))
    }
}
