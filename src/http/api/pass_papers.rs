//! Routes of the paper of a pass: the letter, the card, the QR alone.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::App;
use crate::documents::letter::Layout;
use crate::documents::qr;
use crate::domain::ids::PassId;
use crate::domain::refusal::{Code, Refused};
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
    let layout = match query.layout.as_deref() {
        None | Some("letter") => Layout::Letter,
        Some("card") => Layout::Card,
        Some(_) => {
            let sentence = "Le paramètre « layout » est « letter » ou « card ».";
            return Err(Refused::new(Code::InvalidQuery, sentence).into());
        }
    };
    let id = PassId(*id);
    let pdf = app
        .run(move |services| {
            let paper = read_pass::paper(services, &call.caller, id)?;
            paper::pdf(&paper, layout, None)
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
