//! The consumption report as a page: the filters are in the address, the figures are exactly
//! those of the API and the CSV.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use uuid::Uuid;

use super::fields::Fields;
use super::frame::{Frame, ok};
use super::visit::Visit;
use super::wording::{euros, month_in_letters};
use crate::app::App;
use crate::domain::caller::Right;
use crate::domain::report::{
    BALANCE_DEFINITIONS, Counters, DEFINITIONS, Definition, Group, Report,
};
use crate::domain::time::Month;
use crate::http::answer::Answer;
use crate::http::api::reports::Ask;
use crate::http::call::ReadReports;
use crate::services::list::{MAX_LIMIT, Page};
use crate::services::organisations::{self, OrganisationView};
use crate::services::programmes::{self, ProgrammeView};
use crate::services::report_consumption::{self, Query};

/// So many months are offered to choose from.
const MONTHS: usize = 36;

#[derive(Template)]
#[template(path = "reports.html")]
struct ReportPage {
    frame: Frame,
    report: Report,
    months: Vec<Month>,
    programmes: Vec<ProgrammeView>,
    funders: Vec<OrganisationView>,
    ask: Ask,
}

impl ReportPage {
    fn groups(&self) -> Vec<(Group, bool)> {
        Group::ALL.into_iter().map(|group| (group, self.report.groups.contains(&group))).collect()
    }

    fn by_workshop_day(&self) -> bool {
        self.ask.by.as_deref() == Some("workshop_day")
    }

    fn balances(&self) -> Vec<(&'static Definition, String)> {
        let balances = &self.report.balances;
        let values =
            [balances.available_cents, balances.committed_balance_cents, balances.payable_cents];
        BALANCE_DEFINITIONS
            .iter()
            .zip(values)
            .map(|(definition, value)| (definition, figure(definition, value)))
            .collect()
    }

    /// The same query for a spreadsheet.
    fn csv(&self) -> String {
        let groups: Vec<&str> = self.report.groups.iter().map(|group| group.as_str()).collect();
        let id = |name: &str, id: Option<Uuid>| id.map(|id| format!("{name}={id}"));
        let asked = [
            Some(format!("from={}", self.report.from)),
            Some(format!("to={}", self.report.to)),
            Some(format!("group_by={}", groups.join(","))),
            id("funder_id", self.ask.funder_id),
            id("programme_id", self.ask.programme_id),
            self.by_workshop_day().then(|| "by=workshop_day".to_owned()),
        ];
        let asked: Vec<String> = asked.into_iter().flatten().collect();
        format!("/api/v1/reports/consumption.csv?{}", asked.join("&"))
    }
}

fn figures(counters: &Counters) -> Vec<String> {
    let values = DEFINITIONS.iter().zip(counters.values());
    values.map(|(definition, value)| figure(definition, value)).collect()
}

fn definitions() -> impl Iterator<Item = &'static Definition> {
    DEFINITIONS.iter().chain(BALANCE_DEFINITIONS)
}

/// `GET /rapports`
pub async fn consumption(
    app: Data<App>,
    request: HttpRequest,
    visit: Visit<ReadReports>,
) -> Answer {
    let fields = Fields::of_address(&request);
    let groups = fields.all("group_by").join(",");
    let ask = Ask {
        funder_id: fields.id("funder_id"),
        programme_id: fields.id("programme_id"),
        from: fields.some("from"),
        to: fields.some("to"),
        group_by: Some(groups).filter(|groups| !groups.is_empty()),
        by: fields.some("by"),
        dialect: None,
    };
    let (caller, asked) = (visit.caller, ask.clone());
    let sees_all = caller.sees_all() && caller.may(Right::ReadReports);
    let (report, programmes, funders, last) = app
        .run(move |services| {
            let asked = asked.asked(services)?;
            let report = report_consumption::report_consumption(services, &caller, &asked)?;
            let page = Page { limit: MAX_LIMIT, ..Page::default() };
            let mut funders = Vec::new();
            if sees_all {
                funders = organisations::list(services, &caller, page)?.items;
                funders.retain(|organisation| organisation.funder);
            }
            let programmes = programmes::list(services, &caller, page)?.items;
            Ok((report, programmes, funders, Query::last_year(services).1))
        })
        .await?;
    let frame = visit.frame("Rapport de consommation");
    let months = months(last, &report);
    ok(&ReportPage { frame, report, months, programmes, funders, ask })
}

/// The last three years, and the months that were asked for.
fn months(last: Month, report: &Report) -> Vec<Month> {
    let back = std::iter::successors(Some(last), |month| Some(month.previous())).take(MONTHS);
    let mut months: Vec<Month> = back.chain([report.from, report.to]).collect();
    months.sort_unstable();
    months.dedup();
    months.reverse();
    months
}

fn figure(definition: &Definition, value: i64) -> String {
    if definition.money { euros(value) } else { value.to_string() }
}
