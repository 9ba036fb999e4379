//! Adding postings to the sums, and proving that the sums are those of the postings.

use std::ops::Range;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};

use super::{DIMENSIONS, FAMILIES, SHARED, SUMS, dimensions, joins, last, listed};
use crate::domain::report::Group;
use crate::domain::time::{Day, Instant};
use crate::store::connection::Conn;
use crate::store::dialect;
use crate::store::sql_types::Moment;

/// The number below which no posting is still to come; `None` when somebody takes longer to write
/// some than that many looks, five milliseconds apart.
pub fn settled(conn: &mut Conn, looks: usize) -> QueryResult<Option<i64>> {
    dialect::settled_posting(conn, looks)
}

/// Lets one transaction at a time fold, until its end.
pub fn lock(conn: &mut Conn) -> QueryResult<()> {
    dialect::lock_rollup(conn)
}

/// When postings were last folded into a family; `None` when none were.
pub fn folded_at(conn: &mut Conn, family: usize) -> QueryResult<Option<Instant>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Moment)]
        folded_at: Instant,
    }
    let sql = format!(
        "SELECT folded_at FROM rollup_marks WHERE family = {family} ORDER BY up_to DESC LIMIT 1"
    );
    let row: Option<Row> = diesel::sql_query(sql).get_result(conn).optional()?;
    Ok(row.map(|row| row.folded_at))
}

/// Adds the postings after one number up to another to the sums of families: read once for all of
/// them, with no more of passes and redemptions than those tell apart.
pub fn fold(conn: &mut Conn, families: Range<usize>, after: i64, up_to: i64) -> QueryResult<()> {
    let told: Vec<Group> = families
        .clone()
        .filter_map(|family| FAMILIES.get(family))
        .copied()
        .flatten()
        .copied()
        .collect();
    let piece = within(conn, &told, &format!("p.number > {after} AND p.number <= {up_to}"));
    let families: Vec<String> = families.map(|family| family_sums(conn, family, "piece")).collect();
    let add = SUMS.map(|sum| format!("{sum} = t.{sum} + excluded.{sum}"));
    let (keys, sums) = (keys(), SUMS.join(", "));
    let sql = format!(
        "WITH piece AS MATERIALIZED ({piece}) INSERT INTO rollup_sums AS t ({keys}, {sums}) {} \
         ON CONFLICT ({keys}) DO UPDATE SET {}",
        families.join(" UNION ALL "),
        add.join(", ")
    );
    diesel::sql_query(sql).execute(conn)?;
    Ok(())
}

fn keys() -> String {
    let columns = DIMENSIONS.map(|one| one.column).join(", ");
    format!("family, month, workshop_month, agreement_id, kind, lead, {columns}")
}

/// The postings within a condition, with what is told apart of them.
fn within(conn: &Conn, told: &[Group], condition: &str) -> String {
    let all = dimensions(told);
    let told = all
        .iter()
        .map(|one| format!("coalesce({}, {}) AS {}", one.journal, one.nothing(conn), one.column));
    format!(
        "SELECT {}, 1 AS postings, p.workshops, p.starts, p.amount_cents \
         FROM postings p{} WHERE {condition}",
        listed(told),
        joins(&all)
    )
}

/// The rows of [`within`], summed as a family sums them.
fn family_sums(conn: &Conn, family: usize, rows: &str) -> String {
    let told = FAMILIES.get(family).copied().unwrap_or_default();
    let columns = DIMENSIONS.map(|one| {
        if told.contains(&one.group) { format!("p.{}", one.column) } else { one.nothing(conn) }
    });
    let places: Vec<String> = (2..=6 + DIMENSIONS.len()).map(|place| place.to_string()).collect();
    let sums = SUMS.map(|sum| format!("CAST(sum(p.{sum}) AS BIGINT)"));
    format!(
        "SELECT {family} AS family, {SHARED}, {}, {} FROM {rows} p GROUP BY {}",
        columns.join(", "),
        sums.join(", "),
        places.join(", ")
    )
}

/// Notes how far the sums of families go.
pub fn mark(
    conn: &mut Conn,
    families: Range<usize>,
    day: Day,
    up_to: i64,
    now: Instant,
) -> QueryResult<()> {
    let [first, second, third] = [1, 2, 3].map(|number| dialect::parameter(conn, number));
    for family in families {
        let sql = format!(
            "INSERT INTO rollup_marks (family, day, up_to, folded_at) \
             VALUES ({family}, {first}, {second}, {third}) ON CONFLICT (family, day) \
             DO UPDATE SET up_to = excluded.up_to, folded_at = excluded.folded_at"
        );
        diesel::sql_query(sql)
            .bind::<Date, _>(day)
            .bind::<BigInt, _>(up_to)
            .bind::<Moment, _>(now)
            .execute(conn)?;
    }
    Ok(())
}

/// How many sums of a family are not those of the postings, and how many those lack.
pub fn differences(conn: &mut Conn, family: usize) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    let told = FAMILIES.get(family).copied().unwrap_or_default();
    let folded = within(conn, told, &format!("p.number <= {}", last(family)));
    let derived = family_sums(conn, family, &format!("({folded})"));
    let (keys, sums) = (keys(), SUMS.join(", "));
    let kept = format!("SELECT {keys}, {sums} FROM rollup_sums WHERE family = {family}");
    let mut found = 0;
    for (these, those) in [(&derived, &kept), (&kept, &derived)] {
        let sql = format!("SELECT count(*) AS rows FROM ({these} EXCEPT {those}) d");
        found += diesel::sql_query(sql).get_result::<Row>(conn)?.rows;
    }
    Ok(found)
}
