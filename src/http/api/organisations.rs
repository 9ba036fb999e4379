//! Routes of organisations, their numbers and what they do.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use uuid::Uuid;

use crate::app::App;
use crate::domain::ids::OrganisationId;
use crate::http::answer::{Answer, ListParameters, created_once, listed, ok};
use crate::http::call::{Call, Json, ManageOrganisations, ReadOrganisations};
use crate::http::query::Query;
use crate::http::shapes::{OrganisationList, Problems};
use crate::services::organisations::{self, NewOrganisation, OrganisationChange, OrganisationView};

/// Create an organisation.
#[utoipa::path(
    post,
    path = "/api/v1/organisations",
    tag = "Organisations",
    operation_id = "organisations_create",
    params(("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer")),
    request_body = NewOrganisation,
    responses((status = 201, description = "Create an organisation", body = OrganisationView), Problems),
    security(("bearer" = [])),
)]
pub async fn create(
    app: Data<App>,
    call: Call<ManageOrganisations, Json<NewOrganisation>>,
) -> Answer {
    let key = call.key();
    let answer = app
        .run(move |services| organisations::create(services, &call.input.0, key.as_ref()))
        .await?;
    created_once(&answer)
}

/// List organisations.
#[utoipa::path(
    get,
    path = "/api/v1/organisations",
    tag = "Organisations",
    operation_id = "organisations_list",
    params(ListParameters),
    responses((status = 200, description = "List organisations", body = OrganisationList), Problems),
    security(("bearer" = [])),
)]
pub async fn list(
    app: Data<App>,
    parameters: Query<ListParameters>,
    request: HttpRequest,
    call: Call<ReadOrganisations>,
) -> Answer {
    let page = parameters.page()?;
    let answer = app.run(move |services| organisations::list(services, &call.caller, page)).await?;
    listed(&request, &answer)
}

/// Read an organisation.
#[utoipa::path(
    get,
    path = "/api/v1/organisations/{id}",
    tag = "Organisations",
    operation_id = "organisations_read",
    params(("id" = Uuid, Path, description = "The id")),
    responses((status = 200, description = "Read an organisation", body = OrganisationView), Problems),
    security(("bearer" = [])),
)]
pub async fn read(app: Data<App>, id: Path<Uuid>, call: Call<ReadOrganisations>) -> Answer {
    let id = OrganisationId(*id);
    let answer = app.run(move |services| organisations::by_id(services, &call.caller, id)).await?;
    ok(&answer)
}

/// Change an organisation.
#[utoipa::path(
    patch,
    path = "/api/v1/organisations/{id}",
    tag = "Organisations",
    operation_id = "organisations_change",
    params(("id" = Uuid, Path, description = "The id")),
    request_body = OrganisationChange,
    responses((status = 200, description = "Change an organisation", body = OrganisationView), Problems),
    security(("bearer" = [])),
)]
pub async fn change(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageOrganisations, Json<OrganisationChange>>,
) -> Answer {
    let id = OrganisationId(*id);
    let answer = app
        .run(move |services| organisations::change(services, &call.caller, id, &call.input.0))
        .await?;
    ok(&answer)
}
