//! Rows that contradict each other, for `ledger verify`: each rule is one statement over whole tables.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};

use super::connection::Conn;
use super::dialect;
use super::sql_types::Id;
use crate::domain::ids::EntryId;
use crate::domain::time::Day;

/// What a table must not say against others.
struct Rule {
    /// What the ids are of.
    of: &'static str,
    says: &'static str,
    /// Finds the ids; `{month}` stands for the number of the month of `r.workshop_day`.
    sql: &'static str,
}

const RULES: [Rule; 6] = [
    Rule {
        of: "redemption",
        says: "its price, moment, day or undoing is not that of its programme, postings or reversal",
        sql: "SELECT r.id AS id FROM redemptions r JOIN passes p ON p.id = r.pass_id \
              JOIN programmes g ON g.id = p.programme_id \
              LEFT JOIN reversals v ON v.redemption_id = r.id \
              LEFT JOIN (SELECT redemption_id, min(workshop_month) AS first, \
              max(workshop_month) AS last, \
              min(CASE WHEN kind = 'consumption' THEN recorded_at END) AS taken_at, \
              sum(CASE WHEN kind = 'consumption' THEN amount_cents ELSE 0 END) AS taken, \
              sum(CASE WHEN kind = 'reversal' THEN amount_cents ELSE 0 END) AS given_back \
              FROM postings WHERE redemption_id IS NOT NULL GROUP BY redemption_id) m \
              ON m.redemption_id = r.id \
              WHERE r.price_cents <> g.price_cents OR r.training <> p.training \
              OR r.reversed <> (v.id IS NOT NULL) OR (NOT r.training AND (m.taken = r.price_cents \
              AND m.given_back = CASE WHEN r.reversed THEN r.price_cents ELSE 0 END \
              AND m.taken_at = r.redeemed_at AND m.first = {month} AND m.last = {month}) IS NOT TRUE)",
    },
    Rule {
        of: "pass",
        says: "its state is not that of its history",
        sql: "SELECT p.id AS id FROM passes p \
              LEFT JOIN pass_events e ON e.pass_id = p.id AND e.event = p.state \
              WHERE p.state IN ('void', 'replaced') AND e.id IS NULL \
              UNION SELECT p.id FROM pass_events e JOIN passes p ON p.id = e.pass_id \
              WHERE (e.event IN ('void', 'replaced') AND p.state <> e.event) \
              OR (e.event = 'expired' AND NOT p.released AND (SELECT \
              sum(CASE h.event WHEN 'expired' THEN 1 WHEN 'revived' THEN -1 ELSE 0 END) \
              FROM pass_events h WHERE h.pass_id = p.id) <> 0)",
    },
    Rule {
        of: "statement",
        says: "its month is not closed",
        sql: "SELECT s.id AS id FROM statements s LEFT JOIN closed_months c ON c.month = s.month \
              WHERE c.month IS NULL",
    },
    Rule {
        of: "funding call",
        says: "its month is not closed",
        sql: "SELECT f.id AS id FROM funding_calls f LEFT JOIN closed_months c ON c.month = f.month \
              WHERE c.month IS NULL",
    },
    Rule {
        of: "closing statement",
        says: "its passes or workshops are not what was posted until then",
        sql: "SELECT s.id AS id FROM closing_statements s \
              LEFT JOIN agreements a ON a.programme_id = s.programme_id \
              LEFT JOIN postings p ON p.agreement_id = a.id AND p.lead \
              AND p.recorded_at <= s.established_at GROUP BY s.id HAVING \
              min(s.handed_over) <> sum(CASE WHEN p.kind = 'commitment' THEN 1 ELSE 0 END) OR \
              min(s.started) <> sum(CASE WHEN p.kind IN ('consumption', 'reversal') \
              THEN p.starts ELSE 0 END) OR \
              min(s.workshops_granted) <> \
              sum(CASE WHEN p.kind = 'commitment' THEN p.workshops ELSE 0 END) OR \
              min(s.workshops_redeemed) <> sum(CASE p.kind WHEN 'consumption' THEN p.workshops \
              WHEN 'reversal' THEN -p.workshops ELSE 0 END) OR \
              min(s.workshops_lapsed) <> \
              sum(CASE p.kind WHEN 'release' THEN p.workshops \
              WHEN 'release_reversal' THEN -p.workshops ELSE 0 END)",
    },
    // What is credited comes afterwards, on a clock that stands still at the same instant.
    Rule {
        of: "closing statement",
        says: "a line is not what was posted until then",
        sql: "SELECT l.statement_id AS id FROM closing_statement_lines l \
              JOIN closing_statements s ON s.id = l.statement_id \
              LEFT JOIN postings p ON p.agreement_id = l.agreement_id \
              AND p.recorded_at <= s.established_at AND NOT (p.recorded_at = s.established_at \
              AND p.kind IN ('refund', 'disbursement', 'surplus_return')) \
              GROUP BY l.statement_id, l.agreement_id HAVING \
              min(l.received_cents) <> \
              sum(CASE WHEN p.kind = 'receipt' THEN p.amount_cents ELSE 0 END) OR \
              min(l.committed_cents) <> \
              sum(CASE WHEN p.kind = 'commitment' THEN p.amount_cents ELSE 0 END) OR \
              min(l.consumed_cents) <> sum(CASE p.kind WHEN 'consumption' THEN p.amount_cents \
              WHEN 'reversal' THEN -p.amount_cents ELSE 0 END) OR \
              min(l.released_cents) <> \
              sum(CASE p.kind WHEN 'release' THEN p.amount_cents \
              WHEN 'release_reversal' THEN -p.amount_cents ELSE 0 END) OR \
              min(l.available_cents) <> sum(CASE 'available' WHEN p.to_account THEN p.amount_cents \
              WHEN p.from_account THEN -p.amount_cents ELSE 0 END) OR \
              min(l.payable_cents) <> sum(CASE 'payable' WHEN p.to_account THEN p.amount_cents \
              WHEN p.from_account THEN -p.amount_cents ELSE 0 END) OR \
              min(l.cash_cents) <> sum(CASE 'cash' WHEN p.to_account THEN p.amount_cents \
              WHEN p.from_account THEN -p.amount_cents ELSE 0 END)",
    },
];

/// Every contradiction, at most a hundred of each rule, as sentences.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Id)]
        id: EntryId,
    }
    let month = dialect::month_of_day(conn, "r.workshop_day");
    let mut found = Vec::new();
    for Rule { of, says, sql } in RULES {
        let sql = format!(
            "SELECT id FROM ({}) found ORDER BY id LIMIT 100",
            sql.replace("{month}", &month)
        );
        let rows: Vec<Row> = diesel::sql_query(sql).load(conn)?;
        found.extend(rows.iter().map(|row| format!("{of} {}: {says}", row.id)));
    }
    Ok(found)
}

/// A half-hour, in microseconds.
pub const HALF_HOUR_MICROS: i64 = 1_800_000_000;

/// Redemptions of one half-hour whose workshops are of one day, in programmes of one time zone.
#[derive(QueryableByName)]
pub struct HalfHour {
    /// The zone of their programmes.
    #[diesel(sql_type = Text)]
    pub time_zone: String,
    /// When they were accepted, in half-hours since 1970: no zone changes its day within one.
    #[diesel(sql_type = BigInt)]
    pub half_hour: i64,
    /// The day of the workshops.
    #[diesel(sql_type = Date)]
    pub day: Day,
}

/// When workshops were redeemed and their days, but for those that were scanned without a network.
pub fn half_hours(conn: &mut Conn) -> QueryResult<Vec<HalfHour>> {
    let half_hour = dialect::half_hour(conn, "r.redeemed_at");
    diesel::sql_query(format!(
        "SELECT g.time_zone AS time_zone, {half_hour} AS half_hour, r.workshop_day AS day \
         FROM redemptions r JOIN passes p ON p.id = r.pass_id \
         JOIN programmes g ON g.id = p.programme_id \
         LEFT JOIN offline_scans o ON o.redemption_id = r.id WHERE o.id IS NULL \
         GROUP BY g.time_zone, {half_hour}, r.workshop_day"
    ))
    .load(conn)
}
