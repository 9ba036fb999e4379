//! Routes of an organisation's letterhead: two lines and a logo on the passes it hands over.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use uuid::Uuid;

use crate::app::{App, papers};
use crate::domain::ids::OrganisationId;
use crate::http::answer::{Answer, ok};
use crate::http::call::{Call, File, Json, SetLetterhead};
use crate::http::shapes::Problems;
use crate::services::letterheads::{self, LetterheadLines, LetterheadView};

/// Read a letterhead.
#[utoipa::path(
    get,
    path = "/api/v1/organisations/{id}/letterhead",
    tag = "Organisations",
    operation_id = "letterheads_read",
    params(("id" = Uuid, Path, description = "The organisation")),
    responses((status = 200, description = "The letterhead", body = LetterheadView), Problems),
    security(("bearer" = [])),
)]
pub async fn read(app: Data<App>, id: Path<Uuid>, call: Call<SetLetterhead>) -> Answer {
    let id = OrganisationId(*id);
    let answer = app.run(move |services| letterheads::read(services, &call.caller, id)).await?;
    ok(&answer)
}

/// Set the two lines.
#[utoipa::path(
    put,
    path = "/api/v1/organisations/{id}/letterhead",
    tag = "Organisations",
    operation_id = "letterheads_set",
    params(("id" = Uuid, Path, description = "The organisation")),
    request_body = LetterheadLines,
    responses((status = 200, description = "The letterhead", body = LetterheadView), Problems),
    security(("bearer" = [])),
)]
pub async fn set(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<SetLetterhead, Json<LetterheadLines>>,
) -> Answer {
    let id = OrganisationId(*id);
    let answer = app
        .run(move |services| letterheads::set_lines(services, &call.caller, id, &call.input.0))
        .await?;
    ok(&answer)
}

/// Read the logo.
#[utoipa::path(
    get,
    path = "/api/v1/organisations/{id}/logo.png",
    tag = "Organisations",
    operation_id = "letterheads_logo",
    params(("id" = Uuid, Path, description = "The organisation")),
    responses((status = 200, description = "The logo", content_type = "image/png"), Problems),
    security(("bearer" = [])),
)]
pub async fn logo(app: Data<App>, id: Path<Uuid>, call: Call<SetLetterhead>) -> Answer {
    let id = OrganisationId(*id);
    let png = app.run(move |services| letterheads::logo(services, &call.caller, id)).await?;
    Ok(HttpResponse::Ok().content_type("image/png").body(png))
}

/// Set the logo: a PNG or JPEG picture as the body, at most 1 MB and 4,000 pixels a side.
#[utoipa::path(
    put,
    path = "/api/v1/organisations/{id}/logo.png",
    tag = "Organisations",
    operation_id = "letterheads_set_logo",
    params(("id" = Uuid, Path, description = "The organisation")),
    request_body(content = Vec<u8>, content_type = "image/png"),
    responses((status = 200, description = "The letterhead", body = LetterheadView), Problems),
    security(("bearer" = [])),
)]
pub async fn set_logo(app: Data<App>, id: Path<Uuid>, call: Call<SetLetterhead, File>) -> Answer {
    let id = OrganisationId(*id);
    let answer = app
        .run(move |services| {
            letterheads::read(services, &call.caller, id)?;
            let png = papers::logo(&call.input.0)?;
            letterheads::set_logo(services, &call.caller, id, Some(&png))
        })
        .await?;
    ok(&answer)
}

/// Take the logo away.
#[utoipa::path(
    delete,
    path = "/api/v1/organisations/{id}/logo.png",
    tag = "Organisations",
    operation_id = "letterheads_remove_logo",
    params(("id" = Uuid, Path, description = "The organisation")),
    responses((status = 200, description = "The letterhead", body = LetterheadView), Problems),
    security(("bearer" = [])),
)]
pub async fn remove_logo(app: Data<App>, id: Path<Uuid>, call: Call<SetLetterhead>) -> Answer {
    let id = OrganisationId(*id);
    let answer =
        app.run(move |services| letterheads::set_logo(services, &call.caller, id, None)).await?;
    ok(&answer)
}
