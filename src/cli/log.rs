//! The log of the service: lines on standard error, written by a thread of its own. A log that cannot
//! be written, or that nobody reads, holds up no request: its lines are dropped and counted.

use std::io::IsTerminal;
use std::time::Duration;

use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

/// So many lines wait for a slow reader; what comes then is dropped.
const WAITING_LINES: usize = 20_000;

/// How often dropped lines are counted.
const COUNT_EVERY: Duration = Duration::from_secs(5);

/// Sends the log to standard error; `PASSNUM_LOG` says how much, and `PASSNUM_LOG_FORMAT=json` that
/// machines read it. Lines are written until what is answered is dropped.
pub fn log_to_stderr() -> WorkerGuard {
    let filter = EnvFilter::try_from_env("PASSNUM_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let json = std::env::var("PASSNUM_LOG_FORMAT").is_ok_and(|format| format == "json");
    let (writer, guard) =
        NonBlockingBuilder::default().buffered_lines_limit(WAITING_LINES).finish(std::io::stderr());
    count_dropped(writer.error_counter());
    let lines = tracing_subscriber::fmt()
        .log_internal_errors(false)
        .with_writer(writer)
        .with_ansi(!json && std::io::stderr().is_terminal())
        .with_env_filter(filter);
    let set_up = if json { lines.json().try_init() } else { lines.try_init() };
    if set_up.is_err() {
        tracing::debug!("the log was set up before");
    }
    guard
}

fn count_dropped(lines: ErrorCounter) {
    std::thread::spawn(move || {
        loop {
            let dropped = u64::try_from(lines.dropped_lines()).unwrap_or(u64::MAX);
            metrics::counter!("log_lines_dropped_total").absolute(dropped);
            std::thread::sleep(COUNT_EVERY);
        }
    });
}
