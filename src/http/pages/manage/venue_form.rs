//! A venue's description, labels and suspensions as forms.

use uuid::Uuid;

use super::form::{Field, Form};
use super::typed::{Typed, place_in_words};
use crate::domain::theme::CATALOGUE;
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::services::label_venue::{NewLabel, NewSuspension};
use crate::services::organisations::OrganisationView;
use crate::services::venues::{NewVenue, VenueChange, VenueView};

/// The form of a new venue.
#[must_use]
pub fn create(organisations: &[OrganisationView], chosen: &str) -> Form {
    let all = organisations.iter().map(|one| (one.id.to_string(), one.name.clone()));
    let all = [(String::new(), "Choisir".to_owned())].into_iter().chain(all).collect();
    let organisation = Field::choice("organisation_id", "Organisme qui gère le lieu", all)
        .hint("C’est lui qui est payé.")
        .value(chosen);
    let fields = [organisation].into_iter().chain(description(None)).collect();
    Form::new("/gestion/lieux", "Créer le lieu", fields)
}

/// The form that changes a venue's description.
#[must_use]
pub fn describe(venue: &VenueView) -> Form {
    let fields = description(Some(venue)).collect();
    Form::new(format!("/gestion/lieux/{}", venue.id), "Enregistrer", fields)
}

fn description(before: Option<&VenueView>) -> impl Iterator<Item = Field> + use<> {
    let text = |read: fn(&VenueView) -> String| before.map(read).unwrap_or_default();
    let degrees = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let place = before.map(|venue| (degrees(venue.latitude), degrees(venue.longitude)));
    let (latitude, longitude) = place.unwrap_or_default();
    let mut services: Vec<&str> = CATALOGUE.iter().map(|theme| theme.service).collect();
    services.dedup();
    // A venue from a file may offer something else: it must survive a change of its phone.
    let offered = before.map(|venue| venue.services.clone()).unwrap_or_default();
    let others = offered.iter().map(String::as_str).filter(|one| !services.contains(one));
    let services: Vec<&str> = services.iter().copied().chain(others).collect();
    let services = services.into_iter().map(|one| (one.to_owned(), one.to_owned())).collect();
    let optional =
        |read: fn(&VenueView) -> Option<String>| before.and_then(read).unwrap_or_default();
    [
        Field::line("name", "Nom du lieu").value(&text(|venue| venue.name.clone())),
        Field::line("address", "Numéro et rue").value(&text(|venue| venue.address.clone())),
        Field::line("address_complement", "Bâtiment, étage")
            .optional()
            .value(&optional(|venue| venue.address_complement.clone())),
        Field::digits("postal_code", "Code postal").value(&text(|venue| venue.postal_code.clone())),
        Field::line("commune", "Commune").value(&text(|venue| place_in_words(&venue.commune))),
        Field::line("phone", "Téléphone")
            .hint("Il est donné aux personnes, pour prendre rendez-vous.")
            .optional()
            .value(&optional(|venue| venue.phone.clone())),
        Field::ticks("services", "Ce qu’on y apprend", services).optional().values(offered),
        Field::line("opening_hours", "Horaires, au format OpenStreetMap")
            .hint("Par exemple Mo-Fr 09:00-12:00")
            .optional()
            .value(&optional(|venue| venue.opening_hours.clone())),
        Field::digits("latitude", "Latitude")
            .hint("Pour la carte. Par exemple 45.65")
            .optional()
            .value(&latitude),
        Field::digits("longitude", "Longitude")
            .hint("Par exemple 0.16")
            .optional()
            .value(&longitude),
    ]
    .into_iter()
}

fn degrees(typed: &mut Typed<'_>, name: &str) -> Option<f64> {
    let text = typed.some(name)?.replace(',', ".");
    let read = text.parse().ok().filter(|degrees: &f64| degrees.is_finite());
    if read.is_none() {
        typed.wrong(name, "Écrivez des degrés : par exemple 45.65.");
    }
    read
}

/// What is asked for a new venue.
///
/// # Errors
/// What cannot be understood.
pub fn read_new(fields: &Fields) -> Result<NewVenue, Faults> {
    let mut typed = Typed::new(fields);
    let request = NewVenue {
        organisation_id: typed.id("organisation_id"),
        name: typed.text("name"),
        address: typed.text("address"),
        address_complement: typed.some("address_complement"),
        postal_code: typed.text("postal_code"),
        commune: typed.commune("commune"),
        latitude: degrees(&mut typed, "latitude"),
        longitude: degrees(&mut typed, "longitude"),
        phone: typed.some("phone"),
        services: Some(fields.all("services")),
        opening_hours: typed.some("opening_hours"),
    };
    typed.done()?;
    Ok(request)
}

/// What is asked to change.
///
/// # Errors
/// What cannot be understood.
pub fn read_change(fields: &Fields) -> Result<VenueChange, Faults> {
    let mut typed = Typed::new(fields);
    let change = VenueChange {
        name: Some(typed.text("name")),
        address: Some(typed.text("address")),
        address_complement: Some(typed.text("address_complement")),
        postal_code: Some(typed.text("postal_code")),
        commune: Some(typed.commune("commune")),
        latitude: degrees(&mut typed, "latitude"),
        longitude: degrees(&mut typed, "longitude"),
        phone: Some(typed.text("phone")),
        services: Some(fields.all("services")),
        opening_hours: Some(typed.text("opening_hours")),
    };
    typed.done()?;
    Ok(change)
}

/// The form that gives a label.
#[must_use]
pub fn label(venue: Uuid) -> Form {
    let fields = vec![
        Field::day("valid_from", "Premier jour"),
        Field::day("valid_until", "Dernier jour").hint("Par exemple 31/08/2028"),
    ];
    let action = format!("/gestion/lieux/{venue}/labels");
    Form::new(action, "Donner la labellisation", fields).looks("second").called("label-")
}

/// What is asked of a label.
///
/// # Errors
/// What cannot be understood.
pub fn read_label(fields: &Fields) -> Result<NewLabel, Faults> {
    let mut typed = Typed::new(fields);
    let valid_from = typed.needed_day("valid_from");
    let valid_until = typed.needed_day("valid_until");
    typed.done()?;
    Ok(NewLabel { valid_from, valid_until })
}

/// The form that suspends a label.
#[must_use]
pub fn suspension(venue: Uuid) -> Form {
    let fields = vec![
        Field::day("suspended_from", "À partir du").hint("Aujourd’hui si vous laissez vide."),
        Field::day("suspended_until", "Jusqu’au")
            .hint("Sans fin si vous laissez vide. Vous pourrez la lever avant."),
        Field::line("reason", "Pourquoi ?"),
    ];
    let fields = fields.into_iter().map(|field| match field.name {
        "reason" => field,
        _ => field.optional(),
    });
    let action = format!("/gestion/lieux/{venue}/suspensions");
    Form::new(action, "Vérifier la suspension", fields.collect())
        .looks("danger")
        .called("suspension-")
}

/// What its form asks for.
pub const SUSPENDED: [&str; 3] = ["suspended_from", "suspended_until", "reason"];

/// What is asked of a suspension.
///
/// # Errors
/// What cannot be understood.
pub fn read_suspension(fields: &Fields) -> Result<NewSuspension, Faults> {
    let mut typed = Typed::new(fields);
    let suspended_from = typed.day("suspended_from");
    let suspended_until = typed.day("suspended_until");
    if typed.some("reason").is_none() {
        typed.wrong("reason", "Dites pourquoi : le lieu pourra vous le demander.");
    }
    let reason = typed.text("reason");
    typed.done()?;
    Ok(NewSuspension { suspended_from, suspended_until, reason })
}
