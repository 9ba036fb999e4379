//! Routes of passes: hand over, look at, change, print.

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
use crate::http::answer::{Answer, created_once, ok, ok_once};
use crate::http::call::{Call, HandOver, Json, ManagePasses, PrintPasses, ReadPasses};
use crate::http::paper;
use crate::http::query::Query;
use crate::http::shapes::Problems;
use crate::services::change_pass::{self, Change, Reason};
use crate::services::hand_over::{self, HandedOver};
use crate::services::read_pass::{self, PassView};
use crate::services::{Error, hand_over as use_case, replace_pass};

/// Hand a pass over; the answer holds its code, which is nowhere else but on paper.
#[utoipa::path(
    post,
    path = "/api/v1/passes",
    tag = "Passes",
    operation_id = "passes_hand_over",
    params(("Idempotency-Key" = Uuid, Header, description = "A UUID made before sending")),
    request_body = use_case::HandOver,
    responses((status = 201, description = "The pass", body = HandedOver), Problems),
    security(("bearer" = [])),
)]
pub async fn hand_over(app: Data<App>, call: Call<HandOver, Json<use_case::HandOver>>) -> Answer {
    let key = call.needed_key()?;
    let answer = app
        .run(move |services| {
            hand_over::hand_over(services, &call.caller, &call.input.0, Some(&key))
        })
        .await?;
    created_once(&answer)
}

/// Which pass to find.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Find {
    /// The number on the stub, however it is typed.
    pub serial: String,
}

/// Find a pass by the serial number of its stub.
#[utoipa::path(
    get,
    path = "/api/v1/passes",
    tag = "Passes",
    operation_id = "passes_find",
    params(Find),
    responses((status = 200, description = "The pass", body = PassView), Problems),
    security(("bearer" = [])),
)]
pub async fn find(app: Data<App>, query: Query<Find>, call: Call<ReadPasses>) -> Answer {
    let answer = app
        .run(move |services| read_pass::by_serial(services, &call.caller, &query.serial))
        .await?;
    ok(&answer)
}

/// Read a pass.
#[utoipa::path(
    get,
    path = "/api/v1/passes/{id}",
    tag = "Passes",
    operation_id = "passes_read",
    params(("id" = Uuid, Path, description = "The id")),
    responses((status = 200, description = "The pass", body = PassView), Problems),
    security(("bearer" = [])),
)]
pub async fn read(app: Data<App>, id: Path<Uuid>, call: Call<ReadPasses>) -> Answer {
    let id = PassId(*id);
    let answer = app.run(move |services| read_pass::by_id(services, &call.caller, id)).await?;
    ok(&answer)
}

/// Suspend a pass.
#[utoipa::path(
    post,
    path = "/api/v1/passes/{id}/suspend",
    tag = "Passes",
    operation_id = "passes_suspend",
    params(("id" = Uuid, Path, description = "The id")),
    request_body = Reason,
    responses((status = 200, description = "The pass", body = PassView), Problems),
    security(("bearer" = [])),
)]
pub async fn suspend(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManagePasses, Json<Reason>>,
) -> Answer {
    change(app, *id, call, Change::Suspend).await
}

/// End the suspension of a pass.
#[utoipa::path(
    post,
    path = "/api/v1/passes/{id}/resume",
    tag = "Passes",
    operation_id = "passes_resume",
    params(("id" = Uuid, Path, description = "The id")),
    request_body = Reason,
    responses((status = 200, description = "The pass", body = PassView), Problems),
    security(("bearer" = [])),
)]
pub async fn resume(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManagePasses, Json<Reason>>,
) -> Answer {
    change(app, *id, call, Change::Resume).await
}

/// Cancel a pass for good.
#[utoipa::path(
    post,
    path = "/api/v1/passes/{id}/void",
    tag = "Passes",
    operation_id = "passes_void",
    params(("id" = Uuid, Path, description = "The id")),
    request_body = Reason,
    responses((status = 200, description = "The pass", body = PassView), Problems),
    security(("bearer" = [])),
)]
pub async fn void(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManagePasses, Json<Reason>>,
) -> Answer {
    change(app, *id, call, Change::Void).await
}

async fn change(
    app: Data<App>,
    id: Uuid,
    call: Call<ManagePasses, Json<Reason>>,
    change: Change,
) -> Answer {
    let key = call.key();
    let answer = app
        .run(move |services| {
            let (caller, reason) = (&call.caller, &call.input.0);
            change_pass::change_pass(services, caller, PassId(id), change, reason, key.as_ref())
        })
        .await?;
    ok_once(&answer)
}

/// Replace a lost, torn or stolen pass; the answer holds the new code.
#[utoipa::path(
    post,
    path = "/api/v1/passes/{id}/replace",
    tag = "Passes",
    operation_id = "passes_replace",
    params(("id" = Uuid, Path, description = "The id")),
    request_body = Reason,
    responses((status = 201, description = "The new pass", body = HandedOver), Problems),
    security(("bearer" = [])),
)]
pub async fn replace(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManagePasses, Json<Reason>>,
) -> Answer {
    let (id, key) = (PassId(*id), call.key());
    let answer = app
        .run(move |services| {
            let (caller, reason) = (&call.caller, &call.input.0);
            replace_pass::replace_pass(services, caller, id, reason, key.as_ref())
        })
        .await?;
    created_once(&answer)
}

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
