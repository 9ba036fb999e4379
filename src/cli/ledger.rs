//! `ledger verify`, `ledger fold` and `ledger revive`.

use super::Stop;
use crate::app::{App, Settings};
use crate::services::{revive_passes, update_reports, verify_ledger};

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

/// Brings back what a clock that was ahead wound up before its day; exit 1 and a list when some of it
/// does not fit any more.
///
/// # Errors
/// [`Stop::Found`] when a pass stays wound up; a clock that is wrong now.
pub fn revive(settings: &Settings, dry_run: bool) -> Result<(), Stop> {
    let app = App::build(settings)?;
    app.prepare()?;
    let revived = revive_passes::revive_passes(&app.services, dry_run)?;
    let would = if dry_run { "would be brought back" } else { "brought back" };
    println!(
        "{} passes {would}, with {} workshops and {}",
        revived.passes, revived.workshops, revived.amount
    );
    for (serial, reason) in &revived.refused {
        println!("NOT BROUGHT BACK: pass {serial}: {reason}");
    }
    if revived.refused.is_empty() { Ok(()) } else { Err(Stop::Found) }
}
