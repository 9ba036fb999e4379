//! Routes of the journal, for those who re-derive every figure.

use actix_web::HttpResponse;
use actix_web::http::header::LINK;
use actix_web::web::Data;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use crate::app::App;
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::{Answer, page};
use crate::http::call::{Call, ReadLedger};
use crate::http::query::Query;
use crate::http::shapes::{PostingList, Problems};
use crate::services::read_ledger;

/// Which postings to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// How many, 1 to 200; 50 when left out.
    pub limit: Option<u16>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// List the journal, in order.
#[utoipa::path(
    get,
    path = "/api/v1/ledger/postings",
    tag = "Ledger",
    operation_id = "ledger_postings",
    params(Which),
    responses((status = 200, description = "A page", body = PostingList), Problems),
    security(("bearer" = [])),
)]
pub async fn postings(app: Data<App>, query: Query<Which>, _: Call<ReadLedger>) -> Answer {
    let limit = page(query.limit, None)?.limit;
    let after = match query.after.as_deref() {
        None => 0,
        Some(text) => text.parse().map_err(|_| {
            let sentence = "Le paramètre « after » vient du champ « next » d'une liste.";
            Refused::new(Code::InvalidQuery, sentence)
        })?,
    };
    let (data, next) =
        app.run(move |services| read_ledger::postings(services, after, limit)).await?;
    let mut builder = HttpResponse::Ok();
    if let Some(next) = next {
        let link = format!("</api/v1/ledger/postings?limit={limit}&after={next}>; rel=\"next\"");
        builder.insert_header((LINK, link));
    }
    let next = next.map(|number| number.to_string());
    Ok(builder.json(json!({"data": data, "next": next})))
}
