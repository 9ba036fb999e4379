//! What the operator should look at.

use actix_web::HttpRequest;
use actix_web::web::Data;

use crate::app::App;
use crate::http::answer::{Answer, listed};
use crate::http::call::{Call, ReadAlerts};
use crate::http::shapes::{AlertList, Problems};
use crate::services::alerts::{self, AlertView};
use crate::services::list::Listed;

/// List everything to look at now, what costs most to miss first: all of it on one page. Never
/// about a beneficiary.
#[utoipa::path(
    get,
    path = "/api/v1/alerts",
    tag = "Alerts",
    operation_id = "alerts_list",
    responses((status = 200, description = "The alerts", body = AlertList), Problems),
    security(("bearer" = [])),
)]
pub async fn list(app: Data<App>, request: HttpRequest, _: Call<ReadAlerts>) -> Answer {
    let found = app.run(alerts::alerts).await?;
    let items = found.into_iter().map(AlertView::from).collect();
    listed(&request, &Listed { items, next: None })
}
