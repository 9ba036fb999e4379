//! The public list of venues: where, which phone, what is taught.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use uuid::Uuid;

use super::faults::{Faults, TextField};
use super::fields::Fields;
use super::frame::{Frame, ok};
use super::visit::Visitor;
use super::wording::{phone, phone_link};
use crate::app::App;
use crate::domain::territory::departement_of;
use crate::domain::theme::CATALOGUE;
use crate::http::answer::Answer;
use crate::services::list::{Listed, Page};
use crate::services::places::{self, Place};
use crate::services::venues::{self, VenueFilter, VenueView};
use crate::services::{Outcome, Services};

/// How many venues a page holds.
const ON_A_PAGE: u16 = 20;

#[derive(Template)]
#[template(path = "venues.html")]
struct VenuesPage {
    frame: Frame,
    typed: String,
    service: String,
    found: Found,
    faults: Faults,
}

/// What a search gave.
struct Found {
    /// Where it looked, in words; empty for everywhere.
    place: String,
    /// Whether it had to look in the whole département.
    wider: bool,
    /// Places to choose from when several are meant.
    choices: Vec<Place>,
    venues: Listed<VenueView>,
}

impl VenuesPage {
    fn place_field(&self) -> TextField<'_> {
        TextField {
            value: &self.typed,
            hint: "Nom de la commune ou code postal",
            autocomplete: "address-level2",
            ..TextField::new("q", "Où habitez-vous ?", &self.faults)
        }
    }
}

fn services() -> Vec<&'static str> {
    let mut services: Vec<&str> = CATALOGUE.iter().map(|theme| theme.service).collect();
    services.dedup();
    services
}

/// `GET /lieux`
pub async fn list(app: Data<App>, request: HttpRequest, visitor: Visitor) -> Answer {
    let fields = Fields::of_address(&request);
    let (typed, service) = (fields.text("q").to_owned(), fields.text("service").to_owned());
    let after = fields.id("after").unwrap_or(Uuid::nil());
    let (asked, wanted) = (typed.clone(), fields.some("service"));
    let commune = fields.some("commune");
    let found =
        app.run(move |services| find(services, &asked, commune.as_deref(), wanted, after)).await?;
    let frame = Frame { private: false, ..visitor.frame("Trouver un lieu") };
    let nowhere = !typed.is_empty() && found.place.is_empty() && found.choices.is_empty();
    let faults = if nowhere {
        Faults::field(
            "q",
            "Nous ne trouvons pas cette commune : vérifiez le nom ou le code postal.",
        )
    } else {
        Faults::default()
    };
    ok(&VenuesPage { frame, typed, service, found, faults })
}

fn find(
    services: &Services,
    typed: &str,
    commune: Option<&str>,
    service: Option<String>,
    after: Uuid,
) -> Outcome<Found> {
    let page = Page { after, limit: ON_A_PAGE };
    let filter = VenueFilter { service, ..VenueFilter::default() };
    let meant = commune
        .and_then(places::by_code)
        .map_or_else(|| places::search(typed), |place| vec![place]);
    let empty = Listed { items: Vec::new(), next: None };
    match meant.as_slice() {
        [] if typed.is_empty() => Ok(Found {
            place: String::new(),
            wider: false,
            choices: Vec::new(),
            venues: venues::list(services, &filter, page)?,
        }),
        [] => Ok(Found { place: String::new(), wider: false, choices: Vec::new(), venues: empty }),
        [only] => in_commune(services, &filter, only, page),
        several if typed.bytes().all(|sign| sign.is_ascii_digit()) => {
            let mut items = Vec::new();
            for place in several {
                let here = VenueFilter { commune: Some(place.code.clone()), ..filter.clone() };
                items.extend(venues::list(services, &here, page)?.items);
            }
            match several.first().filter(|_| items.is_empty()) {
                Some(largest) => in_commune(services, &filter, largest, page),
                None => Ok(Found {
                    place: typed.to_owned(),
                    wider: false,
                    choices: Vec::new(),
                    venues: Listed { items, next: None },
                }),
            }
        }
        _ => Ok(Found { place: String::new(), wider: false, choices: meant, venues: empty }),
    }
}

/// The venues of a commune; when it has none, those of its département.
fn in_commune(
    services: &Services,
    filter: &VenueFilter,
    place: &Place,
    page: Page,
) -> Outcome<Found> {
    let here = VenueFilter { commune: Some(place.code.clone()), ..filter.clone() };
    let mut found = venues::list(services, &here, page)?;
    let wider = found.items.is_empty();
    if wider {
        let departement = Some(departement_of(&place.code).to_owned());
        let around = VenueFilter { departement, ..filter.clone() };
        found = venues::list(services, &around, page)?;
    }
    Ok(Found { place: place.label.clone(), wider, choices: Vec::new(), venues: found })
}
