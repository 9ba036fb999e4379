//! Routes of planned workshops: venue staff plan and call off, anybody reads.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::App;
use crate::domain::ids::ScheduledWorkshopId;
use crate::http::answer::{Answer, created_once, listed, ok_once, page};
use crate::http::call::{Call, Json, PlanWorkshops, known_caller};
use crate::http::query::Query;
use crate::http::shapes::{Problems, ScheduledWorkshopList};
use crate::services::scheduled_workshops::{
    self, NewScheduledWorkshop, ScheduledWorkshopView, Wanted,
};

/// Plan a workshop.
#[utoipa::path(
    post,
    path = "/api/v1/scheduled-workshops",
    tag = "Scheduled workshops",
    operation_id = "scheduled_workshops_plan",
    params(("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer")),
    request_body = NewScheduledWorkshop,
    responses(
        (status = 201, description = "The planned workshop", body = ScheduledWorkshopView),
        Problems,
    ),
    security(("bearer" = [])),
)]
pub async fn plan(app: Data<App>, call: Call<PlanWorkshops, Json<NewScheduledWorkshop>>) -> Answer {
    let key = call.key();
    let answer = app
        .run(move |services| {
            scheduled_workshops::plan(services, &call.caller, &call.input.0, key.as_ref())
        })
        .await?;
    created_once(&answer)
}

/// Call a planned workshop off.
#[utoipa::path(
    post,
    path = "/api/v1/scheduled-workshops/{id}/cancel",
    tag = "Scheduled workshops",
    operation_id = "scheduled_workshops_cancel",
    params(
        ("id" = Uuid, Path, description = "The id"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    responses(
        (status = 200, description = "The workshop that was called off", body = ScheduledWorkshopView),
        Problems,
    ),
    security(("bearer" = [])),
)]
pub async fn cancel(app: Data<App>, id: Path<Uuid>, call: Call<PlanWorkshops>) -> Answer {
    let (id, key) = (ScheduledWorkshopId(*id), call.key());
    let answer = app
        .run(move |services| scheduled_workshops::cancel(services, &call.caller, id, key.as_ref()))
        .await?;
    ok_once(&answer)
}

/// Which planned workshops to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only this venue's.
    pub venue_id: Option<Uuid>,
    /// First day; today when left out.
    pub from: Option<NaiveDate>,
    /// Last day; sixty days after the first when left out.
    pub to: Option<NaiveDate>,
    /// How many, 1 to 200; 50 when left out.
    pub limit: Option<u16>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// List planned workshops by their beginning, for anybody.
#[utoipa::path(
    get,
    path = "/api/v1/scheduled-workshops",
    tag = "Scheduled workshops",
    operation_id = "scheduled_workshops_list",
    params(Which),
    responses((status = 200, description = "A page", body = ScheduledWorkshopList), Problems),
)]
pub async fn list(app: Data<App>, query: Query<Which>, request: HttpRequest) -> Answer {
    let page = page(query.limit, query.after.as_deref())?;
    let wanted = Wanted { venue: query.venue_id, from: query.from, to: query.to };
    let caller = known_caller(&app, &request).await?;
    let answer = app
        .run_public(move |services| {
            scheduled_workshops::list(services, caller.as_ref(), wanted, page)
        })
        .await?;
    listed(&request, &answer)
}
