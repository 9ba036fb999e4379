//! One pass as its prescriber sees it: its state, its paper, and what can be done to it.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, ResponseError};
use askama::Template;
use uuid::Uuid;

use super::faults::Faults;
use super::fields::Fields;
use super::frame::{Frame, ok, see_other, with_status};
use super::pass_acts::{Act, acts};
use super::visit::{Sent, Visit};
use super::wording::{capital, euros, in_letters, status, workshops};
use crate::app::{App, papers};
use crate::domain::caller::Right;
use crate::domain::ids::{PassId, ProgrammeId};
use crate::domain::paper::{Language, Layout, Style};
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::Answer;
use crate::http::call::{ManagePasses, PrintPasses, ReadPasses};
use crate::http::paper;
use crate::http::problem::Problem;
use crate::services::change_pass::{self, Change, PassChange, Reason};
use crate::services::read_history::{self, History};
use crate::services::read_pass::{self, PassView};
use crate::services::{Error, programmes, replace_pass};

#[derive(Template)]
#[template(path = "pass.html")]
struct PassPage {
    frame: Frame,
    pass: PassView,
    programme: String,
    history: History,
    /// What was just done; empty when nothing was.
    done: &'static str,
    prints: bool,
    hands_over: bool,
    acts: Vec<Act>,
    faults: Faults,
    key: Uuid,
}

impl PassPage {
    /// The act that was refused, with the reason as it was typed; the summary leads to it.
    fn show_again(&mut self, name: &str, typed: String) {
        let Some(act) = self.acts.iter_mut().find(|act| act.name == name) else { return };
        act.reason = typed;
        for (field, detail) in &mut self.faults.fields {
            act.fault.clone_from(detail);
            *field = format!("reason-{name}");
        }
    }
}

/// What was done to the pass beside its workshops, as people say it.
fn happened(event: &str) -> &'static str {
    match event {
        "handed_over" => "Remis à la personne",
        "suspended" => "Suspendu",
        "resumed" => "Rétabli",
        "void" => "Annulé pour toujours",
        "replaced" => "Remplacé par un nouveau pass",
        "replaces" => "Imprimé à la place d’un ancien pass",
        "expired" => "Terminé : l’argent des ateliers qui restaient est rendu",
        "revived" => "Terminé par erreur, rétabli : l’argent est de nouveau réservé",
        _ => "Modifié",
    }
}

/// What the address says was just done, in words.
const DONE: [(&str, &str); 5] = [
    ("remis", "Pass remis. Imprimez-le et donnez-le à la personne."),
    (
        "remplace",
        "Nouveau pass prêt. Imprimez-le et donnez-le à la personne. L’ancien ne marche plus.",
    ),
    ("suspendre", "Pass suspendu."),
    ("retablir", "Pass rétabli."),
    ("annuler", "Pass annulé pour toujours."),
];

/// `GET /remise/{id}`
pub async fn read(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<ReadPasses>,
) -> Answer {
    let asked = Fields::of_address(&request);
    let done = DONE.iter().find(|(name, _)| asked.some(name).is_some());
    let done = done.map_or("", |(_, sentence)| sentence);
    ok(&page(&app, &visit, *id, done, Faults::default()).await?)
}

async fn page<P>(
    app: &Data<App>,
    visit: &Visit<P>,
    id: Uuid,
    done: &'static str,
    faults: Faults,
) -> Result<PassPage, Problem> {
    let caller = visit.caller;
    let (pass, programme, history) = app
        .run(move |services| {
            let pass = read_pass::by_id(services, &caller, PassId(id))?;
            let programme = programmes::by_id(services, &caller, ProgrammeId(pass.programme_id))?;
            let history = read_history::read_history(services, &caller, PassId(id))?;
            Ok((pass, programme.name, history))
        })
        .await?;
    let lives = matches!(pass.status.as_str(), "active" | "suspended" | "exhausted");
    Ok(PassPage {
        frame: visit.frame(format!("Pass {}", pass.serial)),
        programme,
        history,
        done,
        prints: lives && caller.may(Right::PrintPasses),
        hands_over: caller.may(Right::HandOver),
        acts: acts(&pass),
        pass,
        faults,
        key: app.services.random.id(app.services.clock.now()),
    })
}

/// The languages that may stand beside French.
fn languages() -> [Language; 5] {
    Language::ALL
}

/// `POST /remise/{id}/lettre`: the name goes through memory to the paper and is gone.
pub async fn print(app: Data<App>, id: Path<Uuid>, sent: Sent<PrintPasses>) -> Answer {
    let card = sent.fields.text("format") == "carte";
    let style = Style {
        layout: if card { Layout::Card } else { Layout::Letter },
        // A card has no large print; who ticked it and prints a card gets the card.
        large_print: !card && sent.fields.text("gros") == "oui",
        language: Language::from_tag(sent.fields.text("langue")),
    };
    let name = sent.fields.some("nom");
    let (caller, id) = (sent.visit.caller, PassId(*id));
    let pdf = app
        .run(move |services| {
            let paper = read_pass::paper(services, &caller, id)?;
            papers::pass(&paper, style, name)
        })
        .await?;
    Ok(paper::answer(pdf))
}

/// `POST /remise/{id}/{act}`: suspends, resumes, voids or replaces, and says why.
pub async fn act(app: Data<App>, path: Path<(Uuid, String)>, sent: Sent<ManagePasses>) -> Answer {
    let (id, name) = path.into_inner();
    let key = sent.key()?;
    let typed = sent.fields.text("reason").to_owned();
    let reason = Reason { reason: typed.clone() };
    let change = match name.as_str() {
        "suspendre" => Some(Change::Suspend),
        "retablir" => Some(Change::Resume),
        "annuler" => Some(Change::Void),
        "remplacer" => None,
        _ => return Err(Refused::not_found().into()),
    };
    let (caller, done) = (sent.visit.caller, name.clone());
    let done = app
        .run(move |services| {
            let id = PassId(id);
            let Some(change) = change else {
                let new = replace_pass::replace_pass(services, &caller, id, &reason, Some(&key))?;
                return Ok(format!("/remise/{}?remplace=oui", new.value.id));
            };
            let asked = PassChange { pass: id, change, reason: &reason };
            change_pass::change_pass(services, &caller, &asked, Some(&key))?;
            Ok(format!("/remise/{id}?{done}=oui"))
        })
        .await;
    match done {
        Ok(address) => Ok(see_other(&address)),
        Err(Error::Refused { refused, .. }) if refused.code != Code::NotFound => {
            let status = Problem::from((*refused).clone()).status_code();
            let mut page = page(&app, &sent.visit, id, "", Faults::from(*refused)).await?;
            page.frame.title = format!("À corriger : {}", page.frame.title);
            page.show_again(&name, typed);
            with_status(status, &page)
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
pub(super) mod tests;
