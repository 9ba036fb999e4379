//! `serve` and `migrate`.

use std::io::IsTerminal;
use std::net::TcpListener;
use std::sync::Arc;

use super::Stop;
use crate::app::checkpoints::Checkpoints;
use crate::app::jobs::Jobs;
use crate::app::{App, Settings};
use crate::http::server;

/// Serves until SIGTERM or SIGINT, then drains and stops.
///
/// # Errors
/// When the service cannot start.
pub fn serve(settings: &Settings) -> Result<(), Stop> {
    log_to_stderr();
    let app = App::build(settings)?;
    for migration in app.prepare()? {
        tracing::info!(migration, "migrated");
    }
    let listener = listen(settings)?;
    println!("http://{}", listener.local_addr()?);
    run(Arc::new(app), listener)
}

/// Binds the address before anything is promised.
///
/// # Errors
/// When the address is taken or cannot be read.
pub fn listen(settings: &Settings) -> Result<TcpListener, Stop> {
    TcpListener::bind(&settings.listen)
        .map_err(|error| Stop::Failure(format!("cannot listen on {}: {error}", settings.listen)))
}

/// Answers requests and runs the jobs until the process is told to stop.
///
/// # Errors
/// When the server fails.
pub fn run(app: Arc<App>, listener: TcpListener) -> Result<(), Stop> {
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    actix_web::rt::System::new().block_on(async move {
        let jobs = Jobs::start(Arc::clone(&app));
        let checkpoints = Checkpoints::start(Arc::clone(&app));
        server::server(app, listener, workers)?.await?;
        drop((jobs, checkpoints));
        tracing::info!("drained and stopped");
        Ok(())
    })
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

/// Sends the log to standard error, as lines; `PASSNUM_LOG` says how much.
pub fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("PASSNUM_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter);
    if lines.try_init().is_err() {
        tracing::debug!("the log was set up before");
    }
}
