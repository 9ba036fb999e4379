//! Routes of stock: print runs, what is left of them, counts, and handing over from stock.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use uuid::Uuid;

use crate::app::App;
use crate::domain::ids::PrintRunId;
use crate::http::answer::{Answer, ListParameters, created_once, listed, ok, ok_once};
use crate::http::call::{Call, HandOver, Json, KeepStock, OrderStock, ReadStock};
use crate::http::query::Query;
use crate::http::shapes::{PrintRunList, Problems, StockHistory};
use crate::services::count_stock::{self, CountStock, Counted};
use crate::services::hand_over_stock::{self, HandOverStock};
use crate::services::handed_over::HandedOver;
use crate::services::idempotency::Once;
use crate::services::print_run::{self, NewPrintRun};
use crate::services::read_stock::{self, PrintRunView};

/// Order passes printed in advance. They redeem nothing until they are handed over.
#[utoipa::path(
    post,
    path = "/api/v1/stock",
    tag = "Stock",
    operation_id = "stock_order",
    params(("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer")),
    request_body = NewPrintRun,
    responses((status = 201, description = "The print run", body = PrintRunView), Problems),
    security(("bearer" = [])),
)]
pub async fn order(app: Data<App>, call: Call<OrderStock, Json<NewPrintRun>>) -> Answer {
    let key = call.key();
    let answer = app
        .run(move |services| {
            let caller = &call.caller;
            let ordered = print_run::order(services, caller, &call.input.0, key.as_ref())?;
            let value = read_stock::by_id(services, caller, PrintRunId(ordered.value.id))?;
            Ok(Once { value, replayed: ordered.replayed })
        })
        .await?;
    created_once(&answer)
}

/// List print runs, newest first: a social worker those with a box of her organisation.
#[utoipa::path(
    get,
    path = "/api/v1/stock",
    tag = "Stock",
    operation_id = "stock_list",
    params(ListParameters),
    responses((status = 200, description = "A page", body = PrintRunList), Problems),
    security(("bearer" = [])),
)]
pub async fn list(
    app: Data<App>,
    query: Query<ListParameters>,
    request: HttpRequest,
    call: Call<ReadStock>,
) -> Answer {
    let page = query.page()?;
    let answer = app.run(move |services| read_stock::list(services, &call.caller, page)).await?;
    listed(&request, &answer)
}

/// Read a print run and what is left in its boxes.
#[utoipa::path(
    get,
    path = "/api/v1/stock/{id}",
    tag = "Stock",
    operation_id = "stock_read",
    params(("id" = Uuid, Path, description = "The print run")),
    responses((status = 200, description = "The print run", body = PrintRunView), Problems),
    security(("bearer" = [])),
)]
pub async fn read(app: Data<App>, id: Path<Uuid>, call: Call<ReadStock>) -> Answer {
    let id = PrintRunId(*id);
    let answer = app.run(move |services| read_stock::by_id(services, &call.caller, id)).await?;
    ok(&answer)
}

/// What happened to a print run, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/stock/{id}/history",
    tag = "Stock",
    operation_id = "stock_history",
    params(("id" = Uuid, Path, description = "The print run")),
    responses((status = 200, description = "Its steps", body = StockHistory), Problems),
    security(("bearer" = [])),
)]
pub async fn history(app: Data<App>, id: Path<Uuid>, call: Call<ReadStock>) -> Answer {
    let id = PrintRunId(*id);
    let data = app.run(move |services| read_stock::history(services, &call.caller, id)).await?;
    ok(&StockHistory { data })
}

/// Count a box, by number or by scanning each pass.
#[utoipa::path(
    post,
    path = "/api/v1/stock/{id}/counts",
    tag = "Stock",
    operation_id = "stock_count",
    params(
        ("id" = Uuid, Path, description = "The print run"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = CountStock,
    responses((status = 200, description = "What is missing", body = Counted), Problems),
    security(("bearer" = [])),
)]
pub async fn count(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<KeepStock, Json<CountStock>>,
) -> Answer {
    let (id, key) = (PrintRunId(*id), call.key());
    let answer = app
        .run(move |services| {
            count_stock::count_stock(services, &call.caller, id, &call.input.0, key.as_ref())
        })
        .await?;
    ok_once(&answer)
}

/// Hand a printed pass over: it becomes active and commits its funders' money.
#[utoipa::path(
    post,
    path = "/api/v1/handovers",
    tag = "Passes",
    operation_id = "handovers_create",
    params(("Idempotency-Key" = Uuid, Header, description = "A UUID made before sending")),
    request_body = HandOverStock,
    responses((status = 201, description = "The pass", body = HandedOver), Problems),
    security(("bearer" = [])),
)]
pub async fn hand_over(app: Data<App>, call: Call<HandOver, Json<HandOverStock>>) -> Answer {
    let key = call.needed_key()?;
    let answer = app
        .run(move |services| {
            hand_over_stock::hand_over_stock(services, &call.caller, &call.input.0, Some(&key))
        })
        .await?;
    created_once(&answer)
}
