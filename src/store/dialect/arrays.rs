//! Statements that send PostgreSQL many rows as one array a column: the text is the same however many
//! there are, so that its plan is kept. Diesel keeps no plan of its own inserts of many rows.

use diesel::RunQueryDsl;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;

/// A statement with the columns of its rows between `before` and `after`.
pub struct Arrays<'a> {
    /// Up to the arrays.
    pub before: &'static str,
    /// An array a column, all as long.
    pub columns: Vec<Box<dyn QueryFragment<Pg> + 'a>>,
    /// From there on.
    pub after: &'static str,
}

impl QueryFragment<Pg> for Arrays<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.before);
        for (number, column) in self.columns.iter().enumerate() {
            out.push_sql(if number == 0 { "unnest(" } else { ", " });
            column.walk_ast(out.reborrow())?;
        }
        out.push_sql(self.after);
        Ok(())
    }
}

impl QueryId for Arrays<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> RunQueryDsl<C> for Arrays<'_> {}

/// A column of rows, as an array of its own type.
macro_rules! array_of {
    ($table:ident, $column:ident, $values:expr) => {
        Box::new(diesel::IntoSql::into_sql::<
            diesel::sql_types::Array<diesel::dsl::SqlTypeOf<$table::$column>>,
        >($values.collect::<Vec<_>>()))
    };
}
pub(in crate::store) use array_of;

/// Inserts rows into a table; the columns are the fields of a row.
macro_rules! insert_rows {
    ($conn:expr, $table:ident, $rows:expr, [$first:ident $(, $column:ident)*]) => {
        match &mut $conn.engine {
            $crate::store::connection::Engine::Sqlite(sqlite) => $rows.iter().try_for_each(|row| {
                diesel::insert_into($table::table).values(row).execute(sqlite).map(drop)
            }),
            $crate::store::connection::Engine::Postgres(postgres) => {
                $crate::store::dialect::Arrays {
                    before: concat!(
                        "INSERT INTO ", stringify!($table), " (", stringify!($first),
                        $(", ", stringify!($column),)* ") SELECT * FROM "
                    ),
                    columns: vec![
                        array_of!($table, $first, $rows.iter().map(|row| row.$first.clone())),
                        $(array_of!($table, $column, $rows.iter().map(|row| row.$column.clone())),)*
                    ],
                    after: ")",
                }
                .execute(postgres)
                .map(drop)
            }
        }
    };
}
pub(in crate::store) use insert_rows;

/// Sets a column of rows to values of their own, by their ids.
macro_rules! update_rows {
    ($conn:expr, $table:ident, $column:ident, $values:expr) => {
        match &mut $conn.engine {
            $crate::store::connection::Engine::Sqlite(sqlite) => {
                $values.iter().try_for_each(|(id, value)| {
                    let row = diesel::update($table::table.find(*id));
                    row.set($table::$column.eq(*value)).execute(sqlite).map(drop)
                })
            }
            $crate::store::connection::Engine::Postgres(postgres) => {
                $crate::store::dialect::Arrays {
                    before: concat!(
                        "UPDATE ",
                        stringify!($table),
                        " SET ",
                        stringify!($column),
                        " = new.value FROM "
                    ),
                    columns: vec![
                        array_of!($table, id, $values.keys().copied()),
                        array_of!($table, $column, $values.values().copied()),
                    ],
                    after: concat!(
                        ") AS new (id, value) WHERE ",
                        stringify!($table),
                        ".id = new.id"
                    ),
                }
                .execute(postgres)
                .map(drop)
            }
        }
    };
}
pub(in crate::store) use update_rows;
