//! The plain sums: postings added up by months, agreement, kind and lead. A report reads some
//! hundred sums where the journal has millions of lines.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::connection::Conn;
use super::watermark::{Part, watermark};

const KEYS: &str = "p.agreement_id, p.month, p.workshop_month, p.kind, p.lead";
const SUMS: [&str; 4] = ["postings", "workshops", "starts", "amount_cents"];

/// The relation `p` of the whole journal: the columns `agreement_id`, `month`, `workshop_month`,
/// `kind` and `lead`, and the sums `postings`, `workshops`, `starts` and `amount_cents`.
pub fn whole(conn: &mut Conn) -> QueryResult<String> {
    relation(conn, "1 = 1", "1 = 1")
}

/// The same of the postings within a condition on months, agreement and kind. `recorded` is a
/// condition on the postings after the watermark alone.
pub fn relation(conn: &mut Conn, only: &str, recorded: &str) -> QueryResult<String> {
    // The watermark may move between two statements, so this one asks it again. The number that
    // was read first lets the planner see how few postings come after it.
    let up_to = watermark(conn, Part::Sums)?.up_to;
    Ok(format!(
        "(SELECT {KEYS}, p.postings, p.workshops, p.starts, p.amount_cents \
         FROM report_sums p WHERE {only} UNION ALL \
         SELECT {KEYS}, {ONE_POSTING} FROM postings p \
         WHERE p.number > {up_to} AND p.number > {} AND {only} AND {recorded}) p",
        Part::Sums.up_to()
    ))
}

/// What one posting `p` adds to the sums.
pub(super) const ONE_POSTING: &str = "CAST(1 AS BIGINT) AS postings, \
    CAST(p.workshops AS BIGINT) AS workshops, CAST(p.starts AS BIGINT) AS starts, \
    p.amount_cents AS amount_cents";

/// The sums of the postings after a number up to another, as they are kept.
fn added_up(after: i64, up_to: &str) -> String {
    let sums = ["1", "p.workshops", "p.starts", "p.amount_cents"]
        .map(|what| format!("CAST(sum({what}) AS BIGINT)"))
        .join(", ");
    format!(
        "SELECT {KEYS}, {sums} FROM postings p \
         WHERE p.number > {after} AND p.number <= {up_to} GROUP BY {KEYS}"
    )
}

/// Adds the postings after a number up to another.
pub fn append(conn: &mut Conn, after: i64, up_to: i64) -> QueryResult<()> {
    let keys = KEYS.replace("p.", "");
    let sums = SUMS.join(", ");
    let changes = SUMS.map(|sum| format!("{sum} = report_sums.{sum} + excluded.{sum}")).join(", ");
    let sql = format!(
        "INSERT INTO report_sums ({keys}, {sums}) {} ON CONFLICT ({keys}) DO UPDATE SET {changes}",
        added_up(after, &up_to.to_string())
    );
    diesel::sql_query(sql).execute(conn).map(drop)
}

/// How many sums are not those of the postings, and how many are missing.
pub fn differences(conn: &mut Conn) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    let derived = added_up(0, &Part::Sums.up_to());
    let sums = SUMS.join(", ");
    let kept = format!("SELECT {KEYS}, {sums} FROM report_sums p");
    let mut found = 0;
    for (these, those) in [(&derived, &kept), (&kept, &derived)] {
        let sql = format!("SELECT count(*) AS rows FROM ({these} EXCEPT {those}) d");
        found += diesel::sql_query(sql).get_result::<Row>(conn)?.rows;
    }
    Ok(found)
}
