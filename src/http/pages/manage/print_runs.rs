//! Print runs: the list, and a new one.

use actix_web::HttpRequest;
use actix_web::web::Data;
use uuid::Uuid;

use super::form::Form;
use super::form_page::{Back, FormPage, done, just_done, to_correct};
use super::list::{Line, Lines, ListPage, counted, page};
use super::{print_run_form, programmes as programme_pages};
use crate::app::App;
use crate::domain::ids::ProgrammeId;
use crate::http::answer::Answer;
use crate::http::call::OrderStock;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::ok;
use crate::http::pages::visit::{Sent, Visit};
use crate::services::find_organisations::{self, OrganisationSearch};
use crate::services::find_venues::Found;
use crate::services::list::{MAX_LIMIT, Page};
use crate::services::organisations::OrganisationView;
use crate::services::programmes::ProgrammeView;
use crate::services::read_stock::{self, PrintRunView};
use crate::services::{Outcome, Services, print_run, read_programme};

const PATH: &str = "/gestion/tirages";

/// Where a print run is.
#[must_use]
pub fn address(id: Uuid) -> String {
    format!("{PATH}/{id}")
}

/// The way back to all of them.
#[must_use]
pub fn back() -> Back {
    (PATH.to_owned(), "Tirages".to_owned())
}

/// `GET /gestion/tirages`
pub async fn list(app: Data<App>, request: HttpRequest, visit: Visit<OrderStock>) -> Answer {
    let asked = Fields::of_address(&request);
    let (caller, at) = (visit.caller, page(&asked));
    let listed = app.run(move |services| read_stock::list(services, &caller, at)).await?;
    let found = Found { total: listed.items.len(), page: listed };
    ok(&ListPage {
        frame: visit.frame("Tirages"),
        back: programme_pages::home(),
        done: just_done(&asked),
        ways: vec![("/gestion/tirages/nouveau", "Commander un tirage")],
        path: PATH,
        search: None,
        lines: Lines::of(found, at, PATH, &[], |run| line(&run)),
        nothing: "Aucun tirage. Un tirage est un stock de pass imprimés d’avance.",
    })
}

fn line(run: &PrintRunView) -> Line {
    let left = counted(
        usize::try_from(run.in_stock).unwrap_or_default(),
        "pass en stock",
        "pass en stock",
    );
    Line {
        id: run.id,
        address: address(run.id),
        name: format!("Tirage {} : {} pass pour {}", run.number, run.count, run.prescriber_name),
        detail: format!("{}, {left}, {} remis", run.programme_name, run.handed_over),
        tag: if run.status == "preparing" { "En préparation" } else { "" },
    }
}

/// `GET /gestion/tirages/nouveau`: of which programme, then the form.
pub async fn new(app: Data<App>, request: HttpRequest, visit: Visit<OrderStock>) -> Answer {
    let asked = Fields::of_address(&request);
    if let Some(programme) = asked.id("dispositif") {
        let (programme, prescribers) =
            app.run(move |services| choices(services, programme)).await?;
        return order_page(&app, &visit, print_run_form::order(&programme, &prescribers));
    }
    let (open, _) = app.run(read_programme::by_end).await?;
    let total = open.len();
    let lines = open.into_iter().map(|programme| Line {
        id: programme.id,
        address: format!("{PATH}/nouveau?dispositif={}", programme.id),
        name: programme.name,
        detail: String::new(),
        tag: if programme.training { "Entraînement" } else { "" },
    });
    ok(&ListPage {
        frame: visit.frame("De quel dispositif ?"),
        back: back(),
        done: "",
        ways: Vec::new(),
        path: PATH,
        search: None,
        lines: Lines { lines: lines.collect(), total, next: None, first: None },
        nothing: "Aucun dispositif en cours : créez-en un d’abord.",
    })
}

fn choices(services: &Services, id: Uuid) -> Outcome<(ProgrammeView, Vec<OrganisationView>)> {
    let programme = read_programme::read_programme(services, ProgrammeId(id))?.programme;
    let search =
        OrganisationSearch { hands_out: Some((id, true)), ..OrganisationSearch::default() };
    let page = Page { limit: MAX_LIMIT, ..Page::default() };
    Ok((programme, find_organisations::find(services, &search, page)?.page.items))
}

fn order_page(app: &App, visit: &Visit<OrderStock>, form: Form) -> Answer {
    FormPage::new(app, visit, "Commander un tirage", back(), form)
        .says("Les pass sont imprimés d'avance et rangés par cartons.")
        .says("Un pass imprimé ne vaut rien tant qu'il n'est pas remis à une personne.")
        .answer()
}

/// `POST /gestion/tirages`
pub async fn order(app: Data<App>, sent: Sent<OrderStock>) -> Answer {
    let key = sent.key()?;
    let caller = sent.visit.caller;
    let faults = match print_run_form::read(&sent.fields) {
        Err(faults) => faults,
        Ok(request) => {
            let made = app
                .run(move |services| print_run::order(services, &caller, &request, Some(&key)))
                .await;
            match made {
                Ok(once) => return done(&address(once.value.id), "tirage"),
                Err(error) => to_correct(error)?,
            }
        }
    };
    let programme = sent.fields.id("programme_id").unwrap_or_default();
    let (programme, prescribers) = app.run(move |services| choices(services, programme)).await?;
    let form = print_run_form::order(&programme, &prescribers).filled(&sent.fields);
    order_page(&app, &sent.visit, Form { faults, ..form })
}
