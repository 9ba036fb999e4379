//! How many passes of programmes lie in stock.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::connection::Conn;
use super::dialect;
use super::report_scope::Scope;
use super::sql_types::Id;
use crate::domain::ids::ProgrammeId;

/// A programme of a scope.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct InStock {
    /// The programme.
    #[diesel(sql_type = Id)]
    pub programme: ProgrammeId,
    /// Its passes that were printed and not handed over.
    #[diesel(sql_type = BigInt)]
    pub passes: i64,
}

/// The passes in stock of each programme that the scope's agreements pay for, as of its instant.
/// Replacements and rehearsals are left out.
pub fn in_stock(conn: &mut Conn, scope: &Scope) -> QueryResult<Vec<InStock>> {
    let at = dialect::parameter(conn, 3);
    let lay_in_stock = match scope.as_of {
        None => format!("s.state = 'printed' AND {at} IS NULL"),
        Some(_) => format!(
            "(s.handed_over_at IS NULL OR s.handed_over_at > {at}) \
             AND EXISTS (SELECT 1 FROM stock_boxes b JOIN print_runs r ON r.id = b.run_id \
             WHERE b.id = s.box_id AND r.ordered_at <= {at}) \
             AND NOT EXISTS (SELECT 1 FROM pass_events e WHERE e.pass_id = s.id \
             AND e.event = 'void' AND e.at <= {at})"
        ),
    };
    let sql = format!(
        "SELECT g.id AS programme, (SELECT count(*) FROM passes s WHERE s.programme_id = g.id \
         AND {lay_in_stock} AND s.id = s.origin_id AND NOT s.training) AS passes \
         FROM programmes g WHERE EXISTS (SELECT 1 FROM agreements a \
         WHERE a.programme_id = g.id AND {})",
        scope.agreements(conn),
    );
    scope.bind(sql).load(conn)
}

/// The passes in stock of all programmes, as above.
pub fn all_in_stock(conn: &mut Conn) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        passes: i64,
    }
    let sql = "SELECT count(*) AS passes FROM passes s \
        WHERE s.state = 'printed' AND s.id = s.origin_id AND NOT s.training";
    Ok(diesel::sql_query(sql).get_result::<Row>(conn)?.passes)
}
