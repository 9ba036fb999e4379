//! Handing a pass over: a short form, what each funder will pay, and the pass.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::web::Data;
use actix_web::{HttpRequest, ResponseError};

use super::faults::Faults;
use super::frame::{ok, see_other, with_status};
use super::hand_over_form::Answers;
use super::hand_over_page::{ConfirmPage, HandOverPage};
use super::home::set_cookie;
use super::visit::{Sent, Visit};
use crate::app::App;
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::Answer;
use crate::http::call::HandOver;
use crate::http::problem::Problem;
use crate::services::places::{self, Place};
use crate::services::{Error, hand_over, programmes};

/// Keeps the programme and the size of the last pass: nothing about the person.
const LAST: &str = "pass_numerique_remise";

/// `GET /remise`
pub async fn form(app: Data<App>, request: HttpRequest, visit: Visit<HandOver>) -> Answer {
    let mut answers = Answers::default();
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
    let (programmes, usual) = app
        .run(move |services| {
            let programmes = programmes::open_to_prescriber(services, &caller)?;
            Ok((programmes, places::usual(services, &caller)?))
        })
        .await?;
    Ok(HandOverPage {
        frame: visit.frame("Remettre un pass"),
        programmes,
        answers,
        faults: Faults::default(),
        communes: Vec::new(),
        usual,
        already_holds: false,
    })
}

/// `POST /remise`: shows what each funder will pay, or the form again.
pub async fn preview(app: Data<App>, sent: Sent<HandOver>) -> Answer {
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
    let (caller, units, asked) = (sent.visit.caller, request.units, request.programme_id);
    let seen = app
        .run(move |services| {
            let known = programmes::of_prescriber(services, &caller)?;
            let programme = known.into_iter().find(|programme| programme.id == asked);
            let programme = programme.ok_or_else(Refused::not_found)?;
            Ok((programme, hand_over::preview(services, &caller, &request)?))
        })
        .await;
    match seen {
        Ok((programme, funding)) => ok(&ConfirmPage {
            frame: sent.visit.frame("Vérifier avant de remettre"),
            programme,
            answers,
            units,
            total_cents: funding.iter().map(|part| part.amount_cents).sum(),
            funding,
            key: app.services.random.id(app.services.clock.now()),
        }),
        Err(error) => refused(&app, &sent.visit, answers, error).await,
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
    let last = format!("{}.{}", request.programme_id, request.units);
    let done = app
        .run(move |services| hand_over::hand_over(services, &caller, &request, Some(&key)))
        .await;
    match done {
        Ok(once) => {
            let mut answer = see_other(&format!("/remise/{}?remis=oui", once.value.id));
            let kept = Cookie::build(LAST, last)
                .path("/remise")
                .http_only(true)
                .same_site(SameSite::Lax)
                .secure(app.secure_cookies)
                .max_age(Duration::days(90))
                .finish();
            set_cookie(&mut answer, &kept);
            Ok(answer)
        }
        Err(error) => refused(&app, &sent.visit, answers, error).await,
    }
}

async fn refused<P>(app: &Data<App>, visit: &Visit<P>, answers: Answers, error: Error) -> Answer {
    match error {
        Error::Refused { refused, .. } if refused.code != Code::NotFound => {
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
