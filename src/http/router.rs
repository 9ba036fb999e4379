//! Every route of the service, on one flat page.

use actix_web::web::{self, ServiceConfig};
use utoipa_swagger_ui::SwaggerUi;

use super::problem::Problem;
use super::resource::{at, delete, get, patch, post, put};
use super::{api, openapi, pages};
use crate::domain::refusal::Refused;

/// Whether the process lives: anybody may ask.
pub fn health_route(config: &mut ServiceConfig) {
    config.service(at("/healthz").route(get().to(api::machine::healthz)));
}

/// What only machines ask.
pub fn machine_routes(config: &mut ServiceConfig) {
    config
        .service(at("/readyz").route(get().to(api::machine::readyz)))
        .service(at("/metrics").route(get().to(api::machine::metrics)));
}

/// The routes.
#[rustfmt::skip]
pub fn routes(config: &mut ServiceConfig) {
    use api::{agreements, alerts, audit, auth, ledger, machine, offline_scans, organisations, pass_papers,
              passes, programmes, scheduled_workshops, themes, users, venues};
    let api = |path: &str| at(&format!("/api/v1{path}"));
    config
        // Paths are tried one after the other: what venues ask all day comes first.
        .configure(redemption_routes)
        .configure(stock_routes)
        .configure(report_routes)
        .configure(money_routes)
        .service(api("/openapi.json").route(get().to(machine::document)))

        .service(api("/auth/tokens").route(post().to(auth::tokens)))
        .service(api("/auth/refresh").route(post().to(auth::refresh)))
        .service(api("/auth/revoke").route(post().to(auth::revoke)))
        .service(api("/auth/invitations").route(post().to(auth::accept_invitation)))
        .service(api("/me").route(get().to(auth::me)))

        .service(api("/organisations").route(post().to(organisations::create)).route(get().to(organisations::list)))
        .service(api("/organisations/{id}").route(get().to(organisations::read)).route(patch().to(organisations::change)))
        .service(api("/users").route(post().to(users::invite)).route(get().to(users::list)))
        .service(api("/users/{id}").route(patch().to(users::change)))
        .service(api("/programmes").route(post().to(programmes::create)).route(get().to(programmes::list)))
        .service(api("/programmes/{id}").route(get().to(programmes::read)).route(patch().to(programmes::change)))
        .service(api("/programmes/{id}/prescribers").route(post().to(programmes::accept_prescriber)))
        .service(api("/programmes/{id}/prescribers/{organisation_id}").route(delete().to(programmes::remove_prescriber)))
        .service(api("/programmes/{id}/venues").route(post().to(programmes::accept_venue)))
        .service(api("/programmes/{id}/venues/{venue_id}").route(delete().to(programmes::remove_venue)))
        .service(api("/programmes/{id}/agreements").route(post().to(agreements::create)).route(get().to(agreements::list)))
        .service(api("/agreements/{id}").route(patch().to(agreements::change)))
        .service(api("/agreements/{id}/receipts").route(post().to(agreements::receive)))
        .service(api("/agreements/{id}/refunds").route(post().to(agreements::refund)))

        .service(api("/venues").route(post().to(venues::create)).route(get().to(venues::list)))
        .service(api("/venues/import").route(post().to(venues::import)))
        .service(api("/venues/{id}").route(get().to(venues::read)).route(patch().to(venues::describe)))
        .service(api("/venues/{id}/labels").route(post().to(venues::label)))
        .service(api("/venues/{id}/live-passes").route(get().to(offline_scans::live)))
        .service(api("/venues/{id}/resume").route(post().to(venues::resume)))
        .service(api("/venues/{id}/suspensions").route(post().to(venues::suspend)))

        .service(api("/passes").route(post().to(passes::hand_over)).route(get().to(passes::find)))
        .service(api("/passes/find").route(post().to(passes::find_by_person)))
        .service(api("/passes/{id}").route(get().to(passes::read)))
        .service(api("/passes/{id}/suspend").route(post().to(passes::suspend)))
        .service(api("/passes/{id}/resume").route(post().to(passes::resume)))
        .service(api("/passes/{id}/void").route(post().to(passes::void)))
        .service(api("/passes/{id}/replace").route(post().to(passes::replace)))
        .service(api("/passes/{id}/document.pdf").route(get().to(pass_papers::document)))
        .service(api("/passes/{id}/qr.svg").route(get().to(pass_papers::qr_svg)))
        .service(api("/passes/{id}/qr.png").route(get().to(pass_papers::qr_png)))

        .service(api("/refused-scans").route(get().to(offline_scans::list_refused)))
        .service(api("/refused-scans/{id}/resolution").route(post().to(offline_scans::resolve)))
        .service(api("/scheduled-workshops").route(post().to(scheduled_workshops::plan)).route(get().to(scheduled_workshops::list)))
        .service(api("/scheduled-workshops/{id}/cancel").route(post().to(scheduled_workshops::cancel)))

        .service(api("/ledger/postings").route(get().to(ledger::postings)))
        .service(api("/audit-entries").route(get().to(audit::list)))
        .service(api("/alerts").route(get().to(alerts::list)))
        .service(api("/themes").route(get().to(themes::list)))

        .configure(pages::routes)
        .service(web::redirect("/docs", "/docs/"))
        .service(SwaggerUi::new("/docs/{_:.*}").url("/api/v1/openapi.json", openapi::document()))
        .default_service(web::to(not_found));
}

/// The routes of stock, from the order of a print run to the handover of a printed pass.
#[rustfmt::skip]
fn redemption_routes(config: &mut ServiceConfig) {
    use api::{offline_scans, redemptions};
    let api = |path: &str| at(&format!("/api/v1{path}"));
    config
        .service(api("/redemptions").route(post().to(redemptions::redeem)).route(get().to(redemptions::list)))
        .service(api("/redemptions.csv").route(get().to(redemptions::sheet)))
        .service(api("/redemptions/sync").route(post().to(offline_scans::sync)))
        .service(api("/redemptions/check").route(post().to(redemptions::check)))
        .service(api("/redemptions/{id}/reversal").route(post().to(redemptions::reverse)));
}

#[rustfmt::skip]
fn stock_routes(config: &mut ServiceConfig) {
    use api::{letterheads, stock, stock_papers, stock_steps};
    let api = |path: &str| at(&format!("/api/v1{path}"));
    config
        .service(api("/handovers").route(post().to(stock::hand_over)))
        .service(api("/stock").route(post().to(stock::order)).route(get().to(stock::list)))
        .service(api("/stock/{id}").route(get().to(stock::read)))
        .service(api("/stock/{id}/history").route(get().to(stock::history)))
        .service(api("/stock/{id}/document.pdf").route(get().to(stock_papers::document)))
        .service(api("/stock/{id}/codes.csv").route(post().to(stock_papers::codes)))
        .service(api("/stock/{id}/ship").route(post().to(stock_steps::ship)))
        .service(api("/stock/{id}/receive").route(post().to(stock_steps::receive)))
        .service(api("/stock/{id}/transfer").route(post().to(stock_steps::transfer)))
        .service(api("/stock/{id}/recall").route(post().to(stock_steps::recall)))
        .service(api("/stock/{id}/return").route(post().to(stock_steps::take_back)))
        .service(api("/stock/{id}/stolen").route(post().to(stock_steps::report_stolen)))
        .service(api("/organisations/{id}/letterhead").route(get().to(letterheads::read)).route(put().to(letterheads::set)))
        .service(api("/organisations/{id}/logo.png").route(get().to(letterheads::logo)).route(put().to(letterheads::set_logo)).route(delete().to(letterheads::remove_logo)))
        .service(api("/stock/{id}/counts").route(post().to(stock::count)));
}

/// The consumption report, in every form.
#[rustfmt::skip]
fn report_routes(config: &mut ServiceConfig) {
    use api::reports;
    let api = |path: &str| at(&format!("/api/v1{path}"));
    config
        .service(api("/reports/consumption").route(get().to(reports::consumption)))
        .service(api("/reports/consumption.csv").route(get().to(reports::consumption_csv)))
        .service(api("/reports/consumption.xlsx").route(get().to(reports::consumption_xlsx)))
        .service(api("/reports/consumption.ods").route(get().to(reports::consumption_ods)))
        .service(api("/reports/consumption.pdf").route(get().to(reports::consumption_pdf)));
}

/// The routes of money to its end: closed months, statements, funding calls, solvency.
#[rustfmt::skip]
fn money_routes(config: &mut ServiceConfig) {
    use api::{accounting, agreement_accounts, bank_details, ending, funding_calls, open_data, payment_runs, statements};
    let api = |path: &str| at(&format!("/api/v1{path}"));
    config
        .service(api("/accounting/months").route(get().to(accounting::months)))
        .service(api("/accounting/months/{month}/close").route(post().to(accounting::close)))
        .service(api("/open-data").route(get().to(open_data::list)))
        .service(api("/open-data/vintages").route(post().to(open_data::publish)))
        .service(api("/open-data/preview").route(get().to(open_data::look)))
        .service(api("/open-data/{vintage}/{file}").route(get().to(open_data::file)))
        .service(api("/programmes/{id}/ending").route(get().to(ending::read)))
        .service(api("/programmes/{id}/ending/stop").route(post().to(ending::stop)))
        .service(api("/programmes/{id}/ending/statement").route(post().to(ending::establish)))
        .service(api("/programmes/{id}/ending/statement.pdf").route(get().to(ending::document)))
        .service(api("/programmes/{id}/ending/agreements").route(post().to(ending::agree)))
        .service(api("/programmes/{id}/ending/credits").route(post().to(ending::credit)))
        .service(api("/agreements/{id}/account").route(get().to(agreement_accounts::read)))
        .service(api("/agreements/{id}/account.pdf").route(get().to(agreement_accounts::document)))
        .service(api("/agreements/{id}/condition").route(put().to(agreement_accounts::set_condition)).route(delete().to(agreement_accounts::remove_condition)))
        .service(api("/statements").route(get().to(statements::list)))
        .service(api("/statements/{id}").route(get().to(statements::read)))
        .service(api("/statements/{id}/lines").route(get().to(statements::lines)))
        .service(api("/statements/{id}/lines.csv").route(get().to(statements::csv)))
        .service(api("/statements/{id}/document.pdf").route(get().to(statements::document)))
        .service(api("/statements/{id}/approve").route(post().to(statements::approve)))
        .service(api("/statements/{id}/repayment").route(post().to(statements::repay)))
        .service(api("/funding-calls").route(get().to(funding_calls::list)))
        .service(api("/funding-calls/{id}").route(get().to(funding_calls::read)))
        .service(api("/funding-calls/{id}/document.pdf").route(get().to(funding_calls::document)))
        .service(api("/organisations/{id}/bank-details").route(get().to(bank_details::history)).route(post().to(bank_details::propose)))
        .service(api("/organisations/{id}/bank-details/{detail}/confirm").route(post().to(bank_details::confirm)))
        .service(api("/organisations/{id}/bank-details/{detail}/reject").route(post().to(bank_details::reject)))
        .service(api("/payment-runs").route(post().to(payment_runs::create)).route(get().to(payment_runs::list)))
        .service(api("/payment-runs/{id}").route(get().to(payment_runs::read)))
        .service(api("/payment-runs/{id}/pain.001.xml").route(get().to(payment_runs::file)))
        .service(api("/payment-runs/{id}/execution").route(post().to(payment_runs::note_execution)))
        .service(api("/payment-runs/{id}/rejections").route(post().to(payment_runs::reject)))
        .service(api("/payment-runs/{id}/answers").route(post().to(payment_runs::answer)))
        .service(api("/reports/solvency").route(get().to(accounting::solvency)));
}

async fn not_found() -> Result<&'static str, Problem> {
    Err(Refused::not_found().into())
}
