//! Routes of statements: what an organisation is owed for a closed month.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::{App, accounts};
use crate::domain::ids::StatementId;
use crate::domain::refusal::{Code, Refused};
use crate::domain::statement::StatementState;
use crate::domain::time::Month;
use crate::http::answer::{self, Answer, ListParameters, listed, ok, ok_once};
use crate::http::call::{Call, CloseMonths, Json, ManagePayments, ReadStatements};
use crate::http::paper;
use crate::http::query::Query;
use crate::http::shapes::{Problems, StatementLineList, StatementList};
use crate::services::approve_statement;
use crate::services::repay_statement::{self, Repayment};
use crate::services::statements::{self, StatementSearch, StatementView};

/// Which statements, and which page of them.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Ask {
    /// Only of this organisation; staff read those of their own.
    pub organisation_id: Option<Uuid>,
    /// Only of this month, `2026-03`.
    pub month: Option<String>,
    /// Only in this state: `draft`, `approved`, `carried`, `in_payment` or `paid`.
    pub state: Option<String>,
    /// At most this many, 1 to 200; 50 when left out.
    pub limit: Option<u16>,
    /// Where the page begins: `next` of the page before.
    pub after: Option<String>,
}

impl Ask {
    fn search(&self) -> Result<StatementSearch, Refused> {
        let refuse = |sentence: &str| Refused::new(Code::InvalidQuery, sentence);
        let month = self.month.as_deref().map(str::parse::<Month>).transpose();
        let state = self.state.as_deref().map(StatementState::from_name);
        if state == Some(None) {
            return Err(refuse("L'état est draft, approved, carried, in_payment ou paid."));
        }
        Ok(StatementSearch {
            organisation: self.organisation_id,
            month: month.map_err(|_| refuse("Un mois s'écrit ainsi : 2026-03."))?,
            state: state.flatten(),
        })
    }
}

/// List statements, the latest first.
#[utoipa::path(
    get,
    path = "/api/v1/statements",
    tag = "Statements",
    operation_id = "statements_list",
    params(Ask),
    responses((status = 200, description = "A page", body = StatementList), Problems),
    security(("bearer" = [])),
)]
pub async fn list(
    app: Data<App>,
    query: Query<Ask>,
    request: HttpRequest,
    call: Call<ReadStatements>,
) -> Answer {
    let page = answer::page(query.limit, query.after.as_deref())?;
    let search = query.search()?;
    let found =
        app.run(move |services| statements::list(services, &call.caller, search, page)).await?;
    listed(&request, &found)
}

/// Read a statement.
#[utoipa::path(
    get,
    path = "/api/v1/statements/{id}",
    tag = "Statements",
    operation_id = "statements_read",
    params(("id" = Uuid, Path, description = "The statement")),
    responses((status = 200, description = "The statement", body = StatementView), Problems),
    security(("bearer" = [])),
)]
pub async fn read(app: Data<App>, id: Path<Uuid>, call: Call<ReadStatements>) -> Answer {
    let id = StatementId(*id);
    ok(&app.run(move |services| statements::by_id(services, &call.caller, id)).await?)
}

/// The lines of a statement, one for each redemption and each reversal. A page holds the lines of
/// `limit` redemptions.
#[utoipa::path(
    get,
    path = "/api/v1/statements/{id}/lines",
    tag = "Statements",
    operation_id = "statements_lines",
    params(("id" = Uuid, Path, description = "The statement"), ListParameters),
    responses((status = 200, description = "A page", body = StatementLineList), Problems),
    security(("bearer" = [])),
)]
pub async fn lines(
    app: Data<App>,
    id: Path<Uuid>,
    query: Query<ListParameters>,
    request: HttpRequest,
    call: Call<ReadStatements>,
) -> Answer {
    let (id, page) = (StatementId(*id), query.page()?);
    let found =
        app.run(move |services| statements::lines(services, &call.caller, id, page)).await?;
    listed(&request, &found)
}

/// A statement on paper.
#[utoipa::path(
    get,
    path = "/api/v1/statements/{id}/document.pdf",
    tag = "Statements",
    operation_id = "statements_document",
    params(("id" = Uuid, Path, description = "The statement")),
    responses(
        (status = 200, description = "The document", content_type = "application/pdf"),
        Problems,
    ),
    security(("bearer" = [])),
)]
pub async fn document(app: Data<App>, id: Path<Uuid>, call: Call<ReadStatements>) -> Answer {
    let id = StatementId(*id);
    let (name, pdf) = app
        .run(move |services| {
            let whole = statements::whole(services, &call.caller, id)?;
            Ok((whole.statement.reference.clone(), accounts::statement(&whole)?))
        })
        .await?;
    Ok(paper::named(pdf, &format!("releve-{name}.pdf")))
}

/// The lines of a statement for a French spreadsheet: UTF-8 with BOM, `;`, decimal comma.
#[utoipa::path(
    get,
    path = "/api/v1/statements/{id}/lines.csv",
    tag = "Statements",
    operation_id = "statements_csv",
    params(("id" = Uuid, Path, description = "The statement")),
    responses((status = 200, description = "The lines", content_type = "text/csv"), Problems),
    security(("bearer" = [])),
)]
pub async fn csv(app: Data<App>, id: Path<Uuid>, call: Call<ReadStatements>) -> Answer {
    let id = StatementId(*id);
    let (name, csv) = app
        .run(move |services| {
            let whole = statements::whole(services, &call.caller, id)?;
            Ok((whole.statement.reference.clone(), accounts::statement_lines(&whole)?))
        })
        .await?;
    Ok(paper::sheet(csv, &format!("releve-{name}.csv")))
}

/// Approve a statement: it is owed, and nothing on it is undone any more.
#[utoipa::path(
    post,
    path = "/api/v1/statements/{id}/approve",
    tag = "Statements",
    operation_id = "statements_approve",
    params(
        ("id" = Uuid, Path, description = "The statement"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    responses((status = 200, description = "The statement", body = StatementView), Problems),
    security(("bearer" = [])),
)]
pub async fn approve(app: Data<App>, id: Path<Uuid>, call: Call<CloseMonths>) -> Answer {
    let (id, key) = (StatementId(*id), call.key());
    let approved = app
        .run(move |services| {
            approve_statement::approve_statement(services, &call.caller, id, key.as_ref())
        })
        .await?;
    ok_once(&approved)
}

/// Record that an organisation gave back what it was paid too much.
#[utoipa::path(
    post,
    path = "/api/v1/statements/{id}/repayment",
    tag = "Statements",
    operation_id = "statements_repay",
    params(("id" = Uuid, Path, description = "The statement"), ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer")),
    request_body = Repayment,
    responses((status = 200, description = "The statement", body = StatementView), Problems),
    security(("bearer" = [])),
)]
pub async fn repay(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManagePayments, Json<Repayment>>,
) -> Answer {
    let (id, key) = (StatementId(*id), call.key());
    let repaid = app
        .run(move |services| {
            let request = &call.input.0;
            repay_statement::repay_statement(services, &call.caller, id, request, key.as_ref())
        })
        .await?;
    ok_once(&repaid)
}
