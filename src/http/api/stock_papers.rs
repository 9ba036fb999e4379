//! Routes of the paper of stock: the PDF of a print run or of one box, and the codes for a print
//! shop.

use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::{App, papers};
use crate::domain::ids::PrintRunId;
use crate::domain::paper::SheetChoice;
use crate::http::answer::Answer;
use crate::http::call::{Call, OrderStock};
use crate::http::paper;
use crate::http::query::Query;
use crate::http::shapes::Problems;
use crate::services::stock_papers::{self, Printout};

/// Which part of a print run to print, and how.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// The number of one box; the whole run in one file when left out.
    #[serde(rename = "box")]
    pub box_number: Option<u32>,
    /// `letter` or `card`; as ordered when left out, like what follows.
    pub layout: Option<String>,
    /// Letters of at least 18 points, on the letter only.
    pub large_print: Option<bool>,
    /// What stands beside French: `en`, `ar`, `uk`, `tr` or `pt`; empty for French alone.
    pub language: Option<String>,
    /// How many cards an A4 sheet holds: 8 or 10.
    pub cards_per_sheet: Option<u8>,
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
    let part = query.into_inner();
    let choice = SheetChoice {
        layout: part.layout,
        large_print: part.large_print,
        language: part.language,
        cards_per_sheet: part.cards_per_sheet,
    };
    let printout = Printout { only: part.box_number, choice };
    paper::print_run(&app, call.caller, PrintRunId(*id), printout).await
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
