//! The operator's pages, and the page where a manager looks after her team.

pub mod agreement_form;
pub mod agreements;
pub mod bank_details;
pub mod desk;
pub mod form;
pub mod form_page;
pub mod held_scans;
pub mod import;
pub mod letterhead;
pub mod list;
pub mod members;
pub mod organisations;
pub mod print_run;
pub mod print_run_form;
pub mod print_runs;
pub mod programme_form;
pub mod programmes;
mod remove_members;
pub mod team;
pub mod typed;
pub mod venue;
pub mod venue_form;
pub mod venues;

use actix_web::web::ServiceConfig;

use crate::http::resource::{at, get, post};

/// The routes of these pages.
#[rustfmt::skip]
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(at("/gestion").route(get().to(desk::read)))

        .service(at("/gestion/dispositifs").route(get().to(programmes::list)).route(post().to(programmes::create)))
        .service(at("/gestion/dispositifs/nouveau").route(get().to(programmes::new)))
        .service(at("/gestion/dispositifs/{id}").route(get().to(programmes::read)).route(post().to(programmes::change)))
        .service(at("/gestion/dispositifs/{id}/modifier").route(get().to(programmes::edit)))
        .service(at("/gestion/dispositifs/{id}/prescripteurs").route(get().to(members::prescribers)).route(post().to(members::add_prescribers)))
        .service(at("/gestion/dispositifs/{id}/prescripteurs/retirer").route(post().to(remove_members::remove_prescribers)))
        .service(at("/gestion/dispositifs/{id}/lieux").route(get().to(members::venues)).route(post().to(members::add_venues)))
        .service(at("/gestion/dispositifs/{id}/lieux/retirer").route(post().to(remove_members::remove_venues)))
        .service(at("/gestion/dispositifs/{id}/conventions").route(post().to(agreements::create)))
        .service(at("/gestion/dispositifs/{id}/conventions/nouvelle").route(get().to(agreements::new)))
        .service(at("/gestion/conventions/{id}").route(get().to(agreements::read)).route(post().to(agreements::change)))
        .service(at("/gestion/conventions/{id}/versements").route(post().to(agreements::receive)))
        .service(at("/gestion/conventions/{id}/reversements").route(post().to(agreements::refund)))

        .service(at("/gestion/organismes").route(get().to(organisations::list)).route(post().to(organisations::create)))
        .service(at("/gestion/organismes/nouveau").route(get().to(organisations::new)))
        .service(at("/gestion/organismes/{id}").route(get().to(organisations::read)).route(post().to(organisations::change)))
        .service(at("/gestion/organismes/{id}/modifier").route(get().to(organisations::edit)))
        .service(at("/gestion/organismes/{id}/gel").route(post().to(organisations::freeze)))
        .service(at("/gestion/organismes/{id}/inviter").route(get().to(team::any_form)).route(post().to(team::any_invite)))
        .service(at("/gestion/organismes/{id}/personnes/{person}").route(post().to(team::any_act)))

        .service(at("/gestion/lieux").route(get().to(venues::list)).route(post().to(venues::create)))
        .service(at("/gestion/lieux/nouveau").route(get().to(venues::new)))
        .service(at("/gestion/lieux/importer").route(get().to(import::ask)).route(post().to(import::import)))
        .service(at("/gestion/lieux/{id}").route(get().to(venue::read)).route(post().to(venue::describe)))
        .service(at("/gestion/lieux/{id}/modifier").route(get().to(venue::edit)))
        .service(at("/gestion/lieux/{id}/labels").route(post().to(venue::label)))
        .service(at("/gestion/lieux/{id}/suspensions").route(post().to(venue::suspend)))
        .service(at("/gestion/lieux/{id}/suspensions/lever").route(post().to(venue::lift)))

        .service(at("/gestion/validations").route(get().to(held_scans::list)))
        .service(at("/gestion/validations/{id}").route(post().to(held_scans::judge)))

        .service(at("/gestion/tirages").route(get().to(print_runs::list)).route(post().to(print_runs::order)))
        .service(at("/gestion/tirages/nouveau").route(get().to(print_runs::new)))
        .service(at("/gestion/tirages/{id}").route(get().to(print_run::read)))
        .service(at("/gestion/tirages/{id}/etapes").route(post().to(print_run::step)))
        .service(at("/gestion/tirages/{id}/tirage.pdf").route(get().to(print_run::document)))
        .service(at("/gestion/tirages/{id}/codes.csv").route(post().to(print_run::codes)))
        .service(at("/gestion/tirages/{id}/reprendre").route(post().to(print_run::resume)))

        .service(at("/equipe").route(get().to(team::own)))
        .service(at("/gestion/organismes/{id}/en-tete").route(get().to(letterhead::any)).route(post().to(letterhead::any_change)))
        .service(at("/gestion/organismes/{id}/banque").route(get().to(bank_details::any)).route(post().to(bank_details::any_propose)))
        .service(at("/gestion/organismes/{id}/banque/{detail}/{act}").route(post().to(bank_details::decide)))
        .service(at("/equipe/banque").route(get().to(bank_details::own)).route(post().to(bank_details::own_propose)))
        .service(at("/equipe/en-tete").route(get().to(letterhead::own)).route(post().to(letterhead::own_change)))
        .service(at("/equipe/inviter").route(get().to(team::own_form)).route(post().to(team::own_invite)))
        .service(at("/equipe/personnes/{person}").route(post().to(team::own_act)));
}
