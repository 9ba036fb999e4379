//! Which values the description of a venue may have, whoever gives it.

use crate::adapters::geography;
use crate::domain::place::Point;
use crate::domain::refusal::{Check, Refused};
use crate::domain::theme::CATALOGUE;
use crate::domain::venue;
use crate::store::venue::VenueRow;

pub(super) fn check_venue(row: &VenueRow) -> Result<(), Refused> {
    let mut check = Check::default();
    if let Some(id) = &row.external_id {
        check.text(id, venue::LONGEST_EXTERNAL_ID, "/external_id");
    }
    check.text(&row.name, 300, "/name");
    check.text(&row.address, 300, "/address");
    check.optional_text(row.address_complement.as_deref(), 300, "/address_complement");
    check.optional_text(row.opening_hours.as_deref(), 1_000, "/opening_hours");
    let postal = row.postal_code.len() == 5 && row.postal_code.bytes().all(|b| b.is_ascii_digit());
    let detail = "Le code postal compte cinq chiffres.";
    check.that(postal, "/postal_code", "malformed", detail);
    let known = geography::commune(&row.commune).is_some();
    let detail = "Cette commune n'existe pas : donnez son code INSEE à cinq signes.";
    check.that(known, "/commune", "unknown_value", detail);
    let placed = match (row.latitude, row.longitude) {
        (Some(latitude), Some(longitude)) => Point::new(latitude, longitude).is_some(),
        (None, None) => true,
        _ => false,
    };
    let detail = "Donnez une latitude et une longitude en degrés, ou aucune des deux.";
    check.that(placed, "/latitude", "out_of_range", detail);
    let place = row.latitude.zip(row.longitude).and_then(|(north, east)| Point::new(north, east));
    let here = place.is_none_or(Point::in_france);
    let detail = "Ce point n'est pas en France : donnez celui du lieu, ou aucun.";
    check.that(here, "/latitude", "out_of_range", detail);
    let phone = row.phone.as_deref().is_none_or(venue::phone_fits);
    let detail =
        "Ce numéro de téléphone est incomplet : dix chiffres, ou un numéro court comme 3949.";
    check.that(phone, "/phone", "malformed", detail);
    let services: Vec<&str> = row.services.split('|').filter(|s| !s.is_empty()).collect();
    check.list(&services, 50, "/services");
    for (position, service) in services.iter().enumerate() {
        let known = row.external_id.is_some() || CATALOGUE.iter().any(|t| t.service == *service);
        let pointer = format!("/services/{position}");
        let detail = "Ce service n'est pas l'un des neuf services nationaux.";
        check.that(known, &pointer, "unknown_value", detail);
    }
    check.done()
}
