//! Programmes: the list, a new one, one with its plan, and its settings.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::form::Form;
use super::form_page::{Back, FormPage, done, just_done, to_correct};
use super::list::{Line, Lines, ListPage};
use super::programme_form::{self, OPENINGS, zone_in_words};
use super::typed::{place_in_words, territory_in_words};
use crate::app::App;
use crate::domain::ids::ProgrammeId;
use crate::domain::territory::{PUBLICS, label};
use crate::http::answer::Answer;
use crate::http::call::ManageProgrammes;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::{Frame, ok};
use crate::http::pages::visit::{Sent, Visit};
use crate::http::pages::wording::{euros, in_letters, percent};
use crate::services::programmes::{self, ProgrammeView};
use crate::services::read_programme::{self, PlanLine, ProgrammeFile, Tier};

/// `GET /gestion/dispositifs`
pub async fn list(app: Data<App>, request: HttpRequest, visit: Visit<ManageProgrammes>) -> Answer {
    let asked = Fields::of_address(&request);
    let (open, over) = app.run(read_programme::by_end).await?;
    let total = open.len() + over.len();
    let open = open.into_iter().map(|programme| line(programme, ""));
    let over = over.into_iter().map(|programme| line(programme, "Terminé"));
    let lines = Lines { lines: open.chain(over).collect(), total, next: None, first: None };
    ok(&ListPage {
        frame: visit.frame("Dispositifs"),
        back: home(),
        done: just_done(&asked),
        ways: vec![("/gestion/dispositifs/nouveau", "Créer un dispositif")],
        path: "/gestion/dispositifs",
        search: None,
        lines,
        nothing: "Aucun dispositif pour l’instant. Créez le premier.",
    })
}

fn line(programme: ProgrammeView, tag: &'static str) -> Line {
    let (first, last) = (in_letters(programme.first_day), in_letters(programme.last_day));
    let price = euros(programme.price_cents);
    Line {
        id: programme.id,
        address: address(programme.id),
        detail: format!("Du {first} au {last} · {price} l’atelier"),
        name: programme.name,
        tag: if programme.training { "Entraînement" } else { tag },
    }
}

/// Where the operator's first page is.
#[must_use]
pub fn home() -> Back {
    ("/gestion".to_owned(), "Gestion".to_owned())
}

/// Where a programme is.
#[must_use]
pub fn address(id: Uuid) -> String {
    format!("/gestion/dispositifs/{id}")
}

/// The way back to a programme.
#[must_use]
pub fn back_to(programme: &ProgrammeView) -> Back {
    (address(programme.id), programme.name.clone())
}

/// `GET /gestion/dispositifs/nouveau`
pub async fn new(app: Data<App>, visit: Visit<ManageProgrammes>) -> Answer {
    new_page(&app, &visit, programme_form::create())
}

fn new_page(app: &App, visit: &Visit<ManageProgrammes>, form: Form) -> Answer {
    let back = ("/gestion/dispositifs".to_owned(), "Dispositifs".to_owned());
    FormPage::new(app, visit, "Créer un dispositif", back, form)
        .says("Le prix, le premier jour et l’ouverture ne changent plus après le premier pass.")
        .answer()
}

/// `POST /gestion/dispositifs`
pub async fn create(app: Data<App>, sent: Sent<ManageProgrammes>) -> Answer {
    let key = sent.key()?;
    let faults = match programme_form::read_new(&sent.fields) {
        Err(faults) => faults,
        Ok(request) => {
            let made =
                app.run(move |services| programmes::create(services, &request, Some(&key))).await;
            match made {
                Ok(once) => return done(&address(once.value.id), "dispositif"),
                Err(error) => to_correct(error)?,
            }
        }
    };
    let form = programme_form::create().filled(&sent.fields);
    new_page(&app, &sent.visit, Form { faults, ..form })
}

#[derive(Template)]
#[template(path = "manage/programme.html")]
struct ProgrammePage {
    frame: Frame,
    done: &'static str,
    file: ProgrammeFile,
}

impl ProgrammePage {
    /// Each setting in plain words.
    fn settings(&self) -> Vec<(&'static str, String)> {
        let programme = &self.file.programme;
        let sizes: Vec<String> = programme.sizes.iter().map(u16::to_string).collect();
        let opening = OPENINGS.iter().find(|(name, _)| *name == programme.opened_by);
        let places = programme.territory.as_deref().map(territory_in_words);
        vec![
            ("Prix d’un atelier", euros(programme.price_cents)),
            ("Ateliers d’un pass", sizes.join(", ")),
            ("Remise des pass", format!("à partir du {}", in_letters(programme.first_day))),
            (
                "Fin des pass",
                format!(
                    "le {}, puis {} jours de tolérance",
                    in_letters(programme.last_day),
                    programme.tolerance_days
                ),
            ),
            ("Ateliers par jour et par pass", format!("{} au plus", programme.max_per_day)),
            ("Pass par personne", format!("{} au plus", programme.passes_per_person)),
            ("Annuler une validation", format!("pendant {} jours", programme.undo_days)),
            (
                "Argent disponible",
                opening.map(|(_, words)| (*words).to_owned()).unwrap_or_default(),
            ),
            ("Où vivent les personnes", places.unwrap_or_else(|| "partout".to_owned())),
            ("Heure locale", zone_in_words(&programme.time_zone)),
        ]
    }
}

fn whole(tier: &Tier) -> bool {
    tier.share_bp == 10_000
}

/// Whom an agreement pays for and when, in words; empty when it pays for everybody, always.
#[must_use]
pub fn conditions(line: &PlanLine) -> String {
    let agreement = &line.agreement;
    let mut words = Vec::new();
    if let Some(codes) = &agreement.territory {
        let places: Vec<String> = codes.iter().map(|code| place_in_words(code)).collect();
        words.push(places.join(", "));
    }
    if let Some(publics) = &agreement.publics {
        let publics: Vec<&str> = publics.iter().map(|code| label(PUBLICS, code)).collect();
        words.push(publics.join(", "));
    }
    if let Some(from) = agreement.valid_from {
        words.push(format!("à partir du {}", in_letters(from)));
    }
    if let Some(until) = agreement.valid_until {
        words.push(format!("jusqu’au {}", in_letters(until)));
    }
    words.join(" · ")
}

/// `GET /gestion/dispositifs/{id}`
pub async fn read(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<ManageProgrammes>,
) -> Answer {
    let id = ProgrammeId(*id);
    let file = app.run(move |services| read_programme::read_programme(services, id)).await?;
    let done = just_done(&Fields::of_address(&request));
    ok(&ProgrammePage { frame: visit.frame(file.programme.name.clone()), done, file })
}

/// `GET /gestion/dispositifs/{id}/modifier`
pub async fn edit(app: Data<App>, id: Path<Uuid>, visit: Visit<ManageProgrammes>) -> Answer {
    let id = ProgrammeId(*id);
    let file = app.run(move |services| read_programme::read_programme(services, id)).await?;
    edit_page(&app, &visit, &file, programme_form::change(&file.programme, file.begun))
}

fn edit_page(
    app: &App,
    visit: &Visit<ManageProgrammes>,
    file: &ProgrammeFile,
    form: Form,
) -> Answer {
    let page = FormPage::new(app, visit, "Modifier le dispositif", back_to(&file.programme), form);
    if !file.begun {
        return page.answer();
    }
    page.says(
        "Des pass existent déjà : le prix, le premier jour, l’ouverture et l’heure locale ne changent \
         plus. Les pass remis gardent leurs dates.",
    )
    .answer()
}

/// `POST /gestion/dispositifs/{id}`
pub async fn change(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageProgrammes>) -> Answer {
    let id = ProgrammeId(*id);
    let file = app.run(move |services| read_programme::read_programme(services, id)).await?;
    let faults = match programme_form::read_change(&sent.fields, file.begun) {
        Err(faults) => faults,
        Ok(request) => {
            let changed = app.run(move |services| programmes::change(services, id, &request)).await;
            match changed {
                Ok(_) => return done(&address(id.0), "dispositif-modifie"),
                Err(error) => to_correct(error)?,
            }
        }
    };
    let form = programme_form::change(&file.programme, file.begun).filled(&sent.fields);
    edit_page(&app, &sent.visit, &file, Form { faults, ..form })
}

#[cfg(test)]
mod tests;
