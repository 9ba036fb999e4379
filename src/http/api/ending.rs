//! Routes of a programme's end: its calendar, the stop, the closing statement, the credits.

use actix_web::web::{Data, Path};
use uuid::Uuid;

use crate::app::{App, closing_paper};
use crate::domain::ids::ProgrammeId;
use crate::http::answer::{Answer, created_once, ok, ok_once};
use crate::http::call::{
    AgreeToClosing, Call, Json, ManageAgreements, ManageProgrammes, ReadAgreements,
};
use crate::http::paper;
use crate::http::shapes::Problems;
use crate::services::end_programme::{self, Agree, Credit};
use crate::services::ending::{self, Ending};

/// The end of a programme: its calendar, its totals, its closing statement. A funder sees the
/// lines of its own agreements.
#[utoipa::path(
    get,
    path = "/api/v1/programmes/{id}/ending",
    tag = "Programmes",
    operation_id = "ending_read",
    params(("id" = Uuid, Path, description = "The programme")),
    responses((status = 200, description = "Its end", body = Ending), Problems),
    security(("bearer" = [])),
)]
pub async fn read(app: Data<App>, id: Path<Uuid>, call: Call<ReadAgreements>) -> Answer {
    let id = ProgrammeId(*id);
    ok(&app.run(move |services| ending::ending(services, &call.caller, id)).await?)
}

/// Stop the handing over, from fifteen days before the last day.
#[utoipa::path(
    post,
    path = "/api/v1/programmes/{id}/ending/stop",
    tag = "Programmes",
    operation_id = "ending_stop",
    params(
        ("id" = Uuid, Path, description = "The programme"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    responses((status = 200, description = "Its end", body = Ending), Problems),
    security(("bearer" = [])),
)]
pub async fn stop(app: Data<App>, id: Path<Uuid>, call: Call<ManageProgrammes>) -> Answer {
    let (id, key) = (ProgrammeId(*id), call.key());
    let done = app
        .run(move |services| {
            end_programme::stop_handovers(services, &call.caller, id, key.as_ref())
        })
        .await?;
    ok_once(&done)
}

/// Establish the closing statement, once no pass is taken any more.
#[utoipa::path(
    post,
    path = "/api/v1/programmes/{id}/ending/statement",
    tag = "Programmes",
    operation_id = "ending_establish",
    params(
        ("id" = Uuid, Path, description = "The programme"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    responses((status = 201, description = "Its end", body = Ending), Problems),
    security(("bearer" = [])),
)]
pub async fn establish(app: Data<App>, id: Path<Uuid>, call: Call<ManageProgrammes>) -> Answer {
    let (id, key) = (ProgrammeId(*id), call.key());
    let done = app
        .run(move |services| end_programme::establish(services, &call.caller, id, key.as_ref()))
        .await?;
    created_once(&done)
}

/// The closing statement on paper, to be signed.
#[utoipa::path(
    get,
    path = "/api/v1/programmes/{id}/ending/statement.pdf",
    tag = "Programmes",
    operation_id = "ending_document",
    params(("id" = Uuid, Path, description = "The programme")),
    responses(
        (status = 200, description = "The document", content_type = "application/pdf"),
        Problems,
    ),
    security(("bearer" = [])),
)]
pub async fn document(app: Data<App>, id: Path<Uuid>, call: Call<ReadAgreements>) -> Answer {
    let id = ProgrammeId(*id);
    let pdf = app
        .run(move |services| {
            closing_paper::closing_statement(&ending::ending(services, &call.caller, id)?)
        })
        .await?;
    Ok(paper::named(pdf, "etat-contradictoire.pdf"))
}

/// Agree to the closing statement: a funder for itself, the operator to note a signature.
#[utoipa::path(
    post,
    path = "/api/v1/programmes/{id}/ending/agreements",
    tag = "Programmes",
    operation_id = "ending_agree",
    params(
        ("id" = Uuid, Path, description = "The programme"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = Agree,
    responses((status = 200, description = "Its end", body = Ending), Problems),
    security(("bearer" = [])),
)]
pub async fn agree(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<AgreeToClosing, Json<Agree>>,
) -> Answer {
    let (id, key) = (ProgrammeId(*id), call.key());
    let done = app
        .run(move |services| {
            end_programme::agree(services, &call.caller, id, &call.input.0, key.as_ref())
        })
        .await?;
    ok_once(&done)
}

/// Give what was not used back to the funders that agreed: each its own agreement's money.
#[utoipa::path(
    post,
    path = "/api/v1/programmes/{id}/ending/credits",
    tag = "Programmes",
    operation_id = "ending_credit",
    params(
        ("id" = Uuid, Path, description = "The programme"),
        ("Idempotency-Key" = Uuid, Header, description = "A UUID made before sending"),
    ),
    request_body = Credit,
    responses((status = 200, description = "Its end", body = Ending), Problems),
    security(("bearer" = [])),
)]
pub async fn credit(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageAgreements, Json<Credit>>,
) -> Answer {
    let (id, key) = (ProgrammeId(*id), call.needed_key()?);
    let done = app
        .run(move |services| {
            end_programme::credit(services, &call.caller, id, &call.input.0, Some(&key))
        })
        .await?;
    ok_once(&done)
}
