//! `ledger verify` and `ledger fold`.

use super::Stop;
use crate::app::{App, Settings};
use crate::services::{update_reports, verify_ledger};

/// Proves every balance and figure from the postings; exit 1 and a list on any difference.
///
/// # Errors
/// [`Stop::Found`] when something differs.
pub fn verify(settings: &Settings) -> Result<(), Stop> {
    let app = App::build(settings)?;
    app.prepare()?;
    let verified = verify_ledger::verify_ledger(&app.services)?;
    println!("{} postings, {} passes", verified.postings, verified.passes);
    for (account, balance) in &verified.accounts {
        println!("{:>10}  {balance}", account.as_str());
    }
    println!("{:>10}  {}", "sum", verified.sum);
    let (entries, digest) = &verified.audit;
    println!("{entries} audit entries, the last with digest {digest}");
    if verified.differences.is_empty() {
        println!("every balance and figure is as the postings say");
        return Ok(());
    }
    for difference in &verified.differences {
        println!("DIFFERENCE: {difference}");
    }
    Err(Stop::Found)
}

/// Adds what was posted to the sums and facts of reports: after an import, so that the first report
/// is fast too.
///
/// # Errors
/// A failure of the database.
pub fn fold(settings: &Settings) -> Result<(), Stop> {
    let app = App::build(settings)?;
    app.prepare()?;
    println!("{} postings added", update_reports::update_whole_reports(&app.services)?);
    Ok(())
}
