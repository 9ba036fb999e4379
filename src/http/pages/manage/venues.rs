//! Venues: the list, a new one, and one with its labels, suspensions and programmes.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::form::Form;
use super::form_page::{
    ConfirmPage, FormPage, answer, confirmed, done, just_done, ready, sent_along, to_correct,
};
use super::list::{Line, Lines, ListPage, Search, page};
use super::programmes::home;
use super::venue_form::{self, SUSPENDED};
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
use crate::services::find_organisations::{self, Does, OrganisationSearch};
use crate::services::find_venues::{self, VenueLine, VenueSearch, Wanted};
use crate::services::list::Page;
use crate::services::read_venue::{self, VenueFile};
use crate::services::{Error, label_venue, venues};

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

fn address(id: Uuid) -> String {
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

#[derive(Template)]
#[template(path = "manage/venue.html")]
struct VenuePage {
    frame: Frame,
    done: &'static str,
    file: VenueFile,
    label: Form,
    suspension: Form,
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
            let name = file(&app, id).await?.venue.name;
            let from = request
                .suspended_from
                .map_or("aujourd’hui".to_owned(), |day| format!("le {}", in_letters(day)));
            let until = request.suspended_until.map_or("sans date de fin".to_owned(), |day| {
                format!("jusqu’au {} compris", in_letters(day))
            });
            let action = format!("{}/suspensions", address(id));
            let form = Form::new(action, "Suspendre ce lieu", sent_along(&SUSPENDED, &sent.fields));
            let title = "Vérifier la suspension";
            let form = form.looks("danger");
            return ok(&ConfirmPage::new(&app, &sent.visit, title, form, &address(id))
                .says(format!("{name} ne pourra plus valider, dès {from}, {until}."))
                .says(format!("Raison : {}", request.reason))
                .says("Les ateliers des jours d’avant restent valables."));
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
