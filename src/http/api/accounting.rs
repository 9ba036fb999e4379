//! Routes of the accounting months, and of the solvency of agreements.

use actix_web::web::{Data, Path};

use crate::app::App;
use crate::domain::refusal::Refused;
use crate::domain::time::Month;
use crate::http::answer::{Answer, created_once, ok};
use crate::http::call::{Call, CloseMonths, ReadAccounting};
use crate::http::shapes::Problems;
use crate::services::accounting_months::{self, AccountingMonths};
use crate::services::close_month::{self, Closing};
use crate::services::solvency::{self, Solvency};

/// Close an accounting month, and every open one before it. Its figures never change afterwards;
/// statements and funding calls are made with it.
#[utoipa::path(
    post,
    path = "/api/v1/accounting/months/{month}/close",
    tag = "Accounting",
    operation_id = "accounting_close",
    params(
        ("month" = String, Path, description = "The month, `2026-03`"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    responses((status = 201, description = "What was made", body = Closing), Problems),
    security(("bearer" = [])),
)]
pub async fn close(app: Data<App>, month: Path<String>, call: Call<CloseMonths>) -> Answer {
    let month: Month = month.parse().map_err(|_| Refused::not_found())?;
    let (key, by) = (call.key(), call.caller.user);
    let made = app
        .run(move |services| close_month::close_month(services, by, month, key.as_ref()))
        .await?;
    created_once(&made)
}

/// The closed months with their frozen figures, and those that are over and open.
#[utoipa::path(
    get,
    path = "/api/v1/accounting/months",
    tag = "Accounting",
    operation_id = "accounting_months",
    responses((status = 200, description = "The months", body = AccountingMonths), Problems),
    security(("bearer" = [])),
)]
pub async fn months(app: Data<App>, _call: Call<ReadAccounting>) -> Answer {
    ok(&app.run(accounting_months::accounting_months).await?)
}

/// Whether the cash of each agreement covers what it has promised and owes.
#[utoipa::path(
    get,
    path = "/api/v1/reports/solvency",
    tag = "Reports",
    operation_id = "reports_solvency",
    responses((status = 200, description = "By agreement", body = Solvency), Problems),
    security(("bearer" = [])),
)]
pub async fn solvency(app: Data<App>, _call: Call<ReadAccounting>) -> Answer {
    ok(&app.run(solvency::solvency).await?)
}
