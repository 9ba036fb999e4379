//! The pages: server-rendered French HTML over the same use cases as the API.

pub mod accessibility;
pub mod agreement_account;
pub mod assets;
pub mod bars;
mod carried_code;
pub mod charts;
pub mod codes;
pub mod curves;
pub mod ending;
pub mod error;
pub mod faults;
pub mod fields;
pub mod frame;
pub mod funding_calls;
pub mod hand_over;
pub mod hand_over_form;
pub mod hand_over_page;
pub mod holder;
pub mod home;
pub mod journal;
pub mod links;
pub mod manage;
pub mod maps;
mod mark;
pub mod months;
pub mod my_passes;
pub mod open_data;
pub mod pass;
pub mod pass_acts;
pub mod payment_run;
pub mod payments;
pub mod repayment;
pub mod report_detail;
pub mod report_filters;
pub mod report_sections;
pub mod report_tables;
pub mod reports;
pub mod scanner;
pub mod scanner_app;
pub mod scanner_page;
pub mod scheduled_workshops;
#[cfg(test)]
mod snapshot;
pub mod solvency;
pub mod statements;
pub mod stock;
pub mod venues;
pub mod visit;
pub mod wording;

use actix_web::web::ServiceConfig;

use super::resource::{at, get, post};

/// The routes of the pages.
#[rustfmt::skip]
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(at("/").route(get().to(home::home)))
        .service(at("/connexion").route(post().to(home::sign_in)))
        .service(at("/deconnexion").route(post().to(home::sign_out)))
        .service(at("/invitation/{secret}").route(get().to(home::invitation)).route(post().to(home::accept)))

        .service(at("/remise").route(get().to(hand_over::form)).route(post().to(hand_over::preview)))
        .service(at("/remise/confirmer").route(post().to(hand_over::confirm)))
        .service(at("/remise/suivi").route(get().to(my_passes::list)).route(post().to(my_passes::find)))
        .service(at("/remise/{id}").route(get().to(pass::read)))
        .service(at("/remise/{id}/lettre").route(post().to(pass::print)))
        .service(at("/remise/{id}/{act}").route(post().to(pass::act)))

        .service(at("/stock").route(get().to(stock::read)))
        .service(at("/stock/{id}/{act}").route(post().to(stock::act)))

        .service(at("/scanner").route(get().to(scanner::ready)).route(post().to(scanner::check)))
        .service(at("/scanner/valider").route(post().to(scanner::redeem)))
        .service(at("/scanner/annuler/{id}").route(post().to(scanner::undo)))

        .service(at("/scanner/refus/{id}").route(post().to(scanner::resolve)))
        .service(at("/scanner/service-worker.js").route(get().to(scanner_app::service_worker)))
        .service(at("/scanner/application.webmanifest").route(get().to(scanner_app::manifest)))
        .service(at("/seances").route(get().to(scheduled_workshops::list)).route(post().to(scheduled_workshops::plan)))
        .service(at("/seances/{id}/annuler").route(post().to(scheduled_workshops::cancel)))
        .configure(manage::routes)

        .service(at("/rapports").route(get().to(reports::overview)))
        .service(at("/rapports/detail").route(get().to(report_detail::detail)))
        .service(at("/conventions/{id}").route(get().to(agreement_account::read)))
        .service(at("/conventions/{id}/compte-rendu.pdf").route(get().to(agreement_account::document)))
        .service(at("/conventions/{id}/condition").route(post().to(agreement_account::set_condition)))
        .service(at("/fin/{id}").route(get().to(ending::read)))
        .service(at("/fin/{id}/etat.pdf").route(get().to(ending::document)))
        .service(at("/fin/{id}/{act}").route(post().to(ending::act)))
        .service(at("/donnees-ouvertes").route(get().to(open_data::list)))
        .service(at("/gestion/donnees-ouvertes").route(get().to(open_data::prepare)).route(post().to(open_data::publish)))
        .service(at("/mois").route(get().to(months::list)).route(post().to(months::close)))
        .service(at("/releves").route(get().to(statements::list)).route(post().to(statements::approve)))
        .service(at("/releves/{id}/remboursement").route(post().to(repayment::note)))
        .service(at("/releves/{id}").route(get().to(statements::read)))
        .service(at("/releves/{id}/releve.pdf").route(get().to(statements::document)))
        .service(at("/releves/{id}/lignes.csv").route(get().to(statements::sheet)))
        .service(at("/appels").route(get().to(funding_calls::list)))
        .service(at("/appels/{id}").route(get().to(funding_calls::read)))
        .service(at("/appels/{id}/appel.pdf").route(get().to(funding_calls::document)))
        .service(at("/paiements").route(get().to(payments::list)).route(post().to(payments::pay)))
        .service(at("/paiements/{id}").route(get().to(payment_run::read)))
        .service(at("/paiements/{id}/virements-{version}.xml").route(get().to(payment_run::file)))
        .service(at("/paiements/{id}/{act}").route(post().to(payment_run::act)))
        .service(at("/journal").route(get().to(journal::list)))
        .service(at("/solvabilite").route(get().to(solvency::read)))
        .service(at("/accessibilite").route(get().to(accessibility::statement)))
        .service(at("/docs/errors").route(get().to(codes::list)))
        .service(at("/lieux").route(get().to(venues::list)))
        .service(at("/p").route(get().to(holder::ask)).route(post().to(holder::typed)))
        .service(at("/p/{code}").route(get().to(holder::read)))
        .service(at("/P/{code}").route(get().to(holder::read)))
        .service(at("/assets/{mark}/{name:.*}").route(get().to(assets::file)));
    // Phones and mail readers put a stroke after an address.
    for with_stroke in ["/p/{code}/", "/P/{code}/"] {
        config.service(at(with_stroke).route(get().to(holder::read)));
    }
}
