//! Routes of the consumption report.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::App;
use crate::documents::report_csv::{self, Dialect};
use crate::documents::report_json;
use crate::domain::refusal::{Code, Refused};
use crate::domain::report::{By, Group};
use crate::domain::time::Month;
use crate::http::answer::{Answer, ok};
use crate::http::call::{Call, ReadReports};
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::http::shapes::{ConsumptionReport, Problems};
use crate::services::report_consumption::{self as use_case, Query as Asked};
use crate::services::{Error, Services};

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
    /// Last month, `2026-12`; the current one when left out.
    pub to: Option<String>,
    /// Groups apart by commas: `month programme agreement theme venue venue_commune
    /// venue_departement home_commune departement public age_band prescriber`; `month` when left out.
    pub group_by: Option<String>,
    /// `accounting_month` (default) or `workshop_day`.
    pub by: Option<String>,
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
        let (first, last) = Asked::last_year(services);
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
        Ok(Asked { funder, programme, from, to, groups, by })
    }

    fn dialect(&self) -> Result<Dialect, Problem> {
        match self.dialect.as_deref() {
            None => Ok(Dialect::French),
            Some("rfc4180") => Ok(Dialect::Rfc4180),
            Some(_) => {
                let sentence = "Le paramètre « dialect » est « rfc4180 » ou absent.";
                Err(Refused::new(Code::InvalidQuery, sentence).into())
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
        .run(move |services| {
            let asked = query.asked(services)?;
            use_case::report_consumption(services, &call.caller, &asked)
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
        .run(move |services| {
            let asked = query.asked(services)?;
            let report = use_case::report_consumption(services, &call.caller, &asked)?;
            report_csv::csv(&report, dialect).map_err(Error::failure)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"consommation.csv\""))
        .body(bytes))
}
