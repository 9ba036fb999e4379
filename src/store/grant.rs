//! Agreements as the grants that they are: who gave what to the scheme.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::{agreements, money_movements, organisations, programmes};
use crate::domain::ids::AgreementId;
use crate::domain::time::{Day, Instant};

/// An agreement with its funder and its programme.
#[derive(Clone, Debug, Queryable)]
pub struct GrantRow {
    /// The agreement.
    pub id: AgreementId,
    /// What the funder promised.
    pub envelope_cents: i64,
    /// First day, when it is not the programme's.
    pub valid_from: Option<Day>,
    /// Last day, when it is not the programme's.
    pub valid_until: Option<Day>,
    /// When it was recorded.
    pub created_at: Instant,
    /// The funder's name.
    pub funder: String,
    /// Its SIRET.
    pub funder_siret: Option<String>,
    /// The programme's name.
    pub programme: String,
    /// The programme's first day.
    pub first_day: Day,
    /// The programme's last day.
    pub last_day: Day,
}

/// Every agreement, those of rehearsals left out.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<GrantRow>> {
    agreements::table
        .inner_join(organisations::table.on(organisations::id.eq(agreements::funder_id)))
        .inner_join(programmes::table.on(programmes::id.eq(agreements::programme_id)))
        .filter(programmes::training.eq(false))
        .order(agreements::id)
        .select((
            agreements::id,
            agreements::envelope_cents,
            agreements::valid_from,
            agreements::valid_until,
            agreements::created_at,
            organisations::name,
            organisations::siret,
            programmes::name,
            programmes::first_day,
            programmes::last_day,
        ))
        .load(conn)
}

/// The days an agreement's money came in, in order, up to a day; and how much.
pub fn receipts(
    conn: &mut Conn,
    agreement: AgreementId,
    until: Day,
) -> QueryResult<Vec<(Day, i64)>> {
    money_movements::table
        .filter(money_movements::agreement_id.eq(agreement))
        .filter(money_movements::kind.eq("receipt"))
        .filter(money_movements::moved_on.le(until))
        .order((money_movements::moved_on, money_movements::id))
        .select((money_movements::moved_on, money_movements::amount_cents))
        .load(conn)
}
