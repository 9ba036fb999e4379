//! What keeps reports from standing in each other's way: one large report an account at a time, an
//! end for those that take too long, and no more rows than a screen can hold.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Error, Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::ids::UserId;
use crate::domain::refusal::{Code, Fact, Refused};
use crate::domain::report::Report;
use crate::store::report_reader::{LONGEST_SECONDS, Reader};

/// The most groups of a report.
pub(super) const MOST_GROUPS: usize = 3;

/// The most rows of a report on a page or as JSON. Files have them all.
pub const MOST_ROWS: usize = 100_000;

/// How long a report may take.
const LONGEST: Duration = Duration::from_secs(LONGEST_SECONDS as u64);

/// When a refused account may ask again, in seconds.
const ASK_AGAIN: i64 = 5;

/// Who asks for a report, and whether they still wait for it.
pub struct Asker {
    /// Who asks.
    pub caller: Caller,
    /// Whether they wait.
    reader: Reader,
}

impl Asker {
    /// A person who waits.
    #[must_use]
    pub fn new(caller: Caller) -> Self {
        Self { caller, reader: Reader::default() }
    }

    /// The person has gone: the report ends.
    ///
    /// # Errors
    /// A failure of the database; the report then runs to its end.
    pub fn leave(&self, services: &Services) -> Outcome<()> {
        self.reader.leave(|| services.store.connect().map_err(Error::failure))
    }
}

/// The accounts that a large report is made for.
#[derive(Debug, Default)]
pub struct LargeReports(Mutex<HashSet<UserId>>);

/// A large report under way, until this is dropped.
pub(super) struct UnderWay<'a> {
    reports: &'a LargeReports,
    account: UserId,
}

impl LargeReports {
    fn begin(&self, account: UserId) -> Result<UnderWay<'_>, Refused> {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if accounts.insert(account) {
            return Ok(UnderWay { reports: self, account });
        }
        let sentence = "Un grand rapport est déjà en cours pour ce compte : attendez qu'il soit \
                        fini, ou choisissez un financeur.";
        let mut refused = Refused::new(Code::TooManyReports, sentence);
        refused.facts.push(("retry_after".to_owned(), Fact::Number(ASK_AGAIN)));
        Err(refused)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut accounts = self.reports.0.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.remove(&self.account);
    }
}

/// Reads for a report: one at a time for an account where it is large, and no longer than the
/// limit.
pub(super) fn read_limited<T>(
    services: &Services,
    asker: &Asker,
    large: bool,
    work: impl FnOnce(&mut Op<'_>) -> Outcome<T>,
) -> Outcome<T> {
    let account = asker.caller.user;
    let _under_way = large.then(|| services.large_reports.begin(account)).transpose()?;
    let begun = Instant::now();
    let outcome = services.read(|op| {
        let _watched = asker.reader.watch(op.conn)?;
        work(op)
    });
    match outcome {
        // diesel hands on no code of a statement that was ended: the time says so.
        Err(Error::Failure(failure)) if begun.elapsed() >= LONGEST => {
            tracing::warn!(cause = failure.for_the_log(), "a report was ended");
            Err(took_too_long().into())
        }
        outcome => outcome,
    }
}

fn took_too_long() -> Refused {
    let sentence = "Cette demande a pris plus d'une minute : choisissez une période plus courte, \
                    un financeur, ou moins de regroupements.";
    Refused::new(Code::TookTooLong, sentence)
}

/// Whether a page or JSON can hold it.
///
/// # Errors
/// `invalid_query`: it has more than [`MOST_ROWS`] rows.
pub fn must_fit(report: &Report) -> Result<(), Refused> {
    if report.rows.len() <= MOST_ROWS {
        return Ok(());
    }
    let sentence = format!(
        "Ce rapport a {} lignes, et une page n'en montre pas plus de {MOST_ROWS} : prenez le \
         fichier CSV, XLSX ou ODS, ou choisissez moins de regroupements.",
        report.rows.len()
    );
    Err(Refused::new(Code::InvalidQuery, sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_makes_one_large_report_at_a_time() {
        let reports = LargeReports::default();
        let [one, other] = [1, 2].map(|number| UserId(uuid::Uuid::from_u128(number)));
        let under_way = reports.begin(one).unwrap();
        let refused = reports.begin(one).err().unwrap();
        assert_eq!(refused.code, Code::TooManyReports);
        assert!(reports.begin(other).is_ok());
        drop(under_way);
        assert!(reports.begin(one).is_ok());
    }
}
