//! Routes of programmes, and of who may hand out and redeem in them.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::domain::ids::{OrganisationId, ProgrammeId};
use crate::http::answer::{Answer, ListParameters, created_once, done, listed, ok};
use crate::http::call::{Call, Json, ManageProgrammes, ReadProgrammes};
use crate::http::query::Query;
use crate::http::shapes::{Problems, ProgrammeList};
use crate::services::programme_members;
use crate::services::programmes::{self, NewProgramme, ProgrammeChange, ProgrammeView};

/// An organisation to accept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptPrescriber {
    /// The organisation.
    pub organisation_id: Uuid,
}

/// A venue to accept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptVenue {
    /// The venue.
    pub venue_id: Uuid,
}

/// Create a programme.
#[utoipa::path(
    post,
    path = "/api/v1/programmes",
    tag = "Programmes",
    operation_id = "programmes_create",
    params(("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer")),
    request_body = NewProgramme,
    responses((status = 201, description = "Create a programme", body = ProgrammeView), Problems),
    security(("bearer" = [])),
)]
pub async fn create(app: Data<App>, call: Call<ManageProgrammes, Json<NewProgramme>>) -> Answer {
    let key = call.key();
    let answer =
        app.run(move |services| programmes::create(services, &call.input.0, key.as_ref())).await?;
    created_once(&answer)
}

/// List programmes.
#[utoipa::path(
    get,
    path = "/api/v1/programmes",
    tag = "Programmes",
    operation_id = "programmes_list",
    params(ListParameters),
    responses((status = 200, description = "List programmes", body = ProgrammeList), Problems),
    security(("bearer" = [])),
)]
pub async fn list(
    app: Data<App>,
    parameters: Query<ListParameters>,
    request: HttpRequest,
    call: Call<ReadProgrammes>,
) -> Answer {
    let page = parameters.page()?;
    let answer = app.run(move |services| programmes::list(services, &call.caller, page)).await?;
    listed(&request, &answer)
}

/// Read a programme.
#[utoipa::path(
    get,
    path = "/api/v1/programmes/{id}",
    tag = "Programmes",
    operation_id = "programmes_read",
    params(("id" = Uuid, Path, description = "The id")),
    responses((status = 200, description = "Read a programme", body = ProgrammeView), Problems),
    security(("bearer" = [])),
)]
pub async fn read(app: Data<App>, id: Path<Uuid>, call: Call<ReadProgrammes>) -> Answer {
    let id = ProgrammeId(*id);
    let answer = app.run(move |services| programmes::by_id(services, &call.caller, id)).await?;
    ok(&answer)
}

/// Change a programme.
#[utoipa::path(
    patch,
    path = "/api/v1/programmes/{id}",
    tag = "Programmes",
    operation_id = "programmes_change",
    params(("id" = Uuid, Path, description = "The id")),
    request_body = ProgrammeChange,
    responses((status = 200, description = "Change a programme", body = ProgrammeView), Problems),
    security(("bearer" = [])),
)]
pub async fn change(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageProgrammes, Json<ProgrammeChange>>,
) -> Answer {
    let id = ProgrammeId(*id);
    let answer = app.run(move |services| programmes::change(services, id, &call.input.0)).await?;
    ok(&answer)
}

/// Let an organisation hand out passes.
#[utoipa::path(
    post,
    path = "/api/v1/programmes/{id}/prescribers",
    tag = "Programmes",
    operation_id = "programmes_accept_prescriber",
    params(("id" = Uuid, Path, description = "The id")),
    request_body = AcceptPrescriber,
    responses((status = 204, description = "Let an organisation hand out passes"), Problems),
    security(("bearer" = [])),
)]
pub async fn accept_prescriber(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageProgrammes, Json<AcceptPrescriber>>,
) -> Answer {
    let id = ProgrammeId(*id);
    app.run(move |services| {
        programme_members::accept_prescriber(
            services,
            id,
            OrganisationId(call.input.0.organisation_id),
        )
    })
    .await?;
    done()
}

/// Let a venue redeem passes.
#[utoipa::path(
    post,
    path = "/api/v1/programmes/{id}/venues",
    tag = "Programmes",
    operation_id = "programmes_accept_venue",
    params(("id" = Uuid, Path, description = "The id")),
    request_body = AcceptVenue,
    responses((status = 204, description = "Let a venue redeem passes"), Problems),
    security(("bearer" = [])),
)]
pub async fn accept_venue(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageProgrammes, Json<AcceptVenue>>,
) -> Answer {
    let id = ProgrammeId(*id);
    app.run(move |services| {
        programme_members::accept_venues(services, id, &[call.input.0.venue_id])
    })
    .await?;
    done()
}

/// Take an organisation out: it hands out no more passes. Those it handed over stay as they are.
#[utoipa::path(
    delete,
    path = "/api/v1/programmes/{id}/prescribers/{organisation_id}",
    tag = "Programmes",
    operation_id = "programmes_remove_prescriber",
    params(
        ("id" = Uuid, Path, description = "The programme"),
        ("organisation_id" = Uuid, Path, description = "The organisation"),
    ),
    responses((status = 204, description = "It is out"), Problems),
    security(("bearer" = [])),
)]
pub async fn remove_prescriber(
    app: Data<App>,
    path: Path<(Uuid, Uuid)>,
    _call: Call<ManageProgrammes>,
) -> Answer {
    let (programme, organisation) = path.into_inner();
    app.run(move |services| {
        let programme = ProgrammeId(programme);
        programme_members::remove_prescribers(services, programme, &[organisation])
    })
    .await?;
    done()
}

/// Take a venue out: it redeems no more passes. What it redeemed is paid.
#[utoipa::path(
    delete,
    path = "/api/v1/programmes/{id}/venues/{venue_id}",
    tag = "Programmes",
    operation_id = "programmes_remove_venue",
    params(
        ("id" = Uuid, Path, description = "The programme"),
        ("venue_id" = Uuid, Path, description = "The venue"),
    ),
    responses((status = 204, description = "It is out"), Problems),
    security(("bearer" = [])),
)]
pub async fn remove_venue(
    app: Data<App>,
    path: Path<(Uuid, Uuid)>,
    _call: Call<ManageProgrammes>,
) -> Answer {
    let (programme, venue) = path.into_inner();
    app.run(move |services| {
        programme_members::remove_venues(services, ProgrammeId(programme), &[venue])
    })
    .await?;
    done()
}
