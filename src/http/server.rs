//! The server: listens, answers, and drains when it is told to stop.

use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{Data, PathConfig};
use actix_web::{App as WebApp, HttpServer};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::problem::Problem;
use super::{router, trace};
use crate::app::App;
use crate::app::redeem_queue::RedeemQueue;
use crate::domain::refusal::Refused;

/// How long requests under way may take once the service was told to stop.
const DRAIN_SECONDS: u64 = 20;

/// How often the samples of histograms are folded together.
const UPKEEP: Duration = Duration::from_secs(5);

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// A server on a listener that is already bound. SIGTERM and SIGINT drain it.
///
/// # Errors
/// The operating system's reason when it cannot listen.
pub fn server(app: Arc<App>, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
    let app = Data::from(app);
    let queue = Data::new(RedeemQueue::start(&app));
    let metrics = Data::new(METRICS.get_or_init(recorder).clone());
    let server = HttpServer::new(move || {
        WebApp::new()
            .app_data(app.clone())
            .app_data(metrics.clone())
            .app_data(queue.clone())
            .app_data(
                PathConfig::default()
                    .error_handler(|_, _| Problem::from(Refused::not_found()).into()),
            )
            .wrap(Compress::default())
            .wrap(from_fn(trace::around))
            .configure(router::routes)
    });
    Ok(server.workers(workers).shutdown_timeout(DRAIN_SECONDS).listen(listener)?.run())
}

/// The process's one recorder of metrics. A second server in one process shares it.
fn recorder() -> PrometheusHandle {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let upkeep = handle.clone();
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(UPKEEP);
            upkeep.run_upkeep();
        }
    });
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::warn!("another recorder of metrics was installed first");
    }
    handle
}
