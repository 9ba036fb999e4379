//! What makes the scanner page an application that can be installed and opens without a network.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, HeaderName};
use serde_json::json;

use super::assets;
use crate::domain::refusal::Refused;
use crate::http::answer::Answer;

const ALLOWED: HeaderName = HeaderName::from_static("service-worker-allowed");

/// `GET /scanner/service-worker.js`: it rules over `/scanner` itself, which its own address does
/// not lie under.
pub async fn service_worker() -> Answer {
    let script = assets::content("scanner/service-worker.js").ok_or_else(Refused::not_found)?;
    Ok(HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header((ALLOWED, "/scanner"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(script))
}

/// `GET /scanner/application.webmanifest`
pub async fn manifest() -> Answer {
    let icon = |side: u16, purpose: &str| {
        json!({
            "src": assets::address(&format!("scanner/icon-{side}.png")),
            "sizes": format!("{side}x{side}"), "type": "image/png", "purpose": purpose,
        })
    };
    let manifest = json!({
        "name": "Pass numérique : valider un atelier",
        "short_name": "Pass numérique",
        "lang": "fr",
        "id": "/scanner",
        "start_url": "/scanner",
        "scope": "/scanner",
        "display": "standalone",
        "background_color": "#f7f3e9",
        "theme_color": "#123c38",
        "icons": [icon(192, "any"), icon(512, "any"), icon(512, "maskable")],
    });
    Ok(HttpResponse::Ok()
        .content_type("application/manifest+json")
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(manifest.to_string()))
}
