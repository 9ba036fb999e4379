//! The SQL of counters, made from their definitions in `domain/counters.rs`.

use super::connection::Conn;
use super::dialect;
use crate::domain::ledger::PostingKind;
use crate::domain::report::{Counting, Measure};

/// Which postings tell an event that several agreements pay for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedOn {
    /// The one that leads: everybody's money is looked at.
    Lead,
    /// Each: one funder's or one agreement's own postings are looked at.
    Own,
}

impl CountedOn {
    fn condition(self) -> &'static str {
        match self {
            Self::Lead => "p.lead",
            Self::Own => "1 = 1",
        }
    }
}

fn column(measure: Measure) -> &'static str {
    match measure {
        Measure::Postings => "p.postings",
        Measure::Workshops => "p.workshops",
        Measure::Starts => "p.starts",
        Measure::AmountCents => "p.amount_cents",
    }
}

/// `p` is of one of these kinds.
#[must_use]
pub fn of_kinds(kinds: &[PostingKind]) -> String {
    let is = |kind: &PostingKind| format!("p.kind = '{}'", kind.as_str());
    format!("({})", kinds.iter().map(is).collect::<Vec<_>>().join(" OR "))
}

/// The kinds of postings that a counter adds up.
#[must_use]
pub fn kinds(counting: &Counting) -> String {
    of_kinds(&[counting.adds, counting.takes_off].concat())
}

/// The sum over `p` that a counter is.
#[must_use]
pub fn counted(conn: &Conn, counting: &Counting, counted_on: CountedOn) -> String {
    counted_where(conn, counting, counted_on, "1 = 1")
}

/// The same of the postings within a condition. Most postings take no part in most counters: they
/// are filtered before they are added.
#[must_use]
pub fn counted_where(
    conn: &Conn,
    counting: &Counting,
    counted_on: CountedOn,
    condition: &str,
) -> String {
    let measure = column(counting.measure);
    let what = if counting.takes_off.is_empty() {
        measure.to_owned()
    } else {
        format!("CASE WHEN {} THEN -{measure} ELSE {measure} END", of_kinds(counting.takes_off))
    };
    let tells = if counting.measure.of_events() { counted_on.condition() } else { "1 = 1" };
    format!(
        "coalesce({}({what}) FILTER (WHERE {tells} AND {condition} AND {}), 0)",
        dialect::whole_sum(conn),
        kinds(counting)
    )
}
