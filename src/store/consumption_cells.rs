//! What each person consumed where, when and of which theme: what open data is made from. It
//! never leaves the service.

use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use super::connection::Conn;
use super::counting::{CountedOn, counted, kinds};
use super::dialect;
use super::sql_types::Id;
use crate::domain::ids::{OrganisationId, PassId};
use crate::domain::report::counting;
use crate::domain::time::Month;

/// What was consumed from one line of passes at one organisation's venues of a commune, in an
/// accounting month, of one theme.
#[derive(Clone, Debug, QueryableByName)]
pub struct ConsumedRow {
    /// Month number.
    #[diesel(sql_type = Integer)]
    pub month: i32,
    /// INSEE code of the venue's commune.
    #[diesel(sql_type = Text)]
    pub commune: String,
    /// Code of the theme.
    #[diesel(sql_type = Text)]
    pub theme: String,
    /// The first pass of the line: the person.
    #[diesel(sql_type = Id)]
    pub origin: PassId,
    /// Who is paid.
    #[diesel(sql_type = Id)]
    pub organisation: OrganisationId,
    /// Workshops redeemed less undone.
    #[diesel(sql_type = BigInt)]
    pub workshops: i64,
}

/// What was consumed in the accounting months from one to another; a workshop counts once,
/// on the posting that leads.
pub fn consumed(conn: &mut Conn, from: Month, to: Month) -> QueryResult<Vec<ConsumedRow>> {
    let sql = format!(
        "SELECT p.month AS month, v.commune AS commune, r.theme AS theme, p.origin_id AS origin, \
         r.organisation_id AS organisation, {} AS workshops \
         FROM postings p \
         JOIN redemptions r ON r.id = p.redemption_id \
         JOIN venues v ON v.id = p.venue_id \
         WHERE p.lead AND {} \
         AND p.month >= {} AND p.month <= {} \
         GROUP BY 1, 2, 3, 4, 5",
        counted(conn, &counting::workshops_redeemed, CountedOn::Lead),
        kinds(&counting::workshops_redeemed),
        dialect::parameter(conn, 1),
        dialect::parameter(conn, 2),
    );
    diesel::sql_query(sql)
        .bind::<Integer, _>(from.number())
        .bind::<Integer, _>(to.number())
        .load(conn)
}
