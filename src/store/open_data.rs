//! Vintages of open data and their files.

use diesel::prelude::*;

use super::connection::Conn;
use super::reading::Reading;
use super::schema::{open_data_files, open_data_months, open_data_vintages};
use crate::domain::ids::{UserId, VintageId};
use crate::domain::open_data::Vintage;
use crate::domain::time::{Instant, Month};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = open_data_vintages)]
struct Row {
    id: VintageId,
    first_month: i32,
    last_month: i32,
    published_at: Instant,
    published_by: UserId,
    numbers: i32,
    hidden: i32,
}

impl Row {
    fn vintage(self) -> QueryResult<Vintage> {
        let reading = Reading::of("open_data_vintages", self.id);
        Ok(Vintage {
            id: self.id,
            from: reading.month("first_month", self.first_month)?,
            to: reading.month("last_month", self.last_month)?,
            published_at: self.published_at,
            published_by: self.published_by,
            numbers: self.numbers,
            hidden: self.hidden,
        })
    }
}

/// A file of a vintage as it was published.
#[derive(Clone, Debug, Insertable, Queryable, Selectable)]
#[diesel(table_name = open_data_files)]
pub struct FileRow {
    /// Its vintage.
    pub vintage_id: VintageId,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// Their SHA-256.
    pub digest: Vec<u8>,
}

/// Keeps a vintage and its months; two at once that share a month meet at the primary key.
pub fn insert(conn: &mut Conn, vintage: &Vintage, months: &[Month]) -> QueryResult<()> {
    let row = Row {
        id: vintage.id,
        first_month: vintage.from.number(),
        last_month: vintage.to.number(),
        published_at: vintage.published_at,
        published_by: vintage.published_by,
        numbers: vintage.numbers,
        hidden: vintage.hidden,
    };
    diesel::insert_into(open_data_vintages::table).values(row).execute(conn)?;
    for month in months {
        diesel::insert_into(open_data_months::table)
            .values((
                open_data_months::month.eq(month.number()),
                open_data_months::vintage_id.eq(vintage.id),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Keeps a file.
pub fn insert_file(conn: &mut Conn, file: &FileRow) -> QueryResult<()> {
    diesel::insert_into(open_data_files::table).values(file.clone()).execute(conn).map(drop)
}

/// The months that were published, in order, each with its vintage.
pub fn months(conn: &mut Conn) -> QueryResult<Vec<(Month, VintageId)>> {
    let rows: Vec<(i32, VintageId)> = open_data_months::table
        .order(open_data_months::month)
        .select((open_data_months::month, open_data_months::vintage_id))
        .load(conn)?;
    rows.into_iter()
        .map(|(number, vintage)| {
            Ok((Reading::of("open_data_months", number).month("month", number)?, vintage))
        })
        .collect()
}

/// Every vintage, the latest months first.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<Vintage>> {
    let rows: Vec<Row> = open_data_vintages::table
        .order(open_data_vintages::first_month.desc())
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::vintage).collect()
}

/// The vintage of those months.
pub fn by_months(conn: &mut Conn, from: Month, to: Month) -> QueryResult<Option<Vintage>> {
    let row = open_data_vintages::table
        .filter(open_data_vintages::first_month.eq(from.number()))
        .filter(open_data_vintages::last_month.eq(to.number()))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Row::vintage).transpose()
}

/// The files of a vintage, by name.
pub fn files(conn: &mut Conn, vintage: VintageId) -> QueryResult<Vec<FileRow>> {
    open_data_files::table
        .filter(open_data_files::vintage_id.eq(vintage))
        .order(open_data_files::name)
        .select(FileRow::as_select())
        .load(conn)
}

/// A file of a vintage.
pub fn file(conn: &mut Conn, vintage: VintageId, name: &str) -> QueryResult<Option<FileRow>> {
    open_data_files::table.find((vintage, name)).select(FileRow::as_select()).first(conn).optional()
}
