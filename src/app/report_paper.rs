//! From a report to its paper.

use super::App;
use crate::documents::report_pdf::{self, ReportFacts};
use crate::services::report_overview::SignedReport;
use crate::services::{Error, Outcome};

/// Sets a report as the PDF that is signed.
///
/// # Errors
/// A failure of the typesetter.
pub fn pdf(app: &App, report: &SignedReport) -> Outcome<Vec<u8>> {
    let overview = &report.overview;
    let address =
        format!("{}/rapports?{}", app.services.public_url, overview.programmes.parameters());
    let facts = ReportFacts {
        programmes: &overview.programmes,
        since_start: &overview.since_start,
        months: &overview.months,
        themes: &overview.themes,
        venues: overview.venue_departements.as_ref().unwrap_or(&overview.venue_communes),
        homes: overview.home_departements.as_ref().unwrap_or(&overview.home_communes),
        detail: report.detail.as_ref(),
        address: &address,
    };
    report_pdf::pdf(&facts).map_err(Error::failure)
}
