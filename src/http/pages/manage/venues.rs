//! Venues: the list, and a new one.

use actix_web::HttpRequest;
use actix_web::web::Data;
use uuid::Uuid;

use super::form::Form;
use super::form_page::{FormPage, done, just_done, to_correct};
use super::list::{Line, Lines, ListPage, Search, page};
use super::programmes::home;
use super::venue_form;
use crate::app::App;
use crate::domain::label::Standing;
use crate::http::answer::Answer;
use crate::http::call::ManageVenues;
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::ok;
use crate::http::pages::visit::{Sent, Visit};
use crate::http::pages::wording::in_letters;
use crate::services::find_organisations::{self, Does, OrganisationSearch};
use crate::services::find_venues::{self, VenueLine, VenueSearch, Wanted};
use crate::services::list::Page;
use crate::services::venues;

const PATH: &str = "/gestion/lieux";

/// How a label stands: the value in an address and the words.
const STANDINGS: [(&str, &str); 4] = [
    ("labellises", "Labellisés"),
    ("bientot", "Labellisation bientôt finie"),
    ("suspendus", "Suspendus"),
    ("sans", "Sans labellisation"),
];

/// `GET /gestion/lieux`
pub async fn list(app: Data<App>, request: HttpRequest, visit: Visit<ManageVenues>) -> Answer {
    let asked = Fields::of_address(&request);
    let (text, chosen) = (asked.text("q").to_owned(), asked.text("choix").to_owned());
    let wanted = match chosen.as_str() {
        "labellises" => Some(Wanted::Labelled),
        "bientot" => Some(Wanted::EndsSoon),
        "suspendus" => Some(Wanted::Suspended),
        "sans" => Some(Wanted::Unlabelled),
        _ => None,
    };
    let at = page(&asked);
    let search = VenueSearch { text: text.clone(), wanted, ..VenueSearch::default() };
    let found = app.run(move |services| find_venues::find(services, &search, at)).await?;
    let kept = [("q", text.as_str()), ("choix", chosen.as_str())];
    let lines = Lines::of(found, at, PATH, &kept, line);
    ok(&ListPage {
        frame: visit.frame("Lieux"),
        back: home(),
        done: just_done(&asked),
        ways: vec![
            ("/gestion/lieux/nouveau", "Créer un lieu"),
            ("/gestion/lieux/importer", "Importer un fichier"),
        ],
        path: PATH,
        search: Some(Search {
            label: "Nom, commune ou numéro du département",
            text,
            choice: "Labellisation",
            options: &STANDINGS,
            chosen,
        }),
        lines,
        nothing: "Aucun lieu ne correspond.",
    })
}

/// A venue in a list.
#[must_use]
pub fn line(venue: VenueLine) -> Line {
    let tag = match venue.standing {
        Standing::Labelled { .. } => "",
        Standing::EndsSoon { .. } => "Bientôt fini",
        Standing::Suspended { .. } => "Suspendu",
        Standing::Coming { .. } | Standing::Unlabelled => "Sans labellisation",
    };
    let place = format!("{} ({})", venue.commune, venue.departement);
    let detail = match venue.standing {
        Standing::Labelled { until } | Standing::EndsSoon { until } => {
            format!("{place} · labellisé jusqu’au {}", in_letters(until))
        }
        Standing::Coming { from } => {
            format!("{place} · labellisé à partir du {}", in_letters(from))
        }
        Standing::Suspended { .. } | Standing::Unlabelled => place,
    };
    Line { id: venue.id, address: address(venue.id), name: venue.name, detail, tag }
}

/// Where a venue is.
#[must_use]
pub fn address(id: Uuid) -> String {
    format!("{PATH}/{id}")
}

/// `GET /gestion/lieux/nouveau`
pub async fn new(app: Data<App>, request: HttpRequest, visit: Visit<ManageVenues>) -> Answer {
    let chosen = Fields::of_address(&request).text("organisme").to_owned();
    new_page(&app, &visit, &chosen, None).await
}

async fn new_page(
    app: &Data<App>,
    visit: &Visit<ManageVenues>,
    chosen: &str,
    again: Option<(&Fields, Faults)>,
) -> Answer {
    let search = OrganisationSearch { does: Some(Does::RunVenues), ..Default::default() };
    let all = Page { limit: u16::MAX, ..Page::default() };
    let found = app.run(move |services| find_organisations::find(services, &search, all)).await?;
    let mut form = venue_form::create(&found.page.items, chosen);
    if let Some((typed, faults)) = again {
        form = Form { faults, ..form.filled(typed) };
    }
    let back = (PATH.to_owned(), "Lieux".to_owned());
    let page = FormPage::new(app, visit, "Créer un lieu", back, form);
    if found.page.items.is_empty() {
        return page
            .says("Aucun organisme ne gère de lieux. Créez-le d’abord dans les organismes.")
            .answer();
    }
    page.answer()
}

/// `POST /gestion/lieux`
pub async fn create(app: Data<App>, sent: Sent<ManageVenues>) -> Answer {
    let key = sent.key()?;
    let faults = match venue_form::read_new(&sent.fields) {
        Err(faults) => faults,
        Ok(request) => {
            let made =
                app.run(move |services| venues::create(services, &request, Some(&key))).await;
            match made {
                Ok(once) => return done(&address(once.value.id), "lieu"),
                Err(error) => to_correct(error)?,
            }
        }
    };
    new_page(&app, &sent.visit, "", Some((&sent.fields, faults))).await
}
