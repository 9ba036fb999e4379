//! Routes of the paper of stock: the PDF of a print run or of one box, and the codes for a print
//! shop.

use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::{App, papers};
use crate::domain::ids::PrintRunId;
use crate::http::answer::Answer;
use crate::http::call::{Call, OrderStock};
use crate::http::paper;
use crate::http::query::Query;
use crate::http::shapes::Problems;
use crate::services::stock_papers;

/// Which part of a print run to print.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// The number of one box; the whole run in one file when left out.
    #[serde(rename = "box")]
    pub box_number: Option<u32>,
}

/// Print a run, or one box of it: a cover sheet and the passes that are left. The file is set and
/// sent box by box.
#[utoipa::path(
    get,
    path = "/api/v1/stock/{id}/document.pdf",
    tag = "Stock",
    operation_id = "stock_document",
    params(("id" = Uuid, Path, description = "The print run"), Part),
    responses(
        (status = 200, description = "The document", content_type = "application/pdf"),
        Problems,
    ),
    security(("bearer" = [])),
)]
pub async fn document(
    app: Data<App>,
    id: Path<Uuid>,
    query: Query<Part>,
    call: Call<OrderStock>,
) -> Answer {
    paper::print_run(&app, call.caller, PrintRunId(*id), query.box_number).await
}

/// Take the codes of a print run for a print shop: once. The same key may ask again.
#[utoipa::path(
    post,
    path = "/api/v1/stock/{id}/codes.csv",
    tag = "Stock",
    operation_id = "stock_codes",
    params(
        ("id" = Uuid, Path, description = "The print run"),
        ("Idempotency-Key" = Uuid, Header, description = "A UUID made before sending"),
    ),
    responses(
        (status = 200, description = "Serials and codes", content_type = "text/csv"),
        Problems,
    ),
    security(("bearer" = [])),
)]
pub async fn codes(app: Data<App>, id: Path<Uuid>, call: Call<OrderStock>) -> Answer {
    let (id, key) = (PrintRunId(*id), call.needed_key()?);
    let csv = app
        .run(move |services| {
            let passes = stock_papers::take_codes(services, &call.caller, id, &key)?;
            papers::codes(&passes)
        })
        .await?;
    Ok(paper::codes(csv))
}
