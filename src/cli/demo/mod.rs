//! `demo`: serves a filled installation on the embedded database.

mod account;
mod books;
mod cast;
mod payments;
mod stages;
mod stock;
mod year;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::log::log_to_stderr;
use super::{Stop, serve};
use crate::adapters::clock::{Clock, SystemClock};
use crate::app::settings::Given;
use crate::app::{App, Settings, rehearsal};
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{OrganisationId, PassId, UserId};
use crate::services::hand_over::{HandOver, hand_over};
use crate::services::{Services, read_pass};

/// What a filled demo remembers of itself, beside its database.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Filled {
    accounts: Vec<(String, String)>,
    social_worker: Uuid,
    prescriber: Uuid,
    programme: Uuid,
    example_pass: Option<Uuid>,
}

/// Fills the installation when it is new, then serves it.
///
/// # Errors
/// When the data directory holds something else, or the service cannot start.
pub fn demo(settings: Settings, given: &Given, fresh: bool) -> Result<(), Stop> {
    let settings = embedded(settings, given)?;
    let marker = settings.data_dir.join("demo.json");
    let started = settings.data_dir.join("demo.started");
    if fresh || (started.exists() && !marker.exists()) {
        throw_away(&settings.data_dir, &started)?;
    }
    let listeners = serve::listen(&settings)?;
    must_be_for_this_machine(listeners.people.local_addr()?)?;
    let mut filled = if marker.exists() { read(&marker)? } else { fill(&settings, &started)? };
    let app = App::build(&settings)?;
    app.prepare()?;
    let code = example(&app.services, &mut filled)?;
    write(&marker, &filled)?;
    announce(&listeners.people.local_addr()?.to_string(), &filled, &code);
    let _log = log_to_stderr();
    serve::run(Arc::new(app), listeners)
}

/// Its accounts have a password that everybody knows.
fn must_be_for_this_machine(address: SocketAddr) -> Result<(), Stop> {
    if address.ip().is_loopback() {
        return Ok(());
    }
    let reason = format!(
        "the demo's password is public: it is served to this machine only, not on {address}"
    );
    Err(Stop::Usage(reason))
}

/// The demo always has a directory and an embedded database of its own.
fn embedded(settings: Settings, given: &Given) -> Result<Settings, Stop> {
    let default = given.data_dir.is_none() && given.config.is_none();
    let data_dir =
        if default { PathBuf::from("pass-numerique-demo") } else { settings.data_dir.clone() };
    let url = format!("sqlite:{}", data_dir.join("demo.sqlite").display());
    let database_url = url.parse().map_err(|_| Stop::Usage("data directory".to_owned()))?;
    Ok(Settings { data_dir, database_url, ..settings })
}

/// Throws away what an earlier demo made, and nothing else.
fn throw_away(data_dir: &Path, started: &Path) -> Result<(), Stop> {
    if !data_dir.exists() {
        return Ok(());
    }
    if !started.exists() {
        let reason = format!(
            "{} was not made by the demo and is left alone: choose another --data-dir",
            data_dir.display()
        );
        return Err(Stop::Usage(reason));
    }
    Ok(fs::remove_dir_all(data_dir)?)
}

fn fill(settings: &Settings, started: &Path) -> Result<Filled, Stop> {
    let data_dir = &settings.data_dir;
    let empty = !data_dir.exists() || fs::read_dir(data_dir)?.next().is_none();
    if !empty {
        let reason = format!(
            "{} holds something that is not a demo: choose another --data-dir",
            data_dir.display()
        );
        return Err(Stop::Usage(reason));
    }
    fs::create_dir_all(data_dir)?;
    fs::write(started, "made by the demo command; --fresh throws it away\n")?;
    let now = SystemClock.now();
    let (app, clock) = rehearsal(settings, now)?;
    app.prepare()?;
    let cast = cast::assemble(&app.services, &clock, now)?;
    year::play(&app.services, &clock, &cast, now)?;
    stock::print(&app.services, &clock, &cast, now)?;
    books::keep(&app.services, &clock, &cast, now)?;
    stages::plan(&app.services, &cast.stages, now)?;
    Ok(cast.filled())
}

fn read(marker: &Path) -> Result<Filled, Stop> {
    serde_json::from_str(&fs::read_to_string(marker)?)
        .map_err(|error| Stop::Failure(format!("{}: {error}", marker.display())))
}

fn write(marker: &Path, filled: &Filled) -> Result<(), Stop> {
    let text = serde_json::to_string_pretty(filled).map_err(crate::services::Error::from)?;
    let draft = marker.with_extension("draft");
    fs::write(&draft, text)?;
    Ok(fs::rename(draft, marker)?)
}

/// A code to try: that of the example pass while it lives, of a fresh one otherwise.
fn example(services: &Services, filled: &mut Filled) -> Result<String, Stop> {
    let social_worker = Caller {
        user: UserId(filled.social_worker),
        organisation: OrganisationId(filled.prescriber),
        role: Role::SocialWorker,
        manager: false,
    };
    if let Some(id) = filled.example_pass
        && let Ok(paper) = read_pass::paper(services, &social_worker, PassId(id))
        && paper.pass.status == "active"
    {
        return Ok(paper.code);
    }
    let request = HandOver {
        programme_id: filled.programme,
        units: 10,
        beneficiary: None,
        commune: Some("16015".to_owned()),
        age_band: None,
        gender: None,
        status: None,
        publics: Vec::new(),
    };
    let pass = hand_over(services, &social_worker, &request, None)?.value;
    filled.example_pass = Some(pass.id);
    Ok(pass.code)
}

fn announce(address: &str, filled: &Filled, code: &str) {
    println!();
    println!("  Pass numérique — démonstration : http://{address}");
    println!();
    for (role, email) in &filled.accounts {
        println!("  {role:<22} {email}");
    }
    println!("  {:<22} {}", "mot de passe", account::PASSWORD);
    println!();
    println!("  code à valider         {code}");
    println!("  documentation de l'API http://{address}/docs");
    println!();
}
