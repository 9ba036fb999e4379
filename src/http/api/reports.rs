//! Routes of the consumption report.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::{App, report_paper};
use crate::documents::report_csv::{self, Dialect};
use crate::documents::{ods, report_json, report_sheets, xlsx};
use crate::domain::as_of::AsOf;
use crate::domain::refusal::{Code, Refused};
use crate::domain::report::{By, Group};
use crate::domain::time::{Instant, Month};
use crate::http::answer::{Answer, ok};
use crate::http::call::{Call, ReadReports};
use crate::http::paper;
use crate::http::query::Query;
use crate::http::shapes::{ConsumptionReport, Problems};
use crate::services::report_consumption::{self as use_case, Query as Asked};
use crate::services::report_limits::must_fit;
use crate::services::{Error, Services, report_overview};

/// What is asked of a report.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Ask {
    /// Only this funder's money; a funder asks of its own alone.
    pub funder_id: Option<Uuid>,
    /// Only this programme.
    pub programme_id: Option<Uuid>,
    /// First month, `2026-01`; eleven months before the last when left out.
    pub from: Option<String>,
    /// Last month, `2026-12`; the current one, or that of `as_of`, when left out.
    pub to: Option<String>,
    /// At most three groups, apart by commas: `month programme agreement theme venue venue_commune
    /// venue_departement home_commune departement public age_band prescriber`; `month` when left out.
    pub group_by: Option<String>,
    /// `accounting_month` (default) or `workshop_day`.
    pub by: Option<String>,
    /// Only what the journal held at that past instant, `2026-03-31T21:59:59Z`, or at the end of
    /// that day in Paris, `2026-03-31`; everything up to now when left out.
    pub as_of: Option<String>,
    /// For CSV: `rfc4180` for machines.
    pub dialect: Option<String>,
}

impl Ask {
    /// Reads the parameters.
    ///
    /// # Errors
    /// `invalid_query`.
    pub fn asked(&self, services: &Services) -> Result<Asked, Refused> {
        let refuse = |sentence: &str| Refused::new(Code::InvalidQuery, sentence);
        let as_of = self.moment()?;
        let (first, last) = Asked::last_year(services, as_of);
        let month = |text: &Option<String>, default: Month| match text.as_deref() {
            None | Some("") => Ok(default),
            Some(text) => text
                .parse()
                .map_err(|_| refuse("Un mois s'écrit avec quatre et deux chiffres : 2026-03.")),
        };
        let to = month(&self.to, last)?;
        let from = month(&self.from, first.min(to))?;
        let names = self.group_by.as_deref().unwrap_or("month");
        let groups: Option<Vec<Group>> =
            names.split(',').filter(|name| !name.is_empty()).map(Group::from_name).collect();
        let groups = groups.ok_or_else(|| {
            refuse("Un regroupement demandé n'existe pas : voyez la liste dans la documentation.")
        })?;
        let by = match self.by.as_deref() {
            None | Some("accounting_month") => By::AccountingMonth,
            Some("workshop_day") => By::WorkshopDay,
            Some(_) => {
                return Err(refuse(
                    "Le paramètre « by » est « accounting_month » ou « workshop_day ».",
                ));
            }
        };
        let (funder, programme) = (self.funder_id, self.programme_id);
        self.dialect()?;
        Ok(Asked { funder, programme, from, to, groups, by, as_of })
    }

    fn moment(&self) -> Result<Option<Instant>, Refused> {
        let asked = self.as_of.as_deref().filter(|text| !text.is_empty());
        let read = |text: &str| {
            text.parse::<AsOf>().map(|asked| asked.instant).map_err(|_| {
                let detail = "Un moment s'écrit comme un jour, 2026-03-31, ou comme un instant, \
                              2026-03-31T21:59:59Z.";
                use_case::not_a_moment(detail)
            })
        };
        asked.map(read).transpose()
    }

    fn dialect(&self) -> Result<Dialect, Refused> {
        match self.dialect.as_deref() {
            None => Ok(Dialect::French),
            Some("rfc4180") => Ok(Dialect::Rfc4180),
            Some(_) => {
                let sentence = "Le paramètre « dialect » est « rfc4180 » ou absent.";
                Err(Refused::new(Code::InvalidQuery, sentence))
            }
        }
    }
}

/// The consumption report: what was handed over, redeemed, lapsed, received, committed, consumed.
#[utoipa::path(
    get,
    path = "/api/v1/reports/consumption",
    tag = "Reports",
    operation_id = "reports_consumption",
    params(Ask),
    responses((status = 200, description = "The report", body = ConsumptionReport), Problems),
    security(("bearer" = [])),
)]
pub async fn consumption(app: Data<App>, query: Query<Ask>, call: Call<ReadReports>) -> Answer {
    let answer = app
        .run_report(call.caller, move |services, asker| {
            let asked = query.asked(services)?;
            let report = use_case::report_consumption(services, asker, &asked)?;
            must_fit(&report)?;
            Ok(report)
        })
        .await?;
    ok(&report_json::json(&answer))
}

/// The same report as CSV: for a French spreadsheet, or RFC 4180 for machines.
#[utoipa::path(
    get,
    path = "/api/v1/reports/consumption.csv",
    tag = "Reports",
    operation_id = "reports_consumption_csv",
    params(Ask),
    responses((status = 200, description = "The report", content_type = "text/csv"), Problems),
    security(("bearer" = [])),
)]
pub async fn consumption_csv(app: Data<App>, query: Query<Ask>, call: Call<ReadReports>) -> Answer {
    let dialect = query.dialect()?;
    let bytes = app
        .run_report(call.caller, move |services, asker| {
            let asked = query.asked(services)?;
            let report = use_case::report_consumption(services, asker, &asked)?;
            report_csv::csv(&report, dialect).map_err(Error::failure)
        })
        .await?;
    Ok(saved("text/csv; charset=utf-8", "consommation.csv", bytes))
}

/// The same report as a workbook of Excel: figures, definitions, and the question asked.
#[utoipa::path(
    get,
    path = "/api/v1/reports/consumption.xlsx",
    tag = "Reports",
    operation_id = "reports_consumption_xlsx",
    params(Ask),
    responses((status = 200, description = "The report",
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), Problems),
    security(("bearer" = [])),
)]
pub async fn consumption_xlsx(
    app: Data<App>,
    query: Query<Ask>,
    call: Call<ReadReports>,
) -> Answer {
    let bytes = app
        .run_report(call.caller, move |services, asker| {
            let asked = query.asked(services)?;
            let report = use_case::report_consumption(services, asker, &asked)?;
            xlsx::write(&report_sheets::workbook(&report)).map_err(Error::failure)
        })
        .await?;
    let sort = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(saved(sort, "consommation.xlsx", bytes))
}

/// The same report as an `OpenDocument` workbook: figures, definitions, and the question asked.
#[utoipa::path(
    get,
    path = "/api/v1/reports/consumption.ods",
    tag = "Reports",
    operation_id = "reports_consumption_ods",
    params(Ask),
    responses((status = 200, description = "The report",
        content_type = "application/vnd.oasis.opendocument.spreadsheet"), Problems),
    security(("bearer" = [])),
)]
pub async fn consumption_ods(app: Data<App>, query: Query<Ask>, call: Call<ReadReports>) -> Answer {
    let bytes = app
        .run_report(call.caller, move |services, asker| {
            let asked = query.asked(services)?;
            let report = use_case::report_consumption(services, asker, &asked)?;
            ods::write(&report_sheets::workbook(&report)).map_err(Error::failure)
        })
        .await?;
    Ok(saved("application/vnd.oasis.opendocument.spreadsheet", "consommation.ods", bytes))
}

fn saved(sort: &'static str, name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(sort)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes)
}

/// The report that is signed: key figures with their definitions, drawings with their tables, and
/// how to have it made again. `group_by` adds the table of another grouping.
#[utoipa::path(
    get,
    path = "/api/v1/reports/consumption.pdf",
    tag = "Reports",
    operation_id = "reports_consumption_pdf",
    params(Ask),
    responses((status = 200, description = "The report", content_type = "application/pdf"), Problems),
    security(("bearer" = [])),
)]
pub async fn consumption_pdf(app: Data<App>, query: Query<Ask>, call: Call<ReadReports>) -> Answer {
    let made = app.clone();
    let (bytes, name) = app
        .run_report(call.caller, move |services, asker| {
            let asked = query.asked(services)?;
            let report = report_overview::signed_report(services, asker, &asked)?;
            let name = format!("rapport-{}-{}.pdf", asked.from, asked.to);
            Ok((report_paper::pdf(&made, &report)?, name))
        })
        .await?;
    Ok(paper::named(bytes, &name))
}
