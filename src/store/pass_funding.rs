//! Who pays for a pass: fixed at handover, shared by its line of replacements.

use std::collections::HashMap;

use diesel::prelude::*;

use super::connection::Conn;
use super::reading::Reading;
use super::schema::{agreements, organisations, pass_fundings};
use crate::domain::agreement::Funding;
use crate::domain::ids::{AgreementId, OrganisationId, PassId};
use crate::domain::money::Cents;
use crate::domain::split::ShareBp;

/// Keeps who pays for a pass, in order.
pub fn insert(conn: &mut Conn, pass: PassId, fundings: &[Funding]) -> QueryResult<()> {
    for (position, funding) in (0..).zip(fundings) {
        diesel::insert_into(pass_fundings::table)
            .values((
                pass_fundings::pass_id.eq(pass),
                pass_fundings::position.eq(position),
                pass_fundings::agreement_id.eq(funding.agreement),
                pass_fundings::share_bp.eq(i32::from(funding.share.0)),
                pass_fundings::amount_cents.eq(funding.amount.0),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Who pays for a line of replacements, in order.
pub fn of_line(conn: &mut Conn, origin: PassId) -> QueryResult<Vec<Funding>> {
    Ok(of_lines(conn, &[origin])?.remove(&origin).unwrap_or_default())
}

/// Who pays for each of several lines of replacements, in order.
pub fn of_lines(conn: &mut Conn, origins: &[PassId]) -> QueryResult<HashMap<PassId, Vec<Funding>>> {
    type Row = (PassId, AgreementId, OrganisationId, String, i32, i64);
    let rows: Vec<Row> = pass_fundings::table
        .inner_join(agreements::table.on(agreements::id.eq(pass_fundings::agreement_id)))
        .inner_join(organisations::table.on(organisations::id.eq(agreements::funder_id)))
        .filter(pass_fundings::pass_id.eq_any(origins))
        .order((pass_fundings::pass_id, pass_fundings::position))
        .select((
            pass_fundings::pass_id,
            pass_fundings::agreement_id,
            agreements::funder_id,
            organisations::name,
            pass_fundings::share_bp,
            pass_fundings::amount_cents,
        ))
        .load(conn)?;
    let mut fundings: HashMap<PassId, Vec<Funding>> = HashMap::new();
    for (pass, agreement, funder, funder_name, share, amount) in rows {
        let share = ShareBp(Reading::of("pass_fundings", pass).number("share_bp", share)?);
        let amount = Cents(amount);
        let funding = Funding { agreement, funder, funder_name, share, amount };
        fundings.entry(pass).or_default().push(funding);
    }
    Ok(fundings)
}
