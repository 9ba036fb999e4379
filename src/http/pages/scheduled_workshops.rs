//! The workshops a venue plans: what is coming, and the form for one more.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, ResponseError};
use askama::Template;
use chrono::{NaiveDateTime, NaiveTime};
use uuid::Uuid;

use super::faults::{Faults, TextField};
use super::fields::{Fields, day};
use super::frame::{Frame, ok, see_other, with_status};
use super::scanner_page::services;
use super::visit::{Sent, Visit};
use super::wording::in_letters;
use crate::app::App;
use crate::domain::ids::ScheduledWorkshopId;
use crate::domain::refusal::{Check, Refused};
use crate::domain::time::Zone;
use crate::http::answer::Answer;
use crate::http::call::PlanWorkshops;
use crate::http::problem::Problem;
use crate::services::list::{MAX_LIMIT, Page};
use crate::services::scheduled_workshops::{
    self, NewScheduledWorkshop, ScheduledWorkshopView, Wanted,
};
use crate::services::venues::{self, VenueView};
use crate::services::{Error, Services};

#[derive(Template)]
#[template(path = "scheduled_workshops.html")]
struct WorkshopsPage {
    frame: Frame,
    venues: Vec<VenueView>,
    coming: Vec<ScheduledWorkshopView>,
    faults: Faults,
    sent: Fields,
    done: &'static str,
    key: Uuid,
}

impl WorkshopsPage {
    fn venue_name(&self, id: &Uuid) -> &str {
        self.venues.iter().find(|venue| venue.id == *id).map_or("", |venue| venue.name.as_str())
    }

    fn chosen(&self, name: &str, value: &str) -> bool {
        self.sent.text(name) == value
    }

    fn field(&self, name: &'static str, label: &'static str, hint: &'static str) -> TextField<'_> {
        let keyboard = if matches!(name, "minutes" | "seats") { "numeric" } else { "" };
        let value = match (self.sent.text(name), name) {
            ("", "minutes") => "120",
            ("", "seats") => "10",
            (typed, _) => typed,
        };
        TextField {
            value,
            hint,
            keyboard,
            required: true,
            ..TextField::new(name, label, &self.faults)
        }
    }
}

/// `GET /seances`
pub async fn list(app: Data<App>, request: HttpRequest, visit: Visit<PlanWorkshops>) -> Answer {
    let asked = Fields::of_address(&request);
    let done = match asked.text("fait") {
        "prevue" => "Séance prévue.",
        "annulee" => "Séance annulée.",
        _ => "",
    };
    ok(&page(&app, &visit, Faults::default(), Fields::default(), done).await?)
}

async fn page(
    app: &Data<App>,
    visit: &Visit<PlanWorkshops>,
    faults: Faults,
    sent: Fields,
    done: &'static str,
) -> Result<WorkshopsPage, Problem> {
    let caller = visit.caller;
    let (venues, coming) = app
        .run(move |services| {
            let venues = venues::of_caller(services, &caller)?;
            let mut coming = Vec::new();
            for venue in &venues {
                let wanted = Wanted { venue: Some(venue.id), ..Wanted::default() };
                let page = Page { limit: MAX_LIMIT, ..Page::default() };
                coming.extend(
                    scheduled_workshops::list(services, Some(&caller), wanted, page)?.items,
                );
            }
            coming.sort_by(|one, other| one.starts_at.cmp(&other.starts_at));
            Ok((venues, coming))
        })
        .await?;
    let title = if faults.any() { "Erreur : séances" } else { "Séances" };
    let key = app.services.random.id(app.services.clock.now());
    Ok(WorkshopsPage { frame: visit.frame(title), venues, coming, faults, sent, done, key })
}

/// `POST /seances`: plans one.
pub async fn plan(app: Data<App>, sent: Sent<PlanWorkshops>) -> Answer {
    let (caller, key, fields) = (sent.visit.caller, sent.key()?, sent.fields.clone());
    let planned = app
        .run(move |services| {
            let request = read(services, &fields)?;
            scheduled_workshops::plan(services, &caller, &request, Some(&key))
        })
        .await;
    match planned {
        Ok(_) => Ok(see_other("/seances?fait=prevue")),
        Err(Error::Refused { refused, .. }) if !refused.fields.is_empty() => {
            let status = Problem::from((*refused).clone()).status_code();
            let faults = Faults::from(*refused);
            with_status(status, &page(&app, &sent.visit, faults, sent.fields, "").await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /seances/{id}/annuler`
pub async fn cancel(app: Data<App>, id: Path<Uuid>, sent: Sent<PlanWorkshops>) -> Answer {
    let (caller, key, id) = (sent.visit.caller, sent.key()?, ScheduledWorkshopId(*id));
    app.run(move |services| scheduled_workshops::cancel(services, &caller, id, Some(&key))).await?;
    Ok(see_other("/seances?fait=annulee"))
}

/// Day and hour are those of the clocks of the venue.
fn read(services: &Services, fields: &Fields) -> Result<NewScheduledWorkshop, Error> {
    let mut check = Check::default();
    let venue = fields.id("venue_id");
    check.that(venue.is_some(), "/venue_id", "missing", "Choisissez le lieu.");
    let theme = fields.text("theme").to_owned();
    check.that(!theme.is_empty(), "/theme", "missing", "Choisissez le thème.");
    let on = day(fields.text("day"));
    let detail = "Donnez le jour : 17/05/2026 par exemple.";
    check.that(on.is_some(), "/day", "malformed", detail);
    let at = hour(fields.text("hour"));
    let detail = "Donnez l’heure : 14:30 par exemple.";
    check.that(at.is_some(), "/hour", "malformed", detail);
    let number = |name: &str| fields.text(name).parse::<u16>().ok();
    let (minutes, seats) = (number("minutes"), number("seats"));
    let detail = "Donnez la durée en minutes, de 1 à 600.";
    check.that(minutes.is_some(), "/minutes", "malformed", detail);
    check.that(seats.is_some(), "/seats", "malformed", "Donnez le nombre de places, de 1 à 200.");
    check.done()?;
    let venue_id = venue.unwrap_or_default();
    let found = venues::by_id(services, crate::domain::ids::VenueId(venue_id))?;
    let zone = Zone::of_commune(&found.commune);
    let starts_at = on
        .zip(at)
        .and_then(|(on, at)| zone.instant_of(NaiveDateTime::new(on, at)))
        .ok_or_else(|| {
            let mut check = Check::default();
            let detail = "Cette heure n’existe pas ce jour-là : l’horloge avance d’une heure.";
            check.that(false, "/hour", "out_of_range", detail);
            check.done().err().unwrap_or_else(Refused::not_found)
        })?;
    Ok(NewScheduledWorkshop {
        venue_id,
        theme,
        starts_at: starts_at.to_utc(),
        minutes: minutes.unwrap_or_default(),
        seats: seats.unwrap_or_default(),
    })
}

/// An hour as people write it: `14:30`, `14 h 30`, `14h`.
fn hour(text: &str) -> Option<NaiveTime> {
    let parts: Vec<u32> = text
        .split(|sign: char| !sign.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    match parts.as_slice() {
        [hour] => NaiveTime::from_hms_opt(*hour, 0, 0),
        [hour, minute] | [hour, minute, 0] => NaiveTime::from_hms_opt(*hour, *minute, 0),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
