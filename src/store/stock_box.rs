//! Boxes of stock, what is left in them, and what happened to them.

use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use super::connection::Conn;
use super::dialect::lock_rows;
use super::pass::PassRow;
use super::reading::Reading;
use super::schema::{passes, stock_boxes as boxes};
use super::sql_types::{Id, Moment};
use super::{dialect, unreadable};
use crate::domain::ids::{OrganisationId, PrintRunId, StockBoxId};
use crate::domain::pass::PassState;
use crate::domain::stock::{BoxState, StockBox};
use crate::domain::time::Instant;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = boxes)]
struct Row {
    id: StockBoxId,
    run_id: PrintRunId,
    number: i32,
    size: i32,
    prescriber_id: OrganisationId,
    state: String,
    moved_at: Instant,
}

impl Row {
    fn stock_box(self) -> QueryResult<StockBox> {
        let reading = Reading::of("stock_boxes", self.id);
        let state = BoxState::from_name(&self.state);
        Ok(StockBox {
            id: self.id,
            run: self.run_id,
            number: reading.number("number", self.number)?,
            size: reading.number("size", self.size)?,
            prescriber: self.prescriber_id,
            state: reading.word("state", &self.state, state)?,
            moved_at: self.moved_at,
        })
    }
}

fn all(rows: Vec<Row>) -> QueryResult<Vec<StockBox>> {
    rows.into_iter().map(Row::stock_box).collect()
}

/// Adds a box.
pub fn insert(conn: &mut Conn, stock_box: &StockBox) -> QueryResult<()> {
    let row = Row {
        id: stock_box.id,
        run_id: stock_box.run,
        number: i32::try_from(stock_box.number).map_err(|_| unreadable("number"))?,
        size: i32::try_from(stock_box.size).map_err(|_| unreadable("size"))?,
        prescriber_id: stock_box.prescriber,
        state: stock_box.state.as_str().to_owned(),
        moved_at: stock_box.moved_at,
    };
    diesel::insert_into(boxes::table).values(row).execute(conn).map(drop)
}

/// The box of that id.
pub fn by_id(conn: &mut Conn, id: StockBoxId) -> QueryResult<Option<StockBox>> {
    let found = boxes::table.find(id).select(Row::as_select()).first(conn).optional()?;
    found.map(Row::stock_box).transpose()
}

/// The boxes of a print run, in order.
pub fn of_run(conn: &mut Conn, run: PrintRunId) -> QueryResult<Vec<StockBox>> {
    let rows = boxes::table.filter(boxes::run_id.eq(run)).order(boxes::number);
    all(rows.select(Row::as_select()).load(conn)?)
}

/// How many boxes of a run are made, and how many passes they hold.
pub fn made(conn: &mut Conn, run: PrintRunId) -> QueryResult<(i64, i64)> {
    let rows: Vec<i32> =
        boxes::table.filter(boxes::run_id.eq(run)).select(boxes::size).load(conn)?;
    let passes = rows.iter().copied().map(i64::from).sum();
    Ok((i64::try_from(rows.len()).unwrap_or(i64::MAX), passes))
}

/// Locks a box until the end of the transaction and reads it.
pub fn lock(conn: &mut Conn, id: StockBoxId) -> QueryResult<Option<StockBox>> {
    lock_rows!(conn, boxes, [id])?;
    by_id(conn, id)
}

/// Moves a box.
pub fn set_state(
    conn: &mut Conn,
    id: StockBoxId,
    state: BoxState,
    prescriber: OrganisationId,
    now: Instant,
) -> QueryResult<()> {
    let moved = (
        boxes::state.eq(state.as_str()),
        boxes::prescriber_id.eq(prescriber),
        boxes::moved_at.eq(now),
    );
    super::exactly_one(diesel::update(boxes::table.find(id)).set(moved).execute(conn)?)
}

/// The passes of a box, in the order they are printed in.
pub fn passes(conn: &mut Conn, id: StockBoxId) -> QueryResult<Vec<PassRow>> {
    let theirs = passes::table.filter(passes::box_id.eq(Some(id)));
    theirs.order(passes::id).select(PassRow::as_select()).load(conn)
}

/// The passes of a box that were not handed over, in order.
pub fn left(conn: &mut Conn, id: StockBoxId) -> QueryResult<Vec<PassRow>> {
    let printed = passes::state.eq(PassState::Printed.as_str());
    let theirs = passes::table.filter(passes::box_id.eq(Some(id)).and(printed));
    theirs.order(passes::id).select(PassRow::as_select()).load(conn)
}

/// The first pass of a box that was not handed over.
pub fn first_left(conn: &mut Conn, id: StockBoxId) -> QueryResult<Option<PassRow>> {
    let printed = passes::state.eq(PassState::Printed.as_str());
    let theirs = passes::table.filter(passes::box_id.eq(Some(id)).and(printed));
    theirs.order(passes::id).select(PassRow::as_select()).first(conn).optional()
}

/// Whether a prescriber has a pass that may be handed over.
pub fn any_left(conn: &mut Conn, prescriber: OrganisationId) -> QueryResult<bool> {
    let held = [BoxState::Printed, BoxState::Shipped, BoxState::Received].map(BoxState::as_str);
    let held = boxes::prescriber_id.eq(prescriber).and(boxes::state.eq_any(held));
    let theirs = boxes::table.filter(held).select(boxes::id.nullable());
    let printed = passes::state.eq(PassState::Printed.as_str());
    let left = passes::table.filter(passes::box_id.eq_any(theirs).and(printed));
    diesel::select(diesel::dsl::exists(left)).get_result(conn)
}

/// Gives what is left of a box to another prescriber.
pub fn give_left(conn: &mut Conn, id: StockBoxId, to: OrganisationId) -> QueryResult<usize> {
    let printed = passes::state.eq(PassState::Printed.as_str());
    let theirs = passes::table.filter(passes::box_id.eq(Some(id)).and(printed));
    diesel::update(theirs).set(passes::prescriber_id.eq(to)).execute(conn)
}

/// What became of the passes of a box.
#[derive(Clone, Copy, Debug, Default, QueryableByName)]
pub struct Content {
    /// Not handed over.
    #[diesel(sql_type = BigInt)]
    pub in_stock: i64,
    /// Handed over, whatever became of them then.
    #[diesel(sql_type = BigInt)]
    pub handed_over: i64,
    /// Void without ever having been handed over.
    #[diesel(sql_type = BigInt)]
    pub void: i64,
}

#[derive(QueryableByName)]
struct BoxContent {
    #[diesel(sql_type = Id)]
    id: StockBoxId,
    #[diesel(embed)]
    content: Content,
}

/// What became of the passes of a box.
pub fn content(conn: &mut Conn, id: StockBoxId) -> QueryResult<Content> {
    let sql = content_where(&format!("b.id = {}", dialect::parameter(conn, 1)));
    let found: Option<BoxContent> =
        diesel::sql_query(sql).bind::<Id, _>(id).get_result(conn).optional()?;
    Ok(found.map(|row| row.content).unwrap_or_default())
}

/// What became of the passes of a print run, box by box.
pub fn contents(conn: &mut Conn, run: PrintRunId) -> QueryResult<Vec<(StockBoxId, Content)>> {
    let sql = content_where(&format!("b.run_id = {}", dialect::parameter(conn, 1)));
    let found: Vec<BoxContent> = diesel::sql_query(sql).bind::<Id, _>(run).load(conn)?;
    Ok(found.into_iter().map(|row| (row.id, row.content)).collect())
}

fn content_where(condition: &str) -> String {
    let count = |what: &str, name: &str| {
        format!("CAST(sum(CASE WHEN {what} THEN 1 ELSE 0 END) AS BIGINT) AS {name}")
    };
    format!(
        "SELECT b.id AS id, {}, {}, {} FROM stock_boxes b JOIN passes s ON s.box_id = b.id \
         WHERE {condition} GROUP BY b.id",
        count("s.state = 'printed'", "in_stock"),
        count("s.handed_over_at IS NOT NULL", "handed_over"),
        count("s.state = 'void' AND s.handed_over_at IS NULL", "\"void\""),
    )
}

/// Stock of which nothing moved since an instant.
#[derive(Clone, Debug, QueryableByName)]
pub struct AsleepRow {
    /// The print run it is of.
    #[diesel(sql_type = Id)]
    pub run: PrintRunId,
    /// Its number.
    #[diesel(sql_type = Integer)]
    pub number: i32,
    /// Who holds it.
    #[diesel(sql_type = Id)]
    pub organisation: OrganisationId,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// How many boxes.
    #[diesel(sql_type = BigInt)]
    pub boxes: i64,
    /// How many passes are left in them.
    #[diesel(sql_type = BigInt)]
    pub passes: i64,
}

/// Boxes with passes left that neither moved nor gave a handover since an instant, by prescriber
/// and print run.
pub fn asleep(conn: &mut Conn, since: Instant) -> QueryResult<Vec<AsleepRow>> {
    let sql = format!(
        "SELECT t.id AS run, t.number AS number, o.id AS organisation, o.name AS name, \
         CAST(count(DISTINCT b.id) AS BIGINT) AS boxes, CAST(count(*) AS BIGINT) AS passes \
         FROM stock_boxes b JOIN organisations o ON o.id = b.prescriber_id \
         JOIN print_runs t ON t.id = b.run_id \
         JOIN passes s ON s.box_id = b.id AND s.state = 'printed' AND NOT s.training \
         WHERE b.state IN ('printed', 'shipped', 'received') AND b.moved_at < {0} \
         AND NOT EXISTS (SELECT 1 FROM passes h WHERE h.box_id = b.id AND h.handed_over_at >= {1}) \
         GROUP BY t.id, t.number, o.id, o.name ORDER BY 6 DESC, o.name, t.number",
        dialect::parameter(conn, 1),
        dialect::parameter(conn, 2),
    );
    diesel::sql_query(sql).bind::<Moment, _>(since).bind::<Moment, _>(since).load(conn)
}
