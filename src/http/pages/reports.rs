//! The report for who has two minutes: what was received, committed, used, lapsed and is left,
//! then by programme, by month, by theme and by place.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::bars::Bars;
use super::curves::Curve;
use super::faults::Faults;
use super::fields::Fields;
use super::frame::{Frame, ok, see_other, with_status};
use super::report_detail::{definitions, figure};
use super::report_filters::{Filters, asked};
use super::report_sections::{Places, by_month, by_theme, of_places, rates};
use super::report_tables::{FigureTable, Programmes};
use super::visit::Visit;
use super::wording::{month_in_letters, number};
use crate::app::App;
use crate::domain::report::{Definition, Group, STOCK_DEFINITIONS, use_rate};
use crate::http::answer::Answer;
use crate::http::call::ReadReports;
use crate::http::problem::{Problem, status};
use crate::services::Error;
use crate::services::report_overview::{Overview, report_overview};

#[derive(Template)]
#[template(path = "reports.html")]
struct ReportPage {
    frame: Frame,
    filters: Filters,
    shown: Option<Shown>,
    faults: Faults,
}

/// What the overview shows.
struct Shown {
    moved: Vec<(&'static Definition, String)>,
    left: Vec<(&'static Definition, String)>,
    sentence: String,
    programmes: Programmes,
    rates: (Bars, FigureTable),
    months: (Vec<Curve>, FigureTable),
    themes: (Bars, FigureTable),
    venues: Places,
    homes: Places,
}

/// The figures on top: those of the period, and those at its end.
const MOVED: [&str; 4] = ["received_cents", "committed_cents", "consumed_cents", "released_cents"];

impl Shown {
    fn of(overview: &Overview, filters: &Filters) -> Self {
        let all = &overview.programmes;
        let named = |names: &[&str]| {
            let values = all.totals.values().into_iter().chain(all.balances.values());
            let wanted = definitions().zip(values).filter(|(d, _)| names.contains(&d.name));
            wanted.map(|(definition, value)| (definition, figure(definition, value))).collect()
        };
        let mut left: Vec<(&'static Definition, String)> =
            named(&["available_cents", "committed_balance_cents", "payable_cents"]);
        let stock = all.stock.iter().flat_map(|stock| STOCK_DEFINITIONS.iter().zip(stock.values()));
        left.extend(stock.map(|(definition, value)| (definition, figure(definition, value))));
        Self {
            moved: named(&MOVED),
            left,
            sentence: sentence(overview),
            programmes: Programmes::of(all, filters),
            rates: rates(&overview.since_start, filters),
            months: by_month(&overview.months, filters),
            themes: by_theme(&overview.themes, filters),
            venues: of_places(
                (&overview.venue_communes, overview.venue_departements.as_ref()),
                Group::VenueCommune,
                filters,
                &overview.centres,
            ),
            homes: of_places(
                (&overview.home_communes, overview.home_departements.as_ref()),
                Group::HomeCommune,
                filters,
                &overview.centres,
            ),
        }
    }
}

/// The people's side of the figures, in words.
fn sentence(overview: &Overview) -> String {
    let totals = &overview.programmes.totals;
    let used = use_rate(&overview.since_start.totals).map_or_else(String::new, |rate| {
        format!(" Depuis le début, {rate} ateliers sur 100 accordés ont été utilisés.")
    });
    format!(
        "{} pass remis, {} commencés. {} ateliers accordés, {} validés, {} perdus.{used}",
        number(totals.passes_handed_over),
        number(totals.passes_started),
        number(totals.workshops_granted),
        number(totals.workshops_redeemed),
        number(totals.workshops_lapsed),
    )
}

/// `GET /rapports`
pub async fn overview(app: Data<App>, request: HttpRequest, visit: Visit<ReadReports>) -> Answer {
    let fields = Fields::of_address(&request);
    if fields.some("group_by").is_some() {
        // Addresses kept from before the overview led to what is now the detail.
        let address = format!("/rapports/detail?{}", request.query_string());
        return Ok::<HttpResponse, Problem>(see_other(&address));
    }
    let (ask, caller) = (asked(&fields), visit.caller);
    let (filters, overview) = app
        .run_report(visit.caller, move |services, asker| {
            let filters = Filters::of(services, &caller, &ask)?;
            let overview = ask
                .asked(services)
                .map_err(Error::from)
                .and_then(|query| report_overview(services, asker, &query));
            Ok((filters, overview))
        })
        .await?;
    let frame = visit.frame("Rapport");
    match overview {
        Ok(overview) => {
            let shown = Some(Shown::of(&overview, &filters));
            ok(&ReportPage { frame, filters, shown, faults: Faults::default() })
        }
        Err(Error::Refused { refused, .. }) if !refused.fields.is_empty() => {
            let status = status(refused.code);
            let faults = Faults::from(*refused);
            with_status(status, &ReportPage { frame, filters, shown: None, faults })
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests;
