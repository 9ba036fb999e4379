//! Agreements, what they have available, and the money that moves with their funders.

use std::collections::HashSet;

use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::lock_rows;
use super::reading::Reading;
use super::schema::{agreements, money_movements, organisations, programmes, users};
use crate::domain::agreement::Agreement;
use crate::domain::ids::{AgreementId, EntryId, OrganisationId, ProgrammeId, UserId};
use crate::domain::money::Cents;
use crate::domain::programme::OpenedBy;
use crate::domain::split::ShareBp;
use crate::domain::time::{Day, Instant};

/// An agreement as the database holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreements)]
pub struct AgreementRow {
    /// Its id.
    pub id: AgreementId,
    /// Its programme.
    pub programme_id: ProgrammeId,
    /// Who pays.
    pub funder_id: OrganisationId,
    /// Its place in the waterfall.
    pub tier: i32,
    /// Its share in basis points.
    pub share_bp: i32,
    /// What the funder promised in all.
    pub envelope_cents: i64,
    /// What may still be committed.
    pub available_cents: i64,
    /// Where the person must live.
    pub territory: Option<String>,
    /// The publics the person must belong to one of.
    pub publics: Option<String>,
    /// First day.
    pub valid_from: Option<Day>,
    /// Last day.
    pub valid_until: Option<Day>,
}

impl AgreementRow {
    fn into_agreement(self, funder_name: String) -> QueryResult<Agreement> {
        let reading = Reading::of("agreements", self.id);
        let share = reading.number("share_bp", self.share_bp)?;
        let territory = self.territory.map(|text| reading.territory(&text)).transpose()?;
        Ok(Agreement {
            id: self.id,
            funder: self.funder_id,
            funder_name,
            tier: self.tier,
            share: ShareBp(share),
            available: Cents(self.available_cents),
            territory,
            publics: reading.publics(self.publics.as_deref())?,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
        })
    }
}

/// Adds an agreement.
pub fn insert(conn: &mut Conn, row: &AgreementRow, now: Instant) -> QueryResult<()> {
    let created = agreements::created_at.eq(now);
    diesel::insert_into(agreements::table).values((row.clone(), created)).execute(conn).map(drop)
}

/// The agreement of that id.
pub fn by_id(conn: &mut Conn, id: AgreementId) -> QueryResult<Option<AgreementRow>> {
    agreements::table.find(id).select(AgreementRow::as_select()).first(conn).optional()
}

/// Changes what may change of an agreement: its dates and what it promised.
pub fn update(conn: &mut Conn, row: &AgreementRow) -> QueryResult<()> {
    let changed = diesel::update(agreements::table.find(row.id))
        .set((
            agreements::envelope_cents.eq(row.envelope_cents),
            agreements::available_cents.eq(row.available_cents),
            agreements::valid_from.eq(row.valid_from),
            agreements::valid_until.eq(row.valid_until),
        ))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// Locks the agreement until the end of the transaction: whoever wants to change what it has
/// available waits here, and then sees the other's change.
pub fn lock(conn: &mut Conn, id: AgreementId) -> QueryResult<()> {
    lock_rows!(conn, agreements, [id])
}

/// Adds to (or, negative, takes from) what is available; the table refuses a negative rest.
pub fn add_available(conn: &mut Conn, id: AgreementId, amount: Cents) -> QueryResult<()> {
    let changed = diesel::update(agreements::table.find(id))
        .set(agreements::available_cents.eq(agreements::available_cents + amount.0))
        .execute(conn)?;
    super::exactly_one(changed)
}

/// The whole plan of a programme, in the order of its tiers.
pub fn plan(conn: &mut Conn, programme: ProgrammeId) -> QueryResult<Vec<Agreement>> {
    let rows: Vec<(AgreementRow, String)> = agreements::table
        .inner_join(organisations::table.on(organisations::id.eq(agreements::funder_id)))
        .filter(agreements::programme_id.eq(programme))
        .order((agreements::tier, agreements::id))
        .select((AgreementRow::as_select(), organisations::name))
        .load(conn)?;
    rows.into_iter().map(|(row, name)| row.into_agreement(name)).collect()
}

/// At most `limit` agreements of a programme after `after`.
pub fn page(
    conn: &mut Conn,
    programme: ProgrammeId,
    after: AgreementId,
    limit: i64,
) -> QueryResult<Vec<AgreementRow>> {
    agreements::table
        .filter(agreements::programme_id.eq(programme).and(agreements::id.gt(after)))
        .order(agreements::id)
        .limit(limit)
        .select(AgreementRow::as_select())
        .load(conn)
}

/// At most `limit` agreements of a funder in a programme after `after`.
pub fn page_of_funder(
    conn: &mut Conn,
    programme: ProgrammeId,
    funder: OrganisationId,
    after: AgreementId,
    limit: i64,
) -> QueryResult<Vec<AgreementRow>> {
    let its = agreements::programme_id.eq(programme).and(agreements::funder_id.eq(funder));
    agreements::table
        .filter(its.and(agreements::id.gt(after)))
        .order(agreements::id)
        .limit(limit)
        .select(AgreementRow::as_select())
        .load(conn)
}

/// Whether an agreement of that funder is for some communes or publics alone.
pub fn any_bounded(conn: &mut Conn, funder: OrganisationId) -> QueryResult<bool> {
    let bounded = agreements::territory.is_not_null().or(agreements::publics.is_not_null());
    let theirs = agreements::table.filter(agreements::funder_id.eq(funder).and(bounded));
    diesel::select(diesel::dsl::exists(theirs)).get_result(conn)
}

/// The agreements of programmes for rehearsals: their money is nobody's.
pub fn of_rehearsals(conn: &mut Conn) -> QueryResult<HashSet<AgreementId>> {
    let ids: Vec<AgreementId> = agreements::table
        .inner_join(programmes::table.on(programmes::id.eq(agreements::programme_id)))
        .filter(programmes::training.eq(true))
        .select(agreements::id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// What the row of an agreement says that it holds.
pub struct Kept {
    /// The agreement.
    pub agreement: AgreementId,
    /// What may be committed.
    pub available: Cents,
    /// What the funder promised in all.
    pub envelope: Cents,
    /// What opens the envelope.
    pub opened_by: OpenedBy,
}

/// What the row of every agreement says that it holds.
pub fn balances(conn: &mut Conn) -> QueryResult<Vec<Kept>> {
    let rows: Vec<(AgreementId, i64, i64, ProgrammeId, String)> = agreements::table
        .inner_join(programmes::table.on(programmes::id.eq(agreements::programme_id)))
        .order(agreements::id)
        .select((
            agreements::id,
            agreements::available_cents,
            agreements::envelope_cents,
            programmes::id,
            programmes::opened_by,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(agreement, available, envelope, programme, opened_by)| {
            let read = OpenedBy::from_name(&opened_by);
            let reading = Reading::of("programmes", programme);
            let opened_by = reading.word("opened_by", &opened_by, read)?;
            let (available, envelope) = (Cents(available), Cents(envelope));
            Ok(Kept { agreement, available, envelope, opened_by })
        })
        .collect()
}

/// A sum that a funder paid in or was given back.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = money_movements)]
pub struct MovementRow {
    /// Its id.
    pub id: EntryId,
    /// Whose money.
    pub agreement_id: AgreementId,
    /// `receipt` or `refund`.
    pub kind: String,
    /// How much.
    pub amount_cents: i64,
    /// The day at the bank.
    pub moved_on: Day,
    /// What the bank statement says.
    pub reference: String,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When it was recorded.
    pub recorded_at: Instant,
}

impl MovementRow {
    /// Whether the money went back to the funder.
    pub fn refund(&self) -> QueryResult<bool> {
        let refund = match self.kind.as_str() {
            "receipt" => Some(false),
            "refund" => Some(true),
            _ => None,
        };
        Reading::of("money_movements", self.id).word("kind", &self.kind, refund)
    }
}

/// Every receipt and refund.
pub fn every_movement(conn: &mut Conn) -> QueryResult<Vec<MovementRow>> {
    money_movements::table.select(MovementRow::as_select()).load(conn)
}

/// Keeps a receipt or refund.
pub fn insert_movement(conn: &mut Conn, row: &MovementRow) -> QueryResult<()> {
    diesel::insert_into(money_movements::table).values(row.clone()).execute(conn).map(drop)
}

/// At most `limit` receipts and refunds of an agreement, the latest recorded first; those before
/// `before`, with who recorded them.
pub fn movements(
    conn: &mut Conn,
    agreement: AgreementId,
    before: Option<EntryId>,
    limit: i64,
) -> QueryResult<Vec<(MovementRow, String)>> {
    let latest = EntryId(uuid::Uuid::max());
    money_movements::table
        .inner_join(users::table.on(users::id.eq(money_movements::recorded_by)))
        .filter(money_movements::agreement_id.eq(agreement))
        .filter(money_movements::id.lt(before.unwrap_or(latest)))
        .order(money_movements::id.desc())
        .limit(limit)
        .select((MovementRow::as_select(), users::name))
        .load(conn)
}
