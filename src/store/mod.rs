//! SQL: one text for both engines, plain synchronous Diesel.
//!
//! The word for a query that serves one caller carries the owner (`of_prescriber`, `of_payee`);
//! the others are for the operator or for rules that have already checked.

pub mod account;
pub mod agreement;
pub mod agreement_condition;
pub mod alert;
pub mod audit;
pub mod balances;
pub mod bank_detail;
pub mod clock_mark;
pub mod closed_month;
pub mod closing_statement;
pub mod connection;
pub mod consumption_cells;
pub mod contradiction;
pub mod counting;
pub mod database_file;
pub mod dialect;
pub mod every_table;
pub mod figure_row;
pub mod figures;
pub mod funding_call;
pub mod grant;
pub mod idempotency;
pub mod installation;
pub mod key_check;
pub mod label;
pub mod labelled_venue;
pub mod ledger;
pub mod letterhead;
pub mod live_pass;
pub mod look_up;
pub mod month_figures;
pub mod offline_scan;
pub mod open_data;
pub mod organisation;
pub mod pass;
pub mod pass_event;
pub mod pass_funding;
pub mod pass_list;
pub mod payable;
pub mod payment_run;
pub mod pool;
pub mod print_run;
pub mod programme;
pub mod programme_member;
pub mod reading;
pub mod redeem_batch;
pub mod redemption;
pub mod redemption_line;
pub mod repayment;
pub mod report_facts;
pub mod report_reader;
pub mod report_scope;
pub mod report_sums;
pub mod revivable;
pub mod rhythm;
pub mod scheduled_workshop;
pub mod schema;
pub mod session;
pub mod settlement;
pub mod sign_in_attempt;
pub mod solvency;
pub mod sql_types;
pub mod statement;
pub mod statement_line;
pub mod stock_box;
pub mod stock_event;
pub mod stock_figures;
pub mod unit_of_work;
pub mod user;
pub mod venue;
pub mod venue_twin;
pub mod watermark;
pub mod wrong_code;

use std::collections::HashMap;
use std::hash::Hash;

use diesel::result::Error;

/// A row that says what no row can say: a loud error, never a default.
#[must_use]
pub fn unreadable(what: &str) -> Error {
    Error::DeserializationError(format!("unreadable {what} in the database").into())
}

/// Exactly one row must have changed.
///
/// # Errors
/// [`Error::NotFound`] when none did.
pub fn exactly_one(changed: usize) -> Result<(), Error> {
    if changed == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// The words of a list column, apart by spaces.
#[must_use]
pub fn words(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// A list column from its words; `None` when there are none.
#[must_use]
pub fn joined(words: &[String]) -> Option<String> {
    (!words.is_empty()).then(|| words.join(" "))
}

/// The values of each key, in their order.
fn grouped<K: Eq + Hash, V>(rows: impl IntoIterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in rows {
        groups.entry(key).or_default().push(value);
    }
    groups
}
