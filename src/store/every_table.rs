//! Every table of an installation, described from the schema: what an export writes and an import
//! reads, row by row, whatever the tables hold.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, SqlType, Text};

use super::connection::Conn;
use super::dialect;
use super::schema;
use super::sql_types::{Id, Kind, Moment};

/// The type of a column that stands in a file of an export.
trait Stored {
    const KIND: Kind;
}

macro_rules! stored {
    ($($type:ty => $kind:ident),+ $(,)?) => {
        $(impl Stored for $type { const KIND: Kind = Kind::$kind; })+
    };
}

stored! {
    Id => Id, Moment => Moment, Date => Day, Bool => Bool, Integer => Whole, BigInt => Whole,
    Double => Real, Text => Text, Binary => Bytes,
}

impl<T: Stored + SqlType> Stored for Nullable<T> {
    const KIND: Kind = T::KIND;
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct ColumnShape {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// All columns of a table, in the schema's order.
trait Columns {
    fn shapes() -> Vec<ColumnShape>;
}

macro_rules! columns {
    ($first:ident $($rest:ident)*) => {
        impl<$first: Column, $($rest: Column),*> Columns for ($first, $($rest,)*)
        where
            $first::SqlType: Stored,
            $($rest::SqlType: Stored),*
        {
            fn shapes() -> Vec<ColumnShape> {
                vec![
                    ColumnShape { name: $first::NAME, kind: <$first::SqlType as Stored>::KIND },
                    $(ColumnShape { name: $rest::NAME, kind: <$rest::SqlType as Stored>::KIND }),*
                ]
            }
        }
        columns!($($rest)*);
    };
    () => {};
}

columns!(A B C D E F G H I J K L M N O P Q R S T U V W X Y Z);

/// One table.
#[derive(Clone, Debug)]
pub struct TableShape {
    /// Its name.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<ColumnShape>,
    /// The columns its rows are ordered by; a minus turns one round.
    order: &'static [&'static str],
}

macro_rules! every_table {
    ($($table:ident by $($key:literal),+;)+) => {
        /// Every table, those that others refer to first.
        #[must_use]
        pub fn every_table() -> Vec<TableShape> {
            vec![$(TableShape {
                name: stringify!($table),
                columns: <schema::$table::table as Table>::AllColumns::shapes(),
                order: &[$($key),+],
            }),+]
        }
    };
}

every_table! {
    installation by "id";
    key_checks by "name";
    organisations by "id";
    users by "id";
    idempotency_keys by "organisation_id", "key";
    programmes by "id";
    agreements by "id";
    agreement_conditions by "agreement_id";
    money_movements by "id";
    venues by "id";
    labels by "id";
    suspensions by "id";
    programme_prescribers by "programme_id", "organisation_id";
    programme_venues by "programme_id", "venue_id";
    letterheads by "organisation_id";
    print_runs by "id";
    stock_boxes by "id";
    stock_events by "id";
    passes by "id";
    pass_events by "id";
    pass_fundings by "pass_id", "position";
    scheduled_workshops by "id";
    redemptions by "id";
    reversals by "id";
    offline_scans by "id";
    postings by "number";
    closed_months by "month";
    closed_figures by "month", "agreement_id";
    bank_details by "id";
    payment_runs by "id";
    statements by "-month", "id";
    payments by "run_id", "statement_id";
    repayments by "statement_id";
    payment_files by "run_id", "version";
    funding_calls by "id";
    closing_statements by "id";
    closing_statement_lines by "statement_id", "agreement_id";
    closing_statement_signatures by "statement_id", "funder_id";
    open_data_vintages by "id";
    open_data_months by "month";
    audit_entries by "number";
    open_data_files by "vintage_id", "name";
}

const DERIVED: &str = "the new server derives it from the postings itself";

/// Tables an export leaves out, each with its reason.
pub const LEFT_OUT: [(&str, &str); 12] = [
    ("clock_marks", "the new server has a clock of its own"),
    ("refresh_tokens", "people sign in again on the new server"),
    ("sessions", "people sign in again on the new server"),
    ("wrong_codes", "wrong codes are counted for a quarter of an hour"),
    ("sign_in_attempts", "wrong passwords are counted for ten minutes"),
    ("heartbeats", "a readiness check writes there"),
    ("audit_addresses", "addresses are kept for thirty days"),
    ("look_ups", "look-ups of people are counted for a day"),
    ("report_watermarks", DERIVED),
    ("report_sums", DERIVED),
    ("report_codes", DERIVED),
    ("report_facts", DERIVED),
];

impl TableShape {
    /// Hands every row to `each`, in order, as a JSON list of the texts of its columns: ids and
    /// bytes in hexadecimal, instants in microseconds, yes and no as 1 and 0.
    ///
    /// # Errors
    /// A failure of the database, or what `each` refuses.
    pub fn read<E: From<diesel::result::Error>>(
        &self,
        conn: &mut Conn,
        each: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let cells: Vec<String> = self
            .columns
            .iter()
            .map(|column| dialect::text_of(conn, column.kind, column.name))
            .collect();
        let order: Vec<String> = self.order.iter().map(|key| self.ordered(conn, key)).collect();
        let sql = format!(
            "SELECT {} AS line FROM {} ORDER BY {}",
            dialect::list_of_texts(conn, &cells),
            self.name,
            order.join(", ")
        );
        dialect::each_line(conn, &sql, each)
    }

    fn ordered(&self, conn: &Conn, key: &str) -> String {
        let (name, turned) = key.strip_prefix('-').map_or((key, ""), |name| (name, " DESC"));
        let text = self.columns.iter().any(|one| one.name == name && one.kind == Kind::Text);
        let by = if text { dialect::by_bytes(conn, name) } else { name.to_owned() };
        format!("{by}{turned}")
    }

    /// Writes rows: a JSON list of lists of texts, as [`TableShape::read`] hands them out.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn write(&self, conn: &mut Conn, rows: &str) -> QueryResult<usize> {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        let cells: Vec<String> = self
            .columns
            .iter()
            .enumerate()
            .map(|(place, column)| dialect::from_text(conn, column.kind, place))
            .collect();
        let sql = dialect::insert_of_texts(conn, self.name, &names.join(", "), &cells.join(", "));
        diesel::sql_query(sql).bind::<Text, _>(rows).execute(conn)
    }

    /// Whether no row is there.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn is_empty(&self, conn: &mut Conn) -> QueryResult<bool> {
        #[derive(QueryableByName)]
        struct Found {
            #[diesel(sql_type = BigInt)]
            rows: i64,
        }
        let sql = format!("SELECT count(*) AS rows FROM (SELECT 1 FROM {} LIMIT 1) t", self.name);
        Ok(diesel::sql_query(sql).get_result::<Found>(conn)?.rows == 0)
    }
}
