//! Scans without a network that wait for the operator: she accepts or refuses each.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::form_page::{answer, done, just_done, to_correct};
use super::list::page;
use crate::app::App;
use crate::http::answer::Answer;
use crate::http::call::JudgeScans;
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::Frame;
use crate::http::pages::visit::{Sent, Visit};
use crate::http::pages::wording::sentence;
use crate::services::list::Page;
use crate::services::refused_scans::{self, RefusedScan, RefusedSearch, Resolve};

/// Where they are.
pub const PATH: &str = "/gestion/validations";

#[derive(Template)]
#[template(path = "manage/held_scans.html")]
struct HeldScansPage {
    frame: Frame,
    done: &'static str,
    waiting: Vec<RefusedScan>,
    key: Uuid,
    next: Option<Uuid>,
    faults: Faults,
}

/// `GET /gestion/validations`
pub async fn list(app: Data<App>, request: HttpRequest, visit: Visit<JudgeScans>) -> Answer {
    let asked = Fields::of_address(&request);
    show(&app, &visit, page(&asked), (just_done(&asked), Faults::default())).await
}

async fn show(
    app: &Data<App>,
    visit: &Visit<JudgeScans>,
    at: Page,
    (done, faults): (&'static str, Faults),
) -> Answer {
    let caller = visit.caller;
    let search = RefusedSearch { unresolved: true, held: true };
    let listed =
        app.run(move |services| refused_scans::list(services, &caller, search, at)).await?;
    let page = HeldScansPage {
        frame: visit.frame("Validations à examiner"),
        done,
        waiting: listed.items,
        key: app.services.random.id(app.services.clock.now()),
        next: listed.next,
        faults,
    };
    answer(page.faults.any(), page, |page| &mut page.frame)
}

/// `POST /gestion/validations/{id}`: accepts or refuses one, with the reason.
pub async fn judge(app: Data<App>, id: Path<Uuid>, sent: Sent<JudgeScans>) -> Answer {
    let (key, caller, id) = (sent.key()?, sent.visit.caller, *id);
    let accept = sent.fields.text("decision") == "accepter";
    let request = Resolve { resolution: sent.fields.text("resolution").to_owned(), accept };
    let judged = app
        .run(move |services| refused_scans::resolve(services, &caller, id, &request, Some(&key)))
        .await;
    match judged {
        Ok(_) if accept => done(PATH, "validation-acceptee"),
        Ok(_) => done(PATH, "validation-refusee"),
        Err(error) => show(&app, &sent.visit, Page::default(), ("", to_correct(error)?)).await,
    }
}

#[cfg(test)]
mod tests;
