//! Print runs: passes ordered together.

use diesel::dsl::max;
use diesel::prelude::*;

use super::connection::Conn;
use super::dialect::lock_rows;
use super::reading::Reading;
use super::schema::{print_runs as runs, stock_boxes as boxes};
use super::sql_types::Id;
use crate::domain::ids::{EntryId, OrganisationId, PrintRunId, ProgrammeId, UserId};
use crate::domain::paper::{CardsPerSheet, Sheets, Style};
use crate::domain::print_run as size;
use crate::domain::time::Instant;

/// A print run as the database holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = runs)]
pub struct PrintRunRow {
    /// Its id.
    pub id: PrintRunId,
    /// Its number, for people.
    pub number: i32,
    /// Whose passes.
    pub programme_id: ProgrammeId,
    /// For whom it was ordered.
    pub prescriber_id: OrganisationId,
    /// Workshops of each pass.
    pub units: i32,
    /// How many passes.
    pub count: i32,
    /// How many passes a box holds.
    pub box_size: i32,
    /// `letter` or `card`.
    pub layout: String,
    /// How many cards an A4 sheet holds.
    pub cards_per_sheet: i32,
    /// Large letters.
    pub large_print: bool,
    /// Tag of the second language.
    pub language: Option<String>,
    /// Around which commune the venues of the paper lie.
    pub commune: Option<String>,
    /// Who ordered it.
    pub ordered_by: UserId,
    /// When.
    pub ordered_at: Instant,
    /// When its codes were handed out to a print shop.
    pub codes_taken_at: Option<Instant>,
    /// Who took them.
    pub codes_taken_by: Option<UserId>,
    /// The key of the request that took them: the same request may be answered again.
    pub codes_key: Option<EntryId>,
}

/// The number after the last.
pub fn next_number(conn: &mut Conn) -> QueryResult<i32> {
    let last: Option<i32> = runs::table.select(max(runs::number)).first(conn)?;
    Ok(last.unwrap_or(0) + 1)
}

/// Adds a print run.
pub fn insert(conn: &mut Conn, row: &PrintRunRow) -> QueryResult<()> {
    diesel::insert_into(runs::table).values(row.clone()).execute(conn).map(drop)
}

impl PrintRunRow {
    fn reading(&self) -> Reading<PrintRunId> {
        Reading::of("print_runs", self.id)
    }

    /// Workshops of each pass.
    pub fn units(&self) -> QueryResult<u8> {
        self.reading().number("units", self.units)
    }

    /// How many passes each box holds.
    pub fn boxes(&self) -> QueryResult<Vec<u32>> {
        let count = self.reading().number("count", self.count)?;
        Ok(size::sizes_of_boxes(count, self.reading().number("box_size", self.box_size)?))
    }

    /// How the paper was ordered.
    pub fn sheets(&self) -> QueryResult<Sheets> {
        let (layout, language) = (self.layout.as_str(), self.language.as_deref());
        let style = Style::from_names(Some(layout), self.large_print, language);
        let cards = self.reading().number("cards_per_sheet", self.cards_per_sheet)?;
        let cards = CardsPerSheet::from_u8(cards);
        Ok(Sheets {
            style: self.reading().parsed("layout or language", layout, style)?,
            cards: self.reading().word("cards_per_sheet", "", cards)?,
        })
    }
}

/// The print run of that id.
pub fn by_id(conn: &mut Conn, id: PrintRunId) -> QueryResult<Option<PrintRunRow>> {
    runs::table.find(id).select(PrintRunRow::as_select()).first(conn).optional()
}

/// Locks a print run until the end of the transaction.
pub fn lock(conn: &mut Conn, id: PrintRunId) -> QueryResult<()> {
    lock_rows!(conn, runs, [id])
}

/// At most `limit` print runs before `before`, newest first; the nil id begins.
pub fn page(conn: &mut Conn, before: PrintRunId, limit: i64) -> QueryResult<Vec<PrintRunRow>> {
    let mut query = runs::table.into_boxed();
    if !before.0.is_nil() {
        query = query.filter(runs::id.lt(before));
    }
    query.order(runs::id.desc()).limit(limit).select(PrintRunRow::as_select()).load(conn)
}

/// The same, for a prescriber that holds one of the boxes.
pub fn page_of_prescriber(
    conn: &mut Conn,
    prescriber: OrganisationId,
    before: PrintRunId,
    limit: i64,
) -> QueryResult<Vec<PrintRunRow>> {
    let theirs = boxes::table.filter(boxes::prescriber_id.eq(prescriber)).select(boxes::run_id);
    let mut query = runs::table.filter(runs::id.eq_any(theirs)).into_boxed();
    if !before.0.is_nil() {
        query = query.filter(runs::id.lt(before));
    }
    query.order(runs::id.desc()).limit(limit).select(PrintRunRow::as_select()).load(conn)
}

/// Notes who took the codes, when, and with which request.
pub fn take_codes(
    conn: &mut Conn,
    id: PrintRunId,
    by: UserId,
    key: EntryId,
    now: Instant,
) -> QueryResult<()> {
    let taken = (
        runs::codes_taken_at.eq(Some(now)),
        runs::codes_taken_by.eq(Some(by)),
        runs::codes_key.eq(Some(key)),
    );
    super::exactly_one(diesel::update(runs::table.find(id)).set(taken).execute(conn)?)
}

/// Runs that have fewer passes than were ordered.
pub fn unfinished(conn: &mut Conn) -> QueryResult<Vec<PrintRunId>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Id)]
        id: PrintRunId,
    }
    let sql = "SELECT r.id AS id FROM print_runs r LEFT JOIN stock_boxes b ON b.run_id = r.id \
        GROUP BY r.id, r.count HAVING coalesce(sum(b.size), 0) < r.count ORDER BY r.id";
    let rows: Vec<Row> = diesel::sql_query(sql).load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
