//! Around every request: its id, its line in the log, its metrics, the headers of safety, and the
//! body of its problem. Addresses are logged by their pattern: a code in one is never written.

use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};

use super::address_limits::AddressLimits;
use super::body::UnreadBody;
use super::call::app_of;
use super::pages;
use super::pages::visit::Visitor;
use super::problem::Problem;
use super::{audit, deadline};
use crate::app::App;
use crate::domain::refusal::{Code, Refused};
use crate::services::Error;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What pages may load: nothing but our own files.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self'; \
    script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// The scanner decodes QR codes in WebAssembly where the browser cannot by itself. A thread's
/// policy is that of its own file.
const SCANNER_POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self'; \
    script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// Of what a phone can do the scanner needs the camera, and nobody anything else.
const PERMISSIONS: &str = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()";

/// A year of nothing but HTTPS, where the public address is one.
const HTTPS_ONLY: &str = "max-age=31536000";

/// The viewer of the API's documentation writes styles of its own.
const VIEWER_POLICY: &str = "default-src 'self'; img-src 'self' data:; \
    style-src 'self' 'unsafe-inline'; script-src 'self'; object-src 'none'; base-uri 'none'; \
    frame-ancestors 'none'";

/// The middleware.
///
/// # Errors
/// Only those of the framework that have no response yet.
pub async fn around(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    // A HEAD is answered as a GET without its body, which the protocol layer leaves out.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let app = app_of(request.request()).ok();
    let started = app.as_ref().map(|app| app.services.clock.now());
    let id = match (&app, started) {
        (Some(app), Some(now)) => app.services.random.id(now).to_string(),
        _ => String::new(),
    };
    let route = request.match_pattern().unwrap_or_default();
    let unread = UnreadBody::of(&mut request);
    let mut response = deadline::scope(&route, answered(request, next, app.as_ref(), &id)).await?;
    if let Some(body) = unread {
        body.close();
    }
    let pattern = response.request().match_pattern().unwrap_or_else(|| "-".to_owned());
    let secure = app.as_ref().is_some_and(|app| app.secure_cookies);
    finish(&mut response, &id, &pattern, secure);
    let status = response.status().as_u16();
    let method = known_method(response.request().method());
    let millis = app.zip(started).map_or(0, |(app, started)| {
        app.services.clock.now().micros().saturating_sub(started.micros()) / 1000
    });
    tracing::info!(request_id = %id, %method, %pattern, status, millis, "request");
    let labels = [("method", method), ("route", pattern), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_milliseconds", &labels).record(f64_of(millis));
    Ok(response)
}

/// The answer, noted in the audit journal where that is due.
async fn answered(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    app: Option<&Arc<App>>,
    id: &str,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if let Err(problem) = within_limits(app, &request).await {
        let answer = render(request.request(), &problem, id).await;
        return Ok(request.into_response(answer));
    }
    let response = next.call(request).await?.map_into_boxed_body();
    let response = with_problem(response, id).await;
    let pattern = response.request().match_pattern().unwrap_or_else(|| "-".to_owned());
    if let Some(app) = app
        && let Err(problem) = audit::after(app, &response, id, &pattern).await
    {
        let instead = render(response.request(), &problem, id).await;
        return Ok(response.into_response(instead));
    }
    Ok(response)
}

async fn within_limits(app: Option<&Arc<App>>, request: &ServiceRequest) -> Result<(), Problem> {
    match (app, request.app_data::<Data<AddressLimits>>()) {
        (Some(app), Some(limits)) => limits.check(app, request.request()).await,
        _ => Ok(()),
    }
}

/// Any word may stand where the method stands; only known ones become labels.
fn known_method(method: &Method) -> String {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PATCH,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if known.contains(method) { method.to_string() } else { "other".to_owned() }
}

fn f64_of(millis: i64) -> f64 {
    f64::from(i32::try_from(millis).unwrap_or(i32::MAX))
}

/// Writes the body of a problem, and turns the framework's own errors into ours.
async fn with_problem(response: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    let Some(error) = response.response().error() else { return response };
    let rendered = if let Some(problem) = error.as_error::<Problem>() {
        render(response.request(), problem, id).await
    } else {
        let refused = refused_by_framework(response.status());
        render(response.request(), &Problem::from(refused), id).await
    };
    response.into_response(rendered)
}

fn refused_by_framework(status: StatusCode) -> Refused {
    match status {
        StatusCode::NOT_FOUND => Refused::not_found(),
        StatusCode::PAYLOAD_TOO_LARGE => Refused::new(
            Code::BodyTooLarge,
            "Cet envoi est trop volumineux : réduisez-le et recommencez.",
        ),
        _ => Refused::new(
            Code::MalformedRequest,
            "Cette demande est illisible : vérifiez l'adresse et son contenu.",
        ),
    }
}

async fn render(request: &HttpRequest, problem: &Problem, id: &str) -> HttpResponse {
    if let Error::Failure(failure) = &problem.0 {
        tracing::error!(request_id = id, cause = failure.for_the_log(), "failure");
    }
    metrics::counter!("refusals_total", "code" => problem.refused().code.as_str()).increment(1);
    let mut builder = HttpResponse::build(problem.status_code());
    if let Some(seconds) = problem.retry_after() {
        builder.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if let Some(methods) = problem.allowed_methods() {
        builder.insert_header((header::ALLOW, methods));
    }
    if problem.replayed() {
        builder.insert_header((REPLAYED, "true"));
    }
    if problem.status_code() == StatusCode::UNAUTHORIZED {
        builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    if !wants_page(request) {
        return problem_json(&mut builder, problem, id);
    }
    let refused = problem.refused();
    if let Some(answer) = pages::error::sign_in_first(request, &refused) {
        return answer;
    }
    let visitor = visitor(request, problem).await;
    pages::error::page(&mut builder, visitor.as_ref(), &refused, id)
}

/// Who gets the page of an error. A service in trouble is not asked once more, nor by who asks too much.
async fn visitor(request: &HttpRequest, problem: &Problem) -> Option<Visitor> {
    let refused = problem.refused().code;
    if problem.status_code().is_server_error() || refused == Code::TooManyRequests {
        return None;
    }
    let app = app_of(request).ok()?;
    Visitor::of(&app, request).await.ok()
}

fn problem_json(builder: &mut HttpResponseBuilder, problem: &Problem, id: &str) -> HttpResponse {
    builder.content_type("application/problem+json").body(problem.body(id).to_string())
}

fn wants_page(request: &HttpRequest) -> bool {
    let accepts_html = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"));
    accepts_html && !request.path().starts_with("/api/")
}

fn finish(response: &mut ServiceResponse<BoxBody>, id: &str, pattern: &str, secure: bool) {
    let policy = match pattern {
        viewer if viewer.starts_with("/docs/{") => VIEWER_POLICY,
        scanner if scanner.starts_with("/scanner") || scanner.starts_with("/assets") => {
            SCANNER_POLICY
        }
        _ => POLICY,
    };
    let path_holds_code = pattern.starts_with("/p/") || pattern.starts_with("/P/");
    let headers = response.headers_mut();
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, if path_holds_code { "no-referrer" } else { "same-origin" }),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::PERMISSIONS_POLICY, PERMISSIONS),
        (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
        (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HTTPS_ONLY));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
}
