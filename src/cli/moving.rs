//! `ledger export`, `ledger import`, `backup` and `restore`.

use std::path::Path;

use indicatif::ProgressBar;

use super::Stop;
use super::progress::bar;
use crate::app::{App, Settings, moving};
use crate::services::export_installation::Manifest;

/// `ledger export`: the whole installation as files another server can take over.
///
/// # Errors
/// A folder that holds something, or a failure.
pub fn export(settings: &Settings, folder: &Path, with_keys: bool) -> Result<(), Stop> {
    let app = installation(settings)?;
    let progress = rows();
    let made = moving::export(&app, settings, folder, with_keys, || progress.inc(1))?;
    progress.finish_and_clear();
    say(&made, folder);
    if !with_keys {
        println!("without the keys: no pass is recognised elsewhere until the key files are there");
    }
    Ok(())
}

/// `backup`: the same in one file, with the keys unless they are kept apart.
///
/// # Errors
/// A file that is there already, or a failure.
pub fn back_up(settings: &Settings, file: &Path, with_keys: bool) -> Result<(), Stop> {
    let app = installation(settings)?;
    let progress = rows();
    let made = moving::back_up(&app, settings, file, with_keys, || progress.inc(1))?;
    progress.finish_and_clear();
    say(&made, file);
    if with_keys {
        println!("it holds the keys: whoever has it can redeem every pass");
    } else {
        println!("without the keys: keep the folder of keys in another place");
    }
    Ok(())
}

/// `ledger import` and `restore`: brings an export or a backup into an empty installation.
///
/// # Errors
/// An export that cannot be used, or an installation that is not empty.
pub fn bring_in(settings: &Settings, from: &Path) -> Result<(), Stop> {
    let progress = rows();
    let (made, differences) = moving::bring_in(settings, from, || progress.inc(1))?;
    progress.finish_and_clear();
    say(&made, from);
    if differences.is_empty() {
        println!("every balance and figure is as the postings say, and as it was there");
        return Ok(());
    }
    for difference in &differences {
        println!("DIFFERENCE: {difference}");
    }
    Err(Stop::Found)
}

/// The installation of the data directory; a mistyped one must not give a backup of nothing.
fn installation(settings: &Settings) -> Result<App, Stop> {
    if !settings.data_dir.join("keys").join("complete").exists() {
        let place = settings.data_dir.display();
        return Err(Stop::Usage(format!("there is no installation in {place}: see --data-dir")));
    }
    let app = App::build(settings)?;
    app.prepare()?;
    Ok(app)
}

fn rows() -> ProgressBar {
    bar(0, "rows")
}

fn say(made: &Manifest, place: &Path) {
    println!("{}", place.display());
    println!("{} rows of {}", made.rows(), made.made_at.to_rfc3339());
    for name in ["passes", "redemptions", "postings"] {
        println!("{:>10}  {name}", made.rows_of(name));
    }
    for (account, cents) in &made.accounts {
        println!("{account:>10}  {}", crate::domain::money::Cents(*cents));
    }
}
