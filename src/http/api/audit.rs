//! Routes of the audit journal, for those who ask who did or looked at what.

use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::App;
use crate::domain::ids::UserId;
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::{Answer, page};
use crate::http::call::{Call, ReadAudit};
use crate::http::query::Query;
use crate::http::shapes::{AuditList, Problems};
use crate::services::read_audit::{self, WhichEntries};

/// Which entries to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// The first day, in Paris.
    pub from: Option<NaiveDate>,
    /// The last day, in Paris.
    pub to: Option<NaiveDate>,
    /// Of this person.
    pub user_id: Option<Uuid>,
    /// Of this sort: `sign_in`, `read_passes`, `command`, …
    pub act: Option<String>,
    /// How many, 1 to 200; 50 when left out.
    pub limit: Option<u16>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// List the audit journal, the latest entries first.
#[utoipa::path(
    get,
    path = "/api/v1/audit-entries",
    tag = "Audit",
    operation_id = "audit_list",
    params(Which),
    responses((status = 200, description = "A page", body = AuditList), Problems),
    security(("bearer" = [])),
)]
pub async fn list(app: Data<App>, query: Query<Which>, _: Call<ReadAudit>) -> Answer {
    let limit = page(query.limit, None)?.limit;
    let query = query.into_inner();
    let below = query.after.map(|text| text.parse()).transpose().map_err(|_| {
        let sentence = "Le paramètre « after » vient du champ « next » d'une liste.";
        Refused::new(Code::InvalidQuery, sentence)
    })?;
    let which = WhichEntries {
        from: query.from,
        to: query.to,
        user: query.user_id.map(UserId),
        act: query.act,
        below,
    };
    let (data, next) =
        app.run(move |services| read_audit::entries(services, &which, limit)).await?;
    let next = next.map(|number| number.to_string());
    Ok(HttpResponse::Ok().json(json!({"data": data, "next": next})))
}
