//! Routes for machines: alive, ready, metrics, and the API's own description.

use actix_web::HttpResponse;
use actix_web::web::Data;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::app::App;
use crate::http::answer::Answer;
use crate::http::openapi;
use crate::services::installation;

/// Alive: the process answers.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// Ready: the database answers and its schema is this program's.
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
pub async fn metrics(handle: Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(handle.render())
}

/// The `OpenAPI` document.
pub async fn document() -> Answer {
    let text = openapi::document_text().map_err(crate::services::Error::from)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(text))
}
