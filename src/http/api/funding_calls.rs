//! Routes of funding calls: what is asked of a funder for a closed month.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::{App, accounts};
use crate::domain::ids::FundingCallId;
use crate::domain::refusal::{Code, Refused};
use crate::domain::time::Month;
use crate::http::answer::{self, Answer, listed, ok};
use crate::http::call::{Call, ReadFundingCalls};
use crate::http::paper;
use crate::http::query::Query;
use crate::http::shapes::{FundingCallList, Problems};
use crate::services::funding_calls::{self, FundingCallView};

/// Which calls, and which page of them.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Ask {
    /// Only of this funder; a funder reads its own.
    pub funder_id: Option<Uuid>,
    /// Only of this month, `2026-03`.
    pub month: Option<String>,
    /// At most this many, 1 to 200; 50 when left out.
    pub limit: Option<u16>,
    /// Where the page begins: `next` of the page before.
    pub after: Option<String>,
}

/// List funding calls, the latest first.
#[utoipa::path(
    get,
    path = "/api/v1/funding-calls",
    tag = "Funding calls",
    operation_id = "funding_calls_list",
    params(Ask),
    responses((status = 200, description = "A page", body = FundingCallList), Problems),
    security(("bearer" = [])),
)]
pub async fn list(
    app: Data<App>,
    query: Query<Ask>,
    request: HttpRequest,
    call: Call<ReadFundingCalls>,
) -> Answer {
    let page = answer::page(query.limit, query.after.as_deref())?;
    let month = query
        .month
        .as_deref()
        .map(str::parse::<Month>)
        .transpose()
        .map_err(|_| Refused::new(Code::InvalidQuery, "Un mois s'écrit ainsi : 2026-03."))?;
    let funder = query.funder_id;
    let found = app
        .run(move |services| funding_calls::list(services, &call.caller, funder, month, page))
        .await?;
    listed(&request, &found)
}

/// Read a funding call.
#[utoipa::path(
    get,
    path = "/api/v1/funding-calls/{id}",
    tag = "Funding calls",
    operation_id = "funding_calls_read",
    params(("id" = Uuid, Path, description = "The call")),
    responses((status = 200, description = "The call", body = FundingCallView), Problems),
    security(("bearer" = [])),
)]
pub async fn read(app: Data<App>, id: Path<Uuid>, call: Call<ReadFundingCalls>) -> Answer {
    let id = FundingCallId(*id);
    ok(&app.run(move |services| funding_calls::by_id(services, &call.caller, id)).await?)
}

/// A funding call on paper.
#[utoipa::path(
    get,
    path = "/api/v1/funding-calls/{id}/document.pdf",
    tag = "Funding calls",
    operation_id = "funding_calls_document",
    params(("id" = Uuid, Path, description = "The call")),
    responses(
        (status = 200, description = "The document", content_type = "application/pdf"),
        Problems,
    ),
    security(("bearer" = [])),
)]
pub async fn document(app: Data<App>, id: Path<Uuid>, call: Call<ReadFundingCalls>) -> Answer {
    let id = FundingCallId(*id);
    let (name, pdf) = app
        .run(move |services| {
            let asked = funding_calls::by_id(services, &call.caller, id)?;
            Ok((asked.reference.clone(), accounts::funding_call(&asked)?))
        })
        .await?;
    Ok(paper::named(pdf, &format!("appel-{name}.pdf")))
}
