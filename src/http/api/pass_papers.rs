//! Routes of the paper of a pass: the letter, the card, the QR alone.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::{App, papers};
use crate::documents::qr;
use crate::domain::ids::PassId;
use crate::domain::paper::Style;
use crate::domain::refusal::Refused;
use crate::http::answer::Answer;
use crate::http::call::{Call, PrintPasses};
use crate::http::paper;
use crate::http::query::Query;
use crate::http::shapes::Problems;
use crate::services::{Error, read_pass};

/// How to print.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Print {
    /// `letter` (default) or `card`.
    pub layout: Option<String>,
    /// Letters of at least 18 points, on the letter only.
    #[serde(default)]
    pub large_print: bool,
    /// What stands beside French: `en`, `ar`, `uk`, `tr` or `pt`.
    pub language: Option<String>,
}

/// Print a pass.
#[utoipa::path(
    get,
    path = "/api/v1/passes/{id}/document.pdf",
    tag = "Passes",
    operation_id = "passes_document",
    params(("id" = Uuid, Path, description = "The id"), Print),
    responses(
        (status = 200, description = "The document", content_type = "application/pdf"),
        Problems,
    ),
    security(("bearer" = [])),
)]
pub async fn document(
    app: Data<App>,
    id: Path<Uuid>,
    query: Query<Print>,
    call: Call<PrintPasses>,
) -> Answer {
    let style =
        Style::from_names(query.layout.as_deref(), query.large_print, query.language.as_deref())
            .map_err(Refused::from)?;
    let id = PassId(*id);
    let pdf = app
        .run(move |services| {
            let paper = read_pass::paper(services, &call.caller, id)?;
            papers::pass(&paper, style, None)
        })
        .await?;
    Ok(paper::answer(pdf))
}

/// The QR of a pass as SVG.
#[utoipa::path(
    get,
    path = "/api/v1/passes/{id}/qr.svg",
    tag = "Passes",
    operation_id = "passes_qr_svg",
    params(("id" = Uuid, Path, description = "The id")),
    responses((status = 200, description = "The QR", content_type = "image/svg+xml"), Problems),
    security(("bearer" = [])),
)]
pub async fn qr_svg(app: Data<App>, id: Path<Uuid>, call: Call<PrintPasses>) -> Answer {
    let id = PassId(*id);
    let svg = app
        .run(move |services| {
            let paper = read_pass::paper(services, &call.caller, id)?;
            qr::svg(&paper.qr).map_err(Error::failure)
        })
        .await?;
    Ok(HttpResponse::Ok().content_type("image/svg+xml").body(svg))
}

/// The QR of a pass as PNG.
#[utoipa::path(
    get,
    path = "/api/v1/passes/{id}/qr.png",
    tag = "Passes",
    operation_id = "passes_qr_png",
    params(("id" = Uuid, Path, description = "The id")),
    responses((status = 200, description = "The QR", content_type = "image/png"), Problems),
    security(("bearer" = [])),
)]
pub async fn qr_png(app: Data<App>, id: Path<Uuid>, call: Call<PrintPasses>) -> Answer {
    let id = PassId(*id);
    let png = app
        .run(move |services| {
            let paper = read_pass::paper(services, &call.caller, id)?;
            qr::png(&paper.qr).map_err(Error::failure)
        })
        .await?;
    Ok(HttpResponse::Ok().content_type("image/png").body(png))
}
