//! `serve` and `migrate`.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::{Server, ServerHandle};
use tokio::signal::unix::{SignalKind, signal};

use super::Stop;
use super::log::log_to_stderr;
use crate::app::checkpoints::Checkpoints;
use crate::app::jobs::Jobs;
use crate::app::{App, Settings};
use crate::http::server::{self, Listeners};

/// Serves until SIGTERM, SIGINT or SIGHUP, then drains and stops.
///
/// # Errors
/// When the service cannot start.
pub fn serve(settings: &Settings) -> Result<(), Stop> {
    let _log = log_to_stderr();
    let app = App::build(settings)?;
    for migration in app.prepare()? {
        tracing::info!(migration, "migrated");
    }
    let listeners = listen(settings)?;
    // Whoever started the service may have closed its end: that is no reason not to serve.
    drop(writeln!(std::io::stdout(), "http://{}", listeners.people.local_addr()?));
    run(Arc::new(app), listeners)
}

/// Binds the addresses before anything is promised.
///
/// # Errors
/// When an address is taken or cannot be read.
pub fn listen(settings: &Settings) -> Result<Listeners, Stop> {
    let machines = settings.machine_listen.as_deref().map(bind).transpose()?;
    let people = bind(&settings.listen)?;
    Ok(Listeners { people, machines, requests_per_second: settings.requests_per_second })
}

fn bind(address: &str) -> Result<TcpListener, Stop> {
    TcpListener::bind(address)
        .map_err(|error| Stop::Failure(format!("cannot listen on {address}: {error}")))
}

/// Answers requests and runs the jobs until the process is told to stop.
///
/// # Errors
/// When the server fails.
pub fn run(app: Arc<App>, listeners: Listeners) -> Result<(), Stop> {
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    actix_web::rt::System::new().block_on(async move {
        let jobs = Jobs::start(Arc::clone(&app));
        let checkpoints = Checkpoints::start(Arc::clone(&app));
        let servers = server::servers(app, listeners, workers)?;
        actix_web::rt::spawn(stop_when_told(servers.iter().map(Server::handle).collect()));
        // A server begins when it is waited for: each by itself, so that all begin.
        let running: Vec<_> = servers.into_iter().map(actix_web::rt::spawn).collect();
        for server in running {
            server.await.map_err(std::io::Error::other)??;
        }
        drop((jobs, checkpoints));
        tracing::info!("drained and stopped");
        Ok(())
    })
}

/// Lets what is under way end when the process is told to stop, whoever tells it: a supervisor, a
/// person at the keyboard, a terminal that closes. Told a second time it stops at once.
async fn stop_when_told(handles: Vec<ServerHandle>) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut graceful = true;
    loop {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hang_up.recv() => {}
        }
        tracing::info!(graceful, "told to stop");
        for handle in &handles {
            // Each is told before any is waited for.
            drop(actix_web::rt::spawn(handle.stop(graceful)));
        }
        graceful = false;
    }
}

/// Brings the schema up to date.
///
/// # Errors
/// A migration's reason.
pub fn migrate(settings: &Settings) -> Result<(), Stop> {
    let app = App::build(settings)?;
    let done = app.prepare()?;
    for migration in &done {
        println!("migrated {migration}");
    }
    println!("{} is up to date", settings.database_url);
    Ok(())
}
