//! Routes of payment runs: the bank file, and what the bank answers.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::App;
use crate::domain::ids::PaymentRunId;
use crate::domain::payment_run::PainVersion;
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::{Answer, ListParameters, created_once, listed, ok, ok_once};
use crate::http::call::{Call, File, Json, ManagePayments, OptionalJson, ReadPayments};
use crate::http::paper;
use crate::http::query::Query;
use crate::http::shapes::{PaymentRunList, Problems};
use crate::services::pay_statements::{self, NewPaymentRun};
use crate::services::payment_runs::{self, Execution, PaymentRunView};
use crate::services::reject_payment::{self, AnswerRead, Rejection};

/// Pay: every approved statement of an organisation with confirmed bank details, or those named,
/// in one bank file. `left_out` says which approved statements are not in it, and why.
#[utoipa::path(
    post,
    path = "/api/v1/payment-runs",
    tag = "Payments",
    operation_id = "payment_runs_create",
    request_body = Option<NewPaymentRun>,
    params(("Idempotency-Key" = Uuid, Header, description = "Made before sending")),
    responses((status = 201, description = "Made", body = PaymentRunView), Problems),
    security(("bearer" = [])),
)]
pub async fn create(
    app: Data<App>,
    call: Call<ManagePayments, OptionalJson<NewPaymentRun>>,
) -> Answer {
    let key = call.needed_key()?;
    let OptionalJson(request) = call.input;
    let caller = call.caller;
    let made = app
        .run(move |services| {
            pay_statements::pay_statements(services, &caller, &request, Some(&key))
        })
        .await?;
    created_once(&made)
}

/// List payment runs, the latest first.
#[utoipa::path(
    get,
    path = "/api/v1/payment-runs",
    tag = "Payments",
    operation_id = "payment_runs_list",
    params(ListParameters),
    responses((status = 200, description = "A page", body = PaymentRunList), Problems),
    security(("bearer" = [])),
)]
pub async fn list(
    app: Data<App>,
    query: Query<ListParameters>,
    request: HttpRequest,
    _call: Call<ReadPayments>,
) -> Answer {
    let page = query.page()?;
    let found = app.run(move |services| payment_runs::list(services, page)).await?;
    listed(&request, &found)
}

/// Read a payment run.
#[utoipa::path(
    get,
    path = "/api/v1/payment-runs/{id}",
    tag = "Payments",
    operation_id = "payment_runs_read",
    params(("id" = Uuid, Path, description = "The run")),
    responses((status = 200, description = "The run", body = PaymentRunView), Problems),
    security(("bearer" = [])),
)]
pub async fn read(app: Data<App>, id: Path<Uuid>, _call: Call<ReadPayments>) -> Answer {
    let id = PaymentRunId(*id);
    ok(&app.run(move |services| payment_runs::by_id(services, id)).await?)
}

/// Which version of the file.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AskFile {
    /// `09` (pain.001.001.09), the default, or `03` for older banks.
    pub version: Option<String>,
}

/// The bank file of a run: SEPA credit transfers. The same bytes every time.
#[utoipa::path(
    get,
    path = "/api/v1/payment-runs/{id}/pain.001.xml",
    tag = "Payments",
    operation_id = "payment_runs_file",
    params(("id" = Uuid, Path, description = "The run"), AskFile),
    responses(
        (status = 200, description = "The file", content_type = "application/xml"),
        Problems,
    ),
    security(("bearer" = [])),
)]
pub async fn file(
    app: Data<App>,
    id: Path<Uuid>,
    query: Query<AskFile>,
    _call: Call<ManagePayments>,
) -> Answer {
    let id = PaymentRunId(*id);
    let asked = query.version.as_deref().unwrap_or(PainVersion::V09.as_str());
    let version = PainVersion::from_name(asked)
        .ok_or_else(|| Refused::new(Code::InvalidQuery, "La version est 09 ou 03."))?;
    let (name, xml) = app.run(move |services| payment_runs::file(services, id, version)).await?;
    Ok(paper::bank_file(xml, &name))
}

/// Note that the bank executed a run: its statements are paid.
#[utoipa::path(
    post,
    path = "/api/v1/payment-runs/{id}/execution",
    tag = "Payments",
    operation_id = "payment_runs_note_execution",
    params(
        ("id" = Uuid, Path, description = "The run"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = Execution,
    responses((status = 200, description = "The run", body = PaymentRunView), Problems),
    security(("bearer" = [])),
)]
pub async fn note_execution(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManagePayments, Json<Execution>>,
) -> Answer {
    let (id, key) = (PaymentRunId(*id), call.key());
    let Json(request) = call.input;
    let caller = call.caller;
    let noted = app
        .run(move |services| {
            payment_runs::note_execution(services, &caller, id, &request, key.as_ref())
        })
        .await?;
    ok_once(&noted)
}

/// Note by hand that a payment came back: its statement is payable again.
#[utoipa::path(
    post,
    path = "/api/v1/payment-runs/{id}/rejections",
    tag = "Payments",
    operation_id = "payment_runs_reject",
    params(
        ("id" = Uuid, Path, description = "The run"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = Rejection,
    responses((status = 200, description = "The run", body = PaymentRunView), Problems),
    security(("bearer" = [])),
)]
pub async fn reject(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManagePayments, Json<Rejection>>,
) -> Answer {
    let (id, key) = (PaymentRunId(*id), call.key());
    let Json(request) = call.input;
    let caller = call.caller;
    let noted = app
        .run(move |services| {
            reject_payment::reject_payment(services, &caller, id, &request, key.as_ref())
        })
        .await?;
    ok_once(&noted)
}

/// Read the bank's answer to the file (pain.002, versions .03 and .10): what it refused is
/// payable again, once however often the answer is sent.
#[utoipa::path(
    post,
    path = "/api/v1/payment-runs/{id}/answers",
    tag = "Payments",
    operation_id = "payment_runs_answer",
    params(
        ("id" = Uuid, Path, description = "The run"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body(content = String, content_type = "application/xml"),
    responses((status = 200, description = "What it changed", body = AnswerRead), Problems),
    security(("bearer" = [])),
)]
pub async fn answer(app: Data<App>, id: Path<Uuid>, call: Call<ManagePayments, File>) -> Answer {
    let (id, key) = (PaymentRunId(*id), call.key());
    let File(bytes) = call.input;
    let caller = call.caller;
    let read = app
        .run(move |services| {
            reject_payment::read_answer(services, &caller, id, &bytes, key.as_ref())
        })
        .await?;
    ok_once(&read)
}
