//! The server: listens, answers, and drains when it is told to stop.

use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{Data, PathConfig};
use actix_web::{App as WebApp, HttpServer};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::address_limits::AddressLimits;
use super::api::machine::Readiness;
use super::problem::Problem;
use super::{router, trace};
use crate::app::App;
use crate::app::redeem_queue::RedeemQueue;
use crate::domain::refusal::Refused;

/// How long requests under way may take once the service was told to stop.
const DRAIN_SECONDS: u64 = 20;

/// How long the head of a request may take, and the farewell of a connection.
const HEAD_WAIT: Duration = Duration::from_secs(5);

/// How long a connection may be idle between two requests.
const IDLE: Duration = Duration::from_secs(30);

/// So many connections are open at once, in all; more wait to be accepted.
const CONNECTIONS: usize = 20_000;

/// So many use cases are under way or wait for the database at once, in all.
const BLOCKING_THREADS: usize = 128;

/// How often the samples of histograms are folded together.
const UPKEEP: Duration = Duration::from_secs(5);

/// How often addresses that have not come for a while are forgotten.
const TIDY_EVERY: Duration = Duration::from_mins(1);

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Where a service listens: for people, and for machines when they have an address of their own.
pub struct Listeners {
    /// For people.
    pub people: TcpListener,
    /// For what asks for metrics and readiness.
    pub machines: Option<TcpListener>,
    /// So many requests a second from one address without a valid sign-in; 0: any number.
    pub requests_per_second: u32,
}

/// Servers on listeners that are already bound. Whoever holds them tells them to stop: they drain.
///
/// # Errors
/// The operating system's reason when it cannot listen.
pub fn servers(
    app: Arc<App>,
    listeners: Listeners,
    workers: usize,
) -> std::io::Result<Vec<Server>> {
    let app = Data::from(app);
    let queue = Data::new(RedeemQueue::start(&app));
    let metrics = Data::new(METRICS.get_or_init(recorder).clone());
    let limits = Data::new(AddressLimits::new(listeners.requests_per_second));
    let readiness = Data::new(Readiness::default());
    actix_web::rt::spawn(tidy(limits.clone()));
    let Listeners { people, machines, .. } = listeners;
    let apart = machines.is_some();
    let mut servers = Vec::new();
    if let Some(machines) = machines {
        let (app, queue, metrics) = (app.clone(), queue.clone(), metrics.clone());
        let readiness = readiness.clone();
        let server = HttpServer::new(move || {
            WebApp::new()
                .app_data(app.clone())
                .app_data(queue.clone())
                .app_data(metrics.clone())
                .app_data(readiness.clone())
                .configure(router::health_route)
                .configure(router::machine_routes)
        });
        let server = server.workers(1).disable_signals().shutdown_timeout(DRAIN_SECONDS);
        servers.push(server.listen(machines)?.run());
    }
    let server = HttpServer::new(move || {
        WebApp::new()
            .app_data(app.clone())
            .app_data(metrics.clone())
            .app_data(queue.clone())
            .app_data(limits.clone())
            .app_data(readiness.clone())
            .app_data(
                PathConfig::default()
                    .error_handler(|_, _| Problem::from(Refused::not_found()).into()),
            )
            .wrap(Compress::default())
            .wrap(from_fn(trace::around))
            .configure(router::health_route)
            .configure(move |config| {
                if !apart {
                    router::machine_routes(config);
                }
            })
            .configure(router::routes)
    });
    let server = server
        .workers(workers)
        .worker_max_blocking_threads(BLOCKING_THREADS.div_ceil(workers))
        .max_connections(CONNECTIONS.div_ceil(workers))
        .client_request_timeout(HEAD_WAIT)
        .client_disconnect_timeout(HEAD_WAIT)
        .keep_alive(IDLE)
        .disable_signals()
        .shutdown_timeout(DRAIN_SECONDS);
    servers.push(server.listen(people)?.run());
    Ok(servers)
}

async fn tidy(limits: Data<AddressLimits>) {
    loop {
        tokio::time::sleep(TIDY_EVERY).await;
        limits.tidy();
    }
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
