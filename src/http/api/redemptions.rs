//! Routes of redemptions: check, redeem, undo, list.

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::App;
use crate::app::redeem_queue::RedeemQueue;
use crate::app::redemption_sheet::redemption_sheet;
use crate::domain::ids::RedemptionId;
use crate::domain::refusal::Fact;
use crate::http::answer::{Answer, created_once, listed, ok, page};
use crate::http::call::{Call, Json, ReadLedger, Redeem};
use crate::http::deadline;
use crate::http::query::Query;
use crate::http::redeeming::{self, Redeeming};
use crate::http::shapes::{Problems, RedemptionList};
use crate::http::stream;
use crate::services::Error;
use crate::services::check_pass::{self, CheckPass, Checked};
use crate::services::export_redemptions::Days;
use crate::services::list_redemptions::{self, Wanted};
use crate::services::redeem_request::{self as use_case, Redeemed};
use crate::services::reverse_redemption::{self, Reverse, Reversed};

/// Say whether a pass would give a workshop; nothing is consumed.
#[utoipa::path(
    post,
    path = "/api/v1/redemptions/check",
    tag = "Redemptions",
    operation_id = "redemptions_check",
    request_body = CheckPass,
    responses((status = 200, description = "It would", body = Checked), Problems),
    security(("bearer" = [])),
)]
pub async fn check(app: Data<App>, call: Call<Redeem, Json<CheckPass>>) -> Answer {
    let answer = app
        .run(move |services| check_pass::check_pass(services, &call.caller, &call.input.0))
        .await?;
    ok(&answer)
}

/// Take one workshop from a pass.
#[utoipa::path(
    post,
    path = "/api/v1/redemptions",
    tag = "Redemptions",
    operation_id = "redemptions_redeem",
    params(("Idempotency-Key" = Uuid, Header, description = "A UUID made before sending")),
    request_body = use_case::Redeem,
    responses((status = 201, description = "The redemption", body = Redeemed), Problems),
    security(("bearer" = [])),
)]
pub async fn redeem(
    app: Data<App>,
    queue: Data<RedeemQueue>,
    redeeming: Redeeming,
    request: HttpRequest,
) -> Answer {
    let redeemed = redeem_once(&queue, redeeming).await;
    if let Err(problem) = &redeemed {
        redeeming::name_the_refused(&app, &request, problem).await;
    }
    redeemed
}

/// An answer names its key: what a network puts in its place does not.
async fn redeem_once(queue: &RedeemQueue, redeeming: Redeeming) -> Answer {
    let key = redeeming.0.key.to_string();
    match deadline::within(queue.redeem(redeeming.0)).await {
        Ok(once) => {
            let mut answer = created_once(&once)?;
            let value = HeaderValue::from_str(&key).map_err(Error::failure)?;
            answer.headers_mut().insert(HeaderName::from_static("idempotency-key"), value);
            Ok(answer)
        }
        Err(Error::Refused { mut refused, replayed }) => {
            refused.facts.push(("idempotency_key".to_owned(), Fact::Text(key)));
            Err(Error::Refused { refused, replayed }.into())
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Undo a redemption.
#[utoipa::path(
    post,
    path = "/api/v1/redemptions/{id}/reversal",
    tag = "Redemptions",
    operation_id = "redemptions_reverse",
    params(
        ("id" = Uuid, Path, description = "The id"),
        ("Idempotency-Key" = Uuid, Header, description = "A UUID made before sending"),
    ),
    request_body = Reverse,
    responses((status = 201, description = "The reversal", body = Reversed), Problems),
    security(("bearer" = [])),
)]
pub async fn reverse(app: Data<App>, id: Path<Uuid>, call: Call<Redeem, Json<Reverse>>) -> Answer {
    let (id, key) = (RedemptionId(*id), call.needed_key()?);
    let answer = app
        .run(move |services| {
            let (caller, request) = (&call.caller, &call.input.0);
            reverse_redemption::reverse_redemption(services, caller, id, request, Some(&key))
        })
        .await?;
    created_once(&answer)
}

/// Which redemptions to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only this venue's.
    pub venue_id: Option<Uuid>,
    /// First workshop day.
    pub from: Option<NaiveDate>,
    /// Last workshop day.
    pub to: Option<NaiveDate>,
    /// How many, 1 to 200; 50 when left out.
    pub limit: Option<u16>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// List the redemptions of the caller's organisation.
#[utoipa::path(
    get,
    path = "/api/v1/redemptions",
    tag = "Redemptions",
    operation_id = "redemptions_list",
    params(Which),
    responses((status = 200, description = "A page", body = RedemptionList), Problems),
    security(("bearer" = [])),
)]
pub async fn list(
    app: Data<App>,
    query: Query<Which>,
    request: HttpRequest,
    call: Call<Redeem>,
) -> Answer {
    let page = page(query.limit, query.after.as_deref())?;
    let wanted = Wanted { venue: query.venue_id, from: query.from, to: query.to };
    let answer = app
        .run(move |services| list_redemptions::list(services, &call.caller, wanted, page))
        .await?;
    listed(&request, &answer)
}

/// Which workshop days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Between {
    /// First workshop day; the first of all when left out.
    pub from: Option<NaiveDate>,
    /// Last workshop day; the last of all when left out.
    pub to: Option<NaiveDate>,
}

/// Every redemption of every venue, for a spreadsheet. It is written while it is sent.
#[utoipa::path(
    get,
    path = "/api/v1/redemptions.csv",
    tag = "Redemptions",
    operation_id = "redemptions_csv",
    params(Between),
    responses((status = 200, description = "One line each", content_type = "text/csv"), Problems),
    security(("bearer" = [])),
)]
pub async fn sheet(app: Data<App>, query: Query<Between>, _: Call<ReadLedger>) -> Answer {
    let days = Days { from: query.from, to: query.to };
    days.check()?;
    let app = app.into_inner();
    stream::csv(&app, "validations.csv", move |app, out| redemption_sheet(app, days, out))
}
