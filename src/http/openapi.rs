//! The `OpenAPI` 3.1 document, made from the handlers themselves.

mod complete;

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::api;
use super::shapes::{ProblemBody, ProblemField};

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("An access token of POST /auth/tokens, good for 15 minutes"))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Pass numérique",
        description = "Issue passes, redeem workshops, report to every funder what its money became.",
    ),
    modifiers(&Bearer),
    components(schemas(ProblemBody, ProblemField)),
    paths(
        api::auth::tokens,
        api::auth::refresh,
        api::auth::revoke,
        api::auth::accept_invitation,
        api::auth::me,
        api::organisations::create,
        api::organisations::list,
        api::organisations::read,
        api::organisations::change,
        api::accounting::close,
        api::accounting::months,
        api::accounting::solvency,
        api::agreement_accounts::read,
        api::agreement_accounts::document,
        api::agreement_accounts::set_condition,
        api::agreement_accounts::remove_condition,
        api::ending::read,
        api::ending::stop,
        api::ending::establish,
        api::ending::document,
        api::ending::agree,
        api::ending::credit,
        api::statements::list,
        api::statements::read,
        api::statements::lines,
        api::statements::csv,
        api::statements::document,
        api::statements::approve,
        api::statements::repay,
        api::bank_details::history,
        api::bank_details::propose,
        api::bank_details::confirm,
        api::bank_details::reject,
        api::payment_runs::create,
        api::payment_runs::list,
        api::payment_runs::read,
        api::payment_runs::file,
        api::payment_runs::note_execution,
        api::payment_runs::reject,
        api::payment_runs::answer,
        api::funding_calls::list,
        api::funding_calls::read,
        api::funding_calls::document,
        api::letterheads::read,
        api::letterheads::set,
        api::letterheads::logo,
        api::letterheads::set_logo,
        api::letterheads::remove_logo,
        api::users::invite,
        api::users::list,
        api::users::change,
        api::programmes::create,
        api::programmes::list,
        api::programmes::read,
        api::programmes::change,
        api::programmes::accept_prescriber,
        api::programmes::accept_venue,
        api::programmes::remove_prescriber,
        api::programmes::remove_venue,
        api::agreements::create,
        api::agreements::list,
        api::agreements::change,
        api::agreements::receive,
        api::agreements::refund,
        api::venues::create,
        api::venues::list,
        api::venues::import,
        api::venues::read,
        api::venues::describe,
        api::venues::label,
        api::venues::suspend,
        api::venues::resume,
        api::offline_scans::live,
        api::passes::hand_over,
        api::passes::find,
        api::passes::find_by_person,
        api::passes::read,
        api::passes::suspend,
        api::passes::resume,
        api::passes::void,
        api::passes::replace,
        api::pass_papers::document,
        api::pass_papers::qr_svg,
        api::pass_papers::qr_png,
        api::stock::hand_over,
        api::stock::order,
        api::stock::list,
        api::stock::read,
        api::stock::history,
        api::stock_papers::document,
        api::stock_papers::codes,
        api::stock_steps::ship,
        api::stock_steps::receive,
        api::stock_steps::transfer,
        api::stock_steps::recall,
        api::stock_steps::take_back,
        api::stock_steps::report_stolen,
        api::stock::count,
        api::redemptions::check,
        api::redemptions::redeem,
        api::offline_scans::sync,
        api::redemptions::list,
        api::redemptions::reverse,
        api::offline_scans::list_refused,
        api::offline_scans::resolve,
        api::scheduled_workshops::plan,
        api::scheduled_workshops::list,
        api::scheduled_workshops::cancel,
        api::redemptions::sheet,
        api::reports::consumption,
        api::reports::consumption_csv,
        api::reports::consumption_xlsx,
        api::reports::consumption_ods,
        api::reports::consumption_pdf,
        api::ledger::postings,
        api::audit::list,
        api::open_data::list,
        api::open_data::file,
        api::open_data::look,
        api::open_data::publish,
        api::alerts::list,
        api::themes::list,
        api::machine::healthz,
        api::machine::readyz,
        api::machine::metrics,
        api::machine::document,
    )
)]
struct Document;

/// The document as JSON text.
///
/// # Errors
/// A failure of the writer, which writes to memory.
pub fn document_text() -> Result<String, serde_json::Error> {
    let mut document = serde_json::to_value(document())?;
    complete::complete(&mut document);
    // The order of keys would depend on a feature that only the tests' dependencies turn on.
    document.sort_all_objects();
    serde_json::to_string_pretty(&document)
}

/// The document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
