//! Routes of scanning without a network: the list to hold, the scans that waited, and those that
//! were refused.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::App;
use crate::app::redeem_queue::RedeemQueue;
use crate::documents::live_list;
use crate::http::answer::{Answer, created_once, listed, ok, page};
use crate::http::call::{Call, Input, Json, Redeem, SettleScans};
use crate::http::input;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::http::shapes::{Problems, RefusedScanList};
use crate::services::live_passes;
use crate::services::refused_scans::{self, RefusedScan, RefusedSearch, Resolve};
use crate::services::sync_redemptions::{self, Sync, Synced};

/// The scans of a device. What no scan may hold is refused where its own scan is.
pub struct Scans(Sync);

impl Input for Scans {
    fn read(request: &HttpRequest, bytes: &[u8]) -> Result<(Self, Vec<u8>), Problem> {
        input::must_be_json(request.headers().get(CONTENT_TYPE))?;
        let (scans, bound) = input::json_of_any_text(bytes)?;
        Ok((Self(scans), bound))
    }
}

/// Send the scans that waited for a network: each is decided on its own, one result for each, in
/// order. A scan may be sent again under its key until its result is `accepted` or `refused`.
#[utoipa::path(
    post,
    path = "/api/v1/redemptions/sync",
    tag = "Redemptions",
    operation_id = "redemptions_sync",
    request_body = Sync,
    responses((status = 200, description = "What became of each", body = Synced), Problems),
    security(("bearer" = [])),
)]
pub async fn sync(app: Data<App>, queue: Data<RedeemQueue>, call: Call<Redeem, Scans>) -> Answer {
    let answer = app
        .run_behind(&app.gates.syncs, move |services| {
            let door = |requests| queue.redeem_together(requests);
            sync_redemptions::sync_redemptions(services, &call.caller, &call.input.0, &door)
        })
        .await?;
    ok(&answer)
}

/// The passes a venue may redeem, as a list that opens only with a code (see `docs/API.md`).
#[utoipa::path(
    get,
    path = "/api/v1/venues/{id}/live-passes",
    tag = "Venues",
    operation_id = "venues_live_passes",
    params(("id" = Uuid, Path, description = "The id")),
    responses(
        (status = 200, description = "The list", body = Vec<u8>,
            content_type = "application/octet-stream"),
        Problems,
    ),
    security(("bearer" = [])),
)]
pub async fn live(app: Data<App>, id: Path<Uuid>, call: Call<Redeem>) -> Answer {
    let id = *id;
    let list =
        app.run(move |services| live_passes::live_passes(services, &call.caller, id)).await?;
    let bytes = live_list::write(&list);
    Ok(HttpResponse::Ok().content_type("application/octet-stream").body(bytes))
}

/// Which refused scans to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only those that nobody settled yet.
    pub unresolved: Option<bool>,
    /// Only those that wait, or waited, for the operator.
    pub held: Option<bool>,
    /// How many, 1 to 200; 50 when left out.
    pub limit: Option<u16>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// List the scans without a network that were refused.
#[utoipa::path(
    get,
    path = "/api/v1/refused-scans",
    tag = "Redemptions",
    operation_id = "refused_scans_list",
    params(Which),
    responses((status = 200, description = "A page", body = RefusedScanList), Problems),
    security(("bearer" = [])),
)]
pub async fn list_refused(
    app: Data<App>,
    query: Query<Which>,
    request: HttpRequest,
    call: Call<SettleScans>,
) -> Answer {
    let page = page(query.limit, query.after.as_deref())?;
    let search = RefusedSearch {
        unresolved: query.unresolved.unwrap_or(false),
        held: query.held.unwrap_or(false),
    };
    let answer =
        app.run(move |services| refused_scans::list(services, &call.caller, search, page)).await?;
    listed(&request, &answer)
}

/// Say how a refused scan was settled. It counts no workshop, unless the operator accepts one that
/// waited for that (`scan_held`).
#[utoipa::path(
    post,
    path = "/api/v1/refused-scans/{id}/resolution",
    tag = "Redemptions",
    operation_id = "refused_scans_resolve",
    params(
        ("id" = Uuid, Path, description = "The id"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = Resolve,
    responses((status = 201, description = "The settled scan", body = RefusedScan), Problems),
    security(("bearer" = [])),
)]
pub async fn resolve(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<SettleScans, Json<Resolve>>,
) -> Answer {
    let (id, key) = (*id, call.key());
    let answer = app
        .run(move |services| {
            refused_scans::resolve(services, &call.caller, id, &call.input.0, key.as_ref())
        })
        .await?;
    created_once(&answer)
}
