//! The end of a programme on one page: the calendar, the totals, and the next thing to do, for
//! the operator who does it and the funders who agree.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::faults::Faults;
use super::fields::{Fields, day};
use super::frame::{Frame, ok};
use super::manage::form::{Field, Form};
use super::manage::form_page::{
    ConfirmPage, answer, confirmed, done, just_done, ready, to_correct,
};
use super::manage::print_run::moment;
use super::visit::{Sent, Visit};
use super::wording::{euros, in_letters};
use crate::app::{App, closing_paper};
use crate::domain::caller::Role;
use crate::domain::ending::EndingStep;
use crate::domain::ids::ProgrammeId;
use crate::domain::refusal::Refused;
use crate::http::answer::Answer;
use crate::http::call::{AgreeToClosing, ReadAgreements};
use crate::http::paper;
use crate::services::end_programme::{self, Agree, Credit};
use crate::services::ending::{self, Ending};

#[derive(Template)]
#[template(path = "ending.html")]
struct EndingPage {
    frame: Frame,
    done: &'static str,
    operator: bool,
    ending: Ending,
    act: Option<Form>,
    credit: Option<Form>,
    faults: Faults,
}

/// What a step is, in words.
#[must_use]
pub fn step(name: &str) -> &'static str {
    EndingStep::ALL.iter().find(|step| step.as_str() == name).map_or("", |step| step.label())
}

/// What each total counts: its heading and its definition.
pub fn meanings() -> impl Iterator<Item = (&'static str, &'static str)> {
    ending::definitions().map(|(_, known)| (known.heading, known.text))
}

/// Where a programme's end is.
#[must_use]
pub fn address(id: Uuid) -> String {
    format!("/fin/{id}")
}

/// `GET /fin/{id}`
pub async fn read(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<ReadAgreements>,
) -> Answer {
    let said = just_done(&Fields::of_address(&request));
    show(&app, &visit, *id, said, Faults::default()).await
}

async fn show<P>(
    app: &Data<App>,
    visit: &Visit<P>,
    id: Uuid,
    done: &'static str,
    faults: Faults,
) -> Answer {
    let caller = visit.caller;
    let ending =
        app.run(move |services| ending::ending(services, &caller, ProgrammeId(id))).await?;
    let (act, credit) = next_acts(&ending, caller.role, caller.organisation.0);
    let page = EndingPage {
        frame: visit.frame(format!("Fin de {}", ending.programme_name)),
        done,
        operator: caller.role == Role::Operator,
        act: act.map(|form| ready(app, visit, form)),
        credit: credit.map(|form| ready(app, visit, form)),
        ending,
        faults,
    };
    answer(page.faults.any(), page, |page| &mut page.frame)
}

/// The one thing to do next, and the credits when some can be given.
fn next_acts(ending: &Ending, role: Role, own: Uuid) -> (Option<Form>, Option<Form>) {
    let path = |act: &str| format!("{}/{act}", address(ending.programme_id));
    let reached = |step: EndingStep| {
        ending.calendar.iter().any(|one| one.step == step.as_str() && one.reached)
    };
    let Some(statement) = &ending.statement else {
        let over = ending
            .calendar
            .iter()
            .any(|one| one.step == EndingStep::ToleranceEnds.as_str() && one.reached);
        let stoppable = reached(EndingStep::StopOpens)
            && ending.handovers_stopped_at.is_none()
            && !reached(EndingStep::ToleranceEnds);
        let form = match role {
            Role::Operator if over => {
                Some(Form::new(path("etat"), "Établir l’état contradictoire", Vec::new()))
            }
            Role::Operator if stoppable => {
                Some(Form::new(path("arret"), "Arrêter les remises", Vec::new()))
            }
            _ => None,
        };
        return (form, None);
    };
    let waiting = statement.lines.iter().filter(|line| line.agreed_at.is_none());
    let mut funders: Vec<(String, String)> =
        waiting.map(|line| (line.funder_id.to_string(), line.funder_name.clone())).collect();
    funders.dedup();
    let waits = funders.iter().any(|(id, _)| *id == own.to_string());
    let act = match role {
        Role::Funder if waits => Some(Form::new(path("accord"), "Approuver cet état", Vec::new())),
        Role::Operator if !funders.is_empty() => Some(Form::new(
            path("accord"),
            "Noter la signature",
            vec![Field::choice("financeur", "Financeur qui a signé sur papier", funders)],
        )),
        _ => None,
    };
    let owed = statement.lines.iter().any(|line| {
        line.agreed_at.is_some() && line.credited_at.is_none() && line.to_return_cents > 0
    });
    let credit = (role == Role::Operator && owed).then(|| {
        let fields = vec![Field::day("jour", "Jour du virement à la banque")];
        Form::new(path("avoir"), "Noter les reversements", fields)
    });
    (act, credit)
}

/// `POST /fin/{id}/{act}`
pub async fn act(app: Data<App>, at: Path<(Uuid, String)>, sent: Sent<AgreeToClosing>) -> Answer {
    let (id, act) = at.into_inner();
    let (key, caller) = (sent.key()?, sent.visit.caller);
    let operator = caller.role == Role::Operator;
    if act == "arret" && operator && !confirmed(&sent.fields) {
        return ask(&app, &sent, id);
    }
    let programme = ProgrammeId(id);
    let funder = sent.fields.id("financeur").filter(|_| operator);
    let refunded_on = day(sent.fields.text("jour"));
    if act == "avoir" && operator && refunded_on.is_none() {
        let faults = Faults::field("jour", "Donnez le jour du virement, par exemple 15/02/2027.");
        return show(&app, &sent.visit, id, "", faults).await;
    }
    let what = act.clone();
    let acted = app
        .run(move |services| match (act.as_str(), operator) {
            ("arret", true) => {
                end_programme::stop_handovers(services, &caller, programme, Some(&key))
            }
            ("etat", true) => end_programme::establish(services, &caller, programme, Some(&key)),
            ("accord", _) => {
                let request = Agree { funder_id: funder };
                end_programme::agree(services, &caller, programme, &request, Some(&key))
            }
            ("avoir", true) => {
                let request = Credit { refunded_on: refunded_on.unwrap_or_default() };
                end_programme::credit(services, &caller, programme, &request, Some(&key))
            }
            _ => Err(Refused::not_found().into()),
        })
        .await;
    match acted {
        Ok(_) => done(&address(id), &format!("fin-{what}")),
        Err(error) => show(&app, &sent.visit, id, "", to_correct(error)?).await,
    }
}

fn ask(app: &App, sent: &Sent<AgreeToClosing>, id: Uuid) -> Answer {
    let path = address(id);
    let fields = vec![Field::hidden("confirmer", "oui")];
    let form = Form::new(format!("{path}/arret"), "Arrêter les remises", fields);
    let page = ConfirmPage::new(app, &sent.visit, "Arrêter les remises ?", form, &path)
        .says("Plus aucun pass de ce dispositif ne sera remis, ni imprimé, ni pris en stock.")
        .says("Les pass déjà remis continuent de marcher jusqu’à leur dernier jour.")
        .says("Si vous prolongez le dispositif, les remises reprennent.");
    ok(&page)
}

/// `GET /fin/{id}/etat.pdf`
pub async fn document(app: Data<App>, id: Path<Uuid>, visit: Visit<ReadAgreements>) -> Answer {
    let (id, caller) = (ProgrammeId(*id), visit.caller);
    let pdf = app
        .run(move |services| {
            closing_paper::closing_statement(&ending::ending(services, &caller, id)?)
        })
        .await?;
    Ok(paper::named(pdf, "etat-contradictoire.pdf"))
}

#[cfg(test)]
mod tests;
