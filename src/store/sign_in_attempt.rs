//! Wrong passwords by e-mail and place, counted before each is tried: as many at once as one likes
//! are no more than were allowed.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer};

use super::connection::Conn;
use super::dialect;
use super::schema::sign_in_attempts;
use super::sql_types::Moment;
use crate::domain::time::Instant;

/// What was counted under one key.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Count {
    /// Attempts, the present one with them.
    #[diesel(sql_type = Integer)]
    pub failures: i32,
    /// When the first of them came.
    #[diesel(sql_type = Moment)]
    pub since: Instant,
}

/// Counts one more; what began before `forgotten` begins anew.
pub fn count(conn: &mut Conn, key: &[u8], now: Instant, forgotten: Instant) -> QueryResult<Count> {
    let [key_at, now_at, forgotten_at] = [1, 2, 3].map(|number| dialect::parameter(conn, number));
    let sql = format!(
        "INSERT INTO sign_in_attempts (key, failures, since) VALUES ({key_at}, 1, {now_at}) \
         ON CONFLICT (key) DO UPDATE SET \
         failures = CASE WHEN sign_in_attempts.since <= {forgotten_at} THEN 1 \
         ELSE sign_in_attempts.failures + 1 END, \
         since = CASE WHEN sign_in_attempts.since <= {forgotten_at} THEN {now_at} \
         ELSE sign_in_attempts.since END RETURNING failures, since"
    );
    diesel::sql_query(sql)
        .bind::<Binary, _>(key)
        .bind::<Moment, _>(now)
        .bind::<Moment, _>(forgotten)
        .get_result(conn)
}

/// The attempt was none: it does not count.
pub fn take_back(conn: &mut Conn, key: &[u8]) -> QueryResult<()> {
    let counted = sign_in_attempts::table.find(key).filter(sign_in_attempts::failures.gt(0));
    diesel::update(counted)
        .set(sign_in_attempts::failures.eq(sign_in_attempts::failures - 1))
        .execute(conn)
        .map(drop)
}

/// Forgets what was counted under a key.
pub fn delete(conn: &mut Conn, key: &[u8]) -> QueryResult<()> {
    diesel::delete(sign_in_attempts::table.find(key)).execute(conn).map(drop)
}

/// Forgets what no longer counts.
pub fn delete_before(conn: &mut Conn, before: Instant) -> QueryResult<()> {
    let old = sign_in_attempts::table.filter(sign_in_attempts::since.lt(before));
    diesel::delete(old).execute(conn).map(drop)
}
