//! Routes of open data: anybody reads, the operator publishes.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, ETAG};
use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::{self, App};
use crate::http::answer::{Answer, created_once, ok};
use crate::http::call::{Call, Json, PublishOpenData};
use crate::http::query::Query;
use crate::http::shapes::Problems;
use crate::services::open_data::{self, OpenData};
use crate::services::publish_open_data::{NewVintage, Preview, Published, preview};

/// The vintages and their files, for anybody.
#[utoipa::path(
    get,
    path = "/api/v1/open-data",
    tag = "Open data",
    operation_id = "open_data_list",
    responses((status = 200, description = "The latest months first", body = OpenData), Problems),
)]
pub async fn list(app: Data<App>) -> Answer {
    ok(&app.run_public(open_data::list).await?)
}

/// A file of a vintage, for anybody: `consommation.csv`, `subventions.csv` or `schema.json`. Its
/// bytes never change; the `ETag` is their SHA-256.
#[utoipa::path(
    get,
    path = "/api/v1/open-data/{vintage}/{file}",
    tag = "Open data",
    operation_id = "open_data_file",
    params(
        ("vintage" = String, Path, description = "The vintage, `2026-01_2026-03`"),
        ("file" = String, Path, description = "The file, `consommation.csv`"),
    ),
    responses(
        (status = 200, description = "The file", content_type = "text/csv"),
        Problems,
    ),
)]
pub async fn file(app: Data<App>, path: Path<(String, String)>) -> Answer {
    let (vintage, name) = path.into_inner();
    let kept = vintage.clone();
    let found = app.run_public(move |services| open_data::file(services, &vintage, &name)).await?;
    let json = std::path::Path::new(&found.name).extension().is_some_and(|end| end == "json");
    let kind = if json { "application/json" } else { "text/csv; charset=utf-8" };
    let saved = format!("attachment; filename=\"pass-numerique_{kept}_{}\"", found.name);
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((CONTENT_DISPOSITION, saved))
        .insert_header((ETAG, format!("\"{}\"", found.sha256)))
        .body(found.content))
}

/// Which months to look at.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Ask {
    /// The first month, `2026-01`.
    pub from: Option<String>,
    /// The last month, `2026-03`.
    pub to: Option<String>,
}

/// What publishing some closed months would show and hide. Nothing is published.
#[utoipa::path(
    get,
    path = "/api/v1/open-data/preview",
    tag = "Open data",
    operation_id = "open_data_preview",
    params(Ask),
    responses((status = 200, description = "What would be hidden", body = Preview), Problems),
    security(("bearer" = [])),
)]
pub async fn look(app: Data<App>, query: Query<Ask>, call: Call<PublishOpenData>) -> Answer {
    let month = |month: &Option<String>| month.clone().unwrap_or_default();
    let asked = NewVintage { from: month(&query.from), to: month(&query.to) };
    ok(&app.run(move |services| preview(services, &call.caller, &asked)).await?)
}

/// Publish closed months. Their files never change afterwards, and no month is published twice.
#[utoipa::path(
    post,
    path = "/api/v1/open-data/vintages",
    tag = "Open data",
    operation_id = "open_data_publish",
    params(("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer")),
    request_body = NewVintage,
    responses((status = 201, description = "What was published", body = Published), Problems),
    security(("bearer" = [])),
)]
pub async fn publish(app: Data<App>, call: Call<PublishOpenData, Json<NewVintage>>) -> Answer {
    let key = call.key();
    let made = app
        .run(move |services| {
            app::open_data::publish(services, &call.caller, &call.input.0, key.as_ref())
        })
        .await?;
    created_once(&made)
}
