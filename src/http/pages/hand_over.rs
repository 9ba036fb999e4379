//! Handing a pass over: a short form, what each funder will pay, and the pass.

use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use actix_web::web::Data;
use actix_web::{HttpRequest, ResponseError};
use askama::Template;
use uuid::Uuid;

use super::faults::{Faults, TextField};
use super::fields::Fields;
use super::frame::{Frame, ok, see_other, with_status};
use super::hand_over_form::Answers;
use super::home::set_cookie;
use super::visit::{Sent, Visit};
use super::wording::{euros, in_letters, status, workshops};
use crate::app::App;
use crate::domain::caller::Right;
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::Answer;
use crate::http::call::{HandOver, ReadPasses};
use crate::http::problem::Problem;
use crate::services::Error;
use crate::services::hand_over::{self, FundingPart};
use crate::services::places::Place;
use crate::services::programmes::{self, ProgrammeView};
use crate::services::read_pass::{self, PassView};

/// Keeps the programme and the size of the last pass: nothing about the person.
const LAST: &str = "pass_numerique_remise";

#[derive(Template)]
#[template(path = "hand_over.html")]
struct HandOverPage {
    frame: Frame,
    hands_over: bool,
    programmes: Vec<ProgrammeView>,
    answers: Answers,
    faults: Faults,
    communes: Vec<Place>,
    serial: String,
    latest: Vec<PassView>,
}

impl HandOverPage {
    fn sizes(&self) -> Vec<u16> {
        let mut sizes: Vec<u16> =
            self.programmes.iter().flat_map(|programme| programme.sizes.clone()).collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    fn given_name_field(&self) -> TextField<'_> {
        let value = self.answers.given_name.as_str();
        TextField { value, ..TextField::new("given_name", "Prénom", &self.faults) }
    }

    fn family_name_field(&self) -> TextField<'_> {
        let value = self.answers.family_name.as_str();
        TextField { value, ..TextField::new("family_name", "Nom de naissance", &self.faults) }
    }

    fn birth_date_field(&self) -> TextField<'_> {
        TextField {
            value: &self.answers.birth_date,
            hint: "Par exemple 17/05/1961",
            keyboard: "numeric",
            ..TextField::new("birth_date", "Date de naissance", &self.faults)
        }
    }

    fn commune_field(&self) -> TextField<'_> {
        TextField {
            value: &self.answers.commune,
            hint: "Nom de la commune ou code postal. Sert à indiquer les lieux les plus proches.",
            ..TextField::new("commune", "Commune où vit la personne", &self.faults)
        }
    }

    fn serial_field(&self) -> TextField<'_> {
        TextField {
            value: &self.serial,
            hint: "Les 12 signes du talon que vous avez gardé.",
            ..TextField::new("serie", "Numéro de série", &self.faults)
        }
    }
}

/// `GET /remise`
pub async fn form(app: Data<App>, request: HttpRequest, visit: Visit<ReadPasses>) -> Answer {
    let asked = Fields::of_address(&request);
    let mut faults = Faults::default();
    if let Some(serial) = asked.some("serie") {
        let caller = visit.caller;
        let found = app.run(move |services| read_pass::by_serial(services, &caller, &serial)).await;
        match found {
            Ok(pass) => return Ok(see_other(&format!("/remise/{}", pass.id))),
            Err(Error::Refused { .. }) => {
                let detail =
                    "Nous ne trouvons pas de pass avec ce numéro : vérifiez les 12 signes.";
                faults = Faults::field("serie", detail);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let mut answers = Answers::default();
    if let Some(last) = request.cookie(LAST) {
        let (programme, units) = last.value().split_once('.').unwrap_or_default();
        (answers.programme_id, answers.units) = (programme.to_owned(), units.to_owned());
    }
    let mut page = page(&app, &visit, answers).await?;
    page.serial = asked.some("serie").unwrap_or_default();
    page.faults = faults;
    ok(&page)
}

async fn page<P>(
    app: &Data<App>,
    visit: &Visit<P>,
    answers: Answers,
) -> Result<HandOverPage, Problem> {
    let caller = visit.caller;
    let hands_over = caller.may(Right::HandOver);
    let (programmes, latest) = app
        .run(move |services| {
            let programmes = programmes::of_prescriber(services, &caller)?;
            Ok((programmes, read_pass::latest(services, &caller, 10)?))
        })
        .await?;
    Ok(HandOverPage {
        frame: visit.frame(if hands_over { "Remettre un pass" } else { "Retrouver un pass" }),
        hands_over,
        programmes,
        answers,
        faults: Faults::default(),
        communes: Vec::new(),
        serial: String::new(),
        latest,
    })
}

#[derive(Template)]
#[template(path = "hand_over_confirm.html")]
struct ConfirmPage {
    frame: Frame,
    programme: ProgrammeView,
    answers: Answers,
    units: u8,
    funding: Vec<FundingPart>,
    total_cents: i64,
    key: Uuid,
}

/// `POST /remise`: shows what each funder will pay; `POST /remise/modifier`: the form again.
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
            again(app, visit, answers, Faults::from(*refused), Vec::new()).await
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
    let mut page = page(app, visit, answers).await?;
    page.frame.title = format!("À corriger : {}", page.frame.title);
    page.faults = faults;
    page.communes = communes;
    let wrong = Problem::from(Refused::invalid(Vec::new()));
    with_status(wrong.status_code(), &page)
}
