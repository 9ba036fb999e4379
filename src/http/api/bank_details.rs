//! Routes of bank details: where organisations are paid.

use actix_web::web::{Data, Path};
use uuid::Uuid;

use crate::app::App;
use crate::domain::ids::{BankDetailId, OrganisationId};
use crate::http::answer::{Answer, created_once, ok, ok_once};
use crate::http::call::{Call, GiveBankDetails, Json, ManagePayments};
use crate::http::shapes::{BankDetailHistory, Problems};
use crate::services::bank_details::{self, BankDetailView, Decision, NewBankDetail};

/// The bank details of an organisation with their history, numbers masked.
#[utoipa::path(
    get,
    path = "/api/v1/organisations/{id}/bank-details",
    tag = "Payments",
    operation_id = "bank_details_history",
    params(("id" = Uuid, Path, description = "The organisation")),
    responses(
        (status = 200, description = "The latest first", body = BankDetailHistory),
        Problems,
    ),
    security(("bearer" = [])),
)]
pub async fn history(app: Data<App>, id: Path<Uuid>, call: Call<GiveBankDetails>) -> Answer {
    let id = OrganisationId(*id);
    let data =
        app.run(move |services| bank_details::of_organisation(services, &call.caller, id)).await?;
    ok(&BankDetailHistory { data })
}

/// Propose bank details. They are valid once another person confirmed them.
#[utoipa::path(
    post,
    path = "/api/v1/organisations/{id}/bank-details",
    tag = "Payments",
    operation_id = "bank_details_propose",
    params(
        ("id" = Uuid, Path, description = "The organisation"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = NewBankDetail,
    responses((status = 201, description = "Proposed", body = BankDetailView), Problems),
    security(("bearer" = [])),
)]
pub async fn propose(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<GiveBankDetails, Json<NewBankDetail>>,
) -> Answer {
    let (id, key) = (OrganisationId(*id), call.key());
    let Json(request) = call.input;
    let caller = call.caller;
    let made = app
        .run(move |services| bank_details::propose(services, &caller, id, &request, key.as_ref()))
        .await?;
    created_once(&made)
}

/// Confirm proposed bank details, as another person than the one who proposed them.
#[utoipa::path(
    post,
    path = "/api/v1/organisations/{id}/bank-details/{detail}/confirm",
    tag = "Payments",
    operation_id = "bank_details_confirm",
    params(
        ("id" = Uuid, Path, description = "The organisation"),
        ("detail" = Uuid, Path, description = "The bank details"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    responses((status = 200, description = "Confirmed", body = BankDetailView), Problems),
    security(("bearer" = [])),
)]
pub async fn confirm(app: Data<App>, at: Path<(Uuid, Uuid)>, call: Call<ManagePayments>) -> Answer {
    decide(app, at, call, true).await
}

/// Refuse proposed bank details.
#[utoipa::path(
    post,
    path = "/api/v1/organisations/{id}/bank-details/{detail}/reject",
    tag = "Payments",
    operation_id = "bank_details_reject",
    params(
        ("id" = Uuid, Path, description = "The organisation"),
        ("detail" = Uuid, Path, description = "The bank details"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    responses((status = 200, description = "Refused", body = BankDetailView), Problems),
    security(("bearer" = [])),
)]
pub async fn reject(app: Data<App>, at: Path<(Uuid, Uuid)>, call: Call<ManagePayments>) -> Answer {
    decide(app, at, call, false).await
}

async fn decide(
    app: Data<App>,
    at: Path<(Uuid, Uuid)>,
    call: Call<ManagePayments>,
    confirm: bool,
) -> Answer {
    let (organisation, detail) = (OrganisationId(at.0), BankDetailId(at.1));
    let decision = Decision { organisation, detail, confirm };
    let key = call.key();
    let decided = app
        .run(move |services| bank_details::decide(services, &call.caller, decision, key.as_ref()))
        .await?;
    ok_once(&decided)
}
