//! Handing a pass over: a short form, what each funder will pay, and the pass.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, ResponseError};

use super::carried_code::carried;
use super::faults::Faults;
use super::fields::Fields;
use super::frame::{ok, see_other, set_cookie, with_status};
use super::hand_over_form::{Answers, Handover};
use super::hand_over_page::{ConfirmPage, HandOverPage};
use super::visit::{Sent, Visit};
use crate::app::App;
use crate::domain::caller::Caller;
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::Answer;
use crate::http::call::{FindPerson, HandOver};
use crate::http::problem::Problem;
use crate::services::hand_over_stock::{self, Seen};
use crate::services::places::{self, Place};
use crate::services::{Error, Outcome, Services, hand_over, programmes, read_stock};

/// Keeps the programme and the size of the last pass: nothing about the person.
const LAST: &str = "pass_numerique_remise";

/// `GET /remise`
pub async fn form(app: Data<App>, request: HttpRequest, visit: Visit<HandOver>) -> Answer {
    let typed = Fields::of_address(&request);
    let stock = typed.some("stock").is_some();
    let code = carried(&request, &typed).unwrap_or_default();
    let mut answers = Answers { stock, code, ..Answers::default() };
    if let Some(last) = request.cookie(LAST) {
        let (programme, units) = last.value().split_once('.').unwrap_or_default();
        (answers.programme_id, answers.units) = (programme.to_owned(), units.to_owned());
    }
    ok(&page(&app, &visit, answers).await?)
}

async fn page<P>(
    app: &Data<App>,
    visit: &Visit<P>,
    answers: Answers,
) -> Result<HandOverPage, Problem> {
    let caller = visit.caller;
    let (programmes, usual, has_stock) = app
        .run(move |services| {
            let programmes = programmes::open_to_prescriber(services, &caller)?;
            let has_stock = read_stock::any_left(services, &caller)?;
            Ok((programmes, places::usual(services, &caller)?, has_stock))
        })
        .await?;
    let title = if answers.stock { "Remettre un pass du stock" } else { "Remettre un pass" };
    Ok(HandOverPage {
        frame: visit.frame(title),
        programmes,
        answers,
        faults: Faults::default(),
        communes: Vec::new(),
        usual,
        has_stock,
        already_holds: false,
    })
}

/// `POST /remise`: shows what each funder will pay, or the form again.
pub async fn preview(app: Data<App>, sent: Sent<FindPerson>) -> Answer {
    let mut answers = Answers::from(&sent.fields);
    if sent.fields.some("modifier").is_some() {
        return ok(&page(&app, &sent.visit, answers).await?);
    }
    let request = match answers.read() {
        Ok(request) => request,
        Err((faults, communes)) => {
            return again(&app, &sent.visit, answers, faults, communes).await;
        }
    };
    let caller = sent.visit.caller;
    match app.run(move |services| look_at(services, &caller, &request)).await {
        Ok(seen) => ok(&ConfirmPage {
            frame: sent.visit.frame("Vérifier avant de remettre"),
            programme: seen.programme,
            serial: Some(seen.serial).filter(|serial| !serial.is_empty()),
            last_day: seen.last_day,
            training: seen.training,
            answers,
            units: seen.units,
            total_cents: seen.funding.iter().map(|part| part.amount_cents).sum(),
            funding: seen.funding,
            key: app.services.random.id(app.services.clock.now()),
        }),
        Err(error) => refused(&app, &sent.visit, answers, error).await,
    }
}

/// What is about to be handed over, and who would pay for it.
fn look_at(services: &Services, caller: &Caller, request: &Handover) -> Outcome<Seen> {
    match request {
        Handover::Stock(request) => hand_over_stock::preview(services, caller, request),
        Handover::Direct(request) => {
            let known = programmes::of_prescriber(services, caller)?;
            let programme = known.into_iter().find(|known| known.id == request.programme_id);
            let programme = programme.ok_or_else(Refused::not_found)?;
            Ok(Seen {
                programme_id: programme.id,
                programme: programme.name,
                serial: String::new(),
                units: request.units,
                last_day: programme.last_day,
                training: programme.training,
                funding: hand_over::preview(services, caller, request)?,
            })
        }
    }
}

/// `POST /remise/confirmer`
pub async fn confirm(app: Data<App>, sent: Sent<HandOver>) -> Answer {
    let key = sent.key()?;
    let mut answers = Answers::from(&sent.fields);
    let request = match answers.read() {
        Ok(request) => request,
        Err((faults, communes)) => {
            return again(&app, &sent.visit, answers, faults, communes).await;
        }
    };
    let caller = sent.visit.caller;
    let last = match &request {
        Handover::Direct(request) => Some(format!("{}.{}", request.programme_id, request.units)),
        Handover::Stock(_) => None,
    };
    let done = app
        .run(move |services| match &request {
            Handover::Direct(request) => {
                hand_over::hand_over(services, &caller, request, Some(&key))
            }
            Handover::Stock(request) => {
                hand_over_stock::hand_over_stock(services, &caller, request, Some(&key))
            }
        })
        .await;
    match done {
        Ok(once) => {
            let mut answer = see_other(&format!("/remise/{}?remis=oui", once.value.id));
            if let Some(last) = last {
                remember(&app, &mut answer, last);
            }
            Ok(answer)
        }
        Err(error) => refused(&app, &sent.visit, answers, error).await,
    }
}

/// The next pass is likely of the same programme and size.
fn remember(app: &App, answer: &mut HttpResponse, last: String) {
    let kept = Cookie::build(LAST, last)
        .path("/remise")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.secure_cookies)
        .max_age(Duration::days(90))
        .finish();
    set_cookie(answer, &kept);
}

async fn refused<P>(app: &Data<App>, visit: &Visit<P>, answers: Answers, error: Error) -> Answer {
    match error {
        Error::Refused { refused, .. }
            if refused.code != Code::NotFound && refused.code != Code::TooManyLookUps =>
        {
            let already_holds = refused.code == Code::AlreadyHoldsPass;
            let page = page(app, visit, answers).await?;
            wrong(HandOverPage { faults: Faults::from(*refused), already_holds, ..page })
        }
        error => Err(error.into()),
    }
}

/// The form again, with what is wrong.
async fn again<P>(
    app: &Data<App>,
    visit: &Visit<P>,
    answers: Answers,
    faults: Faults,
    communes: Vec<Place>,
) -> Answer {
    let page = page(app, visit, answers).await?;
    wrong(HandOverPage { faults, communes, ..page })
}

fn wrong(mut page: HandOverPage) -> Answer {
    page.frame.title = format!("À corriger : {}", page.frame.title);
    let status = Problem::from(Refused::invalid(Vec::new())).status_code();
    with_status(status, &page)
}
