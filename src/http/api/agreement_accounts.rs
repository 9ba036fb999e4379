//! Routes of the account of an agreement, and of its funder's condition.

use actix_web::web::{Data, Path};
use uuid::Uuid;

use crate::app::{App, agreement_paper};
use crate::domain::ids::AgreementId;
use crate::http::answer::{Answer, ok};
use crate::http::call::{Call, Json, ManageAgreements, ReadAgreements};
use crate::http::paper;
use crate::http::shapes::Problems;
use crate::services::agreement_account::{self, AgreementAccount, ConditionView};

/// What became of an agreement's money, and whether its funder's condition is met.
#[utoipa::path(
    get,
    path = "/api/v1/agreements/{id}/account",
    tag = "Agreements",
    operation_id = "agreement_accounts_read",
    params(("id" = Uuid, Path, description = "The agreement")),
    responses((status = 200, description = "Its account", body = AgreementAccount), Problems),
    security(("bearer" = [])),
)]
pub async fn read(app: Data<App>, id: Path<Uuid>, call: Call<ReadAgreements>) -> Answer {
    let id = AgreementId(*id);
    ok(&app.run(move |services| agreement_account::account(services, &call.caller, id)).await?)
}

/// The account of an agreement on paper, to be signed.
#[utoipa::path(
    get,
    path = "/api/v1/agreements/{id}/account.pdf",
    tag = "Agreements",
    operation_id = "agreement_accounts_document",
    params(("id" = Uuid, Path, description = "The agreement")),
    responses(
        (status = 200, description = "The document", content_type = "application/pdf"),
        Problems,
    ),
    security(("bearer" = [])),
)]
pub async fn document(app: Data<App>, id: Path<Uuid>, call: Call<ReadAgreements>) -> Answer {
    let id = AgreementId(*id);
    let pdf = app
        .run(move |services| {
            agreement_paper::account(&agreement_account::account(services, &call.caller, id)?)
        })
        .await?;
    Ok(paper::named(pdf, "compte-rendu.pdf"))
}

/// Set the condition of the funder: the State's rule of 2020 or of 2019.
#[utoipa::path(
    put,
    path = "/api/v1/agreements/{id}/condition",
    tag = "Agreements",
    operation_id = "agreement_accounts_set_condition",
    params(("id" = Uuid, Path, description = "The agreement")),
    request_body = ConditionView,
    responses((status = 200, description = "Its account", body = AgreementAccount), Problems),
    security(("bearer" = [])),
)]
pub async fn set_condition(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageAgreements, Json<ConditionView>>,
) -> Answer {
    let id = AgreementId(*id);
    let answer = app
        .run(move |services| {
            agreement_account::set_condition(services, &call.caller, id, Some(&call.input.0))
        })
        .await?;
    ok(&answer)
}

/// Take the condition of the funder away.
#[utoipa::path(
    delete,
    path = "/api/v1/agreements/{id}/condition",
    tag = "Agreements",
    operation_id = "agreement_accounts_remove_condition",
    params(("id" = Uuid, Path, description = "The agreement")),
    responses((status = 200, description = "Its account", body = AgreementAccount), Problems),
    security(("bearer" = [])),
)]
pub async fn remove_condition(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageAgreements>,
) -> Answer {
    let id = AgreementId(*id);
    let answer = app
        .run(move |services| agreement_account::set_condition(services, &call.caller, id, None))
        .await?;
    ok(&answer)
}
