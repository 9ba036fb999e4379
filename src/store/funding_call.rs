//! Funding calls.

use diesel::prelude::*;

use super::connection::Conn;
use super::reading::Reading;
use super::schema::funding_calls;
use crate::domain::funding_call::FundingCall;
use crate::domain::ids::{FundingCallId, OrganisationId};
use crate::domain::money::Cents;
use crate::domain::time::{Instant, Month};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = funding_calls)]
struct Row {
    id: FundingCallId,
    year: i32,
    number: i32,
    funder_id: OrganisationId,
    month: i32,
    amount_cents: i64,
    issued_at: Instant,
}

impl Row {
    fn call(self) -> QueryResult<FundingCall> {
        Ok(FundingCall {
            id: self.id,
            year: self.year,
            number: self.number,
            funder: self.funder_id,
            month: Reading::of("funding_calls", self.id).month("month", self.month)?,
            amount: Cents(self.amount_cents),
            issued_at: self.issued_at,
        })
    }
}

/// Keeps a call.
pub fn insert(conn: &mut Conn, call: &FundingCall) -> QueryResult<()> {
    let row = Row {
        id: call.id,
        year: call.year,
        number: call.number,
        funder_id: call.funder,
        month: call.month.number(),
        amount_cents: call.amount.0,
        issued_at: call.issued_at,
    };
    diesel::insert_into(funding_calls::table).values(row).execute(conn).map(drop)
}

/// The number of the last call of a year; 0 before the first.
pub fn last_number(conn: &mut Conn, year: i32) -> QueryResult<i32> {
    let last: Option<i32> = funding_calls::table
        .filter(funding_calls::year.eq(year))
        .select(diesel::dsl::max(funding_calls::number))
        .first(conn)?;
    Ok(last.unwrap_or_default())
}

/// The call with that id.
pub fn by_id(conn: &mut Conn, id: FundingCallId) -> QueryResult<Option<FundingCall>> {
    let row = funding_calls::table.find(id).select(Row::as_select()).first(conn).optional()?;
    row.map(Row::call).transpose()
}

/// At most `limit` calls before `before`, the latest first; of one funder, of one month.
pub fn page(
    conn: &mut Conn,
    funder: Option<OrganisationId>,
    month: Option<Month>,
    before: Option<FundingCallId>,
    limit: i64,
) -> QueryResult<Vec<FundingCall>> {
    let mut query = funding_calls::table.into_boxed();
    if let Some(funder) = funder {
        query = query.filter(funding_calls::funder_id.eq(funder));
    }
    if let Some(month) = month {
        query = query.filter(funding_calls::month.eq(month.number()));
    }
    if let Some(before) = before {
        query = query.filter(funding_calls::id.lt(before));
    }
    let rows: Vec<Row> =
        query.order(funding_calls::id.desc()).limit(limit).select(Row::as_select()).load(conn)?;
    rows.into_iter().map(Row::call).collect()
}
