//! Routes for machines: alive, ready, metrics, and the API's own description.

use actix_web::HttpResponse;
use actix_web::web::Data;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::app::App;
use crate::http::answer::Answer;
use crate::http::openapi;
use crate::http::shapes::Problems;
use crate::services::installation;

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
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// Ready: the database answers and its schema is this program's.
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
pub async fn readyz(app: Data<App>) -> HttpResponse {
    let answer = app.run(installation::ready).await;
    let builder = |mut builder: actix_web::HttpResponseBuilder, text: &'static str| {
        builder.content_type("text/plain; charset=utf-8").body(text)
    };
    match answer {
        Ok(()) => builder(HttpResponse::Ok(), "ready\n"),
        Err(_) => builder(HttpResponse::ServiceUnavailable(), "not ready\n"),
    }
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
