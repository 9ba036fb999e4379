//! Proving the payments from the postings: a statement that is paid is settled for exactly what
//! its lines come to, by agreement; one that is not, for nothing.

use std::collections::{BTreeMap, HashMap};

use super::bank_details::open_of;
use super::owed::owed_by_agreement;
use super::{Op, Outcome};
use crate::adapters::digest::sha256;
use crate::domain::ids::PaymentRunId;
use crate::domain::money::Cents;
use crate::domain::payment_run::PainVersion;
use crate::domain::statement::StatementState;
use crate::store;
use crate::store::statement::Filter;

/// Compares every statement and every payment run with the postings; what differs goes to
/// `differences`.
pub(super) fn compare_payments(op: &mut Op<'_>, differences: &mut Vec<String>) -> Outcome<()> {
    let mut sums: HashMap<PaymentRunId, Cents> = HashMap::new();
    for statement in store::statement::page(op.conn, &Filter::default(), None, i64::MAX)? {
        let reference = statement.reference();
        let paid = matches!(statement.state, StatementState::InPayment | StatementState::Paid);
        let owed = if paid { owed_by_agreement(op, &statement)? } else { Vec::new() };
        let settled = store::settlement::settled(op.conn, statement.id)?;
        let settled: BTreeMap<_, _> =
            settled.into_iter().filter(|(_, cents)| *cents != Cents::ZERO).collect();
        if settled != owed.into_iter().collect() {
            differences.push(format!("{reference}: settled for other than its lines"));
        }
        match (paid, statement.payment_run) {
            (true, Some(run)) => *sums.entry(run).or_default() += statement.due(),
            (false, None) => {}
            // What was paid too much came back from the organisation itself.
            (true, None) if statement.due() < Cents::ZERO => {}
            _ => differences.push(format!("{reference}: its state and its run do not agree")),
        }
    }
    compare_runs(op, &sums, differences)
}

fn compare_runs(
    op: &mut Op<'_>,
    sums: &HashMap<PaymentRunId, Cents>,
    differences: &mut Vec<String>,
) -> Outcome<()> {
    let mut numbers: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for run in store::payment_run::page(op.conn, None, i64::MAX)? {
        numbers.entry(run.year).or_default().push(run.number);
        let rows = store::payment_run::payments_of(op.conn, run.id)?;
        let all: Cents = rows.iter().map(|row| Cents(row.amount_cents)).sum();
        let back = rows.iter().filter(|row| row.rejected_at.is_some());
        let back: Cents = back.map(|row| Cents(row.amount_cents)).sum();
        let stands = sums.get(&run.id).copied().unwrap_or_default();
        if all != run.control_sum || all - back != stands {
            let reference = run.reference();
            differences.push(format!("{reference}: its payments do not add up to its sum"));
        }
        for version in PainVersion::ALL {
            let kept = store::payment_run::file(op.conn, run.id, version)?;
            let whole = match kept {
                Some((sealed, digest)) => {
                    open_of(op, run.id.0, &sealed).is_ok_and(|bytes| sha256(&bytes) == digest)
                }
                None => false,
            };
            if !whole {
                let (reference, version) = (run.reference(), version.as_str());
                differences.push(format!("{reference}: its file {version} cannot be read"));
            }
        }
    }
    for (year, mut numbers) in numbers {
        numbers.sort_unstable();
        if (1..).zip(&numbers).any(|(place, number)| place != *number) {
            differences.push(format!("payment runs of {year} are not numbered without gaps"));
        }
    }
    Ok(())
}
