//! Routes for machines: alive, ready, metrics, and the API's own description.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::Data;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::app::App;
use crate::app::redeem_queue::RedeemQueue;
use crate::http::answer::Answer;
use crate::http::openapi;
use crate::http::shapes::Problems;
use crate::services::installation;

/// How long a readiness check may take.
const LONGEST_CHECK: Duration = Duration::from_secs(2);

/// How long a check counts: however many ask, the database is asked once a second.
const FRESH: Duration = Duration::from_secs(1);

/// Alive: the process answers.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "Machine",
    operation_id = "machine_healthz",
    responses(
        (status = 200, description = "`ok`", body = String, content_type = "text/plain"),
        Problems,
    ),
)]
pub async fn healthz() -> HttpResponse {
    text(HttpResponse::Ok(), "ok\n")
}

/// The last readiness check of a process.
#[derive(Default)]
pub struct Readiness(Mutex<Option<Check>>);

#[derive(Clone, Copy)]
struct Check {
    at: Instant,
    ready: bool,
}

impl Readiness {
    /// Whether the service can do its work: the database can be written to, and what waits to be
    /// redeemed is taken.
    async fn now(&self, app: &Data<App>, queue: &RedeemQueue) -> bool {
        let mut last = self.0.lock().await;
        if let Some(Check { at, ready }) = *last
            && at.elapsed() < FRESH
        {
            return ready;
        }
        let database = timeout(LONGEST_CHECK, app.run(installation::ready)).await;
        let ready = matches!(database, Ok(Ok(()))) && queue.is_taken();
        *last = Some(Check { at: Instant::now(), ready });
        ready
    }
}

/// Ready: something can be written, with the right keys, and somebody takes from the queue.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "Machine",
    operation_id = "machine_readyz",
    responses(
        (status = 200, description = "`ready`", body = String, content_type = "text/plain"),
        (status = 503, description = "`not ready`", body = String, content_type = "text/plain"),
        Problems,
    ),
)]
pub async fn readyz(
    app: Data<App>,
    queue: Data<RedeemQueue>,
    readiness: Data<Readiness>,
) -> HttpResponse {
    // Whoever waits for the check of another waits no longer than for one of their own.
    match timeout(LONGEST_CHECK, readiness.now(&app, &queue)).await {
        Ok(true) => text(HttpResponse::Ok(), "ready\n"),
        _ => text(HttpResponse::ServiceUnavailable(), "not ready\n"),
    }
}

fn text(mut builder: actix_web::HttpResponseBuilder, text: &'static str) -> HttpResponse {
    builder.content_type("text/plain; charset=utf-8").body(text)
}

/// Metrics in the text form of Prometheus.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "Machine",
    operation_id = "machine_metrics",
    responses(
        (status = 200, description = "Metrics", body = String, content_type = "text/plain"),
        Problems,
    ),
)]
pub async fn metrics(handle: Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(handle.render())
}

/// The `OpenAPI` document.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "Machine",
    operation_id = "machine_document",
    responses((status = 200, description = "This document", body = serde_json::Value), Problems),
)]
pub async fn document() -> Answer {
    let text = openapi::document_text().map_err(crate::services::Error::from)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(text))
}
