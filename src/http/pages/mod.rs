//! The pages: server-rendered French HTML over the same use cases as the API.

pub mod assets;
pub mod codes;
pub mod error;
pub mod faults;
pub mod fields;
pub mod frame;
pub mod hand_over;
pub mod hand_over_form;
pub mod holder;
pub mod home;
pub mod manage;
pub mod pass;
pub mod reports;
pub mod scanner;
pub mod scanner_page;
pub mod venues;
pub mod visit;
pub mod wording;

use actix_web::web::{ServiceConfig, get, post};

use super::resource::at;

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
        .service(at("/remise/{id}").route(get().to(pass::read)))
        .service(at("/remise/{id}/lettre").route(post().to(pass::print)))
        .service(at("/remise/{id}/{act}").route(post().to(pass::act)))

        .service(at("/scanner").route(get().to(scanner::ready)).route(post().to(scanner::check)))
        .service(at("/scanner/valider").route(post().to(scanner::redeem)))
        .service(at("/scanner/annuler/{id}").route(post().to(scanner::undo)))

        .configure(manage::routes)

        .service(at("/rapports").route(get().to(reports::consumption)))
        .service(at("/docs/errors").route(get().to(codes::list)))
        .service(at("/lieux").route(get().to(venues::list)))
        .service(at("/p").route(get().to(holder::ask)).route(post().to(holder::typed)))
        .service(at("/p/{code}").route(get().to(holder::read)))
        .service(at("/P/{code}").route(get().to(holder::read)))
        .service(at("/assets/{mark}/{name:.*}").route(get().to(assets::file)));
}
