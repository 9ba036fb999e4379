//! The consumption report in full: any grouping, every figure, exactly those of the API and the
//! CSV.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::faults::Faults;
use super::fields::Fields;
use super::frame::{Frame, ok, with_status};
use super::report_filters::{Filters, asked};
use super::visit::Visit;
use super::wording::{euros, month_in_letters, number};
use crate::app::App;
pub use crate::domain::report::definitions;
use crate::domain::report::{BALANCE_DEFINITIONS, Definition, Group, Report, Row};
use crate::http::answer::Answer;
use crate::http::call::ReadReports;
use crate::http::problem::status;
use crate::services::Error;
use crate::services::report_consumption::report_consumption;
use crate::services::report_limits::must_fit;

/// More rows than this weigh too much for a page; the file has them all.
const MOST: usize = 400;

#[derive(Template)]
#[template(path = "report_detail.html")]
struct DetailPage {
    frame: Frame,
    filters: Filters,
    report: Option<Report>,
    faults: Faults,
}

impl DetailPage {
    fn groups(&self) -> Vec<(Group, bool)> {
        let chosen = self.report.iter().flat_map(|report| &report.groups);
        let chosen: Vec<Group> = chosen.copied().collect();
        Group::ALL.into_iter().map(|group| (group, chosen.contains(&group))).collect()
    }
}

fn columns(report: &Report) -> Vec<&'static Definition> {
    report.columns()
}

fn shown(report: &Report) -> impl Iterator<Item = &Row> {
    report.rows.iter().take(MOST)
}

fn cells(report: &Report, row: &Row) -> Vec<String> {
    written(report, report.values(row))
}

fn totals(report: &Report) -> Vec<String> {
    written(report, report.total_values())
}

fn written(report: &Report, values: Vec<Option<i64>>) -> Vec<String> {
    let cells = report.columns().into_iter().zip(values);
    cells.map(|(d, value)| value.map_or_else(String::new, |value| figure(d, value))).collect()
}

fn balances(report: &Report) -> Vec<(&'static Definition, String)> {
    let values = BALANCE_DEFINITIONS.iter().zip(report.balances.values());
    values.map(|(definition, value)| (definition, figure(definition, value))).collect()
}

/// A figure as people write it.
#[must_use]
pub fn figure(definition: &Definition, value: i64) -> String {
    if definition.money { euros(value) } else { number(value) }
}

/// `GET /rapports/detail`
pub async fn detail(app: Data<App>, request: HttpRequest, visit: Visit<ReadReports>) -> Answer {
    let (ask, caller) = (asked(&Fields::of_address(&request)), visit.caller);
    let (filters, report) = app
        .run_report(visit.caller, move |services, asker| {
            let filters = Filters::of(services, &caller, &ask)?;
            let report = ask
                .asked(services)
                .map_err(Error::from)
                .and_then(|query| report_consumption(services, asker, &query))
                .and_then(|report| must_fit(&report).map(|()| report).map_err(Error::from));
            Ok((filters, report))
        })
        .await?;
    let frame = visit.frame("Rapport détaillé");
    match report {
        Ok(report) => {
            ok(&DetailPage { frame, filters, report: Some(report), faults: Faults::default() })
        }
        Err(Error::Refused { refused, .. }) if !refused.fields.is_empty() => {
            let status = status(refused.code);
            let faults = Faults::from(*refused);
            with_status(status, &DetailPage { frame, filters, report: None, faults })
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::as_of::AsOf;
    use crate::domain::refusal::Check;
    use crate::domain::report::{Balances, Counters, Key, Question};
    use crate::http::pages::report_filters::samples::filters;
    use crate::http::pages::snapshot::{rendered, reviewed};

    fn page(report: Option<Report>, faults: Faults) -> DetailPage {
        let frame = Frame::open("Rapport détaillé");
        DetailPage { frame, filters: filters(), report, faults }
    }

    fn report(groups: &[Group], rows: Vec<Row>) -> Report {
        let (from, to) = (filters().from, filters().to);
        let (totals, balances) = (Counters::default(), Balances::default());
        let question = Question::of_all("2026-11-30".parse::<AsOf>().unwrap().instant);
        Report { from, to, question, groups: groups.to_vec(), rows, totals, balances, stock: None }
    }

    #[test]
    fn a_report_shows_each_row_its_balances_and_one_total() {
        let key = Key { label: "Pass Charente".to_owned(), value: Some("1".to_owned()) };
        let counters = Counters { workshops_redeemed: 1_234, ..Counters::default() };
        let balances = Some(Balances { available_cents: 500_000, ..Balances::default() });
        let row = Row { keys: vec![key], counters, balances, stock: None };
        let report = report(&[Group::Programme], vec![row]);
        reviewed("report-detail", &page(Some(report), Faults::default()));
    }

    #[test]
    fn a_very_long_report_ends_with_a_word_about_the_file() {
        let key = Key { label: "Cognac (16102)".to_owned(), value: None };
        let row =
            Row { keys: vec![key], counters: Counters::default(), balances: None, stock: None };
        let report = report(&[Group::Month], vec![row; MOST + 7]);
        let shown = rendered(&page(Some(report), Faults::default()));
        assert_eq!(shown.matches("Cognac (16102)").count(), MOST);
        assert!(shown.contains("7 autres lignes sont dans le fichier"), "{shown}");
    }

    #[test]
    fn an_empty_report_says_so() {
        let report = report(&[Group::Month], Vec::new());
        reviewed("report-detail-empty", &page(Some(report), Faults::default()));
    }

    #[test]
    fn months_in_the_wrong_order_are_told_at_their_field() {
        let mut check = Check::default();
        check.that(false, "/to", "out_of_range", "Le dernier mois doit suivre le premier.");
        let page = page(None, Faults::from(check.done().unwrap_err()));
        let shown = reviewed("report-detail-wrong-months", &page);
        assert!(shown.contains(r##"<a href="#to">Le dernier mois"##), "{shown}");
        assert!(shown.contains(r#"aria-describedby="to-erreur""#), "{shown}");
    }
}
