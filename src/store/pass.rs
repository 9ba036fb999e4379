//! Passes.

use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::lock_rows;
use super::reading::Reading;
use super::schema::passes;
use crate::domain::holder::Fingerprint;
use crate::domain::ids::{OrganisationId, PassId, ProgrammeId, StockBoxId, UserId};
use crate::domain::mask::SlotMask;
use crate::domain::pass::{Pass, PassState};
use crate::domain::time::{Day, Instant};

/// A pass as the database holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = passes)]
pub struct PassRow {
    /// Its id.
    pub id: PassId,
    /// The first pass of its line of replacements.
    pub origin_id: PassId,
    /// The number on the stub.
    pub serial: String,
    /// Keyed hash of the code.
    pub code_hash: Vec<u8>,
    /// The number of the key its code is derived with.
    pub key_number: i32,
    /// Its programme.
    pub programme_id: ProgrammeId,
    /// Who handed it over.
    pub prescriber_id: OrganisationId,
    /// Workshops when new.
    pub units: i32,
    /// Used slots.
    pub used_mask: i32,
    /// Where it is in its life.
    pub state: String,
    /// First day.
    pub first_day: Day,
    /// Last day.
    pub last_day: Day,
    /// Last day with tolerance.
    pub redeemable_until: Day,
    /// Whether what it did not use went back.
    pub released: bool,
    /// A rehearsal.
    pub training: bool,
    /// When it was handed over.
    pub handed_over_at: Option<Instant>,
    /// By whom.
    pub handed_over_by: Option<UserId>,
    /// Keyed fingerprint of the person.
    pub fingerprint: Option<Vec<u8>>,
    /// Which of the person's passes it is.
    pub person_rank: Option<i32>,
    /// Commune of residence.
    pub home_commune: Option<String>,
    /// Age band.
    pub age_band: Option<String>,
    /// Gender.
    pub gender: Option<String>,
    /// Social status.
    pub social_status: Option<String>,
    /// Publics, sorted.
    pub publics: Option<String>,
    /// The box it was printed in, when it comes from stock.
    pub box_id: Option<StockBoxId>,
}

impl PassRow {
    /// Workshops when new.
    pub fn units(&self) -> QueryResult<u8> {
        Reading::of("passes", self.id).number("units", self.units)
    }

    /// The pass as the rules see it.
    ///
    /// # Errors
    /// When the row says what no pass can say.
    pub fn pass(&self) -> QueryResult<Pass> {
        let (units, mask, state) = slots(self.id, self.units, self.used_mask, &self.state)?;
        Ok(Pass {
            id: self.id,
            origin: self.origin_id,
            serial: self.serial.clone(),
            programme: self.programme_id,
            prescriber: self.prescriber_id,
            units,
            mask,
            state,
            first_day: self.first_day,
            last_day: self.last_day,
            redeemable_until: self.redeemable_until,
            released: self.released,
            training: self.training,
            handed_over_at: self.handed_over_at,
        })
    }
}

/// The workshops of a pass, those used, and where it is in its life, as they are kept.
pub(super) fn slots(
    pass: PassId,
    units: i32,
    mask: i32,
    state: &str,
) -> QueryResult<(u8, SlotMask, PassState)> {
    let reading = Reading::of("passes", pass);
    let mask = SlotMask(reading.number("used_mask", mask)?);
    let state = reading.word("state", state, PassState::from_name(state))?;
    Ok((reading.number("units", units)?, mask, state))
}

/// Adds a pass.
pub fn insert(conn: &mut Conn, row: &PassRow) -> QueryResult<()> {
    diesel::insert_into(passes::table).values(row.clone()).execute(conn).map(drop)
}

/// The pass of that id.
pub fn by_id(conn: &mut Conn, id: PassId) -> QueryResult<Option<PassRow>> {
    passes::table.find(id).select(PassRow::as_select()).first(conn).optional()
}

/// The one of that id, which another row names: it is there.
pub fn named(conn: &mut Conn, id: PassId) -> QueryResult<PassRow> {
    Reading::of("passes", id).there(by_id(conn, id)?)
}

/// The pass of that id, when that organisation handed it over.
pub fn of_prescriber(
    conn: &mut Conn,
    id: PassId,
    prescriber: OrganisationId,
) -> QueryResult<Option<PassRow>> {
    passes::table
        .find(id)
        .filter(passes::prescriber_id.eq(prescriber))
        .select(PassRow::as_select())
        .first(conn)
        .optional()
}

/// The pass with that serial, whoever handed it over.
pub fn by_serial(conn: &mut Conn, serial: &str) -> QueryResult<Option<PassRow>> {
    passes::table
        .filter(passes::serial.eq(serial))
        .select(PassRow::as_select())
        .first(conn)
        .optional()
}

/// The pass with that keyed hash of a code.
pub fn by_code_hash(conn: &mut Conn, hash: &[u8]) -> QueryResult<Option<PassRow>> {
    passes::table
        .filter(passes::code_hash.eq(hash))
        .select(PassRow::as_select())
        .first(conn)
        .optional()
}

/// The one pass of a line of replacements that is not itself replaced.
pub fn last_of_line(conn: &mut Conn, origin: PassId) -> QueryResult<Option<PassRow>> {
    let last = passes::origin_id.eq(origin).and(passes::state.ne(PassState::Replaced.as_str()));
    passes::table.filter(last).select(PassRow::as_select()).first(conn).optional()
}

/// Locks a line of replacements until the end of the transaction, so that what is read
/// afterwards is what is changed. Everything that changes a pass begins here.
pub fn lock_line(conn: &mut Conn, origin: PassId) -> QueryResult<()> {
    lock_rows!(conn, passes, [origin])
}

/// Sets the used slots.
pub fn set_mask(conn: &mut Conn, id: PassId, mask: SlotMask) -> QueryResult<()> {
    let changed = diesel::update(passes::table.find(id))
        .set(passes::used_mask.eq(i32::from(mask.0)))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// Moves a pass to another state.
pub fn set_state(conn: &mut Conn, id: PassId, state: PassState) -> QueryResult<()> {
    let changed = diesel::update(passes::table.find(id))
        .set(passes::state.eq(state.as_str()))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// Hands a printed pass over: writes everything that the handover says of it.
pub fn hand_over(conn: &mut Conn, row: &PassRow) -> QueryResult<()> {
    let handed_over = (
        passes::state.eq(&row.state),
        passes::first_day.eq(row.first_day),
        passes::handed_over_at.eq(row.handed_over_at),
        passes::handed_over_by.eq(row.handed_over_by),
        passes::fingerprint.eq(&row.fingerprint),
        passes::person_rank.eq(row.person_rank),
        passes::home_commune.eq(&row.home_commune),
        passes::age_band.eq(&row.age_band),
        passes::gender.eq(&row.gender),
        passes::social_status.eq(&row.social_status),
        passes::publics.eq(&row.publics),
    );
    let printed = passes::state.eq(PassState::Printed.as_str());
    let changed = diesel::update(passes::table.find(row.id).filter(printed)).set(handed_over);
    super::exactly_one(changed.execute(conn)?)
}

/// Notes whether what the pass did not use went back to its funders.
pub fn set_released(conn: &mut Conn, id: PassId, released: bool) -> QueryResult<()> {
    let changed =
        diesel::update(passes::table.find(id)).set(passes::released.eq(released)).execute(conn)?;
    super::exactly_one(changed)
}

/// Passes that are over before `day` and whose money was not yet given back.
pub fn to_release(conn: &mut Conn, day: Day, limit: i64) -> QueryResult<Vec<PassRow>> {
    let live = [PassState::Active.as_str(), PassState::Suspended.as_str()];
    let over = passes::redeemable_until.lt(day).and(passes::released.eq(false));
    passes::table
        .filter(over.and(passes::state.eq_any(live)))
        .order(passes::redeemable_until)
        .limit(limit)
        .select(PassRow::as_select())
        .load(conn)
}

/// The live passes of a person in a programme, by fingerprint, latest first.
pub fn live_of_person(
    conn: &mut Conn,
    programme: ProgrammeId,
    person: &Fingerprint,
) -> QueryResult<Vec<PassRow>> {
    let live = [PassState::Active.as_str(), PassState::Suspended.as_str()];
    let theirs = passes::programme_id.eq(programme).and(passes::fingerprint.eq_any(person.any()));
    passes::table
        .filter(theirs.and(passes::state.eq_any(live)).and(passes::released.eq(false)))
        .order(passes::id.desc())
        .select(PassRow::as_select())
        .load(conn)
}

/// What that organisation handed over to a person in a programme, by fingerprint, latest first.
pub fn of_person_and_prescriber(
    conn: &mut Conn,
    programme: ProgrammeId,
    person: &Fingerprint,
    prescriber: OrganisationId,
) -> QueryResult<Vec<PassRow>> {
    let theirs = passes::programme_id.eq(programme).and(passes::fingerprint.eq_any(person.any()));
    passes::table
        .filter(theirs.and(passes::prescriber_id.eq(prescriber)))
        .order(passes::id.desc())
        .select(PassRow::as_select())
        .load(conn)
}

/// Whether a pass of the programme still lives.
pub fn any_live(conn: &mut Conn, programme: ProgrammeId) -> QueryResult<bool> {
    let live = [PassState::Active.as_str(), PassState::Suspended.as_str()];
    let of_programme = passes::programme_id.eq(programme).and(passes::released.eq(false));
    let found = passes::table.filter(of_programme.and(passes::state.eq_any(live)));
    diesel::select(diesel::dsl::exists(found)).get_result(conn)
}

/// Whether any pass of the programme exists.
pub fn any_of_programme(conn: &mut Conn, programme: ProgrammeId) -> QueryResult<bool> {
    let of_programme = passes::table.filter(passes::programme_id.eq(programme));
    diesel::select(diesel::dsl::exists(of_programme)).get_result(conn)
}

/// At most `limit` passes after `after`: for `ledger verify`.
pub fn page(conn: &mut Conn, after: PassId, limit: i64) -> QueryResult<Vec<PassRow>> {
    passes::table
        .filter(passes::id.gt(after))
        .order(passes::id)
        .limit(limit)
        .select(PassRow::as_select())
        .load(conn)
}

/// Forgets the fingerprints of programmes whose key was destroyed.
pub fn forget_fingerprints(conn: &mut Conn, programme: ProgrammeId) -> QueryResult<usize> {
    let known = passes::programme_id.eq(programme).and(passes::fingerprint.is_not_null());
    diesel::update(passes::table.filter(known))
        .set((passes::fingerprint.eq(None::<Vec<u8>>), passes::person_rank.eq(None::<i32>)))
        .execute(conn)
}
