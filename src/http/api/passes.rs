//! Routes of passes: hand over, find, list, look at, change.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::app::App;
use crate::domain::ids::PassId;
use crate::domain::pass_status::PassStatus;
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::{Answer, created_once, listed, ok, ok_once, page};
use crate::http::call::{Call, FindPerson, HandOver, Json, ManagePasses, ReadPasses};
use crate::http::query::Query;
use crate::http::shapes::{PassList, Problems};
use crate::services::change_pass::{self, Change, PassChange, Reason};
use crate::services::find_pass::{self, FindPass};
use crate::services::hand_over::{self, HandedOver};
use crate::services::list_passes::{self, Wanted};
use crate::services::read_pass::{self, PassView};
use crate::services::{hand_over as use_case, replace_pass};

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

/// Which pass to find, or which passes to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// The number on the stub, however it is typed: answers that pass alone. It goes with no
    /// other parameter.
    pub serial: Option<String>,
    /// Only those that are `printed`, `active`, `suspended`, `void`, `replaced`, `exhausted` or
    /// `expired` today.
    pub state: Option<String>,
    /// Whether a workshop was taken; void and replaced passes are left out then.
    pub started: Option<bool>,
    /// First day of handover.
    pub handed_over_from: Option<NaiveDate>,
    /// Last day of handover.
    pub handed_over_to: Option<NaiveDate>,
    /// How many, 1 to 200; 50 when left out.
    pub limit: Option<u16>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

impl Which {
    fn wanted(&self) -> Result<Wanted, Refused> {
        let status = self.state.as_deref().map(|name| {
            let sentence = "Le paramètre « state » est l'un de : printed, active, suspended, void, \
                replaced, exhausted, expired.";
            PassStatus::from_name(name).ok_or_else(|| Refused::new(Code::InvalidQuery, sentence))
        });
        Ok(Wanted {
            status: status.transpose()?,
            started: self.started,
            asleep: false,
            from: self.handed_over_from,
            to: self.handed_over_to,
        })
    }

    fn filters(&self) -> bool {
        let Self { serial: _, state, started, handed_over_from, handed_over_to, limit, after } =
            self;
        let days = handed_over_from.or(*handed_over_to).is_some();
        state.is_some() || started.is_some() || days || limit.is_some() || after.is_some()
    }
}

/// One pass, or a page of them.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum Found {
    /// With `serial`.
    Pass(PassView),
    /// Without.
    Page(PassList),
}

/// Find a pass by the serial number of its stub; without one, list what was handed over, newest
/// first.
#[utoipa::path(
    get,
    path = "/api/v1/passes",
    tag = "Passes",
    operation_id = "passes_find",
    params(Which),
    responses((status = 200, description = "The pass, or a page of passes", body = Found), Problems),
    security(("bearer" = [])),
)]
pub async fn find(
    app: Data<App>,
    query: Query<Which>,
    request: HttpRequest,
    call: Call<ReadPasses>,
) -> Answer {
    if let Some(serial) = query.serial.clone() {
        if query.filters() {
            let sentence = "Le paramètre « serial » va seul : retirez les autres.";
            return Err(Refused::new(Code::InvalidQuery, sentence).into());
        }
        let answer =
            app.run(move |services| read_pass::by_serial(services, &call.caller, &serial)).await?;
        return ok(&answer);
    }
    let page = page(query.limit, query.after.as_deref())?;
    let wanted = query.wanted()?;
    let answer =
        app.run(move |services| list_passes::list(services, &call.caller, wanted, page)).await?;
    listed(&request, &answer)
}

/// Find the pass a person received, by typing the identity again. The identity is not stored; that
/// somebody was looked for stands in the audit journal.
#[utoipa::path(
    post,
    path = "/api/v1/passes/find",
    tag = "Passes",
    operation_id = "passes_find_by_person",
    request_body = FindPass,
    responses((status = 200, description = "The pass", body = PassView), Problems),
    security(("bearer" = [])),
)]
pub async fn find_by_person(app: Data<App>, call: Call<FindPerson, Json<FindPass>>) -> Answer {
    let answer = app
        .run(move |services| find_pass::find_pass(services, &call.caller, &call.input.0))
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
    params(
        ("id" = Uuid, Path, description = "The id"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
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
    params(
        ("id" = Uuid, Path, description = "The id"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
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
    params(
        ("id" = Uuid, Path, description = "The id"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
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
            let asked = PassChange { pass: PassId(id), change, reason: &call.input.0 };
            change_pass::change_pass(services, &call.caller, &asked, key.as_ref())
        })
        .await?;
    ok_once(&answer)
}

/// Replace a lost, torn or stolen pass; the answer to its prescriber holds the new code.
#[utoipa::path(
    post,
    path = "/api/v1/passes/{id}/replace",
    tag = "Passes",
    operation_id = "passes_replace",
    params(
        ("id" = Uuid, Path, description = "The id"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
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
