//! Bank details: every change is a row of its own.

use diesel::prelude::*;

use super::connection::Conn;
use super::reading::Reading;
use super::schema::bank_details as details;
use crate::domain::bank_detail::{BankDetail, BankDetailState};
use crate::domain::ids::{BankDetailId, OrganisationId, UserId};
use crate::domain::time::Instant;

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = details)]
struct Row {
    id: BankDetailId,
    organisation_id: OrganisationId,
    holder: String,
    iban_ending: String,
    sealed: Vec<u8>,
    key_number: i32,
    state: String,
    proposed_at: Instant,
    proposed_by: UserId,
    decided_at: Option<Instant>,
    decided_by: Option<UserId>,
}

impl Row {
    fn detail(self) -> QueryResult<BankDetail> {
        let state = BankDetailState::from_name(&self.state);
        let state = Reading::of("bank_details", self.id).word("state", &self.state, state)?;
        Ok(BankDetail {
            id: self.id,
            organisation: self.organisation_id,
            holder: self.holder,
            iban_ending: self.iban_ending,
            state,
            proposed_at: self.proposed_at,
            proposed_by: self.proposed_by,
            decided_at: self.decided_at,
            decided_by: self.decided_by,
        })
    }
}

/// The number as the database holds it, and the key it was sealed under.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The sealed bytes.
    pub bytes: Vec<u8>,
    /// The number of the key.
    pub key_number: i32,
}

/// Keeps proposed details.
pub fn insert(conn: &mut Conn, detail: &BankDetail, sealed: Sealed) -> QueryResult<()> {
    let row = Row {
        id: detail.id,
        organisation_id: detail.organisation,
        holder: detail.holder.clone(),
        iban_ending: detail.iban_ending.clone(),
        sealed: sealed.bytes,
        key_number: sealed.key_number,
        state: detail.state.as_str().to_owned(),
        proposed_at: detail.proposed_at,
        proposed_by: detail.proposed_by,
        decided_at: detail.decided_at,
        decided_by: detail.decided_by,
    };
    diesel::insert_into(details::table).values(row).execute(conn).map(drop)
}

/// The details of that id.
pub fn by_id(conn: &mut Conn, id: BankDetailId) -> QueryResult<Option<BankDetail>> {
    let row = details::table.find(id).select(Row::as_select()).first(conn).optional()?;
    row.map(Row::detail).transpose()
}

/// Those of that id, which another row names: they are there.
pub fn named(conn: &mut Conn, id: BankDetailId) -> QueryResult<BankDetail> {
    Reading::of("bank_details", id).there(by_id(conn, id)?)
}

/// The sealed number of details.
pub fn sealed(conn: &mut Conn, id: BankDetailId) -> QueryResult<Sealed> {
    let (bytes, key_number) =
        details::table.find(id).select((details::sealed, details::key_number)).first(conn)?;
    Ok(Sealed { bytes, key_number })
}

/// The details of an organisation, the latest first.
pub fn of_organisation(conn: &mut Conn, id: OrganisationId) -> QueryResult<Vec<BankDetail>> {
    let rows: Vec<Row> = details::table
        .filter(details::organisation_id.eq(id))
        .order(details::id.desc())
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::detail).collect()
}

/// All details in a state, the earliest first.
pub fn in_state(conn: &mut Conn, state: BankDetailState) -> QueryResult<Vec<BankDetail>> {
    let rows: Vec<Row> = details::table
        .filter(details::state.eq(state.as_str()))
        .order(details::id)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::detail).collect()
}

/// The details of an organisation in a state that only one has: proposed or confirmed.
pub fn only(
    conn: &mut Conn,
    organisation: OrganisationId,
    state: BankDetailState,
) -> QueryResult<Option<BankDetail>> {
    let row = details::table
        .filter(details::organisation_id.eq(organisation))
        .filter(details::state.eq(state.as_str()))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Row::detail).transpose()
}

/// Moves details from one state to another; answers whether they were still in it.
pub fn decide(
    conn: &mut Conn,
    id: BankDetailId,
    (from, to): (BankDetailState, BankDetailState),
    by: Option<UserId>,
    at: Instant,
) -> QueryResult<bool> {
    let row = details::table.find(id).filter(details::state.eq(from.as_str()));
    let state = details::state.eq(to.as_str());
    let changed = match by {
        Some(by) => diesel::update(row)
            .set((state, details::decided_at.eq(at), details::decided_by.eq(by)))
            .execute(conn)?,
        None => diesel::update(row).set((state, details::decided_at.eq(at))).execute(conn)?,
    };
    Ok(changed == 1)
}
