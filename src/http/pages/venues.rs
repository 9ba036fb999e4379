//! The public list of venues that take a pass today: where, which phone, what is taught, when,
//! and on a map that asks nobody else for anything.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::faults::{Faults, TextField};
use super::fields::Fields;
use super::frame::{Frame, ok};
use super::maps::{Entry, PinMap};
use super::visit::Visitor;
use super::wording::{in_letters, phone, phone_link};
use crate::app::App;
use crate::domain::opening_hours::in_french;
use crate::domain::theme::CATALOGUE;
use crate::http::answer::Answer;
use crate::services::labelled_venues::{self, Found, FoundVenues, ON_A_PAGE, Search, find};
use crate::services::places;
use crate::services::scheduled_workshops::{self, ScheduledWorkshopView};
use crate::services::venues::VenueView;

/// No list goes on for longer.
const FARTHEST: usize = 1_000;

/// How many planned workshops are shown of each venue.
const SHOWN: usize = 3;

#[derive(Template)]
#[template(path = "venues.html")]
struct VenuesPage {
    frame: Frame,
    search: Search,
    found: Found,
    map: Option<PinMap>,
    coming: Vec<ScheduledWorkshopView>,
    faults: Faults,
}

impl VenuesPage {
    fn of(frame: Frame, search: Search, found: Found, coming: Vec<ScheduledWorkshopView>) -> Self {
        let faults = if matches!(found, Found::Nowhere) {
            let detail = "Nous ne trouvons pas cette commune : vérifiez le nom ou le code postal.";
            Faults::field("q", detail)
        } else {
            Faults::default()
        };
        let map = if let Found::Venues(venues) = &found { map(venues) } else { None };
        Self { frame, search, found, map, coming, faults }
    }

    /// The next workshops of a venue of the list.
    fn coming_at(&self, venue: &VenueView) -> Vec<&ScheduledWorkshopView> {
        self.coming.iter().filter(|one| one.venue_id == venue.id).collect()
    }

    fn place_field(&self) -> TextField<'_> {
        TextField {
            value: &self.search.typed,
            hint: "Nom de la commune ou code postal",
            autocomplete: "address-level2",
            ..TextField::new("q", "Où habitez-vous ?", &self.faults)
        }
    }

    fn service(&self) -> &str {
        self.search.service.as_deref().unwrap_or_default()
    }

    /// The next part of a département's list.
    fn next(&self, venues: &FoundVenues) -> String {
        let departement = venues.departements.first().map_or("", String::as_str);
        let service = askama::filters::urlencode_strict(self.service());
        let service = service.map_or_else(|_| String::new(), |service| service.to_string());
        format!("/lieux?departement={departement}&service={service}&page={}", venues.page + 2)
    }
}

/// Venues with their numbers in the list: those of the place, then those around it.
fn numbered(venues: &FoundVenues) -> impl Iterator<Item = (usize, &VenueView)> {
    let first = venues.page.saturating_mul(ON_A_PAGE) + 1;
    (first..).zip(venues.here.iter().chain(&venues.around))
}

fn here(venues: &FoundVenues) -> Vec<(usize, &VenueView)> {
    numbered(venues).take(venues.here.len()).collect()
}

fn around(venues: &FoundVenues) -> Vec<(usize, &VenueView)> {
    numbered(venues).skip(venues.here.len()).collect()
}

fn map(venues: &FoundVenues) -> Option<PinMap> {
    let entry = |(number, venue): (usize, &VenueView)| {
        let point = labelled_venues::point(venue)?;
        Some(Entry { point, number, name: venue.name.clone() })
    };
    let entries: Vec<Entry> = numbered(venues).filter_map(entry).collect();
    PinMap::of("Carte des lieux de la liste", &entries, &places::ground(&venues.departements))
}

/// `à 3 km`, as the crow flies.
fn distance(venue: &VenueView) -> Option<String> {
    let km = venue.distance_km?;
    Some(if km < 1.0 { "à moins de 1\u{a0}km".to_owned() } else { format!("à {km:.0}\u{a0}km") })
}

fn services() -> Vec<&'static str> {
    let mut services: Vec<&str> = CATALOGUE.iter().map(|theme| theme.service).collect();
    services.dedup();
    services
}

/// `GET /lieux`
pub async fn list(app: Data<App>, request: HttpRequest, visitor: Visitor) -> Answer {
    let fields = Fields::of_address(&request);
    let page: usize = fields.text("page").parse().unwrap_or(1);
    let search = Search {
        typed: fields.text("q").to_owned(),
        commune: fields.some("commune"),
        departement: fields.some("departement"),
        service: fields.some("service"),
        page: page.saturating_sub(1).min(FARTHEST),
    };
    let asked = search.clone();
    let (found, coming) = app
        .run_public(move |services| {
            let found = find(services, &asked)?;
            let mut shown = Vec::new();
            if let Found::Venues(venues) = &found {
                shown.extend(venues.here.iter().chain(&venues.around).map(|venue| venue.id));
            }
            let coming = scheduled_workshops::coming_in(services, &shown, SHOWN)?;
            Ok((found, coming))
        })
        .await?;
    let frame = Frame { private: false, ..visitor.frame("Trouver un lieu") };
    ok(&VenuesPage::of(frame, search, found, coming))
}

#[cfg(test)]
mod tests;
