//! Routes of the paper of stock: the PDF of a print run or of one box, and the codes for a print
//! shop.

use actix_web::web::{Data, Path};
use uuid::Uuid;

use crate::app::{App, papers};
use crate::domain::ids::PrintRunId;
use crate::http::answer::Answer;
use crate::http::call::{Call, OrderStock};
use crate::http::paper;
use crate::http::shapes::Problems;
use crate::services::stock_papers;

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
