//! How far the sums go, and proving that they are those of the postings.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};

use super::family::{DIMENSIONS, Family, dimensions, joins};
use super::{SUMS, last, listed};
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

fn keys() -> String {
    let columns = DIMENSIONS.map(|one| one.column).join(", ");
    format!("family, month, workshop_month, agreement_id, kind, lead, {columns}")
}

/// The postings within a condition, with what is told apart of them.
pub(super) fn within(conn: &Conn, told: &[Group], condition: &str) -> String {
    let told = dimensions(told);
    let columns = DIMENSIONS.map(|one| {
        let nothing = one.nothing(conn);
        if told.iter().any(|told| told.group == one.group) {
            format!("coalesce({}, {nothing}) AS {}", one.journal, one.column)
        } else {
            format!("{nothing} AS {}", one.column)
        }
    });
    let sums = SUMS.map(|sum| {
        let what = if sum == "postings" { "1".to_owned() } else { format!("p.{sum}") };
        format!("CAST({what} AS BIGINT) AS {sum}")
    });
    format!(
        "SELECT {}, {} FROM postings p{} WHERE {condition}",
        listed(columns.into_iter()),
        sums.join(", "),
        joins(&told)
    )
}

/// The rows of [`within`], summed as a family sums them.
fn family_sums(conn: &Conn, number: usize, family: &Family, rows: &str) -> String {
    let (told, span) = (family.told, family.span.months());
    let first = |month: &str| format!("{month} - ({month} % 100 - 1) % {span}");
    let columns = DIMENSIONS.map(|one| {
        if told.contains(&one.group) { format!("p.{}", one.column) } else { one.nothing(conn) }
    });
    // What is the same in every row is not sorted by.
    let apart = DIMENSIONS.iter().map(|one| told.contains(&one.group));
    let places = (2..).zip([true; 5].into_iter().chain(apart)).filter(|(_, apart)| *apart);
    let places: Vec<String> = places.map(|(place, _)| place.to_string()).collect();
    let sums = SUMS.map(|sum| format!("CAST(sum(p.{sum}) AS BIGINT)"));
    format!(
        "SELECT {number} AS family, {}, {}, p.agreement_id, p.kind, p.lead, {}, {} \
         FROM {rows} p GROUP BY {}",
        first("p.month"),
        first("p.workshop_month"),
        columns.join(", "),
        sums.join(", "),
        places.join(", ")
    )
}

/// Notes how far the sums of families go.
pub fn mark(
    conn: &mut Conn,
    families: &[usize],
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
pub fn differences(conn: &mut Conn, number: usize, family: &Family) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    let folded = within(conn, family.told, &format!("p.number <= {}", last(number)));
    let derived = family_sums(conn, number, family, &format!("({folded})"));
    let (keys, sums) = (keys(), SUMS.join(", "));
    let kept = format!("SELECT {keys}, {sums} FROM rollup_sums WHERE family = {number}");
    let mut found = 0;
    for (these, those) in [(&derived, &kept), (&kept, &derived)] {
        let sql = format!("SELECT count(*) AS rows FROM ({these} EXCEPT {those}) d");
        found += diesel::sql_query(sql).get_result::<Row>(conn)?.rows;
    }
    Ok(found)
}
