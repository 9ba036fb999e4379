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

/// The passes in stock of each programme that the scope's agreements pay for. Replacements and
/// rehearsals are left out.
pub fn in_stock(conn: &mut Conn, scope: &Scope) -> QueryResult<Vec<InStock>> {
    // The third parameter is bound with the others and filters nothing here.
    let sql = format!(
        "SELECT g.id AS programme, (SELECT count(*) FROM passes s WHERE s.programme_id = g.id \
         AND s.state = 'printed' AND s.id = s.origin_id AND NOT s.training) AS passes \
         FROM programmes g WHERE EXISTS (SELECT 1 FROM agreements a \
         WHERE a.programme_id = g.id AND {}) AND ({parameter} IS NULL OR 1 = 1)",
        scope.agreements(conn),
        parameter = dialect::parameter(conn, 3),
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
