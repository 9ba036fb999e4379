//! Routes of the way of stock: each step says who and when.

use actix_web::web::{Data, Path};
use uuid::Uuid;

use crate::app::App;
use crate::domain::ids::PrintRunId;
use crate::domain::stock::Step;
use crate::http::answer::{Answer, ok_once};
use crate::http::call::{Call, Json, KeepStock, OrderStock};
use crate::http::shapes::Problems;
use crate::services::move_stock::{self, MoveStock, StockStep};
use crate::services::read_stock::PrintRunView;

async fn step<P>(app: Data<App>, id: Uuid, step: Step, call: Call<P, Json<MoveStock>>) -> Answer {
    let (key, caller, request) = (call.key(), call.caller, call.input.0);
    let answer = app
        .run(move |services| {
            let asked = StockStep { run: PrintRunId(id), step, request: &request };
            move_stock::move_stock(services, &caller, &asked, key.as_ref())
        })
        .await?;
    ok_once(&answer)
}

/// Send boxes to their prescriber.
#[utoipa::path(
    post,
    path = "/api/v1/stock/{id}/ship",
    tag = "Stock",
    operation_id = "stock_ship",
    params(
        ("id" = Uuid, Path, description = "The print run"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = MoveStock,
    responses((status = 200, description = "The print run", body = PrintRunView), Problems),
    security(("bearer" = [])),
)]
pub async fn ship(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<OrderStock, Json<MoveStock>>,
) -> Answer {
    step(app, *id, Step::Ship, call).await
}

/// Confirm that boxes were received.
#[utoipa::path(
    post,
    path = "/api/v1/stock/{id}/receive",
    tag = "Stock",
    operation_id = "stock_receive",
    params(
        ("id" = Uuid, Path, description = "The print run"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = MoveStock,
    responses((status = 200, description = "The print run", body = PrintRunView), Problems),
    security(("bearer" = [])),
)]
pub async fn receive(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<KeepStock, Json<MoveStock>>,
) -> Answer {
    step(app, *id, Step::Receive, call).await
}

/// Give what is left of boxes to another prescriber.
#[utoipa::path(
    post,
    path = "/api/v1/stock/{id}/transfer",
    tag = "Stock",
    operation_id = "stock_transfer",
    params(
        ("id" = Uuid, Path, description = "The print run"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = MoveStock,
    responses((status = 200, description = "The print run", body = PrintRunView), Problems),
    security(("bearer" = [])),
)]
pub async fn transfer(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<OrderStock, Json<MoveStock>>,
) -> Answer {
    step(app, *id, Step::Transfer, call).await
}

/// Call boxes back: nothing of them may be handed over.
#[utoipa::path(
    post,
    path = "/api/v1/stock/{id}/recall",
    tag = "Stock",
    operation_id = "stock_recall",
    params(
        ("id" = Uuid, Path, description = "The print run"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = MoveStock,
    responses((status = 200, description = "The print run", body = PrintRunView), Problems),
    security(("bearer" = [])),
)]
pub async fn recall(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<OrderStock, Json<MoveStock>>,
) -> Answer {
    step(app, *id, Step::Recall, call).await
}

/// Note that boxes that were called back are with the operator.
#[utoipa::path(
    post,
    path = "/api/v1/stock/{id}/return",
    tag = "Stock",
    operation_id = "stock_take_back",
    params(
        ("id" = Uuid, Path, description = "The print run"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = MoveStock,
    responses((status = 200, description = "The print run", body = PrintRunView), Problems),
    security(("bearer" = [])),
)]
pub async fn take_back(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<OrderStock, Json<MoveStock>>,
) -> Answer {
    step(app, *id, Step::Return, call).await
}

/// Report boxes stolen: what is left in them is void at once.
#[utoipa::path(
    post,
    path = "/api/v1/stock/{id}/stolen",
    tag = "Stock",
    operation_id = "stock_report_stolen",
    params(
        ("id" = Uuid, Path, description = "The print run"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = MoveStock,
    responses((status = 200, description = "The print run", body = PrintRunView), Problems),
    security(("bearer" = [])),
)]
pub async fn report_stolen(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<KeepStock, Json<MoveStock>>,
) -> Answer {
    step(app, *id, Step::ReportStolen, call).await
}
