//! Routes of agreements, receipts and refunds.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use uuid::Uuid;

use crate::app::App;
use crate::domain::ids::{AgreementId, ProgrammeId};
use crate::http::answer::{Answer, ListParameters, created_once, listed, ok};
use crate::http::call::{Call, Json, ManageAgreements, ReadAgreements};
use crate::http::query::Query;
use crate::http::shapes::{AgreementList, Problems};
use crate::services::agreements::{self, AgreementChange, AgreementView, NewAgreement};
use crate::services::money_movements::{self, Movement, Receipt, Refund};

/// Add an agreement to a plan.
#[utoipa::path(
    post,
    path = "/api/v1/programmes/{id}/agreements",
    tag = "Agreements",
    operation_id = "agreements_create",
    params(("id" = Uuid, Path, description = "The id"), ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made by the client before sending")),
    request_body = NewAgreement,
    responses((status = 201, description = "Add an agreement to a plan", body = AgreementView), Problems),
    security(("bearer" = [])),
)]
pub async fn create(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageAgreements, Json<NewAgreement>>,
) -> Answer {
    let key = call.key();
    let id = ProgrammeId(*id);
    let answer = app
        .run(move |services| agreements::create(services, id, &call.input.0, key.as_ref()))
        .await?;
    created_once(&answer)
}

/// List agreements; a funder sees its own.
#[utoipa::path(
    get,
    path = "/api/v1/programmes/{id}/agreements",
    tag = "Agreements",
    operation_id = "agreements_list",
    params(("id" = Uuid, Path, description = "The id"), ListParameters),
    responses((status = 200, description = "List agreements; a funder sees its own", body = AgreementList), Problems),
    security(("bearer" = [])),
)]
pub async fn list(
    app: Data<App>,
    id: Path<Uuid>,
    parameters: Query<ListParameters>,
    request: HttpRequest,
    call: Call<ReadAgreements>,
) -> Answer {
    let page = parameters.page()?;
    let id = ProgrammeId(*id);
    let answer =
        app.run(move |services| agreements::list(services, &call.caller, id, page)).await?;
    listed(&request, &answer)
}

/// Change an envelope or dates.
#[utoipa::path(
    patch,
    path = "/api/v1/agreements/{id}",
    tag = "Agreements",
    operation_id = "agreements_change",
    params(("id" = Uuid, Path, description = "The id")),
    request_body = AgreementChange,
    responses((status = 200, description = "Change an envelope or dates", body = AgreementView), Problems),
    security(("bearer" = [])),
)]
pub async fn change(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageAgreements, Json<AgreementChange>>,
) -> Answer {
    let id = AgreementId(*id);
    let answer = app.run(move |services| agreements::change(services, id, &call.input.0)).await?;
    ok(&answer)
}

/// Record money received.
#[utoipa::path(
    post,
    path = "/api/v1/agreements/{id}/receipts",
    tag = "Agreements",
    operation_id = "agreements_receive",
    params(("id" = Uuid, Path, description = "The id"), ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made by the client before sending")),
    request_body = Receipt,
    responses((status = 201, description = "Record money received", body = Movement), Problems),
    security(("bearer" = [])),
)]
pub async fn receive(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageAgreements, Json<Receipt>>,
) -> Answer {
    let key = call.key();
    let id = AgreementId(*id);
    let answer = app
        .run(move |services| {
            money_movements::receive(services, &call.caller, id, &call.input.0, key.as_ref())
        })
        .await?;
    created_once(&answer)
}

/// Record money given back.
#[utoipa::path(
    post,
    path = "/api/v1/agreements/{id}/refunds",
    tag = "Agreements",
    operation_id = "agreements_refund",
    params(("id" = Uuid, Path, description = "The id"), ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made by the client before sending")),
    request_body = Refund,
    responses((status = 201, description = "Record money given back", body = Movement), Problems),
    security(("bearer" = [])),
)]
pub async fn refund(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageAgreements, Json<Refund>>,
) -> Answer {
    let key = call.key();
    let id = AgreementId(*id);
    let answer = app
        .run(move |services| {
            money_movements::refund(services, &call.caller, id, &call.input.0, key.as_ref())
        })
        .await?;
    created_once(&answer)
}
