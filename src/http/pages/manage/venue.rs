//! One venue: its description, labels, suspensions and the programmes that accept it.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::form::Form;
use super::form_page::{
    ConfirmPage, FormPage, answer, confirmed, done, just_done, ready, sent_along, to_correct,
};
use super::venue_form::{self, SUSPENDED};
use super::venues::address;
use crate::app::App;
use crate::domain::ids::VenueId;
use crate::domain::label::Standing;
use crate::http::answer::Answer;
use crate::http::call::ManageVenues;
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::{Frame, ok};
use crate::http::pages::visit::{Sent, Visit};
use crate::http::pages::wording::{in_letters, phone};
use crate::http::problem::Problem;
use crate::services::label_venue::NewSuspension;
use crate::services::read_venue::{self, Suspension, VenueFile};
use crate::services::{Error, label_venue, venues};

/// How a venue stands, as a sentence.
fn standing_in_words(standing: Standing) -> String {
    match standing {
        Standing::Labelled { until } => {
            format!("Ce lieu peut valider jusqu’au {}.", in_letters(until))
        }
        Standing::EndsSoon { until } => format!(
            "Ce lieu ne pourra plus valider après le {}. Donnez-lui une nouvelle labellisation.",
            in_letters(until)
        ),
        Standing::Suspended { until: Some(until) } => {
            format!("Ce lieu est suspendu jusqu’au {}. Il ne peut pas valider.", in_letters(until))
        }
        Standing::Suspended { until: None } => {
            "Ce lieu est suspendu. Il ne peut pas valider.".to_owned()
        }
        Standing::Coming { from } => {
            format!("Ce lieu pourra valider à partir du {}.", in_letters(from))
        }
        Standing::Unlabelled => "Ce lieu n’est pas labellisé. Il ne peut pas valider.".to_owned(),
    }
}

fn suspension_in_words(suspension: &Suspension) -> String {
    let Suspension { from, until, lifted, .. } = suspension;
    match until {
        Some(until) if until < from => {
            format!("Prévue le {}, levée avant", in_letters(*from))
        }
        Some(until) => {
            let end = if *lifted { ", levée ensuite" } else { "" };
            format!("Du {} au {}{end}", in_letters(*from), in_letters(*until))
        }
        None => format!("Depuis le {}, sans date de fin", in_letters(*from)),
    }
}

#[derive(Template)]
#[template(path = "manage/venue.html")]
struct VenuePage {
    frame: Frame,
    done: &'static str,
    file: VenueFile,
    label: Form,
    suspension: Form,
    lift: Option<Form>,
}

impl VenuePage {
    fn summary(&self) -> Faults {
        let forms = [&self.label, &self.suspension];
        forms.iter().find(|form| form.faults.any()).map(|form| form.summary()).unwrap_or_default()
    }

    fn may_redeem(&self) -> bool {
        matches!(self.file.standing, Standing::Labelled { .. })
    }
}

fn lift_form(id: Uuid) -> Form {
    let action = format!("{}/suspensions/lever", address(id));
    Form::new(action, "Lever la suspension", Vec::new()).called("lever-")
}

async fn file(app: &Data<App>, id: Uuid) -> Result<VenueFile, Error> {
    app.run(move |services| read_venue::read_venue(services, VenueId(id))).await
}

async fn venue_page(
    app: &Data<App>,
    visit: &Visit<ManageVenues>,
    id: Uuid,
) -> Result<VenuePage, Problem> {
    let file = file(app, id).await?;
    Ok(VenuePage {
        lift: file.suspended().then(|| ready(app, visit, lift_form(id))),
        frame: visit.frame(file.venue.name.clone()),
        done: "",
        label: ready(app, visit, venue_form::label(id)),
        suspension: ready(app, visit, venue_form::suspension(id)),
        file,
    })
}

/// `GET /gestion/lieux/{id}`
pub async fn read(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<ManageVenues>,
) -> Answer {
    let mut page = venue_page(&app, &visit, *id).await?;
    page.done = just_done(&Fields::of_address(&request));
    ok(&page)
}

/// `GET /gestion/lieux/{id}/modifier`
pub async fn edit(app: Data<App>, id: Path<Uuid>, visit: Visit<ManageVenues>) -> Answer {
    let file = file(&app, *id).await?;
    edit_page(&app, &visit, &file, venue_form::describe(&file.venue))
}

fn edit_page(app: &App, visit: &Visit<ManageVenues>, file: &VenueFile, form: Form) -> Answer {
    let back = (address(file.venue.id), file.venue.name.clone());
    FormPage::new(app, visit, "Modifier le lieu", back, form).answer()
}

/// `POST /gestion/lieux/{id}`
pub async fn describe(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageVenues>) -> Answer {
    let id = *id;
    let file = file(&app, id).await?;
    let caller = sent.visit.caller;
    let faults = match venue_form::read_change(&sent.fields) {
        Err(faults) => faults,
        Ok(change) => {
            let changed = app
                .run(move |services| venues::describe(services, &caller, VenueId(id), &change))
                .await;
            match changed {
                Ok(_) => return done(&address(id), "lieu-modifie"),
                Err(error) => to_correct(error)?,
            }
        }
    };
    let form = venue_form::describe(&file.venue).filled(&sent.fields);
    edit_page(&app, &sent.visit, &file, Form { faults, ..form })
}

/// `POST /gestion/lieux/{id}/labels`
pub async fn label(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageVenues>) -> Answer {
    let key = sent.key()?;
    let id = *id;
    let faults = match venue_form::read_label(&sent.fields) {
        Err(faults) => faults,
        Ok(request) => {
            let labelled = app
                .run(move |services| {
                    label_venue::label(services, VenueId(id), &request, Some(&key))
                })
                .await;
            match labelled {
                Ok(_) => return done(&address(id), "label"),
                Err(error) => to_correct(error)?,
            }
        }
    };
    let mut page = venue_page(&app, &sent.visit, id).await?;
    page.label = Form { faults, ..page.label.filled(&sent.fields) };
    answer(true, page, |page| &mut page.frame)
}

/// `POST /gestion/lieux/{id}/suspensions`: asks before it stops a venue.
pub async fn suspend(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageVenues>) -> Answer {
    let key = sent.key()?;
    let id = *id;
    let faults = match venue_form::read_suspension(&sent.fields) {
        Err(faults) => faults,
        Ok(request) if !confirmed(&sent.fields) => {
            return ask_to_suspend(&app, id, &sent, &request).await;
        }
        Ok(request) => {
            let suspended = app
                .run(move |services| {
                    label_venue::suspend(services, VenueId(id), &request, Some(&key))
                })
                .await;
            match suspended {
                Ok(_) => return done(&address(id), "suspension"),
                Err(error) => to_correct(error)?,
            }
        }
    };
    let mut page = venue_page(&app, &sent.visit, id).await?;
    page.suspension = Form { faults, ..page.suspension.filled(&sent.fields) };
    answer(true, page, |page| &mut page.frame)
}

/// `POST /gestion/lieux/{id}/suspensions/lever`
pub async fn lift(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageVenues>) -> Answer {
    let key = sent.key()?;
    let id = *id;
    let lifted =
        app.run(move |services| label_venue::lift(services, VenueId(id), Some(&key))).await;
    match lifted {
        Ok(_) => done(&address(id), "levee"),
        Err(error) => {
            let faults = to_correct(error)?;
            let mut page = venue_page(&app, &sent.visit, id).await?;
            page.suspension = Form { faults, ..page.suspension };
            answer(true, page, |page| &mut page.frame)
        }
    }
}

async fn ask_to_suspend(
    app: &Data<App>,
    id: Uuid,
    sent: &Sent<ManageVenues>,
    request: &NewSuspension,
) -> Answer {
    let name = file(app, id).await?.venue.name;
    let from = request.suspended_from.map(|day| format!("le {}", in_letters(day)));
    let until = request.suspended_until.map(|day| format!("jusqu’au {} compris", in_letters(day)));
    let from = from.unwrap_or_else(|| "aujourd’hui".to_owned());
    let until = until.unwrap_or_else(|| "sans date de fin".to_owned());
    let action = format!("{}/suspensions", address(id));
    let form = Form::new(action, "Suspendre ce lieu", sent_along(&SUSPENDED, &sent.fields));
    let form = form.looks("danger");
    ok(&ConfirmPage::new(app, &sent.visit, "Vérifier la suspension", form, &address(id))
        .says(format!("{name} ne pourra plus valider dès {from}, {until}."))
        .says(format!("Raison : {}", request.reason))
        .says("Les ateliers des jours d’avant restent valables."))
}

#[cfg(test)]
mod tests;
